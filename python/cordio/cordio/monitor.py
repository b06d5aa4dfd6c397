"""Points, stages and facts: what the process tells whoever watches it.

A record is one line of JSON on stderr or, where ServiceCtl's monitor listens (``SERVICECTL_MONITOR``), one datagram.
Inside a request, records are only collected; they are written after the answer went out.
"""

from __future__ import annotations

import fnmatch
import os
import queue
import re
import socket
import sys
import threading
import time
import traceback
from contextlib import contextmanager
from contextvars import ContextVar, Token
from random import getrandbits
from types import CodeType, FrameType, TracebackType
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Type

from . import config
from .text import encoder, mask, type_name

VARIABLE = "SERVICECTL_MONITOR"

Record = Dict[str, Any]
Sink = Callable[[Record], object]

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_TRACEPARENT = re.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_NOT_OURS = (
    _HERE,
    f"{os.sep}site-packages{os.sep}",
    f"{os.sep}dist-packages{os.sep}",
    f"{os.sep}lib{os.sep}python",
    "<frozen",
)


class Trail:
    """What one request has collected."""

    __slots__ = ("trace", "records", "is_out")

    def __init__(self, trace: Optional[str] = None) -> None:
        self.trace = trace or "%032x" % getrandbits(128)
        self.records: List[Record] = []
        self.is_out = False

    def add(self, record: Record) -> None:
        """Keep a record until the answer went out; a task that outlives it writes at once."""
        if self.is_out:
            write([record])
        else:
            self.records.append(record)

    def flush(self) -> None:
        """Write what was collected. The answer went out."""
        self.is_out = True
        if self.records:
            write(self.records)
            self.records = []


class _Scope:
    __slots__ = ("trail", "span", "stage", "suppress", "data", "sinks")

    def __init__(
        self, trail: Optional[Trail] = None, span: Optional[str] = None, above: Optional[_Scope] = None
    ) -> None:
        self.trail = trail
        self.span = span
        self.stage: Optional[str] = None
        self.suppress: Tuple[str, ...] = ()
        self.data: Optional[Mapping[str, Any]] = None
        self.sinks: Optional[Tuple[str, ...]] = None
        if above is not None:
            self.stage, self.suppress, self.data, self.sinks = (
                above.stage,
                above.suppress,
                above.data,
                above.sinks,
            )


_scope: ContextVar[_Scope] = ContextVar("cordio.scope", default=_Scope())


class Point:
    """A measured part of the work; made by :func:`point`."""

    __slots__ = ("name", "data", "error", "_kind", "_began", "_wall", "_scope", "_token", "_span")

    def __init__(self, name: str, data: Dict[str, Any], kind: str = "point") -> None:
        self.name = name
        self.data = data
        self.error: Optional[BaseException] = None
        self._kind = kind
        self._token: Optional[Token[_Scope]] = None

    def __setitem__(self, key: str, value: Any) -> None:
        self.data[key] = value

    def __enter__(self) -> Point:
        above = _scope.get()
        if is_suppressed(self.name, above.suppress):
            return self
        self._wall, self._began = time.time(), time.perf_counter()
        self._scope = above
        self._span = "%016x" % getrandbits(64)
        below = _Scope(above.trail, self._span, above)
        if self._kind == "stage":
            below.stage = self.name
        self._token = _scope.set(below)
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self._token is None:
            return
        took = time.perf_counter() - self._began
        end(self._token)
        self._token = None
        scope = self._scope
        record: Record = {
            "kind": self._kind, "name": self.name, "time": self._wall, "ms": round(took * 1000, 3),
            "span": self._span, "parent": scope.span, "stage": scope.stage,
            "data": {**scope.data, **self.data} if scope.data else self.data,
        }  # fmt: skip
        error = error or self.error
        if error is not None:
            record["error"] = describe(error)
        _add(scope, record)


def point(name: str, **data: Any) -> Point:
    """Measure a part of the work.

    Parameters
    ----------
    name
        Dotted, from general to particular: ``db.query``.
    **data
        What is worth knowing; secrets are masked by their names. More is added by ``p["rows"] = 3``.

    Examples
    --------
    >>> with collecting() as records, point("db.query", table="orders", password="x") as p:
    ...     p["rows"] = 3
    >>> records[0]["name"], records[0]["data"]["rows"]
    ('db.query', 3)
    """
    return Point(name, data)


def stage(name: str) -> Point:
    """Group the points inside by a stage of the business process.

    Examples
    --------
    >>> with collecting() as records, stage("payment"), point("bank.charge"):
    ...     pass
    >>> [(record["name"], record["stage"]) for record in records]
    [('bank.charge', 'payment'), ('payment', None)]
    """
    return Point(name, {}, "stage")


