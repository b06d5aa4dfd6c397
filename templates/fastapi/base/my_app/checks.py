"""What tests.yaml asks the running service."""

import json
import os
import urllib.error
import urllib.request
from typing import Any, Optional, Tuple

ADDRESS = os.environ.get("ADDRESS", "127.0.0.1:8000")


def ask(path: str, body: Optional[object] = None) -> Tuple[int, Any]:
    """
    Send a request to the service.

    Parameters
    ----------
    path : str
        Where to.
    body : object, optional
        What is posted, as JSON.

    Returns
    -------
    tuple
        The status, and what the answer says: as JSON where it is some, else its text.
    """
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://{ADDRESS}{path}", data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, read(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, read(error.read())


def read(body: bytes) -> Any:
    """Read an answer's body."""
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()


def answers() -> bool:
    """Does it answer at all?"""
    return ask("/ping")[0] == 200


def all_parts_work() -> object:
    """Do all parts work? If not, what is said of them."""
    status, found = ask("/healthcheck")
    return status == 200 or found


def a_task_is_found_again() -> bool:
    """Is a task kept?"""
    status, task = ask("/tasks", {"type": "check"})
    return status == 201 and ask(f"/tasks?task_id={task['uid']}") == (200, task)


def an_unknown_task_is_not_found() -> bool:
    """Is it said that there is no such task?"""
    return ask("/tasks?task_id=nonsense")[0] == 404
