"""Places where facts are recorded: a log, a file, a relational database, a queue.

>>> import sqlite3
>>> from cordio.monitor import add_sink, drain, fact, remove_sink
>>> base = sqlite3.connect(":memory:", check_same_thread=False)
>>> add_sink("database", to_database(lambda: base))
>>> fact("order.paid", order=7, card_token="4711")
>>> drain()
True
>>> base.execute("select name, data from facts").fetchall()
[('order.paid', '{"order": 7, "card_token": "********"}')]
>>> remove_sink("database")
"""

from __future__ import annotations

import inspect
import json
import logging
import logging.handlers
from pathlib import Path
from typing import Any, Callable, Optional, Union

from .app import App
from .monitor import Record, Sink
from .text import type_name


def to_log(logger: Union[str, logging.Logger] = "facts", level: int = logging.INFO) -> Sink:
    """Record facts by Python's logging, as JSON."""
    target = logging.getLogger(logger) if isinstance(logger, str) else logger
    return lambda record: target.log(level, "%s", json.dumps(record, default=str))


def to_file(path: Union[str, Path], max_bytes: int = 1024 * 1024, count: int = 2) -> Sink:
    """Record facts in a file that is rotated, a line of JSON each."""
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=max_bytes, backupCount=count, delay=True, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(message)s"))
    return lambda record: handler.handle(
        logging.LogRecord("facts", logging.INFO, "", 0, json.dumps(record, default=str), None, None)
    )


def to_database(connect: Callable[[], Any], table: str = "facts") -> Sink:
    """Record facts in a relational database.

    Parameters
    ----------
    connect
        Returns a connection of the DB-API: ``lambda: sqlite3.connect("facts.db")``, ``lambda: psycopg.connect(url)``.
        It is called in the thread that writes, and again after an error.
    table
        Made if it is not there: time, kind, name, trace, data (JSON).
    """
    if not table.isidentifier():
        raise ValueError(f"{table!r} is not the name of a table")
    kept: Optional[Any] = None

    def write(record: Record) -> None:
        nonlocal kept
        base = kept
        if base is None:
            base = connect()
            base.cursor().execute(
                f"create table if not exists {table} (time double precision, kind text, name text, trace text, data text)"
            )
            kept = base
        # DB-API 2.0 has several styles of parameters; the two that drivers of today have.
        mark = "?" if type_name(type(base)).startswith("sqlite3") else "%s"
        values = [
            record["time"],
            record["kind"],
            record["name"],
            record.get("trace"),
            json.dumps(record["data"], default=str),
        ]
        try:
            base.cursor().execute(f"insert into {table} values ({', '.join([mark] * 5)})", values)
            base.commit()
        except Exception:
            kept = None
            raise

    return write


def to_queue(publish: Callable[[Record], Any]) -> Sink:
    """Record facts in a queue.

    Parameters
    ----------
    publish
        Puts one in: ``queue.put``, or a coroutine function such as ``lambda record: amqp.publish("facts", record)``, which runs in
        the loop of the App.
    """

    def write(record: Record) -> None:
        result = publish(record)
        if inspect.iscoroutine(result):
            if App.current is None:
                result.close()
                raise RuntimeError("there is no App in this process whose loop could publish")
            App.current.wait_for(result, timeout=30)

    return write
