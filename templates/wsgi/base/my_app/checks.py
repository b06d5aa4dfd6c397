"""What tests.yaml asks the running service."""

import json
import os
import urllib.error
import urllib.request
from typing import Any, Optional, Tuple

ADDRESS = os.environ.get("ADDRESS", "127.0.0.1:8002")


def ask(method: str, path: str, body: Optional[object] = None) -> Tuple[int, Any]:
    """
    Send a request to the service.

    Returns
    -------
    tuple
        The status, and what the JSON of the answer says.
    """
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://{ADDRESS}{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def answers() -> bool:
    """Does it answer at all?"""
    return ask("GET", "/ping") == (200, {"status": "ok"})


def a_text_is_kept_and_deleted() -> bool:
    """Are texts kept?"""
    made = ask("PUT", "/texts/check", {"one": 1})[0]
    found = ask("GET", "/texts/check")
    deleted = ask("DELETE", "/texts/check")[0]
    return made in (200, 201) and found == (200, {"one": 1}) and deleted == 204


def an_unknown_path_is_not_found() -> bool:
    """Is it said that there is nothing?"""
    return ask("GET", "/nonsense")[0] == 404
