"""SimpleDaemon: a program that works in a loop, obeys SIGINT and SIGTERM, and keeps a log.

With the arguments, lines and modes of the original; under systemd or ServiceCtl it says READY and STOPPING.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Any, Dict, List, Optional, Type

from .server import notify
from .text import Duration, duration

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class SimpleDaemonExit(Exception):
    """A signal came, in the aggressive mode."""

    def __init__(self, message: str = "SimpleDaemon Exit") -> None:
        super().__init__(message)


class SimpleDaemon:
    """A daemon.

    Parameters
    ----------
    name_app
        Its name in the log.
    interrupt_mode
        False (passive): a signal sets ``interrupted``, and the work ends by itself. True (aggressive):
        :class:`SimpleDaemonExit` is raised at once.
    log_lvl
        10 for DEBUG, 20 for INFO, as in ``logging``.
    log_path, log_name
        Folder and name of the log.
    log_format
        As in ``logging``.
    stream
        Log to stdout, too?
    syslog
        Log to ``/dev/log``, too?
    max_size_byte_log, max_count_file_rotation
        The log is rotated at this size; so many old ones are kept.
    interrupted_mode
        The same as ``interrupt_mode``: the original's own examples write it so.

    Examples
    --------
    >>> import tempfile
    >>> with SimpleDaemon("MyDaemon", log_path=tempfile.mkdtemp()) as daemon:
    ...     turns = 0
    ...     while not daemon.interrupted and turns < 3:
    ...         turns += 1
    >>> turns
    3
    """

    def __init__(
        self,
        name_app: str,
        interrupt_mode: bool = False,
        log_lvl: int = 10,
        log_path: str = "/var/log/",
        log_name: str = "simple_daemon.log",
        log_format: str = "%(asctime)s - %(name)s - %(levelname)s - %(message)s",
        stream: bool = False,
        syslog: bool = False,
        max_size_byte_log: int = 1048576,
        max_count_file_rotation: int = 2,
        *,
        interrupted_mode: Optional[bool] = None,
    ) -> None:
        self.name_app = name_app
        self.interrupt_mode = interrupt_mode if interrupted_mode is None else interrupted_mode
        self.interrupted_mode = self.interrupt_mode
        self.log_lvl = log_lvl
        self.log_path = log_path
        self.log_name = log_name
        self.log_format = log_format
        self.stream = stream
        self.syslog = syslog
        self.max_size_byte_log = max_size_byte_log
        self.max_count_file_rotation = max_count_file_rotation
        self.logger = logging.getLogger(name_app)
        self._interrupted = threading.Event()
        self._handlers: List[logging.Handler] = []
        self._before: Dict[int, Any] = {}

    @property
    def interrupted(self) -> bool:
        """Has SIGINT or SIGTERM come? The work should end."""
        return self._interrupted.is_set()

    @property
    def log(self) -> logging.Logger:
        """The logger; the methods of the original, ``info`` and the like, are there, too."""
        return self.logger

    def __getattr__(self, name: str) -> Any:
        if name in ("debug", "info", "warning", "error", "critical", "exception"):
            return getattr(self.logger, name)
        raise AttributeError(name)

    def wait(self, time: Duration) -> bool:
        """Wait, unless a signal comes; True when one has come."""
        return self._interrupted.wait(duration(time))

    def __enter__(self) -> SimpleDaemon:
        self._open_log()
        self.logger.info("PID: %s", os.getpid())
        for number in _SIGNALS:
            self._before[number] = signal.signal(number, self._on_signal)
            self.logger.debug("Set signal handler: %d", number)
        self.logger.info("Mode: %s", "AGGRESSIVE" if self.interrupt_mode else "PASSIVE")
        notify("READY=1")
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        notify("STOPPING=1")
        for number, before in self._before.items():
            signal.signal(number, before)
        for handler in self._handlers:
            self.logger.removeHandler(handler)
            handler.close()
        self._handlers = []

    def _on_signal(self, number: int, frame: Optional[FrameType]) -> None:
        self._interrupted.set()
        if self.interrupt_mode:
            self.logger.info("Received %d signal.", number)
            self.logger.info("Graceful Interrupt...")
            raise SimpleDaemonExit
        self.logger.info("interrupted == True")
        self.logger.info("Received %d signal.", number)

    def _open_log(self) -> None:
        path = os.path.join(self.log_path, self.log_name)
        handlers: List[logging.Handler] = [
            logging.handlers.RotatingFileHandler(
                path, maxBytes=self.max_size_byte_log, backupCount=self.max_count_file_rotation
            )
        ]
        if self.stream:
            handlers.append(logging.StreamHandler(sys.stdout))
        if self.syslog:
            handlers.append(logging.handlers.SysLogHandler("/dev/log"))
        self.logger.setLevel(self.log_lvl)
        for handler in handlers:
            handler.setFormatter(logging.Formatter(self.log_format))
            self.logger.addHandler(handler)
        self._handlers = handlers
