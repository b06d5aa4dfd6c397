import json
from typing import Any, Dict

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from .app import create_app
from .config import Config
from .doubles import Gone, Kept
from .version import version


@pytest.fixture
def client() -> FlaskClient:
    """A client of the application, with a database of its own."""
    return create_app(Config(), Kept()).test_client()


def said(answer: TestResponse) -> Any:
    """What the JSON of an answer says."""
    return json.loads(answer.data)


def test_ping_needs_nothing() -> None:
    client = create_app(Config(log_level="LOUD"), Gone()).test_client()
    assert said(client.get("/ping")) == said(client.post("/ping")) == {"status": "ok"}


def test_all_parts_work(client: FlaskClient) -> None:
    answer = client.get("/healthcheck")
    assert answer.status_code == 200
    assert said(answer)["parts"] == {"config": "ok", "db-adapter": "ok", "db-model": "ok"}


def test_a_database_that_is_gone_is_named() -> None:
    answer = create_app(Config(), Gone()).test_client().get("/healthcheck")
    assert (answer.status_code, said(answer)["failed"]) == (503, ["db-adapter"])
    assert said(answer)["parts"]["db-model"] == "needs db-adapter"


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


def test_what_is_not_ascii_is_escaped_only_on_request(client: FlaskClient) -> None:
    assert "réport" in client.post("/tasks", json={"type": "réport"}).text
    escaped = create_app(Config(json_as_ascii=True), Kept()).test_client()
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


def test_the_page_of_methods_can_be_switched_off(client: FlaskClient) -> None:
    assert "task.create" in client.get("/swagger").text
    assert said(client.get("/openapi.json"))["openapi"] == "3.0.3"
    without = create_app(Config(swagger_ui=False), Kept()).test_client()
    assert without.get("/swagger").status_code == 404
