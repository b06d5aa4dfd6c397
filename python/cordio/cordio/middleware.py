"""Middleware for ASGI and WSGI: request points, exceptions by rule, and the pages of an App."""

from __future__ import annotations

import logging
from typing import (
    TYPE_CHECKING,
    Any,
    Awaitable,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    MutableMapping,
    Optional,
)

from . import layers, monitor
from .http import Response
from .monitor import Inbound, inbound, place_of_caller, place_of_code
from .rules import Rule
from .text import duration, fill

if TYPE_CHECKING:
    from .app import App

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("cordio")


def response_by_rule(error: BaseException, rule: Optional[Rule]) -> Response:
    """Form the answer to an exception.

    Parameters
    ----------
    error
        What was raised.
    rule
        Whose ``respond`` counts: ``status``, ``retry_after``, ``content_type``, ``body``, with ``{code}``, ``{service}`` …
    """
    place = monitor.place_of_error(error)
    answer: Mapping[str, Any] = (rule.respond if rule else None) or {}
    status = int(answer.get("status") or (503 if answer else 500))
    headers: Dict[str, str] = {}
    if answer.get("retry_after") is not None:
        headers["retry-after"] = str(max(1, round(duration(answer["retry_after"]))))
    if answer.get("body") is not None:
        facts = layers.facts_of(error, rule)
        body = fill(str(answer["body"]), {**facts, "code": answer.get("code") or facts["code"]})
        kind = answer.get("content_type") or ("application/json" if body[:1] in "{[" else None)
        return Response(body, status, headers, kind, place=place)
    shown = {
        "status": status,
        "message": "Internal Server Error" if status == 500 else "the service can't answer now",
    }
    if rule and rule.code:
        shown["code"] = rule.code
    return Response({"error": shown}, status, headers, place=place)


def rule_of(error: BaseException) -> Optional[Rule]:
    """Return the rule that has decided about an exception, or decides now."""
    found: Optional[Rule] = getattr(error, "__cordio_rule__", None)
    if found is None:
        found = layers.rules().find(error, ("request", "handler"))
        if found is not None:
            layers.commit(error, found, "handler")
    return found


def report(error: BaseException, rule: Optional[Rule], method: str, path: str) -> None:
    """Log an exception that a request ended with, so that ServiceCtl sees its traceback."""
    if rule is None or rule.action != "ignore":
        log.error(
            "Exception on %s [%s]%s",
            path,
            method,
            f" ({rule.code})" if rule and rule.code else "",
            exc_info=error,
        )


class AsgiMiddleware:
    """Watches an ASGI application, and answers what a rule says to its exceptions.

    Parameters
    ----------
    app
        The application.
    cordio
        An :class:`App` whose pages, services and life cycle it has.

    Notes
    -----
    FastAPI and Starlette: ``api.add_middleware(AsgiMiddleware, cordio=app)``. An exception that no rule answers is raised on.
    """

    def __init__(self, app: Asgi, cordio: Optional[App] = None) -> None:
        self._app = app
        self._cordio = cordio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" and self._cordio is not None:
            await self._app(scope, *_with_life(self._cordio, receive, send))
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._cordio is not None and self._cordio.has_page(scope["path"]):
            await self._cordio(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        point = inbound(scope["method"], scope["path"], _header(scope, b"traceparent"))
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                if point is not None:
                    point.status = message["status"]
                    endpoint = scope.get("endpoint")
                    code = getattr(endpoint, "__code__", None)
                    point.place = place_of_caller() or (place_of_code(code) if code else None)
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if point is not None:
                point.error = error
            rule = rule_of(error)
            if begun or rule is None or rule.respond is None:
                raise
            report(error, rule, scope["method"], scope["path"])
            response = response_by_rule(error, rule)
            if point is not None:
                point.status, point.place = response.status, response.place
            await send(
                {"type": "http.response.start", "status": response.status, "headers": response.asgi_headers()}
            )
            await send({"type": "http.response.body", "body": response.body})
        finally:
            if point is not None:
                point.close()
                point.flush()


class WsgiMiddleware:
    """Watches a WSGI application, and answers what a rule says to its exceptions.

    Parameters
    ----------
    app
        The application.
    cordio
        An :class:`App` whose pages and services it has.

    Notes
    -----
    Flask: ``flask_app.wsgi_app = WsgiMiddleware(flask_app.wsgi_app, app)``, and ``PROPAGATE_EXCEPTIONS`` true, for
    Flask answers exceptions itself otherwise.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], cordio: Optional[App] = None) -> None:
        self._app = app
        self._cordio = cordio

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if self._cordio is not None and self._cordio.has_page(path):
            return self._cordio.wsgi(environ, start_response)
        method = environ.get("REQUEST_METHOD", "GET")
        point = inbound(method, path, environ.get("HTTP_TRACEPARENT"))
        begun = False

        def watch(status: str, headers: List[Any], exc_info: Any = None) -> Any:
            nonlocal begun
            begun = True
            if point is not None:
                point.status, point.place = int(status[:3]), place_of_caller()
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        try:
            body = self._app(environ, watch)
        except Exception as error:
            rule = rule_of(error)
            if point is not None:
                point.error = error
            if begun or rule is None or rule.respond is None:
                if point is not None:
                    point.close()
                    point.flush()
                raise
            report(error, rule, method, path)
            response = response_by_rule(error, rule)
            if point is not None:
                point.status, point.place = response.status, response.place
            body = response.wsgi(start_response)
        return body if point is None else _Body(body, point)


class _Body:
    """The body of an answer; the server closes it when the answer went out."""

    def __init__(self, body: Iterable[bytes], point: Inbound) -> None:
        self._body = body
        self._point = point

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._body
        except Exception as error:
            self._point.error = error
            raise

    def __len__(self) -> int:
        return len(self._body)  # type: ignore[arg-type]

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._point.close()
            self._point.flush()


def _header(scope: Scope, name: bytes) -> Optional[str]:
    for key, value in scope.get("headers", ()):
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def _with_life(app: App, receive: Receive, send: Send) -> Any:
    """Start the App before the application, and stop it after."""

    async def hear() -> Message:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await app.start()
        return message

    async def say(message: Message) -> None:
        if message["type"] == "lifespan.shutdown.complete":
            await app.stop()
        await send(message)

    return hear, say
