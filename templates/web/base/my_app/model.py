"""db-model: tasks, and how they are kept."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Callable, Optional

from .adapter import Adapter

LONGEST_TYPE = 100


@dataclass(frozen=True)
class Task:
    """
    A task that was done.

    Attributes
    ----------
    uid : str
        Its key, made here: a SHA-256 in hexadecimal.
    type : str
        What kind of task it is.
    start, end : str
        When it was begun and ended, in UTC as ISO 8601 writes it.
    duration : float
        The seconds between them.
    """

    uid: str
    type: str
    start: str
    duration: float
    end: str

    def to_json(self) -> str:
        """
        Write it as JSON.

        Examples
        --------
        >>> Task("ab", "report", "2026-11-30T12:00:00", 0.5, "2026-11-30T12:00:00.500000").to_json()[:30]
        '{"uid": "ab", "type": "report"'
        """
        return json.dumps(asdict(self))


def perform(kind: str) -> None:
    """Do a task of this kind: what this service is for goes here."""


class Tasks:
    """
    The tasks of this service.

    Parameters
    ----------
    adapter : Adapter
        Where they are kept.
    work : callable, optional
        Does a task, given its type.
    """

    def __init__(self, adapter: Adapter, work: Callable[[str], None] = perform) -> None:
        self._adapter = adapter
        self._work = work

    def ping(self) -> None:
        """Make sure that tasks can be looked up; the adapter's exception says why not."""
        self.get("")

    def create(self, kind: object) -> Task:
        """
        Make a task, do it, and keep it.

        Parameters
        ----------
        kind : object
            Its type, as the client gave it.

        Raises
        ------
        ValueError
            It is no type of a task.
        """
        if not isinstance(kind, str) or not 0 < len(kind.strip()) <= LONGEST_TYPE:
            raise ValueError(f"The task's type has to be a text of 1 to {LONGEST_TYPE} characters.")
        start = datetime.now(timezone.utc)
        self._work(kind)
        end = datetime.now(timezone.utc)
        uid = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
        task = Task(uid, kind, start.isoformat(), (end - start).total_seconds(), end.isoformat())
        self._adapter.put(uid, task.to_json())
        return task

    def get(self, uid: str) -> Optional[Task]:
        """
        Look a task up.

        Returns
        -------
        Task or None
            None where there is none with this UID.
        """
        text = self._adapter.get(uid)
        return Task(**json.loads(text)) if text else None
