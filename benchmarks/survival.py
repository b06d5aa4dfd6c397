#!/usr/bin/env python3
"""What is left when something is killed: of ten services that print and ten that do not when their manager is, and of helpers when a service is stopped or dies.

    survival.py [MANAGER...]      default: all that are there

Everything is counted. A line is lost when write() has taken it and no log file holds it.
"""
import collections
import pathlib
import re
import sys
import time

import figures
from managers import Runit, RunitWithLogs, ServiceCtl
from peers import chosen, with_logs
from processes import LIMIT, kill, lives, obey_signals, until

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
EACH, PARENTS = 10, 5
SETTLED = 2  # seconds


class RunitWhole(RunitWithLogs):
    """As if a whole user's session died: the runsv of each service as well."""

    name = "runit, each runsv too"


class Programs:
    """Services of one manager that run the same program, each with arguments of its own and a folder where its processes say that they are there."""

    def __init__(self, manager, program, arguments):
        self.manager = manager()
        folder = self.manager.folder
        self.folders = [folder / f"seen{number:04}" for number in range(len(arguments))]
        for seen in self.folders:
            seen.mkdir()
        self.manager.open([[sys.executable, str(PROGRAMS / program), str(seen), *more] for seen, more in zip(self.folders, arguments)])

    def __enter__(self):
        self.manager.start()
        until(lambda: all(self.living()), "each service runs", step=0.05)
        return self

    def __exit__(self, *_):
        self.manager.close()

    def settle(self):
        """Waits until for two seconds nobody has come or gone."""
        before, deadline = None, time.monotonic() + LIMIT
        while before != (before := self.living()) and time.monotonic() < deadline:
            time.sleep(SETTLED)

    def living(self):
        """For each service, the pids of its processes that live."""
        return [{int(file.name) for file in folder.iterdir() if file.name.isdigit() and lives(int(file.name))} for folder in self.folders]


def manager_killed(manager):
    with Programs(manager, "printer.py", [[]] * EACH + [["silent"]] * EACH) as services:
        own = services.manager
        services.settle()
        before = services.living()
        for pid in own.pids() if manager is RunitWhole else [own.main_pid()]:
            kill(pid)
        services.settle()
        dead = {pid for pids in before for pid in pids if not lives(pid)}
        own.launch()
        own.start()
        until(lambda: all(services.living()), "each service runs", step=0.05)
        services.settle()
        after = services.living()
        own.stop()
        for pids in services.living():
            for pid in pids:
                kill(pid)
        time.sleep(1)
        row = {}
        for kind, part in (("print", slice(0, EACH)), ("do not", slice(EACH, None))):
            of = f"manager killed with -9, started, all started; of {EACH} services that {kind}:"
            row[f"{of} died"] = sum(pid in dead for pids in before[part] for pid in pids)
            row[f"{of} run twice"] = sum(len(pids) > 1 for pids in after[part])
            row[f"{of} run once"] = sum(len(pids) == 1 for pids in after[part])
        row["log lines lost then"] = sum(lost(own.logs(f"s{number:04}"), services.folders[number]) for number in range(EACH))
        return row


def lost(logs, folder):
    written = collections.Counter()
    for log in logs:
        if log.exists():
            written.update(re.findall(rb"^line \d+ of (\d+)$", log.read_bytes(), re.MULTILINE))
    return sum(max(0, int(file.read_text() or 0) - written[file.name.encode()]) for file in folder.iterdir())


def helpers_left(manager):
    with Programs(manager, "parent.py", [[]] * PARENTS) as services:
        own = services.manager
        services.settle()  # runit holds back what has lived for less than a second
        before = services.living()
        helpers = helpers_of(services, before)
        for pids in before:
            for pid in pids:
                kill(pid)
        until(lambda: all(now - old for now, old in zip(services.living(), before)), "each service is back", step=0.05)
        services.settle()
        left = sum(map(lives, helpers))
        left_by_crash = {f"helpers left after a crash and the respawn, of {len(helpers)}": left}

        helpers = helpers_of(services, services.living())
        own.stop()
        time.sleep(1)
        group, session = sum(map(lives, helpers[0::2])), sum(map(lives, helpers[1::2]))
        return {f"helpers left after a stop, same process group, of {PARENTS}": group,
                f"helpers left after a stop, session of its own, of {PARENTS}": session, **left_by_crash}


def helpers_of(services, living):
    """Of each living main process: the helper in its group, the one in a session of its own."""
    return [int(pid) for folder, pids in zip(services.folders, living) for main in pids for pid in (folder / str(main)).read_text().split()]


def main():
    obey_signals()
    found = with_logs(chosen(sys.argv[1:]))
    rows = {}
    for manager in found:
        rows[manager.name] = {**manager_killed(manager), **helpers_left(manager)}
        if issubclass(manager, Runit):
            rows[RunitWhole.name] = manager_killed(RunitWhole)
    figures.table(rows, ServiceCtl.name, ratios=False)


if __name__ == "__main__":
    main()
