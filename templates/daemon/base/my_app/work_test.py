import os
from pathlib import Path

from .work import sweep


def make(path: Path, changed: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("text")
    os.utime(path, (changed, changed))
    return path


def test_old_files_are_deleted_and_others_stay(tmp_path: Path) -> None:
    old = make(tmp_path / "below" / "old", changed=100)
    new = make(tmp_path / "new", changed=200)
    assert sweep(tmp_path, age=60, now=210) == [old]
    assert new.exists()
    assert not old.exists()


def test_a_file_of_just_that_age_is_old(tmp_path: Path) -> None:
    assert sweep(tmp_path, 60, now=make(tmp_path / "file", 100).stat().st_mtime + 60)


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert sweep(tmp_path / "nonsense", 0) == []
