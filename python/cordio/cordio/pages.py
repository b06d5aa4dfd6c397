"""``/ping``, ``/healthcheck`` and ``/internal/state``."""

from __future__ import annotations

import hmac
import os
import sys
import time
from typing import TYPE_CHECKING, Any, Dict

from . import auth, config
from .http import HttpError, Request, Response

if TYPE_CHECKING:
    from .app import App

PATHS = ("/ping", "/healthcheck", "/internal/state")

_LOOPBACK = ("127.0.0.1", "::1", "", None)
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


async def answer(app: App, request: Request) -> Response:
    """Answer one of the pages."""
    if request.method not in ("GET", "HEAD", "POST"):  # the predecessor asks /ping by POST
        raise HttpError(405)
    if request.path == "/ping":
        return Response("pong", place=__file__)
    if request.path == "/healthcheck":
        return await healthcheck(app)
    if not may_see_state(request):
        raise HttpError(404)
    return Response(state(app), place=__file__)


async def healthcheck(app: App) -> Response:
    """Ping the services: 200, or 503 with the part that fails.

    Don't let it be the health page: when the database fails, it would have each service restarted.
    Use it as ``ready.http``, and ``/ping`` as ``health.http``.
    """
    names = app.healthcheck if app.healthcheck is not None else app.services.names()
    found = await app.services.check(names)
    failed = [name for name, trouble in found.items() if trouble is not None]
    body: Dict[str, Any] = {"status": "failing" if failed else "ok"}
    if failed:
        body["failed"] = failed[0]
    body["services"] = {name: trouble or "ok" for name, trouble in found.items()}
    return Response(body, 503 if failed else 200, place=__file__)


def may_see_state(request: Request) -> bool:
    """Is it ServiceCtl that asks (by its token), or somebody on this host and not through a proxy?"""
    token = config.current().handed.get("token")
    if token:
        return hmac.compare_digest(
            request.headers.get("authorization", "").encode(), f"Bearer {token}".encode()
        )
    return request.client in _LOOPBACK and not any(name in request.headers for name in _FORWARDED)


def state(app: App) -> Dict[str, Any]:
    """Return what runs in this process: tasks, handlers, services, certificates, and the configuration with secrets hidden."""
    handed = config.current().handed
    return {
        "service": handed.get("service", app.name),
        "generation": handed.get("generation"),
        "version": app.version,
        "pid": os.getpid(),
        "python": sys.version.split()[0],
        "since": app.began,
        "uptime": round(time.time() - app.began, 1),
        "tasks": app.tasks(),
        "handlers": [{"event": one.event, "name": one.name, "place": one.place} for one in app.handlers],
        "services": [
            {"name": name, "made": name in app.services.made(), "requires": app.services.requirements(name)}
            for name in app.services.names()
        ],
        "certificates": [auth.certificate(path) for path in app.certificates],
        "configuration": config.current().masked(),
    }
