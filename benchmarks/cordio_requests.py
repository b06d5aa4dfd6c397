"""What cordio adds to a request: beside a bare ASGI and WSGI application, without and with points.

    python3 benchmarks/cordio_requests.py [ROUNDS]

Each figure is processor time, the best of the rounds, which alternate: what the machine does beside it only makes a round slower.
Points go to a datagram socket that somebody reads, as ServiceCtl's monitor does.
"""

import asyncio
import io
import os
import socket
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python" / "cordio"))

from cordio import App, AsgiMiddleware, WsgiMiddleware, config, monitor  # noqa: E402

REQUESTS = 2000
SCOPE = {
    "type": "http", "method": "GET", "path": "/orders/7", "query_string": b"", "headers": [(b"host", b"localhost")],
    "client": ("127.0.0.1", 1), "scheme": "http",
}  # fmt: skip
ENVIRON = {
    "REQUEST_METHOD": "GET", "PATH_INFO": "/orders/7", "QUERY_STRING": "", "SCRIPT_NAME": "", "REMOTE_ADDR": "127.0.0.1",
    "wsgi.input": io.BytesIO(b""), "wsgi.url_scheme": "http", "HTTP_HOST": "localhost",
}  # fmt: skip
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"8")]


async def bare(scope, receive, send):
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b'{"id":7}'})


def bare_wsgi(environ, start_response):
    start_response("200 OK", [("content-type", "application/json"), ("content-length", "8")])
    return [b'{"id":7}']


def make_app():
    app = App("bench")

    @app.on("GET /orders/{id}")
    async def order(id: int):
        return {"id": id}

    return app


async def asgi(app):
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        pass

    began = time.process_time()
    for _ in range(REQUESTS):
        await app(dict(SCOPE), receive, send)
    return (time.process_time() - began) / REQUESTS * 1e6


def wsgi(app):
    def start_response(status, headers, exc_info=None):
        pass

    began = time.process_time()
    for _ in range(REQUESTS):
        body = app(dict(ENVIRON), start_response)
        for _part in body:
            pass
        if hasattr(body, "close"):
            body.close()
    return (time.process_time() - began) / REQUESTS * 1e6


def points(mode):
    config.use(config.Config({"cordio": {"points": mode}}))
    monitor.reset()


def main(rounds):
    folder = tempfile.mkdtemp()
    # In a process of its own: a thread would take the interpreter from what is measured.
    if os.fork() == 0:
        heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        heard.bind(f"{folder}/monitor")
        heard.settimeout(5)
        try:
            while True:
                heard.recv(65536)
        except socket.timeout:
            os._exit(0)
    while not os.path.exists(f"{folder}/monitor"):
        time.sleep(0.01)
    os.environ[monitor.VARIABLE] = f"{folder}/monitor"
    app = make_app()
    cases = {
        "bare ASGI": ("off", lambda: asyncio.run(asgi(bare))),
        "ASGI middleware, no points": ("off", lambda: asyncio.run(asgi(AsgiMiddleware(bare)))),
        "ASGI middleware, points": ("auto", lambda: asyncio.run(asgi(AsgiMiddleware(bare)))),
        "App by ASGI, no points": ("off", lambda: asyncio.run(asgi(app))),
        "App by ASGI, points": ("auto", lambda: asyncio.run(asgi(app))),
        "bare WSGI": ("off", lambda: wsgi(bare_wsgi)),
        "WSGI middleware, no points": ("off", lambda: wsgi(WsgiMiddleware(bare_wsgi))),
        "WSGI middleware, points": ("auto", lambda: wsgi(WsgiMiddleware(bare_wsgi))),
    }
    best = {}
    for _ in range(rounds):
        for name, (mode, run) in cases.items():
            points(mode)
            best[name] = min(best.get(name, 1e9), run())
    for name, took in best.items():
        base = best["bare WSGI" if "WSGI" in name else "bare ASGI"]
        print(f"{name:28} {took:7.1f} µs   +{took - base:5.1f} µs")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
