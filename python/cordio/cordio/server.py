"""An HTTP server for daemons and small services, where uvicorn is not there; and systemd's notifications."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple, Union
from urllib.parse import unquote

from . import config

if TYPE_CHECKING:
    from .app import App

_MAX_HEAD = 32 * 1024
_IDLE = 60.0

Address = Union[socket.socket, Tuple[str, int]]


def address(app: App) -> Optional[Address]:
    """Return where to listen: a held socket (``LISTEN_FDS``), ``BINDING_ADDRESS``, or ``cordio.listen``; None for nowhere."""
    if os.environ.get("LISTEN_PID") in (None, str(os.getpid())) and os.environ.get("LISTEN_FDS", "0") != "0":
        return socket.socket(fileno=3)
    text = os.environ.get("BINDING_ADDRESS") or config.get("cordio.listen")
    if not text:
        return None
    host, _, port = str(text).rpartition(":")
    if not port.isdigit():
        raise ValueError(f"{text!r} is not an address; write 127.0.0.1:8000")
    return host.strip("[]") or "127.0.0.1", int(port)


async def serve(app: App, at: Optional[Address] = None, tls: Optional[ssl.SSLContext] = None) -> Server:
    """Serve an App.

    Parameters
    ----------
    app
        Any ASGI application.
    at
        A listening socket, or host and port; :func:`address` by default, and 127.0.0.1:8000.
    tls
        See :func:`cordio.auth.tls_context`; by default the one of ``cordio.tls``, if that is set.
    """
    at = at or address(app) or ("127.0.0.1", 8000)
    if tls is None and config.get("cordio.tls"):
        from .auth import tls_context

        settings = config.slice("cordio.tls")
        tls = tls_context(**settings)
        app.certificates.append(str(settings["certificate"]))
    if tls is None:
        try:
            running: Server = await _serve_uvicorn(app, at)
            return running
        except ImportError:
            pass
    made = Server(app, tls)
    await made.start(at)
    return made


class Server:
    """HTTP/1.1 on asyncio: keep-alive, bodies with a length, no upgrades; behind ServiceCtl or a proxy."""

    def __init__(self, app: Any, tls: Optional[ssl.SSLContext] = None) -> None:
        self._app = app
        self._tls = tls
        self._server: Optional[asyncio.AbstractServer] = None
        self._busy: Dict[asyncio.Task[None], bool] = {}

    @property
    def port(self) -> int:
        """The port that it listens on."""
        sockets = getattr(self._server, "sockets", None) or []
        return int(sockets[0].getsockname()[1])

    async def start(self, at: Address) -> None:
        """Listen."""
        where: Dict[str, Any] = {"host": at[0], "port": at[1]} if isinstance(at, tuple) else {"sock": at}
        self._server = await asyncio.start_server(self._connected, ssl=self._tls, limit=_MAX_HEAD, **where)

    async def close(self) -> None:
        """Take no more connections, and let requests come to their end."""
        if self._server is not None:
            self._server.close()
        for task, is_busy in list(self._busy.items()):
            if not is_busy:
                task.cancel()
        if self._busy:
            _, late = await asyncio.wait(list(self._busy), timeout=getattr(self._app, "grace", 10.0))
            for task in late:
                task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            goes_on = True
            while goes_on:
                self._busy[task] = False
                try:
                    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE)
                except (asyncio.TimeoutError, asyncio.IncompleteReadError):
                    break
                self._busy[task] = True
                goes_on = await self._answer(head, reader, writer)
                goes_on = goes_on and self._server is not None and self._server.is_serving()
        except asyncio.LimitOverrunError:
            writer.write(_refusal(431))
        except (asyncio.CancelledError, ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass
        finally:
            self._busy.pop(task, None)
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        try:
            scope, length, goes_on = self._read_head(head, writer)
        except ValueError as error:
            writer.write(_refusal(error.args[0] if error.args and isinstance(error.args[0], int) else 400))
            await writer.drain()
            return False
        if length > getattr(self._app, "max_body", 10 * 1024 * 1024):
            writer.write(_refusal(413))
            await writer.drain()
            return False
        if (b"expect", b"100-continue") in scope["headers"]:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(length) if length else b""

        async def receive() -> Dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                status = message["status"]
                lines = [f"HTTP/1.1 {status} {_phrase(status)}".encode()]
                lines += [key + b": " + value for key, value in message["headers"]]
                lines.append(b"connection: keep-alive" if goes_on else b"connection: close")
                writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
            else:
                writer.write(message.get("body", b""))
                await writer.drain()

        await self._app(scope, receive, send)
        return goes_on

    def _read_head(self, head: bytes, writer: asyncio.StreamWriter) -> Tuple[Dict[str, Any], int, bool]:
        first, *lines = head[:-4].split(b"\r\n")
        parts = first.split(b" ")
        if len(parts) != 3 or not parts[2].startswith(b"HTTP/1."):
            raise ValueError(400)
        headers: List[Tuple[bytes, bytes]] = []
        for line in lines:
            name, colon, value = line.partition(b":")
            if not colon or not name or name != name.strip():
                raise ValueError(400)
            headers.append((name.lower(), value.strip()))
        lengths = {value for name, value in headers if name == b"content-length"}
        if any(name == b"transfer-encoding" for name, _ in headers):
            raise ValueError(411)
        if len(lengths) > 1 or not all(value.isdigit() for value in lengths):
            raise ValueError(400)
        path, _, query = parts[1].partition(b"?")
        wanted = next((value.lower() for name, value in headers if name == b"connection"), b"")
        goes_on = wanted != b"close" if parts[2] == b"HTTP/1.1" else wanted == b"keep-alive"
        peer = writer.get_extra_info("peername")
        secure = writer.get_extra_info("ssl_object")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": parts[2][5:].decode(), "method": parts[0].decode("latin-1"),
            "scheme": "https" if secure else "http", "path": unquote(path.decode("latin-1")), "raw_path": path, "query_string": query,
            "root_path": "", "headers": headers, "client": tuple(peer[:2]) if isinstance(peer, tuple) else None,
            "server": None, "cordio.peer": secure.getpeercert() if secure else None,
        }  # fmt: skip
        return scope, int(next(iter(lengths), b"0")), goes_on


def _refusal(status: int) -> bytes:
    return f"HTTP/1.1 {status} {_phrase(status)}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"


class _Uvicorn:
    """uvicorn inside our loop, so that tasks and services live in the same."""

    def __init__(self, server: Any, task: asyncio.Task[Any]) -> None:
        self._server = server
        self._task = task

    async def close(self) -> None:
        """End it; requests come to their end."""
        self._server.should_exit = True
        await asyncio.wait([self._task])


async def _serve_uvicorn(app: App, at: Address) -> Any:
    import uvicorn

    held = at if isinstance(at, socket.socket) else None
    where: Dict[str, Any] = {} if held is not None else {"host": at[0], "port": at[1]}  # type: ignore[index]
    server = uvicorn.Server(
        uvicorn.Config(app, lifespan="off", log_level="warning", access_log=False, **where)
    )
    # The App has its own; uvicorn until 0.28, and since.
    server.install_signal_handlers = lambda: None
    server.capture_signals = contextlib.nullcontext
    task = asyncio.ensure_future(server.serve(sockets=[held] if held is not None else None))
    while not server.started:
        await asyncio.sleep(0.005)
        if task.done():
            task.result()
            raise OSError(f"uvicorn could not listen on {at}")
    return _Uvicorn(server, task)


def notify(text: str) -> None:
    """Tell systemd, or ServiceCtl, how it stands: ``READY=1``, ``STATUS=…``; without ``NOTIFY_SOCKET`` nothing."""
    where = os.environ.get("NOTIFY_SOCKET")
    if not where:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        try:
            channel.sendto(text.encode(), f"\0{where[1:]}" if where.startswith("@") else where)
        except OSError:
            pass