def fact(name: str, **data: Any) -> None:
    """Record that something is so: in the trace, and in every place that :func:`add_sink` has added.

    Examples
    --------
    >>> with collecting() as records:
    ...     fact("order.paid", order=7)
    >>> records[0]["kind"], records[0]["data"]
    ('fact', {'order': 7})
    """
    scope = _scope.get()
    if not is_suppressed(name, scope.suppress):
        _add(scope, {"kind": "fact", "name": name, "time": time.time(), "span": scope.span, "stage": scope.stage,
                     "data": {**scope.data, **data} if scope.data else data})  # fmt: skip


@contextmanager
def shaping(
    suppress: Iterable[str] = (),
    data: Optional[Mapping[str, Any]] = None,
    sinks: Optional[Sequence[str]] = None,
) -> Iterator[None]:
    """Suppress, fill or direct the records of what happens inside.

    Parameters
    ----------
    suppress
        Names of points (``db.*``) that are not made.
    data
        Is added to all.
    sinks
        Names of sinks that get them; None for all.

    Examples
    --------
    >>> with collecting() as records, shaping(suppress=["db.*"], data={"tenant": "a"}):
    ...     with point("db.query"), point("render"):
    ...         pass
    >>> [(record["name"], record["data"]) for record in records]
    [('render', {'tenant': 'a'})]
    """
    above = _scope.get()
    below = _Scope(above.trail, above.span, above)
    below.suppress = (*above.suppress, *suppress)
    below.data = {**(above.data or {}), **(data or {})}
    below.sinks = tuple(sinks) if sinks is not None else above.sinks
    token = _scope.set(below)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def collecting(trace: Optional[str] = None) -> Iterator[List[Record]]:
    """Collect the records of what happens inside instead of writing them; for tests."""
    trail = Trail(trace)
    token = _scope.set(_Scope(trail))
    try:
        yield trail.records
    finally:
        _scope.reset(token)


class Inbound:
    """The point of one request, from its beginning to the answer; it is written after that went out.

    Parameters
    ----------
    data
        What is known of it: method, path.
    traceparent
        The header of this name (W3C Trace Context), if it came with one.
    name
        Of the point.
    """

    __slots__ = (
        "name", "data", "status", "place", "error", "trail", "_above", "_parent", "_span", "_token", "_wall", "_began",
    )  # fmt: skip

    def __init__(self, data: Dict[str, Any], traceparent: Optional[str] = None, name: str = "request") -> None:
        found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
        self.name = name
        self.data = data
        self.status: Optional[int] = None
        self.place: Optional[str] = None
        self.error: Optional[BaseException] = None
        self.trail = Trail(found[1] if found else None)
        self._above = _scope.get()
        self._parent = found[2] if found else None
        self._span = "%016x" % getrandbits(64)
        self._token = _scope.set(_Scope(self.trail, self._span, self._above))
        self._wall, self._began = time.time(), time.perf_counter()

    def close(self) -> None:
        """End it: what happens from here on belongs to no request."""
        took = time.perf_counter() - self._began
        end(self._token)
        if self.status is not None:
            self.data["status"] = self.status
        if self.place is not None:
            self.data["place"] = self.place
        if is_suppressed(self.name):
            return
        record: Record = {
            "kind": "request", "name": self.name, "time": self._wall, "ms": round(took * 1000, 3), "span": self._span,
            "parent": self._parent, "stage": None, "data": self.data, "trace": self.trail.trace,
        }  # fmt: skip
        if self.error is not None:
            record["error"] = describe(self.error)
        self.trail.records.append(record)

    def flush(self) -> None:
        """Write it, and all that belongs to it. The answer went out."""
        self.trail.flush()


def inbound(method: str, path: str, traceparent: Optional[str]) -> Optional[Inbound]:
    """Begin the point of a request; None where no points are made."""
    out = _output or output()
    return Inbound({"method": method, "path": path}, traceparent) if out.mode != "off" or _sinks else None


def end(token: Token[_Scope]) -> None:
    """Take a scope away."""
    try:
        _scope.reset(token)
    except ValueError:  # a server that closes the answer in another context; that one ends with the request
        pass


def traceparent() -> Optional[str]:
    """Return the header to send along with requests to others; None outside of a request."""
    scope = _scope.get()
    return f"00-{scope.trail.trace}-{scope.span}-01" if scope.trail and scope.span else None


def _add(scope: _Scope, record: Record) -> None:
    if scope.sinks is not None:
        record["sinks"] = scope.sinks
    if scope.trail is not None:
        record["trace"] = scope.trail.trace
        scope.trail.add(record)
    else:
        write([record])


_encode = encoder(str)


