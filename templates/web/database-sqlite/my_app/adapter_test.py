import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .adapter import Adapter


def test_a_text_is_replaced(tmp_path: Path) -> None:
    adapter = Adapter(f"sqlite:{tmp_path}/data/main.sqlite3")
    adapter.put("key", "old")
    adapter.put("key", "new")
    assert adapter.get("key") == "new"


def test_threads_write_at_the_same_time(tmp_path: Path) -> None:
    adapter = Adapter(f"sqlite:{tmp_path}/main.sqlite3")
    keys = [str(number) for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: adapter.put(key, "text " + key), keys))
    assert [adapter.get(key) for key in keys] == ["text " + key for key in keys]


def test_a_file_that_is_no_database_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "main.sqlite3").write_text("This is not a database. " * 50)
    with pytest.raises(sqlite3.Error):
        Adapter(f"sqlite:{tmp_path}/main.sqlite3").ping()


def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="sqlite:"):
        Adapter("redis://127.0.0.1")
