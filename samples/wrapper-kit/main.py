"""A module of the wrapper kit: greets as its pushed configuration says, and remembers where the modules are that it needs.

It reads CONFIG_FILE once, listens on BINDING_ADDRESS, and needs nothing but Python's standard library.
"""
import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

with open(os.environ["CONFIG_FILE"], encoding="utf-8") as file:
    config = json.load(file)

host, _, port = os.environ["BINDING_ADDRESS"].rpartition(":")
addresses = {}
requests = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        global requests
        requests += 1
        if self.path == "/internal/health":
            self.answer({"status": "pass"})
        elif self.path == "/internal/metrics":
            self.answer(f"# TYPE requests_total counter\nrequests_total{{module=\"greeter\"}} {requests}\n")
        elif self.path == "/config":
            self.answer(config)
        elif self.path == "/modules":
            self.answer(addresses)
        elif self.path == "/greet":
            self.answer({"text": config["greeting"], "pid": os.getpid()})
        else:
            self.send_error(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/receive_module_addresses":
            self.send_error(404)
            return
        told = json.loads(body)
        addresses[told["module"]] = told["hosts"]
        self.answer({})

    def answer(self, what):
        body = (what if isinstance(what, str) else json.dumps(what)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


if config.get("broken"):
    raise SystemExit("the configuration says that I am broken")

ThreadingHTTPServer.request_queue_size = 128
server = ThreadingHTTPServer((host, int(port)), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print(f"greeting with {config['greeting']!r} on {host}:{port}", flush=True)
server.serve_forever()
server.server_close()
