from typing import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from .adapter import Adapter
from .app import app, get_adapter, get_config
from .config import Config
from .doubles import Gone, Kept
from .version import version

Open = Callable[..., TestClient]


@pytest.fixture
def client() -> Iterator[Open]:
    """Makes a client of the application, with a database and settings as the test wants them."""

    def make(adapter: Adapter = Kept(), config: Config = Config()) -> TestClient:
        app.dependency_overrides = {get_config: lambda: config, get_adapter: lambda: adapter}
        return TestClient(app)

    yield make
    app.dependency_overrides = {}


def test_ping_needs_nothing(client: Open) -> None:
    answer = client(Gone(), Config(log_level="LOUD")).get("/ping")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_the_version_is_told(client: Open) -> None:
    assert client().get("/version").json() == {"version": version()}


def test_all_parts_work(client: Open) -> None:
    answer = client().get("/healthcheck")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "failed": [],
        "parts": {"config": "ok", "db-adapter": "ok", "db-model": "ok"},
    }


def test_a_database_that_is_gone_is_named(client: Open) -> None:
    answer = client(Gone()).get("/healthcheck")
    assert answer.status_code == 503
    assert answer.json()["failed"] == ["db-adapter"]
    assert answer.json()["parts"] == {
        "config": "ok",
        "db-adapter": "ConnectionError: nobody is there",
        "db-model": "needs db-adapter",
    }


def test_wrong_settings_are_named(client: Open) -> None:
    answer = client(config=Config(log_level="LOUD")).get("/healthcheck")
    assert answer.status_code == 503
    assert answer.json()["failed"] == ["config"]


def test_a_task_is_found_again(client: Open) -> None:
    kept = client(Kept())
    made = kept.post("/tasks", json={"type": "report"})
    assert made.status_code == 201
    found = kept.get(made.headers["Location"])
    assert found.status_code == 200
    assert found.headers["Content-Type"] == "application/json"
    assert found.json() == made.json()


def test_what_is_wrong_is_said(client: Open) -> None:
    assert client().get("/tasks").status_code == 422
    assert client().post("/tasks", json={}).status_code == 422
    assert client().post("/tasks", json={"type": " "}).json()["detail"].startswith("The task's type")
    assert client().get("/tasks?task_id=nonsense").json() == {"detail": "There is no task nonsense."}
