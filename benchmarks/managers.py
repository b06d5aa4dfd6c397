"""The managers that are measured, each behind the same few words, with folders, sockets and daemons of its own in a temporary folder."""
import atexit
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

from processes import children, end, is_read, kill, of_folder, run, until

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVICECTL = ROOT / "output/servicectl"
PM2 = ROOT / "output/tools/pm2/node_modules/.bin/pm2"
# Where build.sh unpacks the peers that are not installed.
PEERS = [folder / "usr" for folder in (ROOT / "output/tools/packages").glob("*")]
if PEERS:
    os.environ["PATH"] += "".join(f":{peer}/bin" for peer in PEERS)
    os.environ["PYTHONPATH"] = ":".join(f"{peer}/lib/python3/dist-packages" for peer in PEERS)
# Run folders are in memory on most hosts (/run is a tmpfs); everybody's are here.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Manager:
    """Services are named s0000, s0001, …; each has a command (a list of words) of its own."""

    name = ""
    # What services print is kept in files of this size, beside the one that is written.
    log_size, log_keep = 1_000_000, 2

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="servicectl-bench-", dir=MEMORY))
        # It is what of_folder knows everybody by.
        self.environment = {**os.environ, "SERVICECTL_BENCH": str(self.folder)}
        self.daemon = None
        atexit.register(self.close)  # whatever ends the program

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def open(self, commands):
        """Makes the services known, and gets the manager going with none of them running."""
        self.configure(commands)
        self.launch()

    def configure(self, commands):
        raise NotImplementedError

    def launch(self):
        """Gets the manager going; also when it was killed."""
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

    def logs(self, service):
        """The files with what the service has printed, the oldest first."""
        raise NotImplementedError

    def pids(self):
        """Its own processes: what is paid for managing."""
        return [self.daemon.pid] if self.daemon else []

    def main_pid(self):
        return self.pids()[0]

    def close(self):
        """Ends the manager and whatever came of it, and removes its folder. Once more does no harm."""
        try:
            for pid in self.pids():  # or it starts again what is killed
                kill(pid, signal.SIGSTOP)
            while found := of_folder(self.folder):
                end(found)
            if self.daemon:
                self.daemon.wait()
                self.daemon = None
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.close)

    def run(self, *words, check=True):
        log = self.folder / "command.log"
        with open(log, "wb") as output:
            code = run(words, env=self.environment, cwd=self.folder, stdout=output, stderr=output)
        if check and code != 0:
            words = " ".join(str(word) for word in words[:5])
            sys.exit(f"{self.name}: {words} … ended with {code}\n{log.read_text()[-2000:]}")

    def daemonise(self, *words):
        if self.daemon:
            self.daemon.wait()
        with open(self.folder / "daemon.log", "ab") as output:
            self.daemon = subprocess.Popen([str(word) for word in words], env=self.environment, cwd=self.folder,
                                           stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)


class ServiceCtl(Manager):
    name = "ServiceCtl"

    def __init__(self, command=SERVICECTL):
        super().__init__()
        self.command = command
        self.environment["SERVICECTL_HOME"] = str(self.folder / "home")

    def configure(self, commands):
        self.services = [self.folder / name for name in names(commands)]
        for folder, command in zip(self.services, commands):
            folder.mkdir()
            # A start is over when its processes are there, as with supervisor's startsecs=0; else it is the second that is measured for which they have to live.
            (folder / "config.yaml").write_text(
                f"service:\n  runner: command\n  command: {json.dumps(command)}\n  ready: {{delay: 0s}}\n  restart: {{delay: 0s, give_up: 1000 in 1m}}\n"
                f"  logs: {{max_size: {self.log_size}, keep: {self.log_keep}}}\n")

    def launch(self):
        self.run(self.command, "agent", "start")
        self.run(self.command, "register", *self.services)

    def start(self):
        self.run(self.command, "start", "*")

    def stop(self):
        self.run(self.command, "stop", "*")

    def status(self):
        self.run(self.command, "status", "*")

    def restart(self, service):
        self.run(self.command, "restart", service)

    def logs(self, service):
        return numbered(next((self.folder / "home").glob(f"**/logs/{service}")) / "output.log", newest_is_highest=True)

    def pids(self):
        if not (self.folder / "home").exists():
            return []
        agent = subprocess.run([self.command, "agent", "status", "--json"], env=self.environment, capture_output=True)
        return [json.loads(agent.stdout)["pid"]] if agent.returncode == 0 else []


