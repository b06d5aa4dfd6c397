"""The application: what is answered at which address; /ping, /healthcheck and /internal/state are cordio's."""

from typing import Any, Dict, Tuple, Union

from cordio.middleware import WsgiMiddleware
from flask import Flask, Response, jsonify, request
from flask.json.provider import DefaultJSONProvider

from . import swagger
from .methods import table
from .metrics import measure
from .pages import blueprint
from .rpc import Dispatcher
from .services import make_core
from .version import version


def create_app() -> Flask:
    """Make the application: Flask's pages, in the life of cordio's services."""
    core = make_core()
    settings = core.get_now("settings").values
    tasks = core.get_now("db_model").tasks
    methods = table(tasks)
    dispatcher = Dispatcher(methods, settings.allow_batches)

    app = Flask(__name__)
    json = DefaultJSONProvider(app)
    json.ensure_ascii = settings.json_as_ascii
    app.json = json
    app.register_blueprint(blueprint(tasks))
    measure(app)

    @app.get("/version")
    def tell_version() -> Dict[str, str]:
        """Tell the version that runs."""
        return {"version": version()}

    @app.post("/")
    def json_rpc() -> Union[Response, Tuple[str, int]]:
        """Take calls by JSON-RPC 2.0."""
        answer = dispatcher.answer(request.get_data())
        return ("", 204) if answer is None else jsonify(answer)

    if settings.swagger_ui:

        @app.get("/openapi.json")
        def openapi() -> Dict[str, Any]:
            """Describe the methods."""
            return swagger.openapi(methods)

        @app.get("/swagger")
        def page() -> str:
            """Show the methods, to be tried."""
            return swagger.page(methods)

    app.wsgi_app = WsgiMiddleware(app.wsgi_app, core)  # type: ignore[assignment]
    return app


app = create_app()
