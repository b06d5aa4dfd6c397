"""server.py PORT: answers with the version that was in the file `version` when it was started. Takes the socket that it is passed (LISTEN_FDS),
and binds its port where it gets none. At SIGTERM it finishes what it has accepted."""
import http.server
import os
import signal
import socket
import sys
import threading


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(version)))
        self.end_headers()
        self.wfile.write(version)

    def log_message(self, *_):
        pass


with open(os.path.join(os.path.dirname(__file__), "version"), "rb") as file:
    version = file.read()
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer, bind_and_activate=False)
server.daemon_threads = False
if "LISTEN_FDS" in os.environ:
    server.socket = socket.socket(fileno=3)
else:
    server.server_bind()
    server.socket.listen(128)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever(poll_interval=0.05)
server.server_close()
