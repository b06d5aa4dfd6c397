"""Requests and answers, uniform whatever the framework."""

from __future__ import annotations

import functools
import json
from http import HTTPStatus
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Union
from urllib.parse import parse_qsl

from .models import to_plain
from .monitor import place_of_caller
from .text import encoder

Headers = Dict[str, str]


class HttpError(Exception):
    """An answer that is an error.

    Parameters
    ----------
    status
        400 to 599.
    message
        For the client.
    code
        The application's own.
    headers, **more
        Headers of the answer; what stands beside the message.

    Examples
    --------
    >>> HttpError(404, "no such order", code="ORD-1").response().body
    b'{"error":{"status":404,"message":"no such order","code":"ORD-1"}}'
    """

    def __init__(
        self,
        status: int,
        message: Optional[str] = None,
        code: Optional[str] = None,
        headers: Optional[Mapping[str, str]] = None,
        **more: Any,
    ) -> None:
        self.headers = headers
        self.status = status
        self.message = message or _phrase(status)
        self.code = code
        self.more = more
        super().__init__(self.message)

    def response(self) -> Response:
        """Return it as an answer."""
        error = {"status": self.status, "message": self.message, "code": self.code, **self.more}
        return Response(
            {"error": {key: value for key, value in error.items() if value is not None}},
            self.status,
            self.headers,
        )


