import io
import json
from typing import Any, Dict, Iterator, Optional, Tuple
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from .app import app, texts
from .version import version

Answered = Tuple[int, Dict[str, str], str]


def ask(method: str, path: str, body: Optional[object] = None, query: str = "", **headers: str) -> Answered:
    """Ask the application as a server does; wsgiref looks whether both keep to WSGI."""
    data = b"" if body is None else json.dumps(body).encode()
    environ: Dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
    }
    environ.update({"wsgi.input": io.BytesIO(data), "CONTENT_LENGTH": str(len(data)), **headers})
    if body is not None:
        environ.setdefault("CONTENT_TYPE", "application/json")
    setup_testing_defaults(environ)
    begun: Dict[str, Any] = {}

    def start(status: str, headers: Any, exc_info: Any = None) -> Any:
        begun.update(status=int(status[:3]), headers=dict(headers))
        return lambda data: None

    answer = validator(app)(environ, start)
    try:
        return begun["status"], begun["headers"], b"".join(answer).decode()
    finally:
        answer.close()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """No test finds texts of another."""
    texts.clear()
    yield


def test_ping_and_version_need_nothing() -> None:
    assert ask("GET", "/ping")[2] == '{"status": "ok"}'
    assert json.loads(ask("GET", "/version")[2]) == {"version": version()}


def test_a_text_is_made_found_changed_and_deleted() -> None:
    status, headers, body = ask("PUT", "/texts/a b", {"one": 1})
    assert (status, headers["Location"], headers["Content-Type"]) == (201, "/texts/a%20b", "application/json")
    assert ask("GET", "/texts/a b")[::2] == (200, body)
    assert ask("POST", "/texts/a b", {"two": 2})[::2] == (200, '{"two": 2}')
    assert ask("PUT", "/texts/a b", {"three": 3})[0] == 200
    assert ask("DELETE", "/texts/a b")[::2] == (204, "")
    assert ask("GET", "/texts/a b")[0] == 404


def test_what_a_client_sends_is_read() -> None:
    said = json.loads(ask("POST", "/echo", {"a": 1}, query="query=133&x=%C3%A9", HTTP_X_NAME="value")[2])
    assert said["query"] == {"query": "133", "x": "é"}
    assert said["headers"]["x-name"] == "value"
    assert said["headers"]["content-type"] == "application/json"
    assert said["body"] == '{"a": 1}'


def test_head_has_the_headers_of_get_and_no_body() -> None:
    got = ask("GET", "/ping")
    assert ask("HEAD", "/ping") == (got[0], got[1], "")


@pytest.mark.parametrize("method, status", [("OPTIONS", 204), ("DELETE", 405)])
def test_which_methods_are_allowed_is_told(method: str, status: int) -> None:
    answer = ask(method, "/echo")
    assert (answer[0], answer[1]["Allow"]) == (status, "GET, HEAD, OPTIONS, POST")


@pytest.mark.parametrize(
    "method, path, more, status",
    [
        ("GET", "/nonsense", {}, 404),
        ("POST", "/texts/a", {"body": {}}, 404),
        ("DELETE", "/texts/a", {}, 404),
        ("PUT", "/texts/", {"body": {}}, 400),
        ("PUT", "/texts/a", {"CONTENT_TYPE": "application/json"}, 400),
        ("PUT", "/texts/a", {"body": {}, "CONTENT_TYPE": "text/plain"}, 415),
        ("GET", "/ping", {"CONTENT_LENGTH": "5000000"}, 413),
    ],
)
def test_what_is_wrong_is_said(method: str, path: str, more: Dict[str, Any], status: int) -> None:
    answer = ask(method, path, **more)
    assert (answer[0], answer[1]["Content-Type"]) == (status, "application/json")
    assert list(json.loads(answer[2])) == ["error"]
