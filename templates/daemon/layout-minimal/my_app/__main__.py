"""The daemon: it works until SIGTERM or SIGINT, which cut its rest short and let its work finish."""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import List, Optional

from .work import sweep

log = logging.getLogger("my-app")


class Interruption:
    """
    Knows whether the daemon was asked to end.

    Examples
    --------
    >>> with Interruption() as interruption:
    ...     signal.raise_signal(signal.SIGTERM)
    ...     interruption.is_there, interruption.wait(60)
    (True, True)
    """

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_there(self) -> bool:
        """Whether a signal has come."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Rest, but not longer than until a signal comes; tell whether one has."""
        return self._event.wait(seconds)

    def __enter__(self) -> "Interruption":
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)
        return self

    def __exit__(self, *error: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)

    def _hear(self, number: int, frame: Optional[FrameType]) -> None:
        log.info("Received %s signal.", number)
        self._event.set()


def main(arguments: Optional[List[str]] = None) -> None:
    """Work, turn after turn."""
    parser = argparse.ArgumentParser(description="My App")
    parser.add_argument("--folder", default=os.environ.get("SWEEP_FOLDER", "var/tmp"), type=Path)
    parser.add_argument("--age", default=os.environ.get("SWEEP_AGE", "86400"), type=float, help="in seconds")
    parser.add_argument("--every", default=os.environ.get("SWEEP_EVERY", "60"), type=float, help="in seconds")
    chosen = parser.parse_args(arguments)
    form = "%(asctime)s - %(name)s - %(levelname)s - %(message)s"
    logging.basicConfig(format=form, level=logging.DEBUG, stream=sys.stdout)
    with Interruption() as interruption:
        log.info("PID: %s", os.getpid())
        while not interruption.is_there:
            for path in sweep(chosen.folder, chosen.age):
                log.info("Deleted %s", path)
            interruption.wait(chosen.every)
    log.info("It has ended.")


if __name__ == "__main__":
    main()
