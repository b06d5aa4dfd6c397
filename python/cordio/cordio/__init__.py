"""cordio: what only lives inside a Python process that ServiceCtl runs.

An :class:`App` is one program as a daemon, an ASGI or WSGI application, or a plain program; its handlers get services, the
configuration and uniform requests by the names of their parameters; layers and rules say what is done about exceptions; points and
stages tell what goes on.
"""

from . import config
from .app import App, spawn
from .daemon import SimpleDaemon, SimpleDaemonExit
from .handlers import on
from .http import HttpError, Request, Response
from .layers import Jump, layer, retry
from .middleware import AsgiMiddleware, WsgiMiddleware
from .models import ValidationError, validate
from .monitor import fact, point, shaping, stage
from .options import option
from .services import Resource, Service

__version__ = "0.2.0"

__all__ = [
    "App",
    "AsgiMiddleware",
    "HttpError",
    "Jump",
    "Request",
    "Resource",
    "Response",
    "Service",
    "SimpleDaemon",
    "SimpleDaemonExit",
    "ValidationError",
    "WsgiMiddleware",
    "config",
    "fact",
    "layer",
    "on",
    "option",
    "point",
    "retry",
    "shaping",
    "spawn",
    "stage",
    "validate",
]
