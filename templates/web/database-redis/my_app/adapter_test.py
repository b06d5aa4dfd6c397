import shutil
import socket
import subprocess
from pathlib import Path
from typing import Iterator

import pytest
import redis

from .adapter import Adapter


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A Redis for one test, at a Unix socket."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no redis-server here: apt install redis-server")
    path = tmp_path / "redis.sock"
    options = ["--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            assert any("ready to accept connections" in line.lower() for line in server.stdout)
            yield f"unix://{path}"
        finally:
            server.terminate()


def test_a_text_is_replaced(url: str) -> None:
    adapter = Adapter(url)
    adapter.ping()
    adapter.put("key", "old")
    adapter.put("key", "new")
    assert adapter.get("key") == "new"
    assert adapter.get("nothing") is None


def test_it_is_connected_to_again(url: str) -> None:
    adapter = Adapter(url)
    adapter.ping()
    adapter.close()
    adapter.ping()


def test_a_redis_that_is_not_there_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(redis.ConnectionError):
        Adapter(f"redis://127.0.0.1:{port}").ping()


def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="redis://"):
        Adapter("file:var/data")
