#!/usr/bin/env python3
"""Requests during restarts: twenty full restarts and twenty hot ones of each kind of server, under load, beside the peers' restart of gunicorn.

    restarts.py [--restarts 20] [--pause 0.01] [--only WORD]

Four clients, each request on a connection of its own, timed from connect to last byte, every failure counted (samples/load.py). With a pause of
10 ms they make some 350 requests a second and leave the processors time; without one they take all of it, and what is seen is the scheduler's.
"""
import argparse
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from managers import LIMIT, PM2, ROOT, SERVICECTL, Pm2, ServiceCtl, Supervisor, until

FLASK = """
from flask import Flask
app = Flask(__name__)

@app.get('/ping')
def ping():
    return 'pong'
"""
FASTAPI = """
from fastapi import FastAPI
app = FastAPI()

@app.get('/ping')
async def ping():
    return 'pong'
"""
UWSGI = """
uwsgi:
  master: true
  processes: 2
  plugins: python3
  need-app: true
  lazy-apps: true
  thunder-lock: true
  module: app:app
  http-socket: 127.0.0.1:{port}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--pause", default="0.01", help="seconds between two requests of a client")
    parser.add_argument("--only", default="", help="the cases whose name holds this")
    options = parser.parse_args()

    print(f"| {options.restarts} times, under load | requests | failed | median | slowest | above the median | one takes |\n|---|---|---|---|---|---|---|")
    for name, manager, open_service, restart in cases():
        if options.only.lower() in name.lower():
            measure(name, manager, open_service, restart, options)


def cases():
    for server, section, app in (
            ("Flask on uWSGI", UWSGI, FLASK),
            ("Flask on gunicorn", "service: {{runner: gunicorn, app: 'app:app', instances: 2, listen: 127.0.0.1:{port}, ready: {{http: /ping}}}}\n", FLASK),
            ("FastAPI on uvicorn", "service: {{runner: uvicorn, app: 'app:app', listen: 127.0.0.1:{port}, ready: {{http: /ping}}}}\n", FASTAPI)):
        def open_ours(manager, port, section=section, app=app):
            folder = manager.folder / "web"
            folder.mkdir()
            (folder / "app.py").write_text(app)
            (folder / "config.yaml").write_text(f"SERVICE_NAME: web\nlocal_port: {port}\n" + section.format(port=port))
            manager.environment["SERVICECTL_HOME"] = str(manager.folder / "home")
            manager.run(SERVICECTL, "register", folder)
            manager.run(SERVICECTL, "start", "web")

        yield f"{server}: full restart by ServiceCtl", ServiceCtl, open_ours, "restart"
        if "uvicorn" not in server:  # it has no way to load code anew
            yield f"{server}: hot restart by ServiceCtl", ServiceCtl, open_ours, "hot_restart"

    def open_peer(manager, port):
        (manager.folder / "app.py").write_text(FLASK)
        manager.open([[shutil.which("gunicorn"), "--chdir", str(manager.folder), "--workers", "2", "--bind", f"127.0.0.1:{port}", "app:app"]])
        manager.start()

    if shutil.which("supervisord"):
        yield "Flask on gunicorn: restart by supervisor", Supervisor, open_peer, None
    if PM2.exists():
        yield "Flask on gunicorn: restart by pm2", Pm2, open_peer, None


def measure(name, manager, open_service, verb, options):
    own = manager()
    try:
        port = free_port()
        url = f"http://127.0.0.1:{port}/ping"
        open_service(own, port)
        until(lambda: answers(url), f"{url} answers")
        load = subprocess.Popen([sys.executable, ROOT / "samples/load.py", url, "--at-least", "0", "--pause", options.pause], stdout=subprocess.PIPE, text=True)
        try:
            time.sleep(1)
            seconds = []
            for _ in range(options.restarts):
                began = time.monotonic()
                if verb:
                    own.run(SERVICECTL, verb, "web")
                else:
                    own.restart("s0000")
                    until(lambda: answers(url), f"{url} answers again")
                seconds.append(time.monotonic() - began)
                time.sleep(0.3)
            time.sleep(1)
        finally:
            load.send_signal(signal.SIGTERM)
            words = load.communicate(timeout=LIMIT)[0]
        requests, failed, median, slowest = re.search(r"(\d+) requests, (\d+) failed; median ([\d.]+) ms, slowest ([\d.]+) ms", words).groups()
        print(f"| {name} | {requests} | {failed} | {median} ms | {slowest} ms | {float(slowest) - float(median):.0f} ms | {sorted(seconds)[len(seconds) // 2]:.2f} s |",
              flush=True)
    finally:
        own.close()


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def free_port():
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return chosen.getsockname()[1]


if __name__ == "__main__":
    main()
