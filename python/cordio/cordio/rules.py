"""The rules of ``service.on_failure``, as far as they are about exceptions inside the process.

ServiceCtl's agent and this module read the same rules. A rule with ``match.layer`` is for the process alone; one with
``match.exception`` and without ``layer`` is the agent's, and gives ``code``, ``text`` and ``respond`` to the process, too.
"""

from __future__ import annotations

import fnmatch
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Callable, Deque, Dict, Iterable, List, Mapping, Optional, Tuple

from .text import Rate, duration, percent, rate, type_name

_ACTIONS = ("retry", "ignore", "record", "stop", "jump")
# A rule that names one of these is about the process as a whole, and only the agent can see it.
_OF_AGENT = ("exit", "signal", "oom", "phase", "health", "dependency", "event", "log")


@dataclass(frozen=True)
class Policy:
    """How often and after which waits something is tried again; the engine counts restarts the same way.

    Examples
    --------
    >>> [Policy(delay=1, factor=2, max_delay=5).wait(attempt) for attempt in (1, 2, 3, 4)]
    [1.0, 2.0, 4.0, 5.0]
    """

    delay: float = 0.1
    factor: float = 2.0
    max_delay: float = 5.0
    jitter: float = 0.0
    give_up: Rate = Rate(5, 60.0)

    def wait(self, attempt: int, chance: float = 0.5) -> float:
        """Seconds before the next try.

        Parameters
        ----------
        attempt
            Which failure in a row it is, from 1.
        chance
            From 0 to 1; decides the jitter.
        """
        try:
            seconds = self.delay * self.factor ** (attempt - 1) * (1 + self.jitter * (2 * chance - 1))
        except OverflowError:
            seconds = self.max_delay
        return float(min(max(0.0, seconds), self.max_delay))

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Policy:
        """Read ``{delay: 100ms, factor: 2, max_delay: 5s, jitter: 20%, give_up: 5 in 1m}``.

        Examples
        --------
        >>> Policy.of({"delay": "1s", "give_up": "3 in 10m"})
        Policy(delay=1.0, factor=2.0, max_delay=5.0, jitter=0.0, give_up=Rate(count=3, window=600.0))
        """
        readers: Dict[str, Callable[[Any], Any]] = {
            "delay": duration, "factor": float, "max_delay": duration, "jitter": percent, "give_up": rate,
        }  # fmt: skip
        return cls(
            **{key: read(settings[key]) for key, read in readers.items() if settings.get(key) is not None}
        )


@dataclass(frozen=True)
class Rule:
    """One rule; what it does not name, it does not care about."""

    name: Optional[str] = None
    exceptions: Tuple[str, ...] = ()
    layers: Tuple[str, ...] = ()
    rate: Optional[Rate] = None
    action: str = "record"
    target: Optional[str] = None
    code: Optional[str] = None
    text: Optional[str] = None
    policy: Policy = field(default_factory=Policy)
    respond: Optional[Mapping[str, Any]] = None
    modules: Tuple[str, ...] = ()
    notify: Optional[str] = None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Optional[Rule]:
        """Read a rule; None for one that is the agent's alone.

        Examples
        --------
        >>> Rule.of({"match": {"exit": 78}, "do": "stop"}) is None
        True
        >>> Rule.of({"match": {"layer": "billing", "exception": "OSError"}, "do": {"jump": "order"}}).target
        'order'
        """
        match = settings.get("match") or {}
        layers, exceptions, modules = (_texts(match.get(key)) for key in ("layer", "exception", "module"))
        if any(key in match for key in _OF_AGENT) or not (layers or exceptions or modules):
            return None
        action, target = settings.get("do") or "record", None
        if isinstance(action, Mapping):
            action, target = next(((key, str(value)) for key, value in action.items()), ("record", None))
        # What the agent does to the whole process is not done a second time inside it.
        if action not in _ACTIONS or (action in ("stop", "retry", "jump") and not layers):
            action, target = "record", None
        return cls(
            name=settings.get("name"),
            exceptions=exceptions,
            modules=modules,
            layers=layers,
            rate=rate(match["rate"]) if match.get("rate") else None,
            action=action,
            target=target,
            code=settings.get("code"),
            text=settings.get("text"),
            policy=Policy.of(settings.get("retry") or {}),
            respond=settings.get("respond"),
            notify=_level(settings.get("notify")),
        )

    def matches(self, error: BaseException, layers: Iterable[str]) -> bool:
        """Is it about this exception, at a layer of these names?

        A rule with ``layer`` covers derived exceptions, too; one without compares the printed name only, as the agent does.

        Examples
        --------
        >>> Rule(exceptions=("OSError",), layers=("db",)).matches(ConnectionRefusedError(), ["db", "service"])
        True
        >>> Rule(exceptions=("OSError",)).matches(ConnectionRefusedError(), ["handler"])
        False
        """
        kinds = [kind for kind in type(error).__mro__ if kind is not object] if self.layers else [type(error)]
        return (
            (not self.layers or any(_fits(self.layers, layer) for layer in layers))
            and (not self.exceptions or any(_fits(self.exceptions, type_name(kind)) for kind in kinds))
            and (not self.modules or any(_fits(self.modules, module) for module in modules_of(error)))
        )


class Rules:
    """All rules of a process, in their order; the first that matches decides.

    Examples
    --------
    >>> rules = Rules([{"match": {"exception": "OSError", "layer": "db"}, "do": "ignore", "code": "DB-1"}])
    >>> rules.find(ConnectionResetError(), ["db"]).code
    'DB-1'
    """

    def __init__(
        self, rules: Iterable[Mapping[str, Any]] = (), clock: Callable[[], float] = time.monotonic
    ) -> None:
        read = (Rule.of(rule) for rule in rules if isinstance(rule, Mapping))
        self._rules: List[Rule] = [rule for rule in read if rule is not None]
        self._hits: Dict[int, Deque[float]] = {}
        self._clock = clock

    def __len__(self) -> int:
        return len(self._rules)

    def named(self, name: str) -> Rule:
        """Return the rule with a name.

        Raises
        ------
        LookupError
            If there is none.
        """
        for rule in self._rules:
            if rule.name == name:
                return rule
        raise LookupError(f"service.on_failure has no rule named {name!r} with `layer` or `exception`")

    def find(self, error: BaseException, layers: Iterable[str] = ()) -> Optional[Rule]:
        """Return the first rule about it, None without one. Rules with a rate count here."""
        names = list(layers)
        for index, rule in enumerate(self._rules):
            if rule.matches(error, names) and (rule.rate is None or self._is_reached(index, rule.rate)):
                return rule
        return None

    def _is_reached(self, index: int, wanted: Rate) -> bool:
        hits, now = self._hits.setdefault(index, deque()), self._clock()
        while hits and now - hits[0] > wanted.window:
            hits.popleft()
        hits.append(now)
        if len(hits) < wanted.count:
            return False
        hits.clear()
        return True


def _level(notify: Any) -> Optional[str]:
    """Return who is to hear of it; it may be a mapping with words for each."""
    return str(notify.get("level", "info")) if isinstance(notify, Mapping) else notify


def modules_of(error: BaseException) -> List[str]:
    """Return the modules by which an exception can be meant: of its type, and those through which it came."""
    found = [type(error).__module__]
    trace = error.__traceback__
    while trace is not None:
        found.append(str(trace.tb_frame.f_globals.get("__name__", "")))
        trace = trace.tb_next
    return found


def _texts(value: Any) -> Tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else (str(value),)


def _fits(patterns: Iterable[str], name: str) -> bool:
    return any(pattern == name or fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