class _Output:
    """Where records go; read once from the configuration."""

    def __init__(self) -> None:
        self.mode = str(config.get("cordio.points", "auto"))
        if self.mode not in ("auto", "stderr", "off"):
            raise ValueError(f"cordio.points is {self.mode!r}; write auto, stderr or off")
        patterns = config.get("cordio.suppress", [])
        self.suppress: Tuple[str, ...] = (patterns,) if isinstance(patterns, str) else tuple(patterns)
        self.known: Dict[Tuple[str, Tuple[str, ...]], bool] = {}
        self.address = os.environ.get(VARIABLE) if self.mode == "auto" else None
        self.socket = (
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) if self.address else None
        )
        self.lost = 0
        self.pid = os.getpid()
        handed = config.current().handed
        self.of = {key: handed[key] for key in ("service", "generation") if key in handed}

    def send(self, record: Record) -> None:
        if self.lost:
            record["lost"] = self.lost
        text = _encode(record).encode("utf-8", "replace")
        if self.socket is None or self.address is None:
            _write_all(2, text + b"\n")
            return
        try:
            self.socket.sendto(text, self.address)
            self.lost = 0
        except OSError:  # nobody there, too slow, or too long: a monitor never holds up a service
            self.lost += 1


_output: Optional[_Output] = None
_sinks: Dict[str, Tuple[Sink, Tuple[str, ...]]] = {}
_queue: Optional[queue.Queue[Tuple[Sink, Record]]] = None


def output() -> _Output:
    """Return where records go."""
    global _output
    if _output is None:
        _output = _Output()
    return _output


def reset() -> None:
    """Forget where records go: the configuration is another one."""
    global _output
    _output = None


def is_suppressed(name: str, more: Tuple[str, ...] = ()) -> bool:
    """Is a point of this name not made?"""
    out = _output or output()
    if not (more or out.suppress):
        return out.mode == "off" and not _sinks
    known = out.known.get((name, more))
    if known is None:
        known = any(fnmatch.fnmatchcase(name, pattern) for pattern in (*out.suppress, *more))
        if len(out.known) < 1000:
            out.known[(name, more)] = known
    return known


def write(records: Iterable[Record]) -> None:
    """Write records, secrets masked."""
    out = output()
    for record in records:
        wanted = record.pop("sinks", None)
        record["data"] = mask(record["data"]) if record["data"] else {}
        record.update(out.of)
        for name, (sink, kinds) in _sinks.items():
            if record["kind"] in kinds and (wanted is None or name in wanted):
                _enqueue(sink, record)
        if out.mode != "off" and (wanted is None or "trace" in wanted):
            out.send(record)


def add_sink(name: str, sink: Sink, kinds: Sequence[str] = ("fact",)) -> None:
    """Add a place where records go, too: a file, a database, a queue (see :mod:`cordio.facts`).

    Parameters
    ----------
    name
        For ``shaping(sinks=…)``.
    sink
        Is called with each record, one at a time, in a thread of its own.
    kinds
        ``fact``, ``point``, ``stage``, ``request``.
    """
    _sinks[name] = (sink, tuple(kinds))


def remove_sink(name: str) -> None:
    """Remove what :func:`add_sink` has added."""
    _sinks.pop(name, None)


def drain(timeout: float = 5.0) -> bool:
    """Wait until the sinks have taken all; False if they have not within the time."""
    until = time.monotonic() + timeout
    while _queue is not None and _queue.unfinished_tasks:
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def _enqueue(sink: Sink, record: Record) -> None:
    global _queue
    if _queue is None or output().pid != os.getpid():  # threads don't survive a fork
        output().pid = os.getpid()
        _queue = queue.Queue(10_000)
        threading.Thread(target=_work, args=(_queue,), name="cordio-sinks", daemon=True).start()
    try:
        _queue.put_nowait((sink, dict(record)))
    except queue.Full:
        output().lost += 1


def _work(waiting: queue.Queue[Tuple[Sink, Record]]) -> None:
    while True:
        sink, record = waiting.get()
        try:
            sink(record)
        except Exception:
            traceback.print_exc()
        finally:
            waiting.task_done()


def _write_all(descriptor: int, text: bytes) -> None:
    try:
        while text:
            text = text[os.write(descriptor, text) :]
    except OSError:
        pass  # nobody reads it any more


def describe(error: BaseException) -> Dict[str, Any]:
    """Say of an exception what a record holds: type, message, place."""
    return {"type": type_name(type(error)), "message": str(error)[:1000], "place": place_of_error(error)}


def place_of_error(error: BaseException) -> Optional[str]:
    """Return file and line where it was raised: the innermost of the project's own code."""
    found = last = None
    trace = error.__traceback__
    while trace is not None:
        last = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        if is_own(trace.tb_frame.f_code.co_filename):
            found = last
        trace = trace.tb_next
    return found or last


def place_of_code(code: CodeType) -> str:
    """Return file and first line of a function."""
    return f"{code.co_filename}:{code.co_firstlineno}"


def place_of_caller(depth: int = 2) -> Optional[str]:
    """Return file and line of the nearest caller in the project's own code."""
    frame: Optional[FrameType] = sys._getframe(depth)
    while frame is not None:
        if is_own(frame.f_code.co_filename):
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return None


_own: Dict[str, bool] = {}


def is_own(file: str) -> bool:
    """Is a source file the project's own, neither a library's nor ours?"""
    known = _own.get(file)
    if known is None:
        known = _own[file] = not any(part in file for part in _NOT_OURS)
    return known
