"""A client that asks an application in its own process; for tests."""

from __future__ import annotations

import asyncio
import inspect
import io
import json
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union
from urllib.parse import urlencode


class Result:
    """What came back."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class Client:
    """Asks an :class:`App`, an ASGI or a WSGI application.

    Parameters
    ----------
    app
        The application. An App is asked by ASGI; for its WSGI side give ``app.wsgi``.
    client
        The address it seems to come from.

    Examples
    --------
    >>> from cordio import App
    >>> app = App("shop")
    >>> Client(app).get("/ping").text
    'pong'
    """

    def __init__(self, app: Any, client: str = "127.0.0.1") -> None:
        self._app = app
        self._client = client
        call = app if inspect.isroutine(app) else type(app).__call__
        self._is_asgi = inspect.iscoroutinefunction(call)

    def get(self, path: str, **more: Any) -> Result:
        """Ask by GET."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> Result:
        """Ask by POST."""
        return self.request("POST", path, **more)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: Union[str, bytes] = b"",
        query: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> Result:
        """Ask."""
        return asyncio.run(self.ask(method, path, json=json, body=body, query=query, headers=headers))

    async def ask(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: Union[str, bytes] = b"",
        query: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> Result:
        """Ask, from inside a loop."""
        path, _, text = path.partition("?")
        text = urlencode(query, doseq=True) if query else text
        sent = {key.lower(): value for key, value in (headers or {}).items()}
        plain = body.encode() if isinstance(body, str) else body
        if json is not None:
            plain = _dump(json)
            sent.setdefault("content-type", "application/json")
        if plain:
            sent["content-length"] = str(len(plain))
        if self._is_asgi:
            return await self._ask_asgi(method, path, text, sent, plain)
        return await asyncio.get_running_loop().run_in_executor(
            None, self._ask_wsgi, method, path, text, sent, plain
        )

    async def _ask_asgi(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Result:
        status, sent, parts = 0, {}, []
        scope: Dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "client": (self._client, 1),
            "server": ("127.0.0.1", 80), "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
        }  # fmt: skip

        async def receive() -> Dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status, sent = message["status"], {
                    key.decode(): value.decode() for key, value in message["headers"]
                }
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        return Result(status, sent, b"".join(parts))

    def _ask_wsgi(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Result:
        begun: List[Tuple[str, List[Tuple[str, str]]]] = []
        environ: Dict[str, Any] = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": self._client, "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.multithread": True,
            "wsgi.multiprocess": False, "wsgi.run_once": False, "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": headers.get("content-type", ""),
        }  # fmt: skip
        environ.update({f"HTTP_{key.upper().replace('-', '_')}": value for key, value in headers.items()})
        answer = self._app(environ, lambda status, sent, exc_info=None: begun.append((status, sent)))
        try:
            parts = list(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        return Result(
            int(begun[-1][0][:3]), {key.lower(): value for key, value in begun[-1][1]}, b"".join(parts)
        )


def _dump(value: Any) -> bytes:
    return json.dumps(value).encode()