class Request:
    """What was asked, whatever framework has read it.

    Attributes
    ----------
    method, path
        ``GET``, ``/orders/7``.
    query
        The last value of each name; ``query_all`` has all.
    headers
        By their names in lower case.
    body
        The bytes.
    params
        Parts of the path: ``{"id": "7"}``.
    client
        The peer's address.
    identity
        Who asks, once :mod:`cordio.auth` has found out.
    peer
        The client's certificate, as ``ssl`` gives it, or ``{"dn": …}``.
    native
        What the framework gave.
    error
        What the handler has raised.

    Examples
    --------
    >>> request = Request("POST", "/orders", query_string="a=1&a=2", body=b'{"item": "tea"}')
    >>> request.query["a"], request.query_all["a"], request.json()
    ('2', ['1', '2'], {'item': 'tea'})
    """

    __slots__ = (
        "method",
        "path",
        "query_string",
        "_headers",
        "body",
        "params",
        "client",
        "scheme",
        "identity",
        "peer",
        "native",
        "error",
    )

    def __init__(
        self,
        method: str,
        path: str,
        query_string: str = "",
        headers: Union[Headers, Iterable[Tuple[bytes, bytes]], None] = None,
        body: bytes = b"",
        params: Optional[Dict[str, str]] = None,
        client: Optional[str] = None,
        scheme: str = "http",
        peer: Optional[Mapping[str, Any]] = None,
        native: Any = None,
    ) -> None:
        self.method = method
        self.path = path
        self.query_string = query_string
        self._headers = headers if headers is not None else {}
        self.body = body
        self.params: Dict[str, str] = params if params is not None else {}
        self.client = client
        self.scheme = scheme
        self.identity: Optional[Mapping[str, Any]] = None
        self.peer = peer
        self.native = native
        self.error: Optional[BaseException] = None

    @property
    def headers(self) -> Headers:
        """Headers by their names in lower case."""
        if not isinstance(self._headers, dict):  # most handlers look at none
            self._headers = {
                key.decode("latin-1").lower(): value.decode("latin-1") for key, value in self._headers
            }
        return self._headers

    @property
    def query(self) -> Dict[str, str]:
        """Values of the query, the last of each name."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def query_all(self) -> Dict[str, List[str]]:
        """Values of the query, all of each name."""
        found: Dict[str, List[str]] = {}
        for name, value in parse_qsl(self.query_string, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found

    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as JSON; raises a 400 where it is none."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise HttpError(400, f"the body is not JSON: {error}") from None

    def form(self) -> Dict[str, str]:
        """Return an URL-encoded form."""
        return dict(parse_qsl(self.text(), keep_blank_values=True))

    @classmethod
    def of(cls, native: Any, body: Optional[bytes] = None) -> Request:
        """Make one of what a framework gives.

        Parameters
        ----------
        native
            A WSGI environment or ASGI scope (mappings), or the request of Flask, Starlette, FastAPI, Django or aiohttp.
        body
            Its bytes, where they have to be awaited (ASGI, Starlette, aiohttp).

        Examples
        --------
        >>> Request.of({"REQUEST_METHOD": "GET", "PATH_INFO": "/x", "QUERY_STRING": "a=1", "HTTP_X_ID": "7"}).headers
        {'x-id': '7'}
        """
        if isinstance(native, cls):
            return native
        plain: Any = native if isinstance(native, Mapping) else getattr(native, "scope", None)
        if isinstance(plain, Mapping) and "REQUEST_METHOD" in plain:
            return cls._of_wsgi(plain, body)
        if isinstance(plain, Mapping) and "method" in plain:
            return cls.of_asgi(plain, body, native)
        return cls._of_framework(native, body)

    @classmethod
    def _of_framework(cls, native: Any, body: Optional[bytes]) -> Request:
        environment = getattr(native, "environ", None) or getattr(native, "META", None)
        if isinstance(environment, Mapping):  # Flask and werkzeug; Django
            if body is None:
                body = native.get_data() if hasattr(native, "get_data") else native.body
            made = cls._of_wsgi(environment, body)
            made.params = {
                key: str(value) for key, value in (getattr(native, "view_args", None) or {}).items()
            }
            made.native = native
            return made
        if hasattr(native, "rel_url"):  # aiohttp
            return cls(
                native.method, native.path, native.query_string, {key.lower(): value for key, value in native.headers.items()},
                body or b"", dict(native.match_info), native.remote, native.scheme, native=native,
            )  # fmt: skip
        raise TypeError(
            f"{type(native).__name__} is not a request that is known; give a WSGI environment or an ASGI scope"
        )

    @classmethod
    def of_asgi(cls, scope: Mapping[str, Any], body: Optional[bytes] = None, native: Any = None) -> Request:
        """Make one of an ASGI scope."""
        client = scope.get("client")
        return cls(
            scope["method"], scope["path"], scope.get("query_string", b"").decode("latin-1"),
            scope.get("headers", ()),
            body or b"", {key: str(value) for key, value in scope["path_params"].items()} if scope.get("path_params") else None,
            client[0] if client else None, scope.get("scheme", "http"), peer=scope.get("cordio.peer"), native=native,
        )  # fmt: skip

    @classmethod
    def _of_wsgi(cls, environment: Mapping[str, Any], body: Optional[bytes]) -> Request:
        if body is None:
            length = environment.get("CONTENT_LENGTH") or "0"
            body = (
                environment["wsgi.input"].read(int(length)) if str(length).isdigit() and int(length) else b""
            )
        headers = {
            key[5:].replace("_", "-").lower(): str(value)
            for key, value in environment.items()
            if key.startswith("HTTP_")
        }
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if environment.get(name):
                headers[name.replace("_", "-").lower()] = str(environment[name])
        subject = environment.get("HTTPS_DN") or environment.get("SSL_CLIENT_S_DN")  # uWSGI's, Apache's
        return cls(
            environment["REQUEST_METHOD"], _path_of(environment), environment.get("QUERY_STRING", ""), headers, body,
            client=environment.get("REMOTE_ADDR"), scheme=environment.get("wsgi.url_scheme", "http"),
            peer={"dn": subject} if subject else None, native=environment,
        )  # fmt: skip


class Response:
    """An answer.

    Parameters
    ----------
    body
        Bytes, a text, or what JSON can hold (models, too).
    status
        200 by default.
    headers
        More headers.
    content_type
        By default that of the body's kind.

    Examples
    --------
    >>> Response({"a": 1}).body, Response("hi").headers["content-type"]
    (b'{"a":1}', 'text/plain; charset=utf-8')
    """

    __slots__ = ("body", "status", "headers", "place")

    def __init__(
        self,
        body: Any = b"",
        status: int = 200,
        headers: Optional[Mapping[str, str]] = None,
        content_type: Optional[str] = None,
        place: Optional[str] = None,
    ) -> None:
        self.status = status
        self.place = place or place_of_caller()
        self.headers: Headers = {key.lower(): value for key, value in headers.items()} if headers else {}
        if isinstance(body, str):
            kind, self.body = "text/plain; charset=utf-8", body.encode("utf-8")
        elif isinstance(body, (bytes, bytearray)):
            kind, self.body = "application/octet-stream", bytes(body)
        else:
            kind, self.body = "application/json", _json(body)
        if content_type:
            self.headers["content-type"] = content_type
        elif self.body:
            self.headers.setdefault("content-type", kind)

    @classmethod
    def of(cls, result: Any, place: Optional[str] = None) -> Response:
        """Make one of what a handler returns: ``None`` (204), a body, ``(body, status)``, ``(body, status, headers)``."""
        if isinstance(result, cls):
            return result
        if result is None:
            return cls(status=204, place=place)
        if isinstance(result, tuple) and len(result) in (2, 3) and isinstance(result[1], int):
            return cls(result[0], result[1], result[2] if len(result) == 3 else None, place=place)
        return cls(result, place=place)

    def asgi_headers(self) -> List[Tuple[bytes, bytes]]:
        """Return headers as ASGI wants them."""
        pairs = [(_bytes(key), _bytes(value)) for key, value in self.headers.items()]
        if self.status >= 200 and self.status not in (204, 304):
            pairs.append((b"content-length", b"%d" % len(self.body)))
        return pairs

    def wsgi(self, start_response: Any) -> Iterable[bytes]:
        """Begin the answer in WSGI, and return its body."""
        pairs = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in self.asgi_headers()]
        start_response(f"{self.status} {_phrase(self.status)}", pairs)
        return [self.body]


_encode = encoder(to_plain)


def _json(body: Any) -> bytes:
    return _encode(body).encode("utf-8")


@functools.lru_cache(maxsize=512)
def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


def _path_of(environment: Mapping[str, Any]) -> str:
    path = f"{environment.get('SCRIPT_NAME', '')}{environment.get('PATH_INFO', '')}"
    return path.encode("latin-1", "replace").decode("utf-8", "replace") or "/"


def _phrase(status: Union[int, HTTPStatus]) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"
