import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def test_it_serves_where_it_is_told_and_ends_when_it_is_asked() -> None:
    command = [sys.executable, "-m", PACKAGE.name, "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=PACKAGE.parent) as server:
        assert server.stderr is not None
        try:
            line = server.stderr.readline()
            assert line.startswith("Listening at ")
            with urllib.request.urlopen(f"http://{line.split()[-1]}/ping", timeout=10) as answer:
                assert answer.read() == b'{"status": "ok"}'
        finally:
            server.terminate()
        assert server.wait(10) == 0


def test_it_takes_a_socket_that_listens_already() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-m", PACKAGE.name, "--fd", str(listener.fileno())]
        with subprocess.Popen(command, cwd=PACKAGE.parent, pass_fds=[listener.fileno()]) as server:
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{listener.getsockname()[1]}/ping", timeout=10
                ) as answer:
                    assert answer.status == 200
            finally:
                os.kill(server.pid, signal.SIGINT)
            assert server.wait(10) == 0
