import json
import threading
import urllib.error
import urllib.request
from typing import Any, Iterator, Optional, Tuple

import pytest

from .config import Config
from .module import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """The module, on a port that the kernel gives."""
    with Server(("127.0.0.1", 0), Config("hello")) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(server: Server, path: str, body: Optional[object] = None) -> Tuple[int, Any]:
    """Send a request; tell status and text."""
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{server.server_port}{path}", data, timeout=10
        ) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_it_greets_as_its_configuration_says(server: Server) -> None:
    assert ask(server, "/greet") == (200, '{"text": "hello"}')


def test_addresses_are_kept_and_replaced(server: Server) -> None:
    assert ask(server, "/receive_module_addresses", {"module": "billing", "hosts": ["10.0.0.1:80"]})[0] == 200
    assert ask(server, "/modules")[1] == '{"billing": ["10.0.0.1:80"]}'
    assert ask(server, "/receive_module_addresses", {"module": "billing", "hosts": []})[0] == 200
    assert ask(server, "/modules")[1] == '{"billing": []}'


@pytest.mark.parametrize("body", [5, {}, {"module": "billing"}, {"module": "billing", "hosts": 5}])
def test_what_is_no_address_is_refused(server: Server, body: object) -> None:
    assert ask(server, "/receive_module_addresses", body)[0] == 400


def test_it_is_healthy_and_counts(server: Server) -> None:
    assert ask(server, "/internal/health") == (200, '{"status": "pass"}')
    assert "requests_total 2" in ask(server, "/internal/metrics")[1]


def test_other_paths_are_not_found(server: Server) -> None:
    assert ask(server, "/nonsense")[0] == ask(server, "/nonsense", {})[0] == 404
