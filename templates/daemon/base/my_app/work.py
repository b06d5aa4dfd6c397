"""What this daemon does, one turn after the other: it deletes files that nobody needs any more."""

import time
from pathlib import Path
from typing import List, Optional


def sweep(folder: Path, age: float, now: Optional[float] = None) -> List[Path]:
    """
    Delete the old files of a folder and of those in it.

    Parameters
    ----------
    folder : Path
        Where to look; one that is not there has no files.
    age : float
        Files are old that were changed so many seconds ago, or longer.
    now : float, optional
        The time, in seconds since 1970; without it, the clock's.

    Returns
    -------
    list of Path
        What was deleted, by name.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     file = Path(name) / "old.txt"
    ...     _ = file.write_text("old")
    ...     [path.name for path in sweep(Path(name), age=60, now=time.time() + 61)]
    ['old.txt']
    """
    limit = (time.time() if now is None else now) - age
    deleted = []
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file() and path.stat().st_mtime <= limit:
                path.unlink()
                deleted.append(path)
        except FileNotFoundError:  # somebody else was faster
            continue
    return deleted
