"""As much of HTTP as a small service needs: requests, answers, and which function answers what."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple
from urllib.parse import parse_qsl

LONGEST_BODY = 1024 * 1024

Environ = Dict[str, Any]
StartResponse = Callable[..., Any]


class HttpError(Exception):
    """
    What a handler raises to have the client told.

    Parameters
    ----------
    status : HTTPStatus
        What is answered.
    message : str
        One sentence.
    headers : mapping, optional
        More headers.
    """

    def __init__(self, status: HTTPStatus, message: str, headers: Optional[Mapping[str, str]] = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


@dataclass(frozen=True)
class Request:
    """
    What a client sent.

    Attributes
    ----------
    method, path : str
        ``GET``, ``/path``.
    query : dict
        What stands behind the question mark, the last value of each name.
    headers : dict
        By their names in lower case.
    body : bytes
        What comes after the headers.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, environ: Environ) -> "Request":
        """
        Read a request out of what a WSGI server hands over.

        Examples
        --------
        >>> environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/echo", "QUERY_STRING": "query=133&empty="}
        >>> request = Request.of(environ)
        >>> request.path, request.query
        ('/echo', {'query': '133', 'empty': ''})
        """
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            raise HttpError(HTTPStatus.BAD_REQUEST, "Content-Length has to be a number.") from None
        if length > LONGEST_BODY:
            message = f"A body may have {LONGEST_BODY} bytes."
            raise HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)
        headers = {
            name[5:].replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        if environ.get("CONTENT_TYPE"):
            headers["content-type"] = environ["CONTENT_TYPE"]
        return cls(
            environ["REQUEST_METHOD"],
            environ.get("PATH_INFO") or "/",
            dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
            headers,
            environ["wsgi.input"].read(length) if length > 0 else b"",
        )

    def json(self) -> Any:
        """
        Read the body as JSON.

        Raises
        ------
        HttpError
            It is none.
        """
        if self.headers.get("content-type", "").split(";")[0] != "application/json":
            raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The Content-Type has to be application/json.")
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise HttpError(HTTPStatus.BAD_REQUEST, f"The body is no JSON: {error}") from error


@dataclass(frozen=True)
class Answer:
    """What is answered: a body, which becomes JSON unless it is text or bytes, a status and headers."""

    body: object = b""
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> Tuple[bytes, str]:
        """
        Write the body.

        Returns
        -------
        tuple
            The bytes, and their content type.
        """
        if isinstance(self.body, bytes):
            return self.body, "application/octet-stream"
        if isinstance(self.body, str):
            return self.body.encode(), "text/plain; charset=utf-8"
        return json.dumps(self.body).encode(), "application/json"


Handler = Callable[[Request, str], Answer]


class Application:
    """
    A WSGI application: handlers by method and path. HEAD, OPTIONS and Allow follow from them.

    Examples
    --------
    >>> app = Application()
    >>> @app.on("GET", "/greet/")
    ... def greet(request: Request, name: str) -> Answer:
    ...     return Answer(f"hello {name}")
    >>> app.answer(Request("GET", "/greet/you")).body
    'hello you'
    >>> app.answer(Request("OPTIONS", "/greet/you")).headers["Allow"]
    'GET, HEAD, OPTIONS'
    """

    def __init__(self) -> None:
        self._handlers: Dict[str, Dict[str, Handler]] = {}

    def on(self, method: str, path: str) -> Callable[[Handler], Handler]:
        """Have a function answer a path, or all below one that ends with /; it gets the rest of it."""

        def add(handler: Handler) -> Handler:
            self._handlers.setdefault(path, {})[method] = handler
            return handler

        return add

    def answer(self, request: Request) -> Answer:
        """
        Answer a request.

        Raises
        ------
        HttpError
            There is nothing at this path, or not by this method.
        """
        path, rest = self._find(request.path)
        handlers = self._handlers[path]
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        if handler is not None:
            return handler(request, rest)
        allowed = {*handlers, "OPTIONS", *(["HEAD"] if "GET" in handlers else [])}
        allow = {"Allow": ", ".join(sorted(allowed))}
        if request.method == "OPTIONS":
            return Answer(status=HTTPStatus.NO_CONTENT, headers=allow)
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not allowed here.", allow)

    def _find(self, path: str) -> Tuple[str, str]:
        if path in self._handlers:
            return path, ""
        above = [known for known in self._handlers if known[1:].endswith("/") and path.startswith(known)]
        if not above:
            raise HttpError(HTTPStatus.NOT_FOUND, f"There is nothing at {path}.")
        longest = max(above, key=len)
        return longest, path[len(longest) :]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as WSGI has it."""
        try:
            answer = self.answer(Request.of(environ))
        except HttpError as error:
            answer = Answer({"error": error.message}, error.status, error.headers)
        body, content_type = answer.encode()
        headers: List[Tuple[str, str]] = list(answer.headers.items())
        if answer.status != HTTPStatus.NO_CONTENT:
            headers += [("Content-Type", content_type), ("Content-Length", str(len(body)))]
        start_response(f"{answer.status.value} {answer.status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
