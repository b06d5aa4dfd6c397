"""The same work in Python: INFO dropped, ERROR records to one file, the rest to the other, exceptions counted by type and last frame.

relog.py LOG ERRORS EXCEPTIONS
"""
import re
import sys
from collections import Counter

DROPPED = re.compile(rb"\[[^]]*\] (?:- |INFO )").match
UNCAUGHT = re.compile(rb"\[[^]]*\] ERROR in [a-z_]+: Exception on ").match
ERROR = re.compile(rb"\[[^]]*\] ERROR ").match
END = re.compile(rb"([A-Za-z_][A-Za-z0-9_.]*)(?:: |$)").match


def main(log, errors_path, exceptions_path):
    lines = dropped = internal = 0
    counts = Counter()
    type_ = frame = b""
    is_open = chained = grouped = False

    def finish():
        nonlocal type_, frame, is_open, chained, grouped
        if type_:
            counts[type_, frame] += 1
        type_ = frame = b""
        is_open = chained = grouped = False

    with open(log, "rb", buffering=1 << 20) as source, open(errors_path, "wb") as errors, open(exceptions_path, "wb") as exceptions:
        for line in source:
            lines += 1
            if line.startswith(b"[pid: "):
                dropped += 1
                if is_open:
                    finish()
                continue
            if line.startswith(b"["):
                if is_open:
                    finish()
                if DROPPED(line):
                    dropped += 1
                elif UNCAUGHT(line):
                    is_open = True
                    exceptions.write(line)
                elif ERROR(line):
                    internal += 1
                    errors.write(line)
                else:
                    exceptions.write(line)
                continue
            exceptions.write(line)
            is_open = True
            if line.startswith(b'  File "'):
                frame = line[:-1]
            elif line.startswith((b"  |", b"  +")):
                grouped = True
                if line.startswith(b'  |   File "'):
                    frame = line[4:-1]
                elif not type_ and (end := END(line, 4)):
                    type_ = end[1]
            elif line.startswith(b"Traceback (most"):
                if type_ and not chained:
                    finish()
                is_open, chained = True, False
            elif line.startswith((b"During handling of", b"The above exception was")):
                chained = True
            elif not grouped and (end := END(line)):
                type_ = end[1]
        if is_open:
            finish()
    print(lines, dropped, internal, sum(counts.values()), sep="\t")
    for (name, place), count in counts.items():
        print(name.decode(), place.decode(), count, sep="\t")


main(*sys.argv[1:])
