#!/usr/bin/env python3
"""Kills the agent, dockerd and containers with -9 at random, under load, and looks whether the state is true.

    containers.py SERVICECTL [--seconds N] [--seed N]

A dockerd of its own with live-restore, an agent of its own, two services; every third blow is a restart instead. Afterwards, and in
between whenever things have come to rest: each service has one container, its process is alive and of the generation that the agent
names, no container has lost its keeper, and the service answers. Requests that fail are counted; a killed container costs some.
"""
import argparse
import collections
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

HERE = pathlib.Path(__file__).resolve().parent
SERVER = '''
import signal, socket, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *_):
        pass
class Server(ThreadingHTTPServer):
    daemon_threads = False
server = Server(("127.0.0.1", 0), Handler, bind_and_activate=False)
server.socket = socket.socket(fileno=3)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
server.server_close()
'''


class Docker:
    def __init__(self, folder):
        self.folder = folder
        self.socket = folder / "docker.sock"
        (folder / "daemon.json").write_text("{}")
        self.start()

    def start(self):
        for stale in "pid", "exec/containerd/containerd.pid":
            (self.folder / stale).unlink(missing_ok=True)
        with open(self.folder / "log", "a") as log:
            self.daemon = subprocess.Popen(
                ["dockerd", "--config-file", self.folder / "daemon.json", "--data-root", self.folder / "data", "--exec-root", self.folder / "exec",
                 "--pidfile", self.folder / "pid", "--host", f"unix://{self.socket}", "--bridge", "none", "--iptables=false",
                 "--ip6tables=false", "--live-restore", "--log-level", "warn"], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until(lambda: self.ask("version", check=False).returncode == 0, "dockerd answers")

    def kill(self):
        self.daemon.kill()
        self.daemon.wait()

    def ask(self, *words, check=True):
        return subprocess.run(["docker", "--host", f"unix://{self.socket}", *words], capture_output=True, text=True, check=check)

    def containers(self):
        ids = self.ask("ps", "--all", "--quiet", "--no-trunc", "--filter", "label=io.servicectl.service").stdout.split()
        # One that has gone between the two questions is none any more; the others are printed all the same.
        return json.loads(self.ask("inspect", *ids, check=False).stdout or "[]") if ids else []

    def end(self):
        ids = self.ask("ps", "--all", "--quiet", check=False).stdout.split()
        if ids:
            self.ask("rm", "--force", *ids, check=False)
        self.daemon.terminate()
        self.daemon.wait()
        mounts = [line.split()[1] for line in open("/proc/mounts") if line.split()[1].startswith(f"{self.folder}/")]
        for mount in sorted(mounts, reverse=True):
            subprocess.run(["umount", "--lazy", mount], check=False)


class Load(threading.Thread):
    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.good, self.bad, self.longest, self.ended = port, 0, collections.Counter(), 0, False

    def run(self):
        while not self.ended:
            began = time.monotonic()
            try:
                with socket.create_connection(("127.0.0.1", self.port), 20) as client:
                    client.sendall(b"GET / HTTP/1.0\r\n\r\n")
                    answer = b""
                    while part := client.recv(4096):
                        answer += part
                if not answer.endswith(b"ok"):
                    raise OSError("no answer")
                self.good += 1
                time.sleep(0.005)
            except OSError as error:
                self.bad[str(error)] += 1
                time.sleep(0.05)
            self.longest = max(self.longest, time.monotonic() - began)


def until(condition, what, limit=60):
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"not within {limit} s: {what}")
        time.sleep(0.1)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("servicectl")
    arguments.add_argument("--seconds", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = arguments.parse_args()
    dice = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sc-"))
    environment = {**os.environ, "SERVICECTL_HOME": str(folder / "home")}

    def control(*words, check=True):
        done = subprocess.run([options.servicectl, *words], env=environment, capture_output=True, text=True)
        if check and done.returncode:
            raise SystemExit(f"servicectl {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def status():
        return {one["name"]: one for one in json.loads(control("status", "--json", check=False) or "[]")}

    def faults():
        """Everything that is not as it should be now."""
        found, stated = [], status()
        containers = collections.defaultdict(list)
        for one in docker.containers():
            containers[one["Config"]["Labels"]["io.servicectl.service"]].append(one)
        for name in ports:
            state = stated.get(name, {})
            if state.get("state", "").lower() != "running":
                found.append(f"{name} is {state.get('state')}")
            if len(containers[name]) != 1:
                found.append(f"{name} has {len(containers[name])} containers: {[one['Name'] for one in containers[name]]}")
            for one in containers[name]:
                labels = one["Config"]["Labels"]
                keeper = labels["io.servicectl.keeper"].split(":")[0]
                if not os.path.exists(f"/proc/{keeper}/stat") or not os.path.exists(f"/proc/{one['State']['Pid']}/stat"):
                    found.append(f"{one['Name']} is {one['State']['Status']}, its keeper {keeper} or its process {one['State']['Pid']} has gone")
                elif str(state.get("generation")) != labels["io.servicectl.generation"] or state.get("pid") != int(keeper):
                    found.append(f"{one['Name']} is not what the status says: {state.get('pid')} of generation {state.get('generation')}")
        return found

    docker = Docker(folder)
    ports, loads, blows = {}, [], collections.Counter()
    try:
        subprocess.run([sys.executable, HERE / "image.py", folder / "image.tar"], check=True)
        docker.ask("import", str(folder / "image.tar"), "sctl/python:1")
        for name in "one", "two":
            with socket.create_server(("127.0.0.1", 0)) as free:
                ports[name] = free.getsockname()[1]
            (folder / name).mkdir()
            (folder / name / "server.py").write_text(SERVER)
            (folder / name / "config.yaml").write_text(
                f"service: {{runner: container, listen: '127.0.0.1:{ports[name]}', command: [python3, /srv/server.py], restart: {{delay: 100ms, factor: 1, give_up: 1000 in 1m}},\n"
                f"  container: {{image: 'sctl/python:1', engine: '{docker.socket}', network: none, volumes: ['.:/srv:ro']}}}}\n")
            control("register", str(folder / name))
            control("start", name)
        loads = [Load(port) for port in ports.values()]
        for load in loads:
            load.start()
        end = time.monotonic() + options.seconds
        while time.monotonic() < end:
            blow = dice.choice(["agent", "dockerd", "container", "restart", "keeper"])
            blows[blow] += 1
            containers = docker.containers()
            victim = dice.choice(containers)
            if blow == "agent":
                os.kill(json.loads(control("agent", "status", "--json"))["pid"], signal.SIGKILL)
            elif blow == "dockerd":
                docker.kill()
                time.sleep(dice.random())
                docker.start()
            elif blow == "restart":
                control("restart", dice.choice(list(ports)))
            else:
                pid = victim["State"]["Pid"] if blow == "container" else int(victim["Config"]["Labels"]["io.servicectl.keeper"].split(":")[0])
                os.kill(pid, signal.SIGKILL)
            last = []

            def is_true():
                last[:] = faults()
                return not last

            rest = time.monotonic() + 60
            while not is_true():
                if time.monotonic() > rest:
                    raise SystemExit(f"after {dict(blows)}, the last one to the {blow} (--seed {options.seed}): {'; '.join(last)}")
                time.sleep(0.2)
        for load in loads:
            load.ended = True
        good, bad = sum(load.good for load in loads), sum((load.bad for load in loads), collections.Counter())
        print(f"{sum(blows.values())} blows {dict(blows)}; {good} requests answered, {sum(bad.values())} failed {dict(bad)}; "
              f"longest {max(load.longest for load in loads):.2f} s; nothing orphaned, nothing twice, the state was true")
        for name in ports:
            control("stop", name)
        left = [f"{one['Name']} is {one['State']['Status']}" for one in docker.containers()]
        if left:
            raise SystemExit(f"left after the stop (--seed {options.seed}): {'; '.join(left)}")
    finally:
        control("agent", "stop", "--force", check=False)
        docker.end()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
