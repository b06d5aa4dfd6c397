"""The application: what is answered at which address."""

import logging
from typing import Any, Dict, Optional, Tuple, Union

from flask import Flask, Response, jsonify, request
from flask.json.provider import DefaultJSONProvider

from . import swagger
from .adapter import Adapter
from .config import Config
from .health import Part, examine
from .methods import table
from .metrics import measure
from .model import Tasks
from .pages import blueprint
from .rpc import Dispatcher
from .version import version

Json = Union[Response, Tuple[Response, int]]


def create_app(config: Optional[Config] = None, adapter: Optional[Adapter] = None) -> Flask:
    """
    Make the application.

    Parameters
    ----------
    config : Config, optional
        Its settings; without it, those of the environment.
    adapter : Adapter, optional
        Its database; without it, that of the settings.
    """
    settings = config or Config.read()
    database = adapter or Adapter(settings.database_url)
    tasks = Tasks(database)
    methods = table(tasks)
    dispatcher = Dispatcher(methods, settings.allow_batches)

    # servicectl relog sorts lines of this form.
    logging.basicConfig(format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s", level=settings.level)
    app = Flask(__name__)
    json = DefaultJSONProvider(app)
    json.ensure_ascii = settings.json_as_ascii
    app.json = json
    app.register_blueprint(blueprint(tasks))
    measure(app)

    @app.route("/ping", methods=["GET", "POST"])
    def ping() -> Dict[str, str]:
        """Answer, whatever else works."""
        return {"status": "ok"}

    @app.get("/healthcheck")
    def healthcheck() -> Json:
        """Tell which parts work, and name the one that fails."""
        health = examine(
            [
                Part("config", settings.check),
                Part("db-adapter", database.ping, needs=("config",)),
                Part("db-model", tasks.ping, needs=("db-adapter",)),
            ]
        )
        return jsonify(health.to_dict()), 503 if health.failed else 200

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

    return app


app = create_app()
