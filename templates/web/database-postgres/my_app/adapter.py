"""db-adapter: where texts are kept under keys. This one keeps them in PostgreSQL."""

import threading
from contextlib import contextmanager
from typing import Any, Iterator, Optional

import psycopg2

DEFAULT_URL = "postgresql://127.0.0.1:5432/postgres"

CREATE = """
    SELECT pg_advisory_xact_lock(hashtext('my_app'));
    CREATE TABLE IF NOT EXISTS texts (key TEXT PRIMARY KEY, text TEXT NOT NULL);
"""
PUT = "INSERT INTO texts VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET text = excluded.text"


class Adapter:
    """
    Keeps texts under keys, in a table of PostgreSQL.

    Parameters
    ----------
    url : str
        What libpq takes: ``postgresql://USER:PASSWORD@HOST:PORT/DATABASE``, or ``host=… dbname=…``.
        It is connected to when it is needed, once a thread, and again when it was gone.

    Examples
    --------
    >>> Adapter("postgresql://127.0.0.1:1/postgres").get("greeting")
    Traceback (most recent call last):
    psycopg2.OperationalError: ...
    """

    def __init__(self, url: str = DEFAULT_URL) -> None:
        psycopg2.extensions.parse_dsn(url)
        self._url = url
        self._own = threading.local()

    def ping(self) -> None:
        """
        Make sure that PostgreSQL answers.

        Raises
        ------
        psycopg2.Error
            It does not.
        """
        self._ask("SELECT 1")

    def get(self, key: str) -> Optional[str]:
        """
        Look a text up.

        Returns
        -------
        str or None
            None where nothing is kept under this key.
        """
        row = self._ask("SELECT text FROM texts WHERE key = %s", key)
        return str(row[0]) if row else None

    def put(self, key: str, text: str) -> None:
        """Keep a text under a key, in place of what was there."""
        self._ask(PUT, key, text)

    def close(self) -> None:
        """Close this thread's connection."""
        connection = self._own.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()

    def _ask(self, statement: str, *values: str) -> Any:
        """Run a statement, a second time where the connection turns out to be gone."""
        is_fresh = not hasattr(self._own, "connection")
        try:
            return self._run(statement, values)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            self.close()
            if is_fresh:
                raise
            return self._run(statement, values)

    def _run(self, statement: str, values: Any) -> Any:
        with self._cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        if not hasattr(self._own, "connection"):
            connection = psycopg2.connect(self._url, connect_timeout=2)
            with connection, connection.cursor() as cursor:
                # Of several processes that start at once, one creates the table and the others wait.
                cursor.execute(CREATE)
            self._own.connection = connection
        with self._own.connection, self._own.connection.cursor() as cursor:
            yield cursor
