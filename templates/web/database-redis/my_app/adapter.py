"""db-adapter: where texts are kept under keys. This one keeps them in Redis."""

from typing import Any, Optional

import redis

DEFAULT_URL = "redis://127.0.0.1:6379/0"


class Adapter:
    """
    Keeps texts under keys, in Redis.

    Parameters
    ----------
    url : str
        ``redis://HOST:PORT/NUMBER``, ``rediss://…`` with TLS, or ``unix://PATH``.
        It is connected to when it is needed, and again when it was gone.

    Examples
    --------
    >>> Adapter("redis://127.0.0.1:1").get("greeting")
    Traceback (most recent call last):
    redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:1. Connection refused.
    """

    def __init__(self, url: str = DEFAULT_URL) -> None:
        # redis-py 4 knows no connect timeout for a Unix socket.
        limits: Any = {} if url.startswith("unix:") else {"socket_connect_timeout": 2}
        self._redis = redis.Redis.from_url(url, socket_timeout=5, decode_responses=True, **limits)

    def ping(self) -> None:
        """
        Make sure that Redis answers.

        Raises
        ------
        redis.RedisError
            It does not.
        """
        self._redis.ping()

    def get(self, key: str) -> Optional[str]:
        """
        Look a text up.

        Returns
        -------
        str or None
            None where nothing is kept under this key.
        """
        text = self._redis.get(key)
        return None if text is None else str(text)

    def put(self, key: str, text: str) -> None:
        """Keep a text under a key, in place of what was there."""
        self._redis.set(key, text)

    def close(self) -> None:
        """Give the connections back."""
        self._redis.connection_pool.disconnect()
