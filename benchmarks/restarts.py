#!/usr/bin/env python3
"""Requests during restarts: of each kind of server under load, full and hot, beside the peers' restarts and uWSGI's own reloads.

    restarts.py [--restarts 20] [--pause 0.01] [--only WORD]

Four clients, each request on a connection of its own, timed from connect to last byte, every failure counted (samples/load.py). With a pause of
10 ms they make some 350 requests a second and leave the processors time; without one they take all of it, and what is seen is the scheduler's.
A fifth client asks for the version: new code answers from the first of ten new answers in a row.
"""
import argparse
import concurrent.futures
import http.client
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import typing
import urllib.request

import figures
from managers import PM2, ROOT, SERVICECTL, Manager, Pm2, ServiceCtl, Supervisor
from processes import kill, obey_signals, until, wait

FLASK = """
import pathlib, time
from flask import Flask
app = Flask(__name__)
version = (pathlib.Path(__file__).parent / 'version').read_text()
time.sleep({boot})

@app.get('/ping')
def ping():
    return version
"""
FASTAPI = """
import pathlib
from fastapi import FastAPI, Response
app = FastAPI()
version = (pathlib.Path(__file__).parent / 'version').read_text()

@app.get('/ping')
async def ping():
    return Response(version)
"""
UWSGI = {"master": "true", "processes": "2", "plugins": "python3", "need-app": "true", "lazy-apps": "true", "thunder-lock": "true", "module": "app:app"}
SLOW = "Flask on uWSGI, 1 s to load: hot restart"


class Case(typing.NamedTuple):
    work: str
    who: str
    manager: type
    app: str
    open: typing.Callable  # (manager, folder of the app, port)
    restart: typing.Callable  # (manager)
    share: float = 1  # of the restarts that are asked for
    rest: float = 0.3  # seconds after each


class Uwsgi(Manager):
    """uWSGI alone, which reloads itself."""

    name = "uWSGI"

    def serve(self, folder, port):
        options = {**UWSGI, "http-socket": f"127.0.0.1:{port}", "chdir": folder, "touch-chain-reload": self.folder / "chain"}
        (self.folder / "chain").touch()
        (self.folder / "uwsgi.ini").write_text("[uwsgi]\n" + "".join(f"{key} = {value}\n" for key, value in options.items()))
        self.daemonise("uwsgi", "--ini", self.folder / "uwsgi.ini")

    def reload(self):
        kill(self.daemon.pid, signal.SIGHUP)

    def chain_reload(self):
        (self.folder / "chain").touch()


def cases():
    def ours(section):
        def open_service(manager, folder, port):
            (folder / "config.yaml").write_text(f"SERVICE_NAME: web\nlocal_port: {port}\n" + section.format(port=port, python=sys.executable))
            manager.run(SERVICECTL, "register", folder)
            manager.run(SERVICECTL, "start", "web")
        return open_service

    def full(manager):
        manager.run(SERVICECTL, "restart", "web")

    def hot(manager):
        manager.run(SERVICECTL, "hot_restart", "web")

    def theirs(*command):
        def open_service(manager, folder, port):
            manager.open([[word.format(folder=folder, port=port) for word in command]])
            manager.start()
        return open_service

    def restart(manager):
        manager.restart("s0000")

    flask, slow = FLASK.format(boot=0), FLASK.format(boot=1)
    uwsgi = "uwsgi:\n" + "".join(f"  {key}: {value}\n" for key, value in UWSGI.items()) + "  http-socket: 127.0.0.1:{port}\n"
    gunicorn = "service: {{runner: gunicorn, app: 'app:app', instances: 2, listen: 127.0.0.1:{port}, ready: {{http: /ping}}}}\n"
    uvicorn = "service: {{runner: uvicorn, app: 'app:app', listen: 127.0.0.1:{port}, ready: {{http: /ping}}}}\n"
    plain = "service: {{runner: command, command: [{python}, server.py, '{port}'], listen: 127.0.0.1:{port}, socket: %s, ready: {{http: /ping}}}}\n"
    server = (ROOT / "benchmarks/programs/server.py").read_text()
    own = ServiceCtl.name

    yield Case("Flask on uWSGI: full restart", own, ServiceCtl, flask, ours(uwsgi), full)
    yield Case(SLOW, own, ServiceCtl, slow, ours(uwsgi), hot, 0.5)
    yield Case(SLOW, "uWSGI: SIGHUP", Uwsgi, slow, Uwsgi.serve, Uwsgi.reload, 0.25)
    yield Case(SLOW, "uWSGI: chain reload", Uwsgi, slow, Uwsgi.serve, Uwsgi.chain_reload, 0.25,
               rest=3)  # it overlooks a touch until the reload before is through with the last worker
    yield Case("FastAPI on uvicorn: full restart", own, ServiceCtl, FASTAPI, ours(uvicorn), full)
    yield Case("Flask on gunicorn: full restart", own, ServiceCtl, flask, ours(gunicorn), full)
    yield Case("Flask on gunicorn: hot restart", own, ServiceCtl, flask, ours(gunicorn), hot, 0.5)
    peers = [peer for peer, there in ((Supervisor, shutil.which("supervisord")), (Pm2, PM2.exists())) if there]
    for peer in peers:
        yield Case("Flask on gunicorn: full restart", peer.name, peer, flask,
                   theirs(shutil.which("gunicorn"), "--chdir", "{folder}", "--workers", "2", "--bind", "127.0.0.1:{port}", "app:app"), restart, 0.5)
    yield Case("plain Python: full restart", own, ServiceCtl, server, ours(plain % "pass"), full)
    yield Case("plain Python: full restart", f"{own}, socket not passed", ServiceCtl, server, ours(plain % "own"), full, 0.5)
    for peer in peers:
        yield Case("plain Python: full restart", peer.name, peer, server, theirs(sys.executable, "{folder}/server.py", "{port}"), restart, 0.5)


