from pathlib import Path

import pytest

from .adapter import Adapter


def test_a_text_is_replaced(tmp_path: Path) -> None:
    adapter = Adapter(f"file:{tmp_path}/data")
    adapter.put("../key", "old")
    adapter.put("../key", "new")
    assert adapter.get("../key") == "new"
    assert len(list((tmp_path / "data").iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(OSError):
        Adapter(f"file:{tmp_path}/data").ping()


def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="file:var/data"):
        Adapter("redis://127.0.0.1")
