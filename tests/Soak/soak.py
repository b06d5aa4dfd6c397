"""Many services, and everything that can happen to them, for some minutes; afterwards everything has to be as it should.

    soak.py SERVICECTL [--services 1000] [--seconds 600] [--seed N]

Main processes and helpers are killed, services are stopped, started, restarted, given new configurations and broken ones, and in the
first half the agent itself is killed again and again. A few web services are only restarted, under requests without a pause.
Then every wanted service runs exactly once, with its helper; nothing else of ours is left; no request has failed; and the agent's
memory, descriptors and threads are where they were after its last start. Exit code 1 when any of this is not so.
"""
import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 90  # seconds that anything may take at most, on a machine that is busy with a thousand services

SERVER = """
import signal, socket, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header('Content-Length', '2'); self.end_headers(); self.wfile.write(b'ok')
    def log_message(self, *args): pass
class Server(ThreadingHTTPServer):
    daemon_threads = False
server = Server(('127.0.0.1', 0), Handler, bind_and_activate=False)
server.socket.close()
server.socket = socket.socket(fileno=int(sys.argv[1]))
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
server.server_close()
"""

# name | command | processes of one generation: one that calls sleep again and again has it or not
KINDS = {
    "plain": ("[/bin/sleep, '1000000']", [1]),
    "helped": ("[/bin/sh, -c, 'setsid sleep 1000001 & while :; do sleep 1000000; done']", [3]),
    "chatty": ("[/bin/sh, -c, 'while :; do echo one more line; sleep 5; done']", [1, 2]),
    "web": ("[/usr/bin/python3, ../server.py, '{fd}']", [1]),
}


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("agent", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Soak:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="soak-"))
        self.home = self.folder / "home"
        self.environment = dict(os.environ, SERVICECTL_HOME=str(self.home))
        self.wanted = {}
        self.locks = collections.defaultdict(threading.Lock)
        self.counts = collections.Counter()
        self.faults = []
        self.ended = threading.Event()
        (self.folder / "server.py").write_text(SERVER)

    # -- talking to the agent ------------------------------------------------------------------------------------------

    def command(self, *words):
        return subprocess.run([self.options.servicectl, *words], env=self.environment, cwd="/", capture_output=True, text=True, timeout=PATIENCE * 2)

    def ask(self, method, path, body=None):
        """One question, asked again as long as the agent dies under it. The lines of the answer."""
        limit = time.monotonic() + PATIENCE
        while True:
            connection = Connection(str(self.home / "agent.sock"))
            try:
                connection.request(method, "/v1/" + path, json.dumps(body) if body else None)
                response = connection.getresponse()
                text = response.read().decode()
                if response.status >= 400:
                    raise RuntimeError(f"{method} {path}: {response.status} {text}")
                return [json.loads(line) for line in text.splitlines()]
            except (OSError, http.client.HTTPException) as error:
                if time.monotonic() > limit:
                    raise RuntimeError(f"{method} {path}: {error!r}") from error
                killed = self.counts["agent killed"]
                started = self.command("agent", "start")
                if started.returncode and killed == self.counts["agent killed"]:
                    self.fault(f"the agent does not start: {started.stderr}")
                    time.sleep(1)
            finally:
                connection.close()

    def order(self, action, name):
        lines = self.ask("POST", "operations", {"action": action, "services": [name]})
        return next(line["result"] for line in lines if "result" in line)

    def must(self, action, name):
        result = self.order(action, name)
        if result["outcome"] == "Failed":
            self.fault(f"{action} of {name}: {result['message']}")

    def fault(self, text):
        self.faults.append(text)
        print("FAULT", text, flush=True)

    def services(self):
        return {service["name"]: service for service in self.ask("GET", "services")[0]}

    # -- the services --------------------------------------------------------------------------------------------------

    def kind(self, name):
        return name.split("-")[0]

    def config(self, name, note="", broken=False):
        command, _ = KINDS[self.kind(name)]
        listen = f"listen: 'unix:{name}.sock', socket: pass, ready: {{delay: 300ms}}, " if self.kind(name) == "web" else ""
        text = f"service: {{runner: command, command: {command}, {listen}environment: {{NOTE: '{note}'}}, stop: {{timeout: 5s}}, restart: {{delay: 50ms, give_up: 1000 in 1m}}}}\n"
        (self.folder / name / "config.yaml").write_text(text.replace("runner:", "runner: [") if broken else text)

    def create(self):
        count = self.options.services
        share = {"helped": count // 10, "chatty": count // 10, "web": max(count // 50, 3)}
        share["plain"] = count - sum(share.values())
        names = [f"{kind}-{number}" for kind, number_of in share.items() for number in range(number_of)]
        self.steady = [name for name in names if self.kind(name) == "web"][:3]
        for name in names:
            (self.folder / name).mkdir()
            self.config(name)
            self.ask("POST", "services", {"path": str(self.folder / name)})
            self.wanted[name] = True
        began = time.monotonic()
        result = self.command("start", "*", "--json")
        if result.returncode:
            self.fault(f"start of all: {result.stderr} {[one for one in json.loads(result.stdout or '[]') if one['outcome'] == 'Failed'][:3]}")
        print(f"{count} services started in {time.monotonic() - began:.1f} s", flush=True)

    def send_requests(self, name):
        path = str(self.folder / name / f"{name}.sock")
        while not self.ended.is_set():
            connection = Connection(path)
            try:
                connection.request("GET", "/")
                answer = connection.getresponse()
                answer.read()
                self.counts["requests"] += answer.status == 200
                self.counts["requests failed"] += answer.status != 200
            except (OSError, http.client.HTTPException) as error:
                self.counts["requests failed"] += 1
                self.fault(f"request to {name}: {error!r}")
            finally:
                connection.close()
            time.sleep(0.01)

    # -- what happens to them ------------------------------------------------------------------------------------------

    def trouble(self, random_):
        names = list(self.wanted)
        while not self.ended.is_set():
            name = random_.choice(names)
            what = random_.choices(
                [self.kill, self.restart, self.toggle, self.edit, self.damage],
                [40, 20, 20, 15, 5])[0]
            if name in self.steady:
                what = self.restart
            with self.locks[name]:
                try:
                    what(name, random_)
                    self.counts[what.__name__] += 1
                except Exception as error:  # the soak goes on, and has failed
                    self.fault(f"{what.__name__} of {name}: {error!r}")
            time.sleep(random_.random() * 0.2)

    def kill(self, name, random_):
        processes = self.processes().get(name, [])
        if processes:
            try:
                os.kill(random_.choice(processes)[0], signal.SIGKILL)
            except ProcessLookupError:
                pass

    def restart(self, name, _):
        self.wanted[name] = True
        self.must("Restart", name)

    def toggle(self, name, _):
        self.wanted[name] = not self.wanted[name]
        self.must("Start" if self.wanted[name] else "Stop", name)

    def edit(self, name, random_):
        self.config(name, note=str(random_.random()))
        self.wanted[name] = True
        self.must("Restart", name)

    def damage(self, name, _):
        """A restart with a configuration that does not parse is refused, and what runs goes on."""
        self.wanted[name] = True
        self.must("Start", name)
        self.config(name, broken=True)
        result = self.order("Restart", name)
        self.config(name)
        if result["outcome"] != "Failed" or not result["error"].get("problems"):
            self.fault(f"a restart of {name} with a broken configuration: {result}")
        self.must("Restart", name)

    def kill_agent(self):
        pid = self.ask("GET", "agent")[0]["pid"]
        self.counts["agent killed"] += 1
        os.kill(pid, signal.SIGKILL)
        wait(lambda: not running(pid), "the agent's end")
        self.ask("GET", "agent")

    # -- what has to hold ----------------------------------------------------------------------------------------------

    def processes(self):
        """Every process that carries our mark, by service: (pid, generation)."""
        found = collections.defaultdict(list)
        mark = self.mark.encode()
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    environment = pathlib.Path(f"/proc/{entry}/environ").read_bytes()
                    at = environment.find(mark)
                    if at >= 0 and running(int(entry)):
                        _, name, generation = environment[at:environment.index(b"\0", at)].decode().split(":")
                        found[name].append((int(entry), int(generation)))
                except (OSError, ValueError):
                    pass
        return found

    def read_mark(self):
        pid = next(service["pid"] for service in self.services().values() if "pid" in service)
        variables = pathlib.Path(f"/proc/{pid}/environ").read_text().split("\0")
        self.mark = next(v for v in variables if v.startswith("SERVICECTL_GENERATION=")).split(":")[0] + ":"

    def wrong(self):
        """What is not as it should be, one line each."""
        known, processes, lines = self.services(), self.processes(), []
        for name, wanted in self.wanted.items():
            service, mine = known.get(name, {"state": "unknown"}), processes.get(name, [])
            _, expected = KINDS[self.kind(name)]
            if service["state"] != ("Running" if wanted else "Stopped"):
                lines.append(f"{name} is {service['state']}, {'wanted' if wanted else 'not wanted'}: {service.get('problem')}")
            elif len(mine) not in (expected if wanted else [0]) or len({generation for _, generation in mine}) > 1:
                lines.append(f"{name} has the processes {mine}, {expected if wanted else [0]} expected")
            elif wanted and service["pid"] not in [pid for pid, _ in mine]:
                lines.append(f"{name} is said to be {service['pid']}, and is {mine}")
            else:
                folders = [entry for entry in os.listdir(self.home / "run" / name) if entry.isdigit()] if (self.home / "run" / name).exists() else []
                if len(folders) != int(wanted):
                    lines.append(f"{name} has the run folders {folders}")
        lines += [f"{name} is nobody's: {mine}" for name, mine in processes.items() if name not in self.wanted]
        return lines

    def settle(self, when):
        # A helper that was killed alone is the service's business; a restart brings it back.
        for name, mine in self.processes().items():
            if self.wanted.get(name) and len(mine) not in KINDS[self.kind(name)][1]:
                self.must("Restart", name)
        self.check(when)
        # The figures of agents that have launched everything can be compared.
        self.wanted = dict.fromkeys(self.wanted, True)
        restarted = self.command("restart", "*", "--json")
        for result in json.loads(restarted.stdout or "[]"):
            if result["outcome"] == "Failed":
                self.fault(f"{when}: {result['message']}")
        self.check(f"{when}, all restarted")
        return self.figures(when)

    def check(self, when):
        began = time.monotonic()
        while (lines := self.wrong()) and time.monotonic() - began < PATIENCE:
            time.sleep(0.5)
        for line in lines:
            self.fault(f"{when}: {line}")

    def figures(self, when):
        time.sleep(2)  # connections close
        pid = self.ask("GET", "agent")[0]["pid"]
        status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
        own = {"memory": int(status["VmRSS"].split()[0]) // 1024, "descriptors": len(os.listdir(f"/proc/{pid}/fd")), "threads": int(status["Threads"])}
        print(f"{when}: agent {pid}: {own['memory']} MB, {own['descriptors']} descriptors, {own['threads']} threads; "
              f"{dict(self.counts)}", flush=True)
        return own

    def run(self):
        self.create()
        self.read_mark()
        self.settle("after the start")
        half = self.options.seconds / 2
        self.chaos(half, agent_dies=True)
        self.kill_agent()
        before = self.settle("after the half with a dying agent")
        self.chaos(half, agent_dies=False)
        after = self.settle("at the end")
        self.ended.set()
        if after["threads"] > before["threads"] + 10:
            time.sleep(25)  # the runtime's workers go when they have been idle for 20 s
            after = self.figures("once idle workers have gone")
        if after["descriptors"] > before["descriptors"] + 10 or after["threads"] > before["threads"] + 10 or after["memory"] > before["memory"] * 1.25 + 20:
            self.fault(f"the agent has grown from {before} to {after}")

    def chaos(self, seconds, agent_dies):
        self.ended.clear()
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self.trouble, args=(random.Random(self.random.random()),)) for _ in range(4)]
        requests = [threading.Thread(target=self.send_requests, args=(name,)) for name in self.steady]
        for thread in threads + requests:
            thread.start()
        while time.monotonic() < end:
            time.sleep(min(max(seconds / 8, 2), max(end - time.monotonic(), 0)))
            if agent_dies:
                self.kill_agent()
        self.ended.set()
        for thread in threads + requests:
            thread.join()

    def finish(self):
        stopped = self.command("agent", "stop", "--force")
        if stopped.returncode:
            self.fault(f"the agent does not stop: {stopped.stderr}")
        left = self.processes() if hasattr(self, "mark") else {}
        for name, mine in left.items():
            self.fault(f"left at the end: {name} {mine}")
            for pid, _ in mine:
                os.kill(pid, signal.SIGKILL)
        if self.faults and self.options.keep:
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


def running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] not in "ZX"
    except OSError:
        return False


def wait(condition, what):
    limit = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > limit:
            raise RuntimeError(f"not within {PATIENCE} s: {what}")
        time.sleep(0.01)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("servicectl", type=os.path.abspath)
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--keep", action="store_true", help="keep the agent's folder, with its log, when something was wrong")
    options = parser.parse_args()
    print(f"seed {options.seed}")
    soak = Soak(options)
    try:
        soak.run()
    except BaseException as error:
        soak.fault(f"the soak itself: {error!r}")
        raise
    finally:
        soak.ended.set()
        soak.finish()
    print(f"soak: {options.services} services, {options.seconds:g} s: {len(soak.faults)} faults", flush=True)
    return 1 if soak.faults else 0


if __name__ == "__main__":
    sys.exit(main())
