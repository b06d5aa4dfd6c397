"""db-adapter: where texts are kept under keys. This one keeps each in a file."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Optional

DEFAULT_URL = "file:var/data"


class Adapter:
    """
    Keeps texts under keys, in files that all processes of the service share.

    Parameters
    ----------
    url : str
        ``file:FOLDER``; the folder is made when it is needed.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     adapter = Adapter("file:" + folder)
    ...     adapter.put("greeting", "hello")
    ...     adapter.get("greeting"), adapter.get("nothing")
    ('hello', None)
    """

    def __init__(self, url: str = DEFAULT_URL) -> None:
        scheme, _, folder = url.partition(":")
        if scheme != "file" or not folder:
            raise ValueError(f"{url!r} is not like {DEFAULT_URL!r}")
        self._folder = Path(folder)

    def ping(self) -> None:
        """
        Make sure that texts can be kept.

        Raises
        ------
        OSError
            They can't.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._folder):
            pass

    def get(self, key: str) -> Optional[str]:
        """
        Look a text up.

        Returns
        -------
        str or None
            None where nothing is kept under this key.
        """
        try:
            return self._path(key).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def put(self, key: str, text: str) -> None:
        """Keep a text under a key, in place of what was there; who reads meanwhile gets one or the other."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._folder, encoding="utf-8", delete=False) as file:
            file.write(text)
        os.replace(file.name, self._path(key))

    def close(self) -> None:
        """Let go of what is held: nothing."""

    def _path(self, key: str) -> Path:
        # A key may hold what no file can be called.
        return self._folder / (hashlib.sha256(key.encode()).hexdigest() + ".txt")
