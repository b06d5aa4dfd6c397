"""When tasks of the process are due: ``every 30s`` and ``cron 35 23 * * 5``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import FrozenSet, Optional, Set, Union

from .text import duration

_NAMES = {
    **{name: number for number, name in enumerate("sun mon tue wed thu fri sat".split())},
    **{
        name: number
        for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
    },
}


class Every:
    """A fixed time between the beginnings of runs.

    Examples
    --------
    >>> Every("30s").next(datetime(2026, 11, 30, 12, 0, 0))
    datetime.datetime(2026, 11, 30, 12, 0, 30)
    """

    def __init__(self, text: str) -> None:
        self.seconds = duration(text)
        if self.seconds <= 0:
            raise ValueError(f"every {text} would run without a pause")

    def next(self, after: datetime) -> datetime:
        """Return when it is due next."""
        return after + timedelta(seconds=self.seconds)


class Cron:
    """Minute, hour, day of month, month, day of week, in local time.

    Examples
    --------
    >>> Cron("35 23 * * 5").next(datetime(2026, 11, 30, 12, 0))
    datetime.datetime(2026, 12, 4, 23, 35)
    """

    def __init__(self, text: str) -> None:
        fields = text.split()
        if len(fields) != 5:
            raise ValueError(f"cron {text!r} should have five fields: minute, hour, day, month, day of week")
        self.minutes = _field(fields[0], 0, 59)
        self.hours = _field(fields[1], 0, 23)
        self.days = _field(fields[2], 1, 31)
        self.months = _field(fields[3], 1, 12)
        self.weekdays = frozenset(day % 7 for day in _field(fields[4], 0, 7))
        # As cron does it: where both are given, either is enough.
        self._either = fields[2] != "*" and fields[4] != "*"

    def next(self, after: datetime) -> datetime:
        """Return when it is due next."""
        at = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
        limit = at + timedelta(days=366 * 8)
        while at < limit:
            if at.month not in self.months or not self._is_day(at):
                at = at.replace(hour=0, minute=0) + timedelta(days=1)
            elif at.hour not in self.hours:
                at = at.replace(minute=0) + timedelta(hours=1)
            elif at.minute not in self.minutes:
                at += timedelta(minutes=1)
            else:
                return at
        raise ValueError("there is no such day")

    def _is_day(self, at: datetime) -> bool:
        is_day, is_weekday = at.day in self.days, at.isoweekday() % 7 in self.weekdays
        return is_day or is_weekday if self._either else is_day and is_weekday


def parse(event: str) -> Optional[Union[Every, Cron]]:
    """Read ``every …`` or ``cron …``; None for another event."""
    kind, _, rest = event.partition(" ")
    if kind == "every" and rest:
        return Every(rest)
    return Cron(rest) if kind == "cron" and rest else None


def _field(text: str, low: int, high: int) -> FrozenSet[int]:
    found: Set[int] = set()
    for part in text.split(","):
        values, _, step = part.partition("/")
        begin, _, end = values.partition("-")
        try:
            first = low if begin == "*" else _number(begin)
            last = _number(end) if end else high if begin == "*" or step else first
            width = int(step) if step else 1
        except ValueError:
            raise ValueError(f"{part!r} is not understood in a cron field") from None
        if not (low <= first <= last <= high and width > 0):
            raise ValueError(f"{part!r} should be between {low} and {high}")
        found.update(range(first, last + 1, width))
    return frozenset(found)


def _number(text: str) -> int:
    return _NAMES[text.lower()] if text.lower() in _NAMES else int(text)
