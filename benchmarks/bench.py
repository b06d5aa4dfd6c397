#!/usr/bin/env python3
"""All benchmarks, one after the other, and a table of what they found beside what is to be reached.

    bench.py [PART...]      default: all parts; each of them can be run by itself, too
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import figures
import targets
from processes import TooLong, obey_signals, wait

HERE = pathlib.Path(__file__).resolve().parent
# The longest that each may take, in seconds; a run on a quiet machine takes half of it.
PARTS = {"startup.sh": 120, "configuration.sh": 120, "relog.sh": 240, "fleet.py": 600, "capture.py": 300, "survival.py": 240, "orders.py": 240, "restarts.py": 900, "hosts.py": 600}


def run(part, limit):
    """Whether it succeeded. What it has started, it ends by itself, also when we are interrupted."""
    print(f"\n### {part.split('.')[0]}\n", flush=True)
    began = time.monotonic()
    process = subprocess.Popen(["bash" if part.endswith(".sh") else sys.executable, HERE / part], stdin=subprocess.DEVNULL)
    try:
        code = wait(process, limit)
    except TooLong:
        code = f"more than {limit} s"
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait()
    print(f"\n{part.split('.')[0]}: {time.monotonic() - began:.0f} s{'' if code == 0 else f', FAILED with {code}'}", flush=True)
    return code == 0


def main():
    obey_signals()
    chosen = {part: limit for part, limit in PARTS.items() if not sys.argv[1:] or part.split(".")[0] in sys.argv[1:]}
    if not chosen:
        sys.exit(__doc__)
    with tempfile.NamedTemporaryFile() as found:
        os.environ[figures.VARIABLE] = found.name
        failed = [part for part, limit in chosen.items() if not run(part, limit)]
        print("\n### What is to be reached\n")
        targets.table(found.name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
