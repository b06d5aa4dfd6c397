#!/usr/bin/env python3
"""Many services under one manager: started and stopped by one command, asked for, killed, and left alone. Ours beside the peers'.

    fleet.py [MANAGER...]      default: all that are there
"""
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import time

import figures
from managers import ROOT, ServiceCtl
from peers import chosen
from processes import LIMIT, everybody, obey_signals, stat, until

MANY, MORE = 500, 1000
KILLS = 9
PWSH = os.environ.get("SERVICECTL_PWSH", "pwsh")
IDLE = 20  # seconds
QUIET = 8  # seconds until whatever follows an order is over
SHELL = "/bin/sh"


class Fleet:
    """A manager with so many sleepers. The first service reports each of its starts into a named pipe."""

    def __init__(self, manager, count):
        self.manager = manager()
        self.count = count
        folder = self.manager.folder
        self.sleeper = folder / "sleeper"
        shutil.copy(shutil.which("sleep"), self.sleeper)
        self.reports = os.open(make_pipe(folder / "reports"), os.O_RDWR)
        reporter = folder / "reporter"
        reporter.write_text(f"#!{SHELL}\necho $$ >{folder}/reports\nexec {self.sleeper} 1000000\n")
        reporter.chmod(0o755)
        self.manager.open([[str(reporter)]] + [[str(self.sleeper), "1000000"]] * (count - 1))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.manager.close()
        os.close(self.reports)

    def alive(self):
        """The services' processes, known by their program, which only they run."""
        return [pid for pid in everybody() if program(pid) == str(self.sleeper)]

    def start(self):
        began = time.monotonic()
        self.manager.start()
        until(lambda: len(self.alive()) == self.count, f"{self.count} services run")
        took = time.monotonic() - began
        self.pid = int(os.read(self.reports, 64))
        return took

    def stop(self):
        began = time.monotonic()
        self.manager.stop()
        until(lambda: not self.alive(), "no service runs")
        return time.monotonic() - began

    def respawn(self):
        """Seconds from SIGKILL until the service's next process says that it is there."""
        began = time.monotonic()
        os.kill(self.pid, signal.SIGKILL)
        self.pid = int(os.read(self.reports, 64))
        took = time.monotonic() - began
        time.sleep(1.2)  # runit holds back what has lived for less than a second
        return took


def measure(manager):
    """One number for each row, in seconds, megabytes or percent."""
    row = {}
    with Fleet(manager, MANY) as fleet:
        own = fleet.manager
        row[f"start {MANY} services with one command, all alive (s)"] = fleet.start()
        row[f"status of {MANY}, as a command (s)"] = statistics.median(timed(own.status) for _ in range(5))
        row["a killed service is back, no delay configured (ms)"] = 1000 * statistics.median(fleet.respawn() for _ in range(KILLS))
        if manager is ServiceCtl and shutil.which(PWSH):
            row[f"`Get-PyService` of {MANY} in a warm session (ms)"] = warm_cmdlet(own)
        time.sleep(QUIET)
        row[f"memory of the manager with {MANY} services, RSS (MB)"], row["the same, PSS (MB)"], _ = memory(own.pids())
        row[f"stop {MANY} (s)"] = fleet.stop()
        if manager is ServiceCtl:
            for _ in range(4):
                fleet.start()
                fleet.stop()
            fleet.start()
            time.sleep(QUIET)
            row["RSS after five rounds of start and stop (MB)"], *_ = memory(own.pids())
    with Fleet(manager, MORE) as fleet:
        row[f"start {MORE} (s)"] = fleet.start()
        time.sleep(QUIET)
        row[f"CPU with {MORE} idle services (%)"] = idle(fleet.manager.pids())
    return row


def timed(work):
    began = time.monotonic()
    work()
    return time.monotonic() - began


def memory(pids):
    """Resident, proportional and private dirty megabytes (of 10^6 bytes) of all these processes together."""
    sums = {"Rss:": 0, "Pss:": 0, "Private_Dirty:": 0}
    for pid in pids:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            key, *figure = line.split()
            if key in sums:
                sums[key] += int(figure[0]) * 1024 / 1e6
    return tuple(sums.values())


def idle(pids):
    before, began = processor_time(pids), time.monotonic()
    time.sleep(IDLE)
    return 100 * (processor_time(pids) - before) / (time.monotonic() - began)


def processor_time(pids):
    """Seconds that these processes have run, in hundredths: 0.05 % of the time that is measured."""
    return sum(sum(map(int, stat(pid)[11:13])) for pid in pids) / os.sysconf("SC_CLK_TCK")


def warm_cmdlet(manager):
    script = (f"Import-Module '{ROOT}/output/ServiceCtl'; 1..20 | ForEach-Object {{ $null = Get-PyService }}; "
              "(1..21 | ForEach-Object { (Measure-Command { $null = Get-PyService }).TotalMilliseconds } | Sort-Object)[10]")
    done = subprocess.run([PWSH, "-NoProfile", "-NonInteractive", "-Command", script], env=manager.environment,
                          capture_output=True, text=True, timeout=LIMIT, check=True)
    return float(done.stdout)


def program(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def make_pipe(path):
    os.mkfifo(path)
    return path


def main():
    obey_signals()
    figures.table({manager.name: measure(manager) for manager in chosen(sys.argv[1:])}, ServiceCtl.name)


if __name__ == "__main__":
    main()
