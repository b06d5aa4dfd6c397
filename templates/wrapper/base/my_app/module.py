"""What this module answers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, List, Tuple

from .config import Config


class Server(ThreadingHTTPServer):
    """
    The module's server.

    Parameters
    ----------
    address : tuple
        Host and port, from BINDING_ADDRESS.
    config : Config
        What was pushed.
    """

    request_queue_size = 128
    daemon_threads = False

    def __init__(self, address: Tuple[str, int], config: Config) -> None:
        super().__init__(address, Handler)
        self.config = config
        self.addresses: Dict[str, List[str]] = {}
        self._count = 0
        self._gate = threading.Lock()

    def count(self, more: int = 1) -> int:
        """Count a request, and tell how many there were."""
        with self._gate:
            self._count += more
            return self._count


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer health, metrics, the greeting, and which modules are known."""
        count = self.server.count()
        if self.path == "/internal/health":
            self.answer({"status": "pass"})
        elif self.path == "/internal/metrics":
            self.send("text/plain; version=0.0.4", f"# TYPE requests_total counter\nrequests_total {count}\n")
        elif self.path == "/greet":
            self.answer({"text": self.server.config.greeting})
        elif self.path == "/modules":
            self.answer(self.server.addresses)
        else:
            self.answer({"error": f"There is nothing at {self.path}."}, 404)

    def do_POST(self) -> None:
        """Take the addresses of a module: {"module": NAME, "hosts": ["HOST:PORT"]}; an empty list is none."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != "/receive_module_addresses":
            self.answer({"error": f"There is nothing at {self.path}."}, 404)
            return
        try:
            told = json.loads(body)
            self.server.addresses[str(told["module"])] = [str(host) for host in told["hosts"]]
        except (ValueError, TypeError, KeyError) as error:
            self.answer({"error": f"It has to be module and hosts: {error!r}"}, 400)
        else:
            self.answer({})

    def answer(self, what: Any, status: int = 200) -> None:
        """Answer JSON."""
        self.send("application/json", json.dumps(what), status)

    def send(self, content_type: str, text: str, status: int = 200) -> None:
        """Answer a text."""
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing for each request."""
