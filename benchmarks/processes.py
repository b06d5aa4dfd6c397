"""Processes that a benchmark starts, looks at, waits for and ends: each by its id."""
import os
import pathlib
import select
import signal
import subprocess
import sys
import time

LIMIT = 120  # seconds that one command, or the wait for its effect, may take


class TooLong(SystemExit):
    pass


def obey_signals():
    """Ctrl+C and SIGTERM unwind the program once, so that everything it has started is ended; also where a shell had them ignored."""
    def unwind(number, _):
        for obeyed in (signal.SIGINT, signal.SIGTERM):
            signal.signal(obeyed, signal.SIG_IGN)
        sys.exit(128 + number)

    for obeyed in (signal.SIGINT, signal.SIGTERM):
        signal.signal(obeyed, unwind)


def run(words, **options):
    """Runs a command to its end. What is measured is waited for by this, and nothing else."""
    process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, **options)
    try:
        return wait(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait(process, limit=LIMIT):
    """Returns in the moment that the process ends. Popen.wait with a timeout would look every 50 ms."""
    ended = os.pidfd_open(process.pid)
    try:
        if not select.select([ended], [], [], limit)[0]:
            raise TooLong(f"after {limit} s it still runs: {' '.join(map(str, process.args[:5]))}")
    finally:
        os.close(ended)
    return process.wait()


def until(condition, what, limit=LIMIT, step=0.005):
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            raise TooLong(f"after {limit} s it is still not true that {what}")
        time.sleep(step)


def stat(pid):
    """Fields of /proc/PID/stat after the name: [0] is the state, [1] the parent. None for a process that is gone."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def lives(pid):
    return (stat(pid) or "Z")[0] not in "ZX"


def everybody():
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def children(parent):
    return [pid for pid in everybody() if lives(pid) and int((stat(pid) or [0, 0])[1]) == parent]


def of_folder(folder):
    """The processes that have the folder in their command line or environment: whoever was started with it, and whoever they started."""
    name, found = os.fsencode(folder), []
    for pid in everybody():
        if pid != os.getpid() and lives(pid) and any(name in content(pid, file) for file in ("cmdline", "environ")):
            found.append(pid)
    return found


def content(pid, file):
    try:
        return pathlib.Path(f"/proc/{pid}/{file}").read_bytes()
    except (OSError, ProcessLookupError):
        return b""


def is_read(pipe):
    """Whether somebody has a named pipe open for reading; whoever waits for a writer in opening it is let go."""
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def end(pids):
    """Kills processes by pid, and waits until they are gone."""
    for pid in pids:
        kill(pid)
    until(lambda: not any(lives(pid) for pid in pids), "everything that was started has ended", limit=30, step=0.02)
