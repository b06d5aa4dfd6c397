"""What this service answers: it keeps texts, by the methods that HTTP has for that."""

from http import HTTPStatus
from typing import Any, Dict
from urllib.parse import quote

from .version import version
from .web import Answer, Application, HttpError, Request

app = Application()
texts: Dict[str, Any] = {}


@app.on("GET", "/ping")
def ping(request: Request, rest: str) -> Answer:
    """Answer, whatever else works."""
    return Answer({"status": "ok"})


@app.on("GET", "/version")
def tell_version(request: Request, rest: str) -> Answer:
    """Tell the version that runs."""
    return Answer({"version": version()})


@app.on("GET", "/echo")
@app.on("POST", "/echo")
def echo(request: Request, rest: str) -> Answer:
    """Tell the client what it sent: method, query, headers and body."""
    return Answer(
        {
            "method": request.method,
            "query": dict(request.query),
            "headers": dict(request.headers),
            "body": request.body.decode(errors="replace"),
        }
    )


@app.on("GET", "/texts/")
def find(request: Request, name: str) -> Answer:
    """Look a text up."""
    return Answer(texts[known(name)])


@app.on("PUT", "/texts/")
def make(request: Request, name: str) -> Answer:
    """Make a text, or replace it."""
    if not name:
        raise HttpError(HTTPStatus.BAD_REQUEST, "The path has to name the text.")
    is_new = name not in texts
    texts[name] = request.json()
    headers = {"Location": "/texts/" + quote(name)}
    return Answer(texts[name], HTTPStatus.CREATED if is_new else HTTPStatus.OK, headers)


@app.on("POST", "/texts/")
def change(request: Request, name: str) -> Answer:
    """Change a text that is there."""
    texts[known(name)] = request.json()
    return Answer(texts[name])


@app.on("DELETE", "/texts/")
def delete(request: Request, name: str) -> Answer:
    """Delete a text."""
    del texts[known(name)]
    return Answer(status=HTTPStatus.NO_CONTENT)


def known(name: str) -> str:
    """Make sure that there is a text of this name."""
    if name not in texts:
        raise HttpError(HTTPStatus.NOT_FOUND, f"There is no text {name}.")
    return name
