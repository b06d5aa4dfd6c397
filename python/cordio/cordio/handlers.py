"""Handlers: functions and methods that run when something happens."""

from __future__ import annotations

import asyncio
import functools
import inspect
import re
import types
import typing
from contextvars import copy_context
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Mapping,
    Optional,
    Tuple,
    TypeVar,
)

from .http import HttpError, Request
from .layers import layer
from .models import ValidationError, is_model, validate
from .monitor import place_of_code
from .rules import Rule

if TYPE_CHECKING:
    from .app import App

F = TypeVar("F", bound=Callable[..., Any])

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_PART = re.compile(r"\{(\w+)(:path)?\}")
_EMPTY = inspect.Parameter.empty


def on(event: str, **settings: Any) -> Callable[[F], F]:
    """Mark a function or method as a handler; :meth:`App.include` finds it.

    Parameters
    ----------
    event
        ``GET /orders/{id}`` (or another method), ``start``, ``stop``, ``request`` (before each one), ``every 30s``,
        ``cron 35 23 * * 5``, ``amqp QUEUE``, or a name of one's own, for :meth:`App.emit`.
    **settings
        For ``amqp``: see :mod:`cordio.amqp`.

    Examples
    --------
    >>> @on("order-made")
    ... def tell(order):
    ...     return f"made {order}"
    >>> tell.__cordio_on__
    [('order-made', {})]
    """

    def mark(function: F) -> F:
        marks = function.__dict__.setdefault("__cordio_on__", [])
        marks.append((event, settings))
        return function

    return mark


class HandlerLayer(layer):
    """The layer of a handler: answers that are errors are no failures."""

    def _decide(self, error: Exception, failures: Optional[List[float]]) -> Tuple[Optional[float], Any]:
        if isinstance(error, (HttpError, ValidationError)):
            raise error
        return super()._decide(error, failures)

    def _ignored(self, error: Exception, rule: Rule) -> Any:
        from .middleware import response_by_rule

        return response_by_rule(error, rule) if rule.respond else self._default


class Handler:
    """A function with the event at which it runs.

    Parameters
    ----------
    event
        As :func:`on` takes it.
    function
        ``async`` or not; as a method, unbound.
    owner
        The class, of which each call gets an object of its own, or the object; None for a function.
    """

    def __init__(
        self,
        event: str,
        function: Callable[..., Any],
        owner: Any = None,
        settings: Optional[Mapping[str, Any]] = None,
    ):
        self.event = event
        self.function = function
        self.owner = owner
        self.settings = dict(settings or {})
        self.is_async = inspect.iscoroutinefunction(function)
        self.place = place_of_code(inspect.unwrap(function).__code__)
        self.layer = HandlerLayer(event, kind="handler")
        self._plan: Optional[List[Tuple[str, str, Any, Any]]] = None

    @property
    def name(self) -> str:
        """Where it is defined, in words."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    async def call(
        self, app: App, request: Optional[Request] = None, data: Optional[Mapping[str, Any]] = None
    ) -> Any:
        """Run it inside its layer."""
        return await self.layer.run_async(self._call, app, request, data or {})

    def call_now(
        self, app: App, request: Optional[Request] = None, data: Optional[Mapping[str, Any]] = None
    ) -> Any:
        """Run one that is not ``async`` in this thread, inside its layer."""
        return self.layer.run(self._call_now, app, request, data or {})

    async def _call(self, app: App, request: Optional[Request], data: Mapping[str, Any]) -> Any:
        arguments, missing = self._bind(app, request, data)
        for name in missing:
            arguments[name] = await app.get(name)
        if self.owner is None:
            if self.is_async:
                return await self.function(**arguments)
            return await _in_thread(self.function, arguments)
        target = await app.make(self.owner) if isinstance(self.owner, type) else self.owner
        error: Optional[BaseException] = None
        try:
            await app.inject(getattr(target, "initialise", None), request=request)
            if self.is_async:
                return await self.function(target, **arguments)
            return await _in_thread(functools.partial(self.function, target), arguments)
        except BaseException as raised:
            error = raised
            raise
        finally:
            await app.inject(getattr(target, "finalise", None), request=request, error=error)

    def _call_now(self, app: App, request: Optional[Request], data: Mapping[str, Any]) -> Any:
        arguments, missing = self._bind(app, request, data)
        for name in missing:
            arguments[name] = app.get_now(name)
        if self.owner is None:
            return self.function(**arguments)
        target = app.make_now(self.owner) if isinstance(self.owner, type) else self.owner
        error: Optional[BaseException] = None
        try:
            app.inject_now(getattr(target, "initialise", None), request=request)
            return self.function(target, **arguments)
        except BaseException as raised:
            error = raised
            raise
        finally:
            app.inject_now(getattr(target, "finalise", None), request=request, error=error)

    def _bind(
        self, app: App, request: Optional[Request], data: Mapping[str, Any]
    ) -> Tuple[Dict[str, Any], List[str]]:
        plan = self._plan
        if plan is None:
            plan = self._plan = self._make_plan(app)
        arguments: Dict[str, Any] = {}
        missing: List[str] = []
        for name, source, kind, default in plan:
            if name in data:
                arguments[name] = data[name] if kind is Any else validate(kind, data[name], name)
            elif source == "request":
                arguments[name] = request
            elif source == "service":
                found = app.services.find(name)
                if found is None:
                    missing.append(name)
                else:
                    arguments[name] = found
            elif source == "rest":
                arguments.update({key: value for key, value in data.items() if key not in arguments})
            elif request is not None:
                _bind_request(arguments, request, name, source, kind, default)
            elif default is _EMPTY:
                raise TypeError(
                    f"{self.name} wants {name!r}: the event has no such value, and there is no service of this name"
                )
        return arguments, missing

    def _make_plan(self, app: App) -> List[Tuple[str, str, Any, Any]]:
        plan = []
        function = inspect.unwrap(self.function)
        try:
            hints = typing.get_type_hints(function)
        except NameError:  # an annotation that exists for the type checker alone
            hints = {}
        parameters = list(inspect.signature(function).parameters.values())
        for parameter in parameters[1:] if self.owner is not None else parameters:
            kind = hints.get(parameter.name, Any)
            if kind is Request or (parameter.name == "request" and kind is Any):
                source = "request"
            elif parameter.name in app.services:
                source = "service"
            elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
                source = "rest"
            elif parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                continue
            else:
                source = "body" if is_model(kind) else "value"
            # A service is not validated, and neither is what comes by an event under its name.
            plan.append((parameter.name, source, Any if source == "service" else kind, parameter.default))
        return plan


def _bind_request(
    arguments: Dict[str, Any], request: Request, name: str, source: str, kind: Any, default: Any
) -> None:
    if name in request.params:
        text: Any = request.params[name]
    elif source == "body":
        arguments[name] = validate(kind, request.json())
        return
    else:
        several = typing.get_origin(kind) in (list, set, tuple)
        text = request.query_all.get(name) if several else request.query.get(name)
    if text is not None:
        arguments[name] = text if kind is Any or kind is str else _read(kind, text, name)
    elif default is _EMPTY:
        raise ValidationError([(name, "is required")])


def _read(kind: Any, text: Any, name: str) -> Any:
    if kind is int or kind is float:
        try:
            return kind(text)
        except ValueError:
            pass  # says what is wrong with it
    return validate(kind, text, name)


async def _in_thread(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Run what is not async beside the loop, in the same context."""
    call = functools.partial(copy_context().run, functools.partial(function, **arguments))
    result = await asyncio.get_running_loop().run_in_executor(None, call)
    return await result if inspect.isawaitable(result) else result