class Supervisor(Manager):
    name = "supervisor"

    def configure(self, commands):
        programs = "".join(
            f"[program:{name}]\ncommand={' '.join(command)}\nautostart=false\nautorestart=true\nstartsecs=0\nredirect_stderr=true\n"
            f"stdout_logfile={self.folder}/{name}.log\nstdout_logfile_maxbytes={self.log_size}\nstdout_logfile_backups={self.log_keep}\n"
            for name, command in zip(names(commands), commands))
        self.configuration = self.folder / "supervisord.conf"
        self.configuration.write_text(
            f"[supervisord]\nnodaemon=true\nminfds=16384\npidfile={self.folder}/supervisord.pid\nlogfile={self.folder}/supervisord.log\n"
            f"[unix_http_server]\nfile={self.folder}/sock\n[supervisorctl]\nserverurl=unix://{self.folder}/sock\n"
            f"[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n{programs}")

    def launch(self):
        (self.folder / "sock").unlink(missing_ok=True)
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

    def logs(self, service):
        return numbered(self.folder / f"{service}.log", newest_is_highest=False)


class Runit(Manager):
    """One runsv for each service; what services print is captured only where an svlogd for each is asked for."""

    name = "runit"
    captures = False

    def configure(self, commands):
        self.services = self.folder / "services"
        for name, command in zip(names(commands), commands):
            folder = self.services / name
            folder.mkdir(parents=True)
            (folder / "down").touch()
            script(folder / "run", f"exec 2>&1\nexec {' '.join(command)}")
            if self.captures:
                kept = self.folder / "logs" / name
                kept.mkdir(parents=True)
                (kept / "config").write_text(f"s{self.log_size}\nn{self.log_keep}\n")
                (folder / "log").mkdir()
                script(folder / "log/run", f"exec svlogd {kept}")

    def launch(self):
        self.daemonise("runsvdir", "-P", self.services)
        folders = list(self.services.iterdir())
        until(lambda: all(is_read(folder / "supervise/ok") for folder in folders), "every runsv is there")

    def start(self):
        self.run("sv", "start", *self.services.iterdir())

    def stop(self):
        self.run("sv", "stop", *self.services.iterdir())

    def status(self):
        self.run("sv", "status", *self.services.iterdir(), check=False)

    def restart(self, service):
        self.run("sv", "restart", self.services / service)

    def logs(self, service):
        folder = self.folder / "logs" / service
        return [*sorted(folder.glob("@*")), folder / "current"]

    def pids(self):
        return [self.daemon.pid, *children(self.daemon.pid)] if self.daemon else []


class RunitWithLogs(Runit):
    captures = True


class Pm2(Manager):
    """What services print goes into one file each: rotating is a module of its own (pm2-logrotate), which copies and truncates."""

    name = "pm2"

    def configure(self, commands):
        self.environment["PM2_HOME"] = str(self.folder / "home")
        self.ecosystem = self.folder / "ecosystem.json"
        self.ecosystem.write_text(json.dumps({"apps": [
            {"name": name, "script": command[0], "args": command[1:], "interpreter": "none", "exec_mode": "fork", "max_restarts": 1000}
            for name, command in zip(names(commands), commands)]}))

    def launch(self):
        self.run(PM2, "ping")

    def start(self):
        self.run(PM2, "start", self.ecosystem)

    def stop(self):
        self.run(PM2, "stop", "all")

    def status(self):
        self.run(PM2, "list")

    def restart(self, service):
        self.run(PM2, "restart", service)

    def logs(self, service):
        return [self.folder / f"home/logs/{service}-out.log"]

    def pids(self):
        written = self.folder / "home/pm2.pid"
        pid = int(written.read_text()) if written.exists() else 0
        return [pid] if pid in of_folder(self.folder) else []


def names(commands):
    return [f"s{number:04}" for number in range(len(commands))]


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def numbered(log, newest_is_highest):
    """A log's rotated files, NAME.1 and so on, and the log itself."""
    rotated = sorted(log.parent.glob(log.name + ".*"), key=lambda file: int(file.suffix[1:]), reverse=not newest_is_highest)
    return [*rotated, log]
