"""Adapters for tests: one that needs no database, and one whose database is gone."""

from typing import Dict, Optional

from .adapter import Adapter


class Kept(Adapter):
    """
    Keeps texts in a dictionary.

    Examples
    --------
    >>> kept = Kept()
    >>> kept.put("greeting", "hello")
    >>> kept.texts
    {'greeting': 'hello'}
    """

    def __init__(self) -> None:
        self.texts: Dict[str, str] = {}

    def ping(self) -> None:
        """Do nothing: it is always there."""

    def get(self, key: str) -> Optional[str]:
        """Look a text up."""
        return self.texts.get(key)

    def put(self, key: str, text: str) -> None:
        """Keep a text."""
        self.texts[key] = text

    def close(self) -> None:
        """Do nothing."""


class Gone(Kept):
    """
    Answers nothing.

    Examples
    --------
    >>> Gone().ping()
    Traceback (most recent call last):
    ConnectionError: nobody is there
    """

    def ping(self) -> None:
        """Fail."""
        raise ConnectionError("nobody is there")
