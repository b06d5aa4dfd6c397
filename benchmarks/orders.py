#!/usr/bin/env python3
"""How long one order to one service takes, with an application that loads in 0.2 s and nobody who asks: start, hot restart, full restart, stop.

    orders.py [--times 10] [--only WORD]

Medians, beside uWSGI itself: started until it answers, SIGHUP until new code answers, 'uwsgi --stop' until it has gone.
"""
import argparse
import collections
import os
import signal
import statistics
import sys
import time

import figures
from managers import SERVICECTL, ServiceCtl
from processes import kill, lives, obey_signals, until
from restarts import FASTAPI, FLASK, UWSGI, Uwsgi, answer, free_port

LOADS_IN = 0.2  # seconds
WORK = "{runner}, loads in 0.2 s: {order} (s)"
SECTIONS = {
    "uWSGI": "uwsgi:\n" + "".join(f"  {key}: {value}\n" for key, value in UWSGI.items()) + "  http-socket: 127.0.0.1:{port}\n",
    "gunicorn": "service: {{runner: gunicorn, app: 'app:app', instances: 2, listen: 127.0.0.1:{port}, ready: {{http: /ping}}}}\n",
    "uvicorn": "service: {{runner: uvicorn, app: 'app:app', instances: 2, listen: 127.0.0.1:{port}, ready: {{http: /ping}}}}\n",
}
RELOADS = ("uWSGI", "gunicorn")


def timed(action):
    began = time.monotonic()
    action()
    return time.monotonic() - began


def application(folder, runner):
    folder.mkdir()
    code = FASTAPI + f"import time\ntime.sleep({LOADS_IN})\n" if runner == "uvicorn" else FLASK.format(boot=LOADS_IN)
    (folder / "app.py").write_text(code)
    (folder / "version").write_text("0")


def ours(runner, times):
    found = collections.defaultdict(list)
    with ServiceCtl() as own:
        folder, port = own.folder / "web", free_port()
        application(folder, runner)
        (folder / "config.yaml").write_text(f"SERVICE_NAME: web\nlocal_port: {port}\n" + SECTIONS[runner].format(port=port))
        own.run(SERVICECTL, "register", folder)
        orders = ["start", *(["hot_restart"] if runner in RELOADS else []), "restart", "stop"]
        for _ in range(times):
            for order in orders:
                found[order].append(timed(lambda: own.run(SERVICECTL, order, "web")))
    return found


def of_uwsgi(times):
    found = collections.defaultdict(list)
    for _ in range(times):
        with Uwsgi() as own:
            folder, port = own.folder / "web", free_port()
            application(folder, "uWSGI")
            url = f"http://127.0.0.1:{port}/ping"

            def start():
                own.serve(folder, port)
                until(lambda: answer(url) == "0", f"{url} answers")

            def reload():
                (folder / "version").write_text("1")
                kill(own.daemon.pid, signal.SIGHUP)
                until(lambda: answer(url) == "1", f"{url} answers with new code")

            def stop():
                (folder / "pid").write_text(str(own.daemon.pid))
                own.run("uwsgi", "--stop", folder / "pid")
                until(lambda: own.daemon.poll() is not None or not lives(own.daemon.pid), "uWSGI has gone")

            found["start"].append(timed(start))
            # The other worker may load the application still; told to reload then, it hangs until uWSGI's mercy of 60 s is over.
            time.sleep(1)
            found["hot_restart"].append(timed(reload))
            found["stop"].append(timed(stop))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--only", default="", help="the runners whose name holds this")
    options = parser.parse_args()
    obey_signals()

    rows = {ServiceCtl.name: {}, "uWSGI itself": {}}
    for runner in SECTIONS:
        if options.only.lower() not in runner.lower():
            continue
        for who, found in ((ServiceCtl.name, ours(runner, options.times)), ("uWSGI itself", of_uwsgi(options.times) if runner == "uWSGI" else {})):
            for order, seconds in found.items():
                rows[who][WORK.format(runner=runner, order=order.replace("_", " "))] = statistics.median(seconds)
    print(f"load of the machine: {os.getloadavg()[0]:.1f}\n", file=sys.stderr)
    figures.table(rows, ServiceCtl.name)


if __name__ == "__main__":
    main()
