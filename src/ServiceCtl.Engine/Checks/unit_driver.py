"""Runs the unit tests of a service for ServiceCtl, one at a time: an order per line on descriptor 4, an answer per line on descriptor 3."""
import importlib
import inspect
import json
import os
import queue
import sys
import threading
import time
import traceback

ORDERS = 4
ANSWERS = 3


def find(order):
    """The function that `from X import Y` and the test's name mean."""
    name, imported = order["name"], order["import"]
    if order.get("from"):
        module = importlib.import_module(order["from"])
        try:
            found = getattr(module, imported)
        except AttributeError:
            # `from package import module` imports the module.
            found = importlib.import_module(order["from"] + "." + imported)
    else:
        found = importlib.import_module(imported)
    if inspect.ismodule(found) or inspect.isclass(found):
        for part in name.split(".")[1 if name.startswith(imported + ".") else 0:]:
            found = getattr(found, part)
    if not callable(found):
        raise TypeError("%r of %r is not a function" % (name, imported))
    return found


def run(order):
    begin = time.monotonic()
    answer = {"passed": False}
    try:
        value = find(order)()
        answer["passed"] = bool(value == order["expected"])
        answer["value"] = readable(value)
    except BaseException as error:  # also SystemExit: one test does not end the others
        # Without this function's own frame.
        traceback.print_exception(type(error), error, error.__traceback__.tb_next or error.__traceback__)
        answer["error"] = "".join(traceback.format_exception_only(type(error), error)).strip()
    answer["seconds"] = time.monotonic() - begin
    return answer


def readable(value):
    """The value as JSON, and what is not JSON in Python's own words."""
    try:
        return json.loads(json.dumps(value, default=repr, allow_nan=False))
    except (TypeError, ValueError):
        return repr(value)


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass


def read_orders(orders):
    with os.fdopen(ORDERS, "rb") as lines:
        for line in lines:
            orders.put(json.loads(line))
    orders.put(None)
    # Whoever gave the orders is gone. A test that is still at work then belongs to nobody.
    time.sleep(5)
    os._exit(1)


def main():
    for descriptor in (ORDERS, ANSWERS):
        os.set_inheritable(descriptor, False)
    # With -c the first place to look is the folder; PYTHONSAFEPATH would take it away.
    if os.getcwd() not in sys.path and "" not in sys.path:
        sys.path.insert(0, os.getcwd())
    orders = queue.Queue()
    threading.Thread(target=read_orders, args=(orders,), daemon=True).start()
    while True:
        order = orders.get()
        if order is None:
            return
        answer = run(order)
        flush()
        os.write(ANSWERS, json.dumps(answer).encode() + b"\n")


main()
