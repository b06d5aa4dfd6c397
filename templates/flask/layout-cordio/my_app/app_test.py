import json
from typing import Any, Callable, Dict, Iterator

import pytest
from cordio import config
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from . import services
from .adapter import Adapter
from .app import create_app
from .doubles import Gone, Kept
from .version import version

Make = Callable[..., FlaskClient]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a client of the application, with a database and settings as the test wants them."""

    def client(adapter: Adapter = Kept(), **settings: object) -> FlaskClient:
        config.use(config.Config(settings))
        monkeypatch.setattr(services, "Adapter", lambda url: adapter)
        return create_app().test_client()

    yield client
    config.use(None)


@pytest.fixture
def client(make: Make) -> FlaskClient:
    """A client of the application, with a database of its own."""
    return make(Kept())


def said(answer: TestResponse) -> Any:
    """What the JSON of an answer says."""
    return json.loads(answer.data)


def test_ping_needs_nothing(make: Make) -> None:
    client = make(Gone(), LOG_LEVEL="LOUD")
    assert client.get("/ping").status_code == client.post("/ping").status_code == 200


def test_all_parts_work(client: FlaskClient) -> None:
    answer = client.get("/healthcheck")
    assert answer.status_code == 200
    assert said(answer)["services"] == {"settings": "ok", "db_adapter": "ok", "db_model": "ok"}


def test_a_database_that_is_gone_is_named(make: Make) -> None:
    answer = make(Gone()).get("/healthcheck")
    assert (answer.status_code, said(answer)["failed"]) == (503, "db_adapter")


def test_wrong_settings_are_named(make: Make) -> None:
    answer = make(Kept(), LOG_LEVEL="LOUD").get("/healthcheck")
    assert (answer.status_code, said(answer)["failed"]) == (503, "settings")


def test_the_version_is_told(client: FlaskClient) -> None:
    assert said(client.get("/version")) == {"version": version()}


def test_calls_are_answered(client: FlaskClient) -> None:
    made = client.post("/", json={"jsonrpc": "2.0", "id": 1, "method": "task.create", "params": ["report"]})
    uid = said(made)["result"]["uid"]
    found = client.post("/", json={"jsonrpc": "2.0", "id": 2, "method": "task.get", "params": {"uid": uid}})
    assert said(found) == {**said(made), "id": 2}


def test_a_notification_has_no_answer(client: FlaskClient) -> None:
    answer = client.post("/", json={"jsonrpc": "2.0", "method": "ping"})
    assert (answer.status_code, answer.data) == (204, b"")


def test_a_task_is_found_again(client: FlaskClient) -> None:
    made = client.post("/tasks", json={"type": "report"})
    assert (made.status_code, made.content_type) == (201, "application/json")
    found = client.get(made.headers["Location"])
    assert (found.status_code, found.content_type) == (200, "application/json")
    assert said(found) == said(made)
    assert set(said(found)) == {"uid", "type", "start", "duration", "end"}


def test_what_is_not_ascii_is_escaped_only_on_request(client: FlaskClient, make: Make) -> None:
    assert "réport" in client.post("/tasks", json={"type": "réport"}).text
    escaped = make(Kept(), JSON_AS_ASCII=True)
    assert "r\\u00e9port" in escaped.post("/tasks", json={"type": "réport"}).text


def test_head_has_the_headers_alone(client: FlaskClient) -> None:
    made = client.post("/tasks", json={"type": "report"})
    answer = client.head(made.headers["Location"])
    assert (answer.status_code, answer.content_type, answer.data) == (200, "application/json", b"")


@pytest.mark.parametrize(
    "request_, status, message",
    [
        ({"method": "POST", "data": "type=report"}, 415, "application/json"),
        ({"method": "POST", "json": ["report"]}, 400, '{"type": …}'),
        ({"method": "POST", "json": {}}, 400, '{"type": …}'),
        ({"method": "POST", "json": {"type": ""}}, 400, "1 to 100 characters"),
        ({"method": "POST", "data": "{", "content_type": "application/json"}, 400, ""),
        ({"method": "GET"}, 400, "task_id"),
        ({"method": "GET", "query_string": {"task_id": "nonsense"}}, 404, "nonsense"),
        ({"method": "DELETE"}, 405, "not allowed"),
    ],
)
def test_what_is_wrong_is_said(
    client: FlaskClient, request_: Dict[str, Any], status: int, message: str
) -> None:
    answer = client.open("/tasks", **request_)
    assert (answer.status_code, answer.content_type) == (status, "application/json")
    assert said(answer)["error"]["status"] == status
    assert message in said(answer)["error"]["message"]
    assert status != 405 or "POST" in answer.headers["Allow"]


def test_requests_are_counted(client: FlaskClient) -> None:
    client.get("/ping")
    assert 'requests_total{method="GET",status="200"}' in client.get("/metrics").text


def test_the_page_of_methods_can_be_switched_off(client: FlaskClient, make: Make) -> None:
    assert "task.create" in client.get("/swagger").text
    assert said(client.get("/openapi.json"))["openapi"] == "3.0.3"
    without = make(Kept(), swagger_ui=False)
    assert without.get("/swagger").status_code == 404
