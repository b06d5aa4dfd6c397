#!/usr/bin/env python3
"""Two builds of ServiceCtl in turns: what the one costs, and what the other.

    turns.py OLD NEW [--rounds 15] [--services 500]      OLD and NEW: paths of the command servicectl

On a host that gives more in one minute than in the next, two runs can't be compared, and turns can. Time of the processors is what a busy host
falsifies least. Both take turns at being first; everything happens in memory, with an agent of its own for each turn.
"""
import argparse
import functools
import os
import pathlib
import statistics
import sys
import time

from fleet import Fleet, memory, processor_time, timed
from managers import ServiceCtl
from processes import obey_signals

COMMANDS = 9  # of each kind, in each turn
QUIET = 0.5  # seconds until whatever follows an order is over


def alone(command, environment, *words):
    """Seconds, seconds of a processor, and pages that were missing, of one command."""
    began = time.monotonic()
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    _, code, used = os.wait4(os.posix_spawn(command, [command, *words], environment, file_actions=actions), 0)
    if code:
        sys.exit(f"{command} {' '.join(words)} ended with {code}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_minflt


def take_turn(command, services):
    """name -> figure."""
    found = {}

    def note(name, figures):
        for unit, figure in zip((" (ms)", ", processor (ms)", ", page faults"), figures):
            found[name + unit] = figure if unit.endswith("faults") else 1000 * figure

    with Fleet(functools.partial(ServiceCtl, command), services) as fleet:
        own, agent = fleet.manager, fleet.manager.main_pid()

        def order(name, work):
            before = processor_time([agent])
            took = work()
            time.sleep(QUIET)
            note(name, (took, processor_time([agent]) - before))

        def ask(name, *words):
            runs = [alone(command, own.environment, *words) for _ in range(COMMANDS)]
            note(name, [statistics.median(column) for column in zip(*runs)])

        ask("--version", "--version")
        order(f"start {services}", fleet.start)
        ask(f"status of {services}", "status", "*")
        before = processor_time([agent])
        for _ in range(COMMANDS):
            timed(own.status)
        found[f"status of {services}, processor of the agent (ms)"] = 1000 * (processor_time([agent]) - before) / COMMANDS
        found["resident memory of the agent (MB)"], _, found["of it, private and written (MB)"] = memory([agent])
        order(f"stop {services}", fleet.stop)
    return found


def main():
    obey_signals()
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("old")
    options.add_argument("new")
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--services", type=int, default=500)
    chosen = options.parse_args()
    builds = [str(pathlib.Path(build).resolve()) for build in (chosen.old, chosen.new)]
    found = {build: [] for build in builds}
    for turn in range(chosen.rounds):
        for build in builds if turn % 2 == 0 else reversed(builds):
            found[build].append(take_turn(build, chosen.services))
    print(f"| medians of {chosen.rounds} turns | old | new | | least | | |\n|---|---|---|---|---|---|---|")
    for name in found[builds[0]][0]:
        old, new = ([turn[name] for turn in found[build]] for build in builds)
        print(f"| {name} |{''.join(cells(middle(old), middle(new)) for middle in (statistics.median, min))}")


def cells(old, new):
    return f" {old:.4g} | {new:.4g} | {100 * (new / old - 1):+.1f} % |"


if __name__ == "__main__":
    main()
