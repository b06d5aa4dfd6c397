import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterator

import psycopg2
import pytest

from .adapter import Adapter


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """TEST_DATABASE_URL; without it a PostgreSQL for these tests, at a Unix socket."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    initdb, postgres = programs()
    if os.geteuid() == 0 or not initdb.exists() or not postgres.exists():
        pytest.skip("there is no PostgreSQL that this user can run: set TEST_DATABASE_URL")
    folder = tmp_path_factory.mktemp("pg")
    subprocess.run(
        [initdb, "-D", folder / "data", "-U", "test", "-A", "trust", "-N"], check=True, capture_output=True
    )
    options = ["-D", str(folder / "data"), "-h", "", "-k", str(folder), "-F"]
    with subprocess.Popen([str(postgres), *options], stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            assert any("ready to accept connections" in line for line in server.stderr)
            yield f"host={folder} user=test dbname=postgres"
        finally:
            server.terminate()


def programs() -> Iterator[Path]:
    """Where initdb and postgres are: in PATH, or where Debian keeps its newest."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    for name in ("initdb", "postgres"):
        found = shutil.which(name)
        yield Path(found) if found else debian[-1] / name if debian else Path(name)


def test_a_text_is_replaced(url: str) -> None:
    adapter = Adapter(url)
    adapter.ping()
    adapter.put("key", "old")
    adapter.put("key", "new")
    assert adapter.get("key") == "new"
    assert adapter.get("nothing") is None


def test_many_begin_at_the_same_time(url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: Adapter(url).put(str(number), "text"), range(16)))


def test_a_connection_that_was_cut_is_made_again(url: str) -> None:
    adapter = Adapter(url)
    adapter.put("key", "text")
    with psycopg2.connect(url) as other, other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    assert adapter.get("key") == "text"


def test_a_database_that_is_not_there_is_noticed() -> None:
    with pytest.raises(psycopg2.OperationalError):
        Adapter("postgresql://127.0.0.1:1/postgres").ping()


def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(psycopg2.ProgrammingError):
        Adapter("file:var/data")
