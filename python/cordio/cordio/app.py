"""The App: one program as a daemon, an ASGI or WSGI application, or a plain program."""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import logging
import os
import signal
import sys
import threading
import time
import types
from datetime import datetime
from pathlib import Path
from typing import (
    Any,
    Callable,
    Coroutine,
    Dict,
    Iterable,
    List,
    Mapping,
    Optional,
    Sequence,
    Set,
    TypeVar,
    Union,
)

from . import config, handlers, layers, monitor, options
from . import pages as _pages
from .handlers import METHODS, Handler, Routes
from .http import HttpError, Request, Response
from .middleware import Receive, Scope, Send, _header, report, response_by_rule, rule_of
from .models import ValidationError
from .monitor import inbound
from .schedule import parse
from .services import Services, _drive, _settle, parameters
from .text import Duration, duration

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=Callable[..., Any])

log = logging.getLogger("cordio")


class App:
    """An application: handlers of events and requests, the services that they use, and their tasks.

    Parameters
    ----------
    name
        Under ServiceCtl, the service's name goes before it.
    version
        Shown in the state.
    healthcheck
        Names of services that ``/healthcheck`` makes and pings, with all they require; all services by default.
    pages
        Are ``/ping``, ``/healthcheck`` and ``/internal/state`` answered?
    grace
        How long tasks may take at a soft end before they are cancelled.
    max_body
        Longer bodies of requests get 413.
    by_name
        A module whose functions are handlers by their names (``get_orders``, ``on_order_made``).

    Examples
    --------
    >>> app = App("shop")
    >>> @app.on("GET /orders/{id}")
    ... async def order(id: int):
    ...     return {"id": id}
    >>> from cordio.testing import Client
    >>> Client(app).get("/orders/7").json()
    {'id': 7}
    """

    #: The application of this process: the one that was made last.
    current: Optional[App] = None

    def __init__(
        self,
        name: str,
        *,
        version: str = "",
        healthcheck: Optional[Sequence[str]] = None,
        pages: bool = True,
        grace: Duration = "10s",
        max_body: int = 10 * 1024 * 1024,
        by_name: Optional[types.ModuleType] = None,
    ) -> None:
        self.name = name
        self.version = version
        self.healthcheck = tuple(healthcheck) if healthcheck is not None else None
        self.grace = duration(grace)
        self.max_body = max_body
        self.began = time.time()
        self.services = Services({"config": config.current, "app": lambda: self})
        self.handlers: List[Handler] = []
        self.certificates: List[str] = []
        self._pages = frozenset(_pages.PATHS) if pages else frozenset()
        self._routes = Routes()
        self._chain: List[Handler] = []
        self._main: Optional[Callable[..., Any]] = None
        self._tasks: Dict[asyncio.Task[Any], Dict[str, Any]] = {}
        self._schedules: List[Dict[str, Any]] = []
        self._runs: Set[asyncio.Task[None]] = set()
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._loop_of = 0
        self._is_started = False
        self._end: Optional[asyncio.Event] = None
        self._gate = threading.Lock()
        self._amqp: Any = None
        App.current = self
        layers.on_stop[:] = [lambda error: self.request_stop()]
        if by_name is not None:
            for event, function in handlers.by_name(by_name):
                self._add(Handler(event, function))

    # What it consists of

    def on(self, event: str, **settings: Any) -> Callable[[F], F]:
        """Add a function as a handler; events are those of :func:`cordio.on`."""

        def add(function: F) -> F:
            self._add(Handler(event, function, settings=settings))
            return function

        return add

    def include(self, thing: Any) -> Any:
        """Add what :func:`cordio.on` has marked in a module, a class or an object.

        Of a class, each call of a handler gets an object of its own. Its ``initialise`` runs before the handler, its ``finalise``
        after it, whatever happened; both may be ``async``, and take ``request``, services and (``finalise``) ``error``.
        """
        found = list(handlers.marked(thing))
        if not found:
            raise ValueError(
                f"{getattr(thing, '__name__', thing)!r} has no handler: nothing in it is marked with @on(...)"
            )
        for event, function, owner, settings in found:
            self._add(Handler(event, function, owner, settings))
        return thing

    def service(self, maker: C) -> C:
        """Add a class, or a function that returns the service, by its name; as a decorator, too."""
        self.services.add(maker)
        return maker

    def main(self, function: F) -> F:
        """Declare the main function of a plain program; :func:`cordio.option` declares its options."""
        self._main = function
        return function

    def _add(self, handler: Handler) -> None:
        method, _, path = handler.event.partition(" ")
        schedule = parse(handler.event)
        if method in METHODS and path.startswith("/"):
            self._routes.add(method, path, handler)
        elif method == "amqp" and path:
            pass
        elif schedule is not None:
            self._schedules.append({"handler": handler, "schedule": schedule, "next": None, "runs": 0})
        elif " " in handler.event or not handler.event:
            raise ValueError(
                f"{handler.event!r} is not an event; write GET /path, every 30s, cron 0 5 * * *, amqp QUEUE or a name"
            )
        elif handler.event == "request":
            self._chain.append(handler)
        self.handlers.append(handler)

    # Services

    async def get(self, name: str) -> Any:
        """Return a service, made at first use."""
        return await self.services.get(name)

    def get_now(self, name: str) -> Any:
        """Return a service where nothing can be awaited: Flask, plain functions."""
        found = self.services.find(name)
        if found is not None:
            return found
        return self._here_or_in_loop(self.services.get(name), self.services.is_plain(name))

    def wait_for(self, work: Coroutine[Any, Any, Any], timeout: Optional[float] = None) -> Any:
        """Run a coroutine in the loop of this App, from a thread that has none."""
        loop = self.loop()
        try:
            running: Optional[asyncio.AbstractEventLoop] = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is not None and running is loop:
            return _drive(work)
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout)

    def _here_or_in_loop(self, work: Coroutine[Any, Any, Any], is_plain: bool) -> Any:
        # A thread with a loop is begun only for what needs one: where a server ends threads itself, as uWSGI does,
        # one that it does not know can hold up the end of a process.
        has_loop = self._loop is not None and self._loop_of == os.getpid()
        return _drive(work) if is_plain and not has_loop else self.wait_for(work)

    def loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop of this App; without one, a thread is begun for it."""
        with self._gate:
            if self._loop is None or self._loop.is_closed() or self._loop_of != os.getpid():
                self._loop = asyncio.new_event_loop()
                self._loop_of = os.getpid()
                threading.Thread(target=self._loop.run_forever, name="cordio-loop", daemon=True).start()
            return self._loop

    async def make(self, owner: Callable[..., Any]) -> Any:
        """Make an object of a class, with services for the parameters that are named after them."""
        return owner(**{name: await self.get(name) for name in parameters(owner.__init__) if name in self.services})  # type: ignore[misc]

    def make_now(self, owner: Callable[..., Any]) -> Any:
        """Same as :meth:`make`, where nothing can be awaited."""
        return owner(**{name: self.get_now(name) for name in parameters(owner.__init__) if name in self.services})  # type: ignore[misc]

    async def inject(self, function: Optional[Callable[..., Any]], **known: Any) -> Any:
        """Call a function with what its parameters name: what is known here, and services."""
        if function is None:
            return None
        names = parameters(getattr(function, "__func__", function))
        arguments = {
            name: known[name] if name in known else await self.get(name)
            for name in names
            if name in known or name in self.services
        }
        return await _settle(function(**arguments))

    def inject_now(self, function: Optional[Callable[..., Any]], **known: Any) -> Any:
        """Same as :meth:`inject`, where nothing can be awaited."""
        if function is None:
            return None
        names = parameters(getattr(function, "__func__", function))
        arguments = {
            name: known[name] if name in known else self.get_now(name)
            for name in names
            if name in known or name in self.services
        }
        result = function(**arguments)
        return self.wait_for(result) if inspect.iscoroutine(result) else result

    # Tasks and events

    def spawn(
        self, work: Coroutine[Any, Any, Any], name: Optional[str] = None
    ) -> Union[asyncio.Task[Any], concurrent.futures.Future[Any]]:
        """Run a coroutine beside what goes on; a soft end waits for it.

        Parameters
        ----------
        work
            ``send_mail(order)``; an exception of it is logged.
        name
            In the state; by default the coroutine's.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run_coroutine_threadsafe(self._spawned(work, name), self.loop())
        task = loop.create_task(work)
        self._tasks[task] = {"name": name or getattr(work, "__qualname__", "task"), "since": time.time()}
        task.add_done_callback(self._spawn_ended)
        return task

    async def _spawned(self, work: Coroutine[Any, Any, Any], name: Optional[str]) -> Any:
        task = self.spawn(work, name)
        assert isinstance(task, asyncio.Task)
        return await task

    def _spawn_ended(self, task: asyncio.Task[Any]) -> None:
        known = self._tasks.pop(task, {})
        if not task.cancelled() and task.exception() is not None:
            log.error("Exception in task %s", known.get("name"), exc_info=task.exception())

    async def emit(self, event: str, **data: Any) -> List[Any]:
        """Run the handlers of an event one after the other, and return what they return; one that fails ends the chain."""
        return [await handler.call(self, data=data) for handler in self.handlers if handler.event == event]

    def tasks(self) -> List[Dict[str, Any]]:
        """Return what is running, and what is due when."""
        running: List[Dict[str, Any]] = [dict(known) for known in self._tasks.values()]
        return running + [
            {
                "name": one["handler"].name,
                "event": one["handler"].event,
                "next": one["next"],
                "runs": one["runs"],
            }
            for one in self._schedules
        ]

    async def _run_schedule(self, one: Dict[str, Any]) -> None:
        while True:
            due = one["schedule"].next(datetime.now())
            one["next"] = due.timestamp()
            await asyncio.sleep(max(0.0, (due - datetime.now()).total_seconds()))
            # One run ends before the next begins; those that were due meanwhile are left out.
            task = self.spawn(one["handler"].call(self), one["handler"].event)
            one["runs"] += 1
            await asyncio.wait(
                [asyncio.wrap_future(task) if isinstance(task, concurrent.futures.Future) else task]
            )

    # Life

    async def start(self) -> None:
        """Begin: handlers of ``start``, schedules, AMQP. A second call does nothing."""
        if self._is_started:
            return
        self._is_started = True
        self._loop, self._loop_of = asyncio.get_running_loop(), os.getpid()
        await self.emit("start")
        self._runs = {asyncio.ensure_future(self._run_schedule(one)) for one in self._schedules}
        if any(handler.event.startswith("amqp ") for handler in self.handlers):
            from .amqp import Consumers

            self._amqp = Consumers(self)
            await self._amqp.start()

    async def stop(self) -> List[BaseException]:
        """End softly: no more schedules, ``stop`` handlers, tasks awaited for ``grace``, services ended in order of dependence."""
        if self._amqp is not None:
            await self._amqp.stop()
        for run in self._runs:
            run.cancel()
        self._runs = set()
        if self._is_started:
            self._is_started = False
            await self.emit("stop")
        errors = await self._await_tasks()
        errors += await self.services.stop()
        for error in errors:
            log.error("at the end: %s", error)
        monitor.drain()
        return errors

    async def _await_tasks(self) -> List[BaseException]:
        waiting = [task for task in self._tasks if task is not asyncio.current_task()]
        if not waiting:
            return []
        names = {task: self._tasks[task]["name"] for task in waiting}
        _, late = await asyncio.wait(waiting, timeout=self.grace)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1)
        return [TimeoutError(f"the task {names[task]} was cancelled after {self.grace:g} s") for task in late]

    def request_stop(self) -> None:
        """End softly, from anywhere; in a server, by its signal."""
        end, loop = self._end, self._loop
        if end is not None and loop is not None:
            loop.call_soon_threadsafe(end.set)
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    # Requests

    def has_page(self, path: str) -> bool:
        """Does the App answer this path by itself?"""
        return path in self._pages

    async def answer(self, request: Request) -> Response:
        """Answer a request, whatever happens."""
        try:
            if request.path in self._pages:
                return await _pages.answer(self, request)
            for link in self._chain:
                early = await link.call(self, request)
                if early is not None:
                    return Response.of(early, link.place)
            handler, request.params = self._routes.find(request.method, request.path)
            return Response.of(await handler.call(self, request), handler.place)
        except Exception as error:
            return self._answer_error(error, request)

    def answer_now(self, request: Request) -> Response:
        """Answer a request in this thread; ``async`` handlers run in the loop of the App."""
        try:
            if request.path in self._pages:
                is_plain = all(map(self.services.is_plain, self.services.names()))
                page: Response = self._here_or_in_loop(_pages.answer(self, request), is_plain)
                return page
            for link in self._chain:
                early = self._call_now(link, request)
                if early is not None:
                    return Response.of(early, link.place)
            handler, request.params = self._routes.find(request.method, request.path)
            return Response.of(self._call_now(handler, request), handler.place)
        except Exception as error:
            return self._answer_error(error, request)

    def _call_now(self, handler: Handler, request: Request) -> Any:
        if handler.is_async:
            return self.wait_for(handler.call(self, request))
        return handler.call_now(self, request)

    def _answer_error(self, error: Exception, request: Request) -> Response:
        if isinstance(error, HttpError):
            return error.response()
        if isinstance(error, ValidationError):
            problems = [{"place": place, "message": message} for place, message in error.problems]
            return Response({"error": {"status": 422, "message": str(error), "problems": problems}}, 422)
        rule = rule_of(error)
        report(error, rule, request.method, request.path)
        response = response_by_rule(error, rule)
        request.error = error
        return response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Be an ASGI application."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        point = (
            inbound(scope["method"], scope["path"], _header(scope, b"traceparent"))
            if scope["path"] not in self._pages
            else None
        )
        try:
            body = await _read(receive, self.max_body)
            if body is None:
                response = HttpError(413).response()
            else:
                request = Request.of_asgi(scope, body)
                response = await self.answer(request)
                if point is not None:
                    point.error = request.error
            if point is not None:
                point.status, point.place = response.status, response.place
            await send(
                {"type": "http.response.start", "status": response.status, "headers": response.asgi_headers()}
            )
            await send(
                {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else response.body}
            )
        finally:
            if point is not None:
                point.close()
                point.flush()

    def wsgi(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Be a WSGI application."""
        from .middleware import _Body

        method, path = environ.get("REQUEST_METHOD", "GET"), environ.get("PATH_INFO", "/")
        point = inbound(method, path, environ.get("HTTP_TRACEPARENT")) if path not in self._pages else None
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if length.isdigit() and int(length) > self.max_body:
            response = HttpError(413).response()
        else:
            request = Request.of(environ)
            response = self.answer_now(request)
            if point is not None:
                point.error = request.error
        if point is not None:
            point.status, point.place = response.status, response.place
        body = response.wsgi(start_response)
        body = [] if method == "HEAD" else body
        return body if point is None else _Body(body, point)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except Exception as error:
                    log.exception("the start failed")
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    # Running

    def run(self, argv: Optional[Sequence[str]] = None, mode: Optional[str] = None) -> int:
        """Run as a program, and return its exit code.

        Parameters
        ----------
        argv
            Arguments; those of the command line by default.
        mode
            ``program``: the main function, then a soft end. ``daemon``: until SIGTERM or SIGINT, with schedules, AMQP and the
            pages where an address is given. ``server``: an HTTP server (uvicorn where it is there, otherwise our own).
            By default ``program`` with a main function, ``server`` with routes, otherwise ``daemon``.
        """
        declared = options.options_of(self._main)
        parser = options.parser(self.name, declared, inspect.getdoc(self._main) if self._main else None)
        own = parser.add_argument_group("every program of cordio")
        own.add_argument(
            "--as", dest="cordio_mode", choices=("program", "daemon", "server"), help="how it runs"
        )
        own.add_argument(
            "--show-config", dest="cordio_show", action="store_true", help="print every value with its source"
        )
        own.add_argument(
            "--check-config", dest="cordio_check", action="store_true", help="exit 1 if a value does not fit"
        )
        own.add_argument(
            "--config-template",
            dest="cordio_template",
            choices=("all", "required"),
            help="print a configuration file",
        )
        given = vars(parser.parse_args(argv))
        if given["cordio_template"]:
            print(options.template(declared, given["cordio_template"] == "required"))
            return 0
        if given["cordio_show"]:
            return options.show(declared, given, config.current())
        try:
            values = options.settle(declared, given, config.current())
        except ValidationError as error:
            print(f"{self.name}: {error}", file=sys.stderr)
            return 2 if not given["cordio_check"] else 1
        if given["cordio_check"]:
            return 0
        has_routes = any(handler.event.split(" ")[0] in METHODS for handler in self.handlers)
        mode = (
            given["cordio_mode"] or mode or ("program" if self._main else "server" if has_routes else "daemon")
        )
        if mode == "program" and self._main is None:
            print(f"{self.name}: there is no main function; mark one with @app.main", file=sys.stderr)
            return 2
        monitor.output()
        try:
            return asyncio.run(self._run(mode, values))
        except KeyboardInterrupt:
            return 130

    async def _run(self, mode: str, values: Mapping[str, Any]) -> int:
        from . import server

        self._end = asyncio.Event()
        loop = self._loop = asyncio.get_running_loop()
        self._loop_of = os.getpid()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._end.set)
        serving = None
        try:
            await self.start()
            if mode == "server" or (mode == "daemon" and server.address(self) is not None):
                serving = await server.serve(self)
            server.notify("READY=1")
            result = None
            if self._main is not None:
                main = asyncio.ensure_future(self._call_main(values))
                ended = asyncio.ensure_future(self._end.wait())
                await asyncio.wait({main, ended}, return_when=asyncio.FIRST_COMPLETED)
                if not main.done():
                    main.cancel()
                    await asyncio.wait([main])
                result = None if main.cancelled() else main.result()
                ended.cancel()
            if mode != "program":
                await self._end.wait()
            return result if isinstance(result, int) and not isinstance(result, bool) else 0
        finally:
            server.notify("STOPPING=1")
            if serving is not None:
                await serving.close()
            await self.stop()
            self._end = None

    async def _call_main(self, values: Mapping[str, Any]) -> Any:
        assert self._main is not None
        main = layers.layer("main", kind="handler")(self._main)
        if inspect.iscoroutinefunction(self._main):
            return await self.inject(main, **values)
        names = parameters(self._main)
        known = {
            name: values[name] if name in values else await self.get(name)
            for name in names
            if name in values or name in self.services
        }
        return await handlers._in_thread(main, known)

    @property
    def folder(self) -> Path:
        """Return the project's folder: the service's, or the current one."""
        return Path(config.current().handed.get("folder") or Path.cwd())


async def _read(receive: Receive, limit: int) -> Optional[bytes]:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
    return body if len(body) <= limit else None


def spawn(work: Coroutine[Any, Any, Any], name: Optional[str] = None) -> Any:
    """Run a coroutine beside what goes on, in the App of this process (:meth:`App.spawn`)."""
    if App.current is None:
        work.close()
        raise RuntimeError("there is no App in this process")
    return App.current.spawn(work, name)
