"""db-adapter: where texts are kept under keys. This one keeps them in an SQLite database."""

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Optional

DEFAULT_URL = "sqlite:var/data/main.sqlite3"


class Adapter:
    """
    Keeps texts under keys, in a database file that all processes of the service share.

    Parameters
    ----------
    url : str
        ``sqlite:FILE``; the file and its folder are made when they are needed.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     adapter = Adapter(f"sqlite:{folder}/main.sqlite3")
    ...     adapter.put("greeting", "hello")
    ...     adapter.get("greeting"), adapter.get("nothing")
    ('hello', None)
    """

    def __init__(self, url: str = DEFAULT_URL) -> None:
        scheme, _, file = url.partition(":")
        if scheme != "sqlite" or not file:
            raise ValueError(f"{url!r} is not like {DEFAULT_URL!r}")
        self._file = Path(file)

    def ping(self) -> None:
        """
        Make sure that the database answers.

        Raises
        ------
        OSError, sqlite3.Error
            It does not.
        """
        with self._connect() as connection:
            connection.execute("SELECT count(*) FROM texts")

    def get(self, key: str) -> Optional[str]:
        """
        Look a text up.

        Returns
        -------
        str or None
            None where nothing is kept under this key.
        """
        with self._connect() as connection:
            row = connection.execute("SELECT text FROM texts WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def put(self, key: str, text: str) -> None:
        """Keep a text under a key, in place of what was there."""
        with self._connect() as connection:
            connection.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (key, text))

    def close(self) -> None:
        """Let go of what is held: nothing, each call has its own connection."""

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        # A connection belongs to its thread, and is opened in microseconds.
        self._file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._file, timeout=5)
        try:
            connection.execute("CREATE TABLE IF NOT EXISTS texts (key TEXT PRIMARY KEY, text TEXT NOT NULL)")
            with connection:
                yield connection
        finally:
            connection.close()
