#!/usr/bin/env python3
"""What a service prints, kept in files by its manager: how fast, and whether each line is whole afterwards.

    capture.py [MANAGER...]      default: all that are there

The writer prints numbered lines of 100 bytes (benchmarks/Capture, which is built first). Speed: into files of 1 MB, two of which are kept, from the
first write until the last line is in a file, medians of three. Whole lines: into files of 1 MB that are all kept, and each line is looked for.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

import figures
from managers import MEMORY, ROOT, Pm2, ServiceCtl
from peers import chosen, with_logs
from processes import is_read, obey_signals, run, until, wait

PROJECT = ROOT / "benchmarks/Capture"
WRITER = PROJECT / "bin/Release/net10.0/capture-bench"
LINE = 100  # a length that does not fit into a block: whoever rotates where a read happens to end cuts lines
BLOCK = 64 * 1024
SPEEDS = {"capture, 64 KB per write (MB/s)": (BLOCK, 8_000), "capture, one line of 100 bytes per write (MB/s)": (LINE, 650_000)}
COUNTED = 4_000
RUNS = 3
QUIET = 10  # seconds without a new byte after which the last line is given up


def measure(manager):
    row = {work: statistics.median(print_into(manager, block, writes)[0] for _ in range(RUNS)) for work, (block, writes) in SPEEDS.items()}
    lines = BLOCK * COUNTED // LINE
    whole = print_into(manager, BLOCK, COUNTED, keep=BLOCK * COUNTED // 1_000_000 + 10)[1]
    row[f"lines lost or torn, of {lines}, each kept"] = lines - whole
    return row


def print_into(manager, block, writes, keep=None):
    """Megabytes (10^6 bytes) a second until the last line was there; where everything is kept, how many lines are whole."""
    count = block * writes
    with manager() as own:
        own.log_keep = keep or own.log_keep
        go = own.folder / "go"
        os.mkfifo(go)
        own.open([[str(word) for word in (WRITER, "write", block, count, LINE, go)]])
        own.start()
        until(lambda: is_read(go), "the writer is ready", step=0.01)
        began = time.time()
        ended = last_written(own, b"%012d" % (count // LINE - 1))
        return count / (ended - began) / 1e6, whole_lines(own.logs("s0000")) if keep else None


def last_written(manager, number):
    """When the last byte came: the file says so itself, to some milliseconds, so that nobody has to look often."""
    until(lambda: any(file.exists() and file.stat().st_size for file in manager.logs("s0000")), "something is in a log", step=0.05)
    changed, seen = time.monotonic(), 0
    while time.monotonic() < changed + QUIET:
        newest = manager.logs("s0000")[-2:]
        latest = max(map(modified, newest), default=0)
        if latest != seen:
            changed, seen = time.monotonic(), latest
        if any(number in tail(file) for file in newest):
            break
        time.sleep(0.05)
    return seen


def modified(file):
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # rotated in between
        return 0


def tail(file):
    try:
        with open(file, "rb") as opened:
            opened.seek(max(0, opened.seek(0, os.SEEK_END) - LINE))
            return opened.read()
    except FileNotFoundError:  # rotated in between
        return b""


def whole_lines(logs):
    """How many different lines are whole in one file."""
    found = set()
    for log in logs:
        found.update(line for line in log.read_bytes().split(b"\n") if len(line) == LINE - 1 and line[:12].isdigit() and line[12:].strip(b"x") == b"")
    return len(found)


def floor(block, writes, target=os.devnull):
    """The same writer into cat: nobody rotates anything, and what cat takes is kept only where a target is given."""
    count = block * writes
    began = time.monotonic()
    writer = subprocess.Popen([WRITER, "write", str(block), str(count), str(LINE)], stdout=subprocess.PIPE)
    with open(target, "wb") as output:
        reader = subprocess.Popen(["cat"], stdin=writer.stdout, stdout=output)
    writer.stdout.close()
    for process in (writer, reader):
        wait(process)
    return count / (time.monotonic() - began) / 1e6


def floor_into_a_file(block, writes):
    with tempfile.NamedTemporaryFile(dir=MEMORY) as kept:
        return floor(block, writes, kept.name)


def main():
    obey_signals()
    if run(["dotnet", "build", PROJECT, "--configuration", "Release", "--nologo", "--verbosity", "quiet", "-consoleLoggerParameters:NoSummary"]) != 0:
        sys.exit("benchmarks/Capture can't be built")
    found = with_logs(chosen(sys.argv[1:]))
    rows = {manager.name: measure(manager) for manager in found}
    rows["into cat, nothing kept"] = {work: floor(block, 2 * writes) for work, (block, writes) in SPEEDS.items()}
    rows["into cat and one file"] = {work: statistics.median(floor_into_a_file(block, writes) for _ in range(RUNS)) for work, (block, writes) in SPEEDS.items()}
    print(f"In memory ({MEMORY or 'no: in ' + os.environ.get('TMPDIR', '/tmp')}).")
    if Pm2 in found:
        print("pm2 rotates nothing by itself (pm2-logrotate is a module that copies and truncates): it writes one file.")
    figures.table(rows, ServiceCtl.name)


if __name__ == "__main__":
    main()