def measure(case, options):
    times = max(1, round(options.restarts * case.share))
    with case.manager() as own:
        folder = own.folder / "web"
        folder.mkdir()
        (folder / ("server.py" if "plain" in case.work else "app.py")).write_text(case.app)
        (folder / "version").write_text("0")
        port = free_port()
        url = f"http://127.0.0.1:{port}/ping"
        case.open(own, folder, port)
        until(lambda: answer(url) == "0", f"{url} answers", step=0.02)
        load = subprocess.Popen([sys.executable, ROOT / "samples/load.py", url, "--at-least", "0", "--pause", options.pause],
                                stdout=subprocess.PIPE, text=True, env=own.environment)
        try:
            time.sleep(1)
            seconds = [restarted(case, own, folder, url, version) for version in range(1, times + 1)]
            time.sleep(1)
        finally:
            load.send_signal(signal.SIGTERM)
            wait(load)
        words = re.search(r"(\d+) requests, (\d+) failed; median ([\d.]+) ms, slowest ([\d.]+) ms", load.stdout.read())
    requests, failed, median, slowest = map(float, words.groups())
    takes, new_code = map(statistics.median, zip(*seconds))
    print(f"| {case.work} | {case.who} | {times} | {requests:.0f} | {failed:.0f} | {median} ms | {slowest} ms | {slowest - median:.0f} ms "
          f"| {takes:.2f} s | {new_code:.2f} s |", flush=True)
    for what, figure in (("requests failed", failed), ("longest stall above the median (ms)", slowest - median), ("new code answers after (s)", new_code)):
        figures.record(f"{case.work}, {what}", case.who, figure)


def restarted(case, own, folder, url, version):
    """Seconds until the order was done, and until new code answered."""
    def order():
        case.restart(own)
        return time.monotonic() - began

    (folder / "version").write_text(str(version))
    with concurrent.futures.ThreadPoolExecutor(1) as orders:
        began = time.monotonic()
        done = orders.submit(order)
        first = steadily_new(url, str(version))
        takes = done.result()
    time.sleep(case.rest)
    return takes, first - began


def steadily_new(url, version):
    row = []

    def is_new():
        if answer(url) == version:
            row.append(time.monotonic())
        else:
            row.clear()
        return len(row) == 10

    until(is_new, f"{url} answers with version {version}", step=0.01)
    return row[0]


def answer(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.read().decode()
    except (http.client.HTTPException, OSError):  # URLError is an OSError; pm2 cuts answers off in the middle
        return None


def free_port():
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return chosen.getsockname()[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--restarts", type=int, default=20, help="full ones of ours; half as many hot ones, and fewer of the peers")
    parser.add_argument("--pause", default="0.01", help="seconds between two requests of a client")
    parser.add_argument("--only", default="", help="the cases whose name holds this")
    options = parser.parse_args()
    obey_signals()

    print("| under load | by | times | requests | failed | median | slowest | above the median | one takes | new code after |\n|---|---|---|---|---|---|---|---|---|---|")
    for case in cases():
        if options.only.lower() in f"{case.work} {case.who}".lower():
            measure(case, options)


if __name__ == "__main__":
    main()
