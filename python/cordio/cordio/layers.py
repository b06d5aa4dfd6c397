"""Layers: where an exception is caught, and what its rule says is done.

Three things can be done (seed 003): *break* the flow (stop, retry, jump), *respond*, and *commit* the fact. Each call runs inside
a layer: that of its handler, of a service, or one that :class:`layer` makes. The nearest one catches; what no rule is about goes on up.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import random
import time
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Awaitable, Callable, List, Mapping, Optional, Tuple, Type, TypeVar, Union, cast

from . import config, monitor
from .rules import Policy, Rule, Rules
from .text import Duration, fill, type_name

F = TypeVar("F", bound=Callable[..., Any])

_stack: ContextVar[Tuple[str, ...]] = ContextVar("cordio.layers", default=())
_rules: Tuple[Optional[config.Config], Rules] = (None, Rules())

#: Called when a rule says ``do: stop``; the App ends softly.
on_stop: List[Callable[[BaseException], object]] = []


class Jump(Exception):
    """Goes on at another layer: that of this name catches it, and calls its fallback."""

    def __init__(self, target: str, error: BaseException) -> None:
        super().__init__(f"jump to {target}: {type_name(type(error))}: {error}")
        self.target = target
        self.error = error


def rules() -> Rules:
    """Return the rules of the process: ``service.on_failure`` of its configuration."""
    global _rules
    now = config.current()
    if _rules[0] is not now:
        _rules = (now, Rules(now.get("service.on_failure") or []))
    return _rules[1]


class layer:
    """A layer, as decorator of a function or method (``async`` or not), or as ``with``.

    Parameters
    ----------
    name
        What ``match.layer`` of rules says.
    default
        What is returned when a rule ignores the exception.
    fallback
        Called with the exception when a rule jumps here (``do: {jump: NAME}``); its result is returned.
    kind
        A second name: ``handler``, ``service``, ``layer``.

    Notes
    -----
    As ``with`` it can ignore and catch a jump; to try again it has to be a decorator.

    Examples
    --------
    >>> config.use(config.Config({"service": {"on_failure": [
    ...     {"match": {"layer": "rates", "exception": "OSError"}, "do": "ignore"}]}}))
    >>> @layer("rates", default=1.0)
    ... def rate_of(currency):
    ...     raise ConnectionError("no bank")
    >>> rate_of("EUR")
    1.0
    >>> config.use(None)
    """

    def __init__(
        self,
        name: str,
        *,
        default: Any = None,
        fallback: Optional[Callable[[BaseException], Any]] = None,
        kind: str = "layer",
    ) -> None:
        self.name = name
        self.names = (name, kind)
        self._default = default
        self._fallback = fallback

    def __call__(self, function: F) -> F:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def run_async(*args: Any, **kwargs: Any) -> Any:
                return await self.run_async(function, *args, **kwargs)

            return cast(F, run_async)

        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            return self.run(function, *args, **kwargs)

        return cast(F, run)

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function inside this layer."""
        failures: List[float] = []
        while True:
            token = _stack.set((*_stack.get(), self.name))
            try:
                return function(*args, **kwargs)
            except Exception as error:
                wait, result = self._decide(error, failures)
            finally:
                _stack.reset(token)
            if wait is None:
                return result
            time.sleep(wait)

    async def run_async(self, function: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
        """Await a coroutine function inside this layer."""
        failures: List[float] = []
        while True:
            token = _stack.set((*_stack.get(), self.name))
            try:
                return await function(*args, **kwargs)
            except Exception as error:
                wait, result = self._decide(error, failures)
            finally:
                _stack.reset(token)
            if wait is None:
                return await result if inspect.isawaitable(result) else result
            await asyncio.sleep(wait)

    def __enter__(self) -> layer:
        _stack.set((*_stack.get(), self.name))
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> bool:
        _stack.set(_stack.get()[:-1])
        if not isinstance(error, Exception):
            return False
        # A block can't be run again: a rule that says so only writes the failure down.
        wait, _ = self._decide(error, None)
        return wait is None

    async def __aenter__(self) -> layer:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> bool:
        return self.__exit__(kind, error, trace)

    def _decide(self, error: Exception, failures: Optional[List[float]]) -> Tuple[Optional[float], Any]:
        """Return the wait before another try, or what is returned instead; raises what goes on up."""
        if isinstance(error, Jump):
            if error.target not in self.names:
                raise error
            return None, self._fallback(error.error) if self._fallback else self._default
        rule = rules().find(error, self.names)
        if rule is None:
            raise error
        try:
            error.__cordio_rule__ = rule  # type: ignore[attr-defined]
        except AttributeError:
            pass
        if rule.action == "ignore" and rule.layers:
            return None, self._ignored(error, rule)
        if rule.action == "retry" and failures is not None:
            wait = next_wait(rule.policy, failures)
            if wait is not None:
                commit(error, rule, self.name, attempt=len(failures), wait=wait)
                return wait, None
        commit(error, rule, self.name, attempt=len(failures or ()) or None)
        if rule.action == "jump" and rule.target in _stack.get():
            raise Jump(str(rule.target), error) from error
        if rule.action == "stop":
            for stop in on_stop:
                stop(error)
        raise error

    def _ignored(self, error: Exception, rule: Rule) -> Any:
        return self._default


def commit(error: BaseException, rule: Optional[Rule], where: str, **more: Any) -> None:
    """Record a failure as a fact, once for an exception and rule."""
    known = getattr(error, "__cordio__", ())
    key = (id(rule), more.get("attempt"))
    if key in known:
        return
    try:
        error.__cordio__ = (*known, key)  # type: ignore[attr-defined]
    except AttributeError:
        pass
    monitor.fact(
        "failure",
        layer=where,
        **monitor.describe(error),
        rule=rule.name if rule else None,
        action=rule.action if rule else None,
        code=rule.code if rule else None,
        text=fill(rule.text, facts_of(error, rule)) if rule and rule.text else None,
        notify=rule.notify if rule else None,
        **{key: value for key, value in more.items() if value is not None},
    )


def facts_of(error: BaseException, rule: Optional[Rule]) -> Mapping[str, Optional[object]]:
    """Return what texts of rules may name in braces."""
    handed = config.current().handed
    return {
        "service": handed.get("service"),
        "code": rule.code if rule else None,
        "rule": rule.name if rule else None,
        "cause": f"{type_name(type(error))}: {error}",
        "exit": None,
        "signal": None,
        "attempt": None,
        "exception": type_name(type(error)),
        "module": type(error).__module__,
        "dependency": None,
    }


def next_wait(policy: Policy, failures: List[float], now: Optional[float] = None) -> Optional[float]:
    """Count a failure; return the wait before the next try, None when it is time to give up.

    Examples
    --------
    >>> failures = []
    >>> policy = Policy.of({"delay": "1s", "give_up": "3 in 10m"})
    >>> [next_wait(policy, failures, now) for now in (0, 1, 3)]
    [1.0, 2.0, None]
    """
    at = time.monotonic() if now is None else now
    failures.append(at)
    within = [one for one in failures if at - one <= policy.give_up.window]
    return None if len(within) >= policy.give_up.count else policy.wait(len(failures), random.random())


def retry(
    rule: Union[str, Policy, None] = None,
    *,
    on: Union[Type[BaseException], Tuple[Type[BaseException], ...]] = Exception,
    delay: Duration = "100ms",
    factor: float = 2,
    max_delay: Duration = "5s",
    jitter: Union[str, float] = 0,
    give_up: str = "5 in 1m",
) -> Callable[[F], F]:
    """Try a function again when it fails.

    Parameters
    ----------
    rule
        The name of a rule of ``service.on_failure``, whose ``retry`` and ``exception`` count; or a policy. Without it, the others do.
    on
        Which exceptions.
    delay, factor, max_delay, jitter
        The wait before the second try, how it grows, its limit, and by how many percent it varies.
    give_up
        ``5 in 1m``: the fifth failure within a minute is raised.

    Examples
    --------
    >>> tries = []
    >>> @retry(on=OSError, delay=0)
    ... def fetch():
    ...     tries.append(1)
    ...     if len(tries) < 3:
    ...         raise OSError("not yet")
    ...     return "here"
    >>> fetch(), len(tries)
    ('here', 3)
    """
    settings = {"delay": delay, "factor": factor, "max_delay": max_delay, "jitter": jitter, "give_up": give_up}
    fixed = rule if isinstance(rule, Policy) else Policy.of(settings)

    def decide(error: Exception, failures: List[float]) -> float:
        found = rules().named(rule) if isinstance(rule, str) else None
        applies = found.matches(error, (*found.layers, *_stack.get())) if found else isinstance(error, on)
        wait = next_wait(found.policy if found else fixed, failures) if applies else None
        if wait is None:
            raise error
        if found:
            commit(error, found, "retry", attempt=len(failures), wait=wait)
        return wait

    def decorate(function: F) -> F:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def run_async(*args: Any, **kwargs: Any) -> Any:
                failures: List[float] = []
                while True:
                    try:
                        return await function(*args, **kwargs)
                    except Exception as error:
                        wait = decide(error, failures)
                    await asyncio.sleep(wait)

            return cast(F, run_async)

        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            failures: List[float] = []
            while True:
                try:
                    return function(*args, **kwargs)
                except Exception as error:
                    wait = decide(error, failures)
                time.sleep(wait)

        return cast(F, run)

    return decorate
