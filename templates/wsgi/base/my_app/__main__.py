"""The server: it takes the socket that ServiceCtl holds, or binds an address itself."""

import argparse
import os
import signal
import socket
import sys
import threading
from socketserver import ThreadingMixIn
from types import FrameType
from typing import List, Optional
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from .app import app


class Server(ThreadingMixIn, WSGIServer):
    """
    A server with a thread for each request.

    Parameters
    ----------
    address : tuple
        Host and port to bind: 127.0.0.1 is reached from this host alone, 0.0.0.0 from everywhere.
    inherited : int, optional
        The descriptor of a socket that listens already; nothing is bound then.
    """

    request_queue_size = 128
    daemon_threads = False

    def __init__(self, address: "tuple[str, int]", inherited: Optional[int] = None) -> None:
        super().__init__(address, WSGIRequestHandler, bind_and_activate=inherited is None)
        if inherited is not None:
            self.socket.close()
            self.socket = socket.socket(fileno=inherited)
            host, port = self.socket.getsockname()[:2]
            self.server_name, self.server_port = host, port
            self.setup_environ()
        self.set_app(app)


def main(arguments: Optional[List[str]] = None) -> None:
    """Serve until SIGTERM or SIGINT; requests that have begun are answered."""
    parser = argparse.ArgumentParser(description="My App")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="the address to bind")
    parser.add_argument(
        "--port", default=int(os.environ.get("PORT", "8002")), type=int, help="the port to bind"
    )
    parser.add_argument("--fd", type=int, help="a socket that listens already")
    chosen = parser.parse_args(arguments)
    with Server((chosen.host, chosen.port), chosen.fd) as server:

        def stop(number: int, frame: Optional[FrameType]) -> None:
            # shutdown waits for the loop that this handler interrupts.
            threading.Thread(target=server.shutdown).start()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        print(f"Listening at {server.server_name}:{server.server_port}", file=sys.stderr, flush=True)
        server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    main()
