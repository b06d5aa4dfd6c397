"""Tasks by plain HTTP: POST makes one, GET ?task_id=UID looks it up."""

from dataclasses import asdict
from typing import Any, Tuple, Union

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, UnsupportedMediaType

from .model import Tasks

Made = Tuple[Response, int, Any]


def blueprint(tasks: Tasks) -> Blueprint:
    """
    Make the pages.

    Parameters
    ----------
    tasks : Tasks
        What they show.
    """
    pages = Blueprint("tasks", __name__)

    @pages.post("/tasks")
    def make() -> Made:
        if not request.is_json:
            raise UnsupportedMediaType("The request's Content-Type has to be application/json.")
        body = request.get_json()
        if not isinstance(body, dict) or "type" not in body:
            raise BadRequest('The body has to be {"type": …}.')
        try:
            task = tasks.create(body["type"])
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return jsonify(asdict(task)), 201, {"Location": f"/tasks?task_id={task.uid}"}

    @pages.get("/tasks")
    def find() -> Response:
        uid = request.args.get("task_id")
        if not uid:
            raise BadRequest("The query has to have task_id.")
        task = tasks.get(uid)
        if task is None:
            raise NotFound(f"There is no task {uid}.")
        return jsonify(asdict(task))

    @pages.app_errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Union[Response, HTTPException]:
        if error.code is None or error.code < 400:
            return error
        answer = jsonify(error={"status": error.code, "message": error.description})
        answer.status_code = error.code
        # Such as Allow, where another method is allowed.
        answer.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
        return answer

    return pages
