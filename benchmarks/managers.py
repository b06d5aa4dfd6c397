"""The managers that are measured, each behind the same few words, with folders, sockets and daemons of its own in a temporary folder."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVICECTL = ROOT / "output/servicectl"
PM2 = ROOT / "output/tools/pm2/node_modules/.bin/pm2"
# Run folders are in memory on most hosts (/run is a tmpfs); everybody's are here.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
LIMIT = 120  # seconds that one command, or the wait for its effect, may take


class Manager:
    """Services are named s0000, s0001, …; each has a command (a list of words) of its own."""

    name = ""
    folder: pathlib.Path

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="servicectl-bench-", dir=MEMORY))
        self.environment = dict(os.environ)
        self.daemon = None

    def open(self, commands):
        """Makes the services known, and gets the manager going with none of them running."""
        raise NotImplementedError

    def start(self):
        """One command that starts all of them."""
        raise NotImplementedError

    def stop(self):
        raise NotImplementedError

    def status(self):
        raise NotImplementedError

    def restart(self, service):
        raise NotImplementedError

    def pids(self):
        """Its own processes: what is paid for managing."""
        return [self.daemon.pid]

    def close(self):
        """Ends the manager, whatever it runs, and removes its folder."""
        own = self.pids()
        for pid in own:  # or it starts again what is killed
            os.kill(pid, signal.SIGSTOP)
        end([*own, *descendants(own)])
        if self.daemon:
            self.daemon.wait(timeout=LIMIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *words, check=True):
        log = self.folder / "command.log"
        with open(log, "wb") as output:
            done = subprocess.run([str(word) for word in words], env=self.environment, cwd=self.folder, timeout=LIMIT,
                                  stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        if check and done.returncode != 0:
            words = " ".join(str(word) for word in words[:5])
            sys.exit(f"{self.name}: {words} … ended with {done.returncode}\n{log.read_text()[-2000:]}")

    def daemonise(self, *words):
        output = open(self.folder / "daemon.log", "ab")
        self.daemon = subprocess.Popen([str(word) for word in words], env=self.environment, cwd=self.folder,
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)


class ServiceCtl(Manager):
    name = "ServiceCtl"

    def open(self, commands, more=""):
        self.environment["SERVICECTL_HOME"] = str(self.folder / "home")
        services = [self.folder / name for name in names(commands)]
        for folder, command in zip(services, commands):
            folder.mkdir()
            (folder / "config.yaml").write_text(
                f"service:\n  runner: command\n  command: {json.dumps(command)}\n  restart: {{delay: 0s, give_up: 1000 in 1m}}\n{more}")
        self.run(SERVICECTL, "agent", "start")
        self.run(SERVICECTL, "register", *services)

    def start(self):
        self.run(SERVICECTL, "start", "*")

    def stop(self):
        self.run(SERVICECTL, "stop", "*")

    def status(self):
        self.run(SERVICECTL, "status", "*")

    def restart(self, service):
        self.run(SERVICECTL, "restart", service)

    def pids(self):
        agent = subprocess.run([SERVICECTL, "agent", "status", "--json"], env=self.environment, capture_output=True, timeout=LIMIT)
        return [json.loads(agent.stdout)["pid"]]


class Supervisor(Manager):
    name = "supervisor"

    def open(self, commands):
        programs = "".join(
            f"[program:{name}]\ncommand={' '.join(command)}\nautostart=false\nautorestart=true\nstartsecs=0\nredirect_stderr=true\n"
            f"stdout_logfile={self.folder}/{name}.log\nstdout_logfile_maxbytes=1MB\nstdout_logfile_backups=2\n"
            for name, command in zip(names(commands), commands))
        self.configuration = self.folder / "supervisord.conf"
        self.configuration.write_text(
            f"[supervisord]\nnodaemon=true\nminfds=16384\npidfile={self.folder}/supervisord.pid\nlogfile={self.folder}/supervisord.log\n"
            f"[unix_http_server]\nfile={self.folder}/sock\n[supervisorctl]\nserverurl=unix://{self.folder}/sock\n"
            f"[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n{programs}")
        self.daemonise("supervisord", "-c", self.configuration)
        until(lambda: (self.folder / "sock").exists(), "supervisord listens")

    def control(self, *words, check=True):
        self.run("supervisorctl", "-c", self.configuration, *words, check=check)

    def start(self):
        self.control("start", "all")

    def stop(self):
        self.control("stop", "all")

    def status(self):
        self.control("status", check=False)

    def restart(self, service):
        self.control("restart", service)


class Runit(Manager):
    """One runsv for each service, without svlogd: what services print is not captured."""

    name = "runit"

    def open(self, commands):
        self.services = self.folder / "services"
        for name, command in zip(names(commands), commands):
            folder = self.services / name
            folder.mkdir(parents=True)
            (folder / "down").touch()
            run = folder / "run"
            run.write_text(f"#!/bin/sh\nexec {' '.join(command)}\n")
            run.chmod(0o755)
        self.daemonise("runsvdir", "-P", self.services)
        folders = list(self.services.iterdir())
        until(lambda: all((folder / "supervise/ok").exists() for folder in folders), "every runsv is there")

    def start(self):
        self.run("sv", "start", *self.services.iterdir())

    def stop(self):
        self.run("sv", "stop", *self.services.iterdir())

    def status(self):
        self.run("sv", "status", *self.services.iterdir(), check=False)

    def restart(self, service):
        self.run("sv", "restart", self.services / service)

    def pids(self):
        return [self.daemon.pid, *descendants([self.daemon.pid], generations=1)]


class Pm2(Manager):
    name = "pm2"

    def open(self, commands):
        self.environment["PM2_HOME"] = str(self.folder / "home")
        self.ecosystem = self.folder / "ecosystem.json"
        self.ecosystem.write_text(json.dumps({"apps": [
            {"name": name, "script": command[0], "args": command[1:], "interpreter": "none", "exec_mode": "fork", "max_restarts": 1000}
            for name, command in zip(names(commands), commands)]}))
        self.run(PM2, "ping")

    def start(self):
        self.run(PM2, "start", self.ecosystem)

    def stop(self):
        self.run(PM2, "stop", "all")

    def status(self):
        self.run(PM2, "list")

    def restart(self, service):
        self.run(PM2, "restart", service)

    def pids(self):
        return [int((self.folder / "home/pm2.pid").read_text())]


def available():
    """The managers that are there; for each of the others, a sentence says why not."""
    found = [ServiceCtl]
    for manager, program in ((Supervisor, "supervisord"), (Runit, "runsvdir")):
        if shutil.which(program):
            found.append(manager)
        else:
            print(f"{manager.name} is left out: there is no {program}; Debian's package {manager.name} has it")
    if PM2.exists() or install_pm2():
        found.append(Pm2)
    else:
        print("pm2 is left out: npm is not there, or could not install it")
    return found


def install_pm2():
    if not shutil.which("npm"):
        return False
    try:
        return subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", ROOT / "output/tools/pm2", "pm2"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def names(commands):
    return [f"s{number:04}" for number in range(len(commands))]


def until(condition, what, limit=LIMIT):
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"after {limit} s it is still not true that {what}")
        time.sleep(0.005)


def stat(pid):
    """Fields of /proc/PID/stat after the name: [0] is the state, [1] the parent. None for a process that is gone."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def parents():
    every = ((int(entry), stat(entry)) for entry in os.listdir("/proc") if entry.isdigit())
    return {pid: int(fields[1]) for pid, fields in every if fields and fields[0] != "Z"}


def descendants(pids, generations=100):
    every, found, latest = parents(), [], set(pids)
    for _ in range(generations):
        latest = {child for child, parent in every.items() if parent in latest}
        found += latest
    return found


def end(pids):
    """Kills processes by pid, and waits until they are gone."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    until(lambda: all((stat(pid) or "Z")[0] == "Z" for pid in pids), "everything that was started has ended", limit=30)
