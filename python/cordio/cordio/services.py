"""Services: made on first use, ended in order of dependence; resources that are let go and come back."""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
import time
from types import TracebackType
from typing import Any, Callable, ClassVar, Coroutine, Dict, Iterable, List, Mapping, Optional, Tuple, Type, Union

from .layers import layer, next_wait, rules
from .rules import Policy
from .text import Duration, duration, snake

_LIFECYCLE = ("start", "stop", "ping", "connect", "disconnect", "use")


class Service:
    """Something that handlers use: an adapter, a model, a client.

    It is made when a handler first asks for it, by a parameter with its name (``db_model`` for ``DbModel``, or ``name``).
    Its public methods are layers of kind ``service`` (:class:`cordio.layer`).

    Attributes
    ----------
    name
        The name of the parameter.
    requires
        Names of services that it needs; parameters of ``__init__`` and ``start`` count, too.
    """

    name: ClassVar[Optional[str]] = None
    requires: ClassVar[Tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        name = cls.__dict__.get("name") or snake(cls.__name__)
        for key, member in list(vars(cls).items()):
            if inspect.isfunction(member) and not key.startswith("_") and key not in _LIFECYCLE:
                if not (inspect.isgeneratorfunction(member) or inspect.isasyncgenfunction(member)):
                    setattr(cls, key, layer(name, kind="service")(member))

    def start(self) -> Any:
        """Get ready; may be ``async``, and take other services by parameter."""

    def stop(self) -> Any:
        """End; what it requires is still there."""

    def ping(self) -> Any:
        """Raise an exception if it does not work; ``/healthcheck`` names the service then."""


class Resource(Service):
    """A service with a connection that is made when needed, let go when idle, and made again when lost.

    ``with resource.use() as connection`` or ``async with``, as ``connect`` is.

    Attributes
    ----------
    idle
        How long nobody may use it before it is disconnected; None for ever.
    reconnect
        How connecting is tried again: a policy, or the name of a rule of ``service.on_failure``.
    lost
        After these exceptions the connection is taken for broken.

    Examples
    --------
    >>> class Cache(Resource):
    ...     def connect(self):
    ...         return "connection"
    >>> with Cache().use() as connection:
    ...     connection
    'connection'
    """

    idle: ClassVar[Optional[Duration]] = None
    reconnect: ClassVar[Union[Policy, str]] = Policy()
    lost: ClassVar[Tuple[Type[BaseException], ...]] = (OSError, EOFError)

    _connection: Any = None
    _is_connected = False
    _users = 0
    _timer: Any = None
    _used = 0.0
    _turn: Any = None

    def connect(self) -> Any:
        """Connect, and return the connection; may be ``async``."""
        raise NotImplementedError(f"{type(self).__name__}.connect")

    def disconnect(self, connection: Any) -> Any:
        """Let a connection go; closes it by default."""
        close = getattr(connection, "close", None)
        return close() if close else None

    def use(self) -> _Use:
        """Return the connection for a while."""
        return _Use(self)

    @property
    def is_connected(self) -> bool:
        """Is there a connection at the moment?"""
        return self._is_connected

    def stop(self) -> Any:
        """Let the connection go."""
        self._cancel()
        return self._drop()

    def ping(self) -> Any:
        """Connect, if it is not connected."""
        return self._ping_async() if inspect.iscoroutinefunction(self.connect) else self._ping()

    def _ping(self) -> None:
        with self.use():
            pass

    async def _ping_async(self) -> None:
        async with self.use():
            pass

    def _policy(self) -> Policy:
        return rules().named(self.reconnect).policy if isinstance(self.reconnect, str) else self.reconnect

    def _took(self, connection: Any) -> None:
        self._connection, self._is_connected = connection, True

    def _drop(self) -> Any:
        if not self._is_connected:
            return None
        connection, self._connection, self._is_connected = self._connection, None, False
        return self.disconnect(connection)

    def _cancel(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()


class _Use:
    """One use of a resource."""

    def __init__(self, resource: Resource) -> None:
        self._of = resource

    def __enter__(self) -> Any:
        of = self._of
        if of._turn is None:
            of._turn = threading.RLock()
        with of._turn:
            of._cancel()
            failures: List[float] = []
            while not of._is_connected:
                try:
                    of._took(of.connect())
                except of.lost:
                    wait = next_wait(of._policy(), failures)
                    if wait is None:
                        raise
                    time.sleep(wait)
            of._users += 1
            return of._connection

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        of = self._of
        with of._turn:
            of._users -= 1
            if isinstance(error, of.lost):
                of._drop()
            elif of.idle is not None and of._users == 0:
                of._timer = threading.Timer(duration(of.idle), self._rest)
                of._timer.daemon = True
                of._timer.start()

    def _rest(self) -> None:
        with self._of._turn:
            if self._of._users == 0:
                self._of._drop()

    async def __aenter__(self) -> Any:
        of = self._of
        if of._turn is None:
            of._turn = asyncio.Lock()
        async with of._turn:
            of._cancel()
            failures: List[float] = []
            while not of._is_connected:
                try:
                    of._took(await _settle(of.connect()))
                except of.lost:
                    wait = next_wait(of._policy(), failures)
                    if wait is None:
                        raise
                    await asyncio.sleep(wait)
            of._users += 1
            return of._connection

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        of = self._of
        of._users -= 1
        if isinstance(error, of.lost):
            await _settle(of._drop())
        elif of.idle is not None and of._users == 0:
            loop = asyncio.get_running_loop()
            of._timer = loop.call_later(duration(of.idle), lambda: loop.create_task(self._rest_async()))

    async def _rest_async(self) -> None:
        async with self._of._turn:
            if self._of._users == 0:
                await _settle(self._of._drop())


class Services:
    """The services of an application.

    Parameters
    ----------
    known
        What is there without being made: ``config``, ``app``.
    """

    def __init__(self, known: Mapping[str, Callable[[], Any]]) -> None:
        self._known = known
        self._makers: Dict[str, Callable[..., Any]] = {}
        self._made: Dict[str, Any] = {}
        self._order: List[str] = []
        self._making: Dict[str, asyncio.Future[Any]] = {}
        self._gate = threading.RLock()

    def add(self, maker: Callable[..., Any], name: Optional[str] = None) -> str:
        """Add a class, or a function that returns the service."""
        name = name or getattr(maker, "name", None) or snake(maker.__name__)
        if name in self._known:
            raise ValueError(f"{name} is taken: it is always there")
        self._makers[name] = maker
        return name

    def __contains__(self, name: object) -> bool:
        return name in self._makers or name in self._known

    def names(self) -> List[str]:
        """Return the names of all, made or not."""
        return list(self._makers)

    def made(self) -> List[str]:
        """Return the names of those that were made, in the order in which they were."""
        return list(self._order)

    def find(self, name: str) -> Any:
        """Return a service if it is there already."""
        return self._known[name]() if name in self._known else self._made.get(name)

    def requirements(self, name: str) -> List[str]:
        """Return what a service requires."""
        maker = self._makers.get(name)
        if maker is None:
            return []
        needed = list(getattr(maker, "requires", ()))
        callables = (
            [getattr(maker, "__init__"), getattr(maker, "start", None)] if isinstance(maker, type) else [maker]
        )
        for one in callables:
            needed += [
                parameter for parameter in parameters(one) if parameter in self and parameter not in needed
            ]
        return needed

    async def get(self, name: str) -> Any:
        """Return a service; it and what it requires are made at first use.

        Raises
        ------
        LookupError
            If there is no service of this name, or they require each other in a circle.
        """
        found = self.find(name)
        if found is not None:
            return found
        if name not in self._makers:
            raise LookupError(
                f"there is no service {name!r}; there are {', '.join(sorted(self._makers)) or 'none'}"
            )
        self._refuse_circle(name, ())
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self._make_here(name)
        making = self._making.get(name)
        if making is not None:
            return await asyncio.shield(making)
        made = self._making[name] = loop.create_future()
        try:
            service = await self._make(name)
        except BaseException as error:
            made.set_exception(error)
            made.exception()  # it is raised here; whoever waits gets it, too
            raise
        finally:
            del self._making[name]
        made.set_result(service)
        return service

    def is_plain(self, name: str) -> bool:
        """Is nothing ``async`` about a service, nor about what it requires? Then it is made and pinged without a loop."""
        maker = self._makers.get(name)
        own = [maker] + [getattr(maker, word, None) for word in ("start", "ping", "connect")]
        self._refuse_circle(name, ())
        return not any(map(inspect.iscoroutinefunction, own)) and all(map(self.is_plain, self.requirements(name)))

    def _make_here(self, name: str) -> Any:
        with self._gate:
            found = self.find(name)
            return found if found is not None else _drive(self._make(name))

    def _refuse_circle(self, name: str, path: Tuple[str, ...]) -> None:
        if name in path:
            raise LookupError(f"services require each other in a circle: {' -> '.join((*path, name))}")
        for needed in self.requirements(name):
            self._refuse_circle(needed, (*path, name))

    async def _make(self, name: str) -> Any:
        maker = self._makers[name]
        for needed in self.requirements(name):
            await self.get(needed)
        service = await _settle(self._call(maker))
        start = getattr(service, "start", None)
        if isinstance(service, Service) or (isinstance(maker, type) and callable(start)):
            await _settle(self._call(service.start))
        self._made[name] = service
        self._order.append(name)
        return service

    def _call(self, function: Callable[..., Any]) -> Any:
        target = getattr(function, "__init__") if isinstance(function, type) else function
        target = getattr(target, "__func__", target)
        return function(**{name: self.find(name) for name in parameters(target) if name in self})

    async def stop(self) -> List[BaseException]:
        """End what was made, the last first; what could not be ended is returned, and is no obstacle to the others."""
        errors: List[BaseException] = []
        while self._order:
            name = self._order.pop()
            service = self._made.pop(name)
            stop = getattr(service, "stop", None) or getattr(service, "close", None)
            if callable(stop):
                try:
                    await _settle(stop())
                except Exception as error:
                    errors.append(error)
        return errors

    async def check(self, names: Iterable[str]) -> Dict[str, Optional[str]]:
        """Make and ping services and what they require.

        Returns
        -------
        dict
            By name: None for one that works, otherwise why it does not. Those that fail come first where others need them.
        """
        result: Dict[str, Optional[str]] = {}

        async def visit(name: str) -> Optional[str]:
            if name in result:
                return result[name]
            self._refuse_circle(name, ())
            failed = [needed for needed in self.requirements(name) if await visit(needed) is not None]
            if failed:
                result[name] = f"requires {', '.join(failed)}"
                return result[name]
            try:
                service = await self.get(name)
                ping = getattr(service, "ping", None)
                if name in self._makers and callable(ping):
                    await _settle(ping())
                result[name] = None
            except Exception as error:
                result[name] = f"{type(error).__name__}: {error}"
            return result[name]

        for name in names:
            await visit(name)
        return result


def _drive(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that waits for nothing, inside the loop's own thread."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    work.close()
    raise RuntimeError(
        f"{work.__qualname__} has to wait, and a plain function can't inside the loop; make the handler async"
    )


async def _settle(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


@functools.lru_cache(maxsize=None)
def parameters(function: Any) -> Tuple[str, ...]:
    """Return the names of what a function is called with, without ``self``."""
    if function is None or function is object.__init__:
        return ()
    try:
        return tuple(name for name in inspect.signature(function).parameters if name != "self")
    except (ValueError, TypeError):
        return ()