class Routes:
    """Which handler answers which request.

    Examples
    --------
    >>> routes = Routes()
    >>> routes.add("GET", "/orders/{id}", "handler")
    >>> routes.find("GET", "/orders/7")
    ('handler', {'id': '7'})
    """

    def __init__(self) -> None:
        self._exact: Dict[Tuple[str, str], Any] = {}
        self._patterns: List[Tuple[str, typing.Pattern[str], Any]] = []
        self._paths: List[str] = []

    def add(self, method: str, path: str, handler: Any) -> None:
        """Add a route; ``{name}`` is a part of the path, ``{name:path}`` the rest of it."""
        if not _PART.search(path):
            if (method, path) in self._exact:
                raise ValueError(f"{method} {path} has a handler already")
            self._exact[(method, path)] = handler
            return
        pattern, at = "", 0
        for part in _PART.finditer(path):
            pattern += re.escape(path[at : part.start()]) + (
                f"(?P<{part[1]}>.+)" if part[2] else f"(?P<{part[1]}>[^/]+)"
            )
            at = part.end()
        self._patterns.append((method, re.compile(pattern + re.escape(path[at:])), handler))

    def find(self, method: str, path: str) -> Tuple[Any, Dict[str, str]]:
        """Return the handler and the parts of the path; raises 404 or 405."""
        exact = self._exact.get((method, path))
        if exact is not None:
            return exact, {}
        for other, pattern, handler in self._patterns:
            if other == method:
                found = pattern.fullmatch(path)
                if found is not None:
                    return handler, found.groupdict()
        allowed = {other for other, known in self._exact if known == path}
        allowed |= {other for other, pattern, _ in self._patterns if pattern.fullmatch(path)}
        if method == "HEAD" and "GET" in allowed:
            return self.find("GET", path)
        if allowed:
            raise HttpError(405, allow=sorted(allowed))
        raise HttpError(404)


def marked(thing: Any) -> Iterator[Tuple[str, Callable[..., Any], Any, Mapping[str, Any]]]:
    """Find what :func:`on` has marked in a module, a class or an object: event, function, owner, settings."""
    owner = None if isinstance(thing, types.ModuleType) else thing
    members = vars(thing) if owner is None or isinstance(thing, type) else {**vars(type(thing)), **vars(thing)}
    for member in list(members.values()):
        if owner is None and inspect.isclass(member) and member.__module__ == thing.__name__:
            yield from marked(member)
        for event, settings in getattr(member, "__dict__", {}).get("__cordio_on__", ()):
            yield event, member, owner, settings


def by_name(module: types.ModuleType) -> Iterator[Tuple[str, Callable[..., Any]]]:
    """Find handlers by the names of functions: ``get_orders``, ``post_orders``, ``on_start``, ``on_order_made``.

    Examples
    --------
    >>> module = types.ModuleType("shop")
    >>> exec("def get_orders(): ...\\ndef on_order_made(): ...\\ndef other(): ...", module.__dict__)
    >>> [event for event, _ in by_name(module)]
    ['GET /orders', 'order-made']
    """
    for name, member in vars(module).items():
        if not inspect.isfunction(member) or member.__module__ not in (module.__name__, "builtins"):
            continue
        if member.__dict__.get("__cordio_on__"):
            continue
        verb, _, rest = name.partition("_")
        if verb == "on" and rest:
            yield rest.replace("_", "-"), member
        elif verb.upper() in METHODS and rest:
            yield f"{verb.upper()} /{rest.replace('_', '-')}" if rest != "index" else f"{verb.upper()} /", member
