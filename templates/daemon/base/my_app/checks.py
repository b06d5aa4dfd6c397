"""What tests.yaml runs."""

import tempfile
from pathlib import Path

from .work import sweep


def old_files_are_deleted() -> bool:
    """Does this daemon do its work here, with the rights that it has?"""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "file"
        file.touch()
        return sweep(Path(name), age=0) == [file]
