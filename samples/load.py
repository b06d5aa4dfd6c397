"""Sends requests, each on a connection of its own, until it gets SIGTERM; then says how many there were, and how many failed.

    load.py URL [--clients 4] [--pause 0] [--at-least 2000]

A request has failed when it could not connect, was cut off, or was answered with anything but 200. Exit code 1 when any has.
"""
import argparse
import collections
import http.client
import signal
import statistics
import sys
import threading
import time
import urllib.parse


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--clients", type=int, default=4, help="requests in flight at any time")
    parser.add_argument("--pause", type=float, default=0, help="seconds that each client waits before its next request")
    parser.add_argument("--at-least", type=int, default=2000, help="goes on after SIGTERM until so many were sent")
    options = parser.parse_args()

    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())

    seconds, failures = [], collections.Counter()  # list.append and the lock below: safe between threads
    lock = threading.Lock()

    def client():
        while not (ended.is_set() and len(seconds) >= options.at_least):
            began = time.monotonic()
            failure = request(options.url)
            seconds.append(time.monotonic() - began)
            if failure:
                with lock:
                    failures[failure] += 1
            time.sleep(options.pause)

    clients = [threading.Thread(target=client) for _ in range(options.clients)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()

    print(f"{len(seconds)} requests, {sum(failures.values())} failed; "
          f"median {statistics.median(seconds) * 1000:.1f} ms, slowest {max(seconds) * 1000:.1f} ms", flush=True)
    for failure, count in failures.most_common(5):
        print(f"  {count} x {failure}")
    return 1 if failures else 0


def request(url):
    """Returns what went wrong; None when nothing did."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request("GET", parts.path or "/")
        response = connection.getresponse()
        response.read()
        return None if response.status == 200 else f"HTTP {response.status}"
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
