from typing import Callable, Iterator

import pytest
from cordio import config
from fastapi.testclient import TestClient

from . import services
from .adapter import Adapter
from .app import create_app
from .doubles import Gone, Kept
from .version import version

Open = Callable[..., TestClient]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Makes a client of the application, with a database and settings as the test wants them."""

    def make(adapter: Adapter = Kept(), **settings: str) -> TestClient:
        config.use(config.Config(settings))
        monkeypatch.setattr(services, "Adapter", lambda url: adapter)
        return TestClient(create_app())

    yield make
    config.use(None)


def test_ping_needs_nothing(client: Open) -> None:
    with client(Gone(), LOG_LEVEL="LOUD") as opened:
        assert opened.get("/ping").status_code == 200


def test_the_version_is_told(client: Open) -> None:
    with client() as opened:
        assert opened.get("/version").json() == {"version": version()}


def test_all_parts_work(client: Open) -> None:
    with client() as opened:
        answer = opened.get("/healthcheck")
        assert answer.status_code == 200
        assert answer.json()["services"] == {"settings": "ok", "db_adapter": "ok", "db_model": "ok"}


def test_a_database_that_is_gone_is_named(client: Open) -> None:
    with client(Gone()) as opened:
        answer = opened.get("/healthcheck")
        assert (answer.status_code, answer.json()["failed"]) == (503, "db_adapter")
        assert "nobody is there" in answer.json()["services"]["db_adapter"]


def test_wrong_settings_are_named(client: Open) -> None:
    with client(LOG_LEVEL="LOUD") as opened:
        answer = opened.get("/healthcheck")
        assert (answer.status_code, answer.json()["failed"]) == (503, "settings")


def test_a_task_is_found_again(client: Open) -> None:
    with client() as opened:
        made = opened.post("/tasks", json={"type": "report"})
        assert made.status_code == 201
        found = opened.get(made.headers["Location"])
        assert found.status_code == 200
        assert found.headers["Content-Type"] == "application/json"
        assert found.json() == made.json()


def test_what_is_wrong_is_said(client: Open) -> None:
    with client() as opened:
        assert opened.get("/tasks").status_code == 422
        assert opened.post("/tasks", json={}).status_code == 422
        assert opened.post("/tasks", json={"type": " "}).json()["detail"].startswith("The task's type")
        assert opened.get("/tasks?task_id=nonsense").json() == {"detail": "There is no task nonsense."}
