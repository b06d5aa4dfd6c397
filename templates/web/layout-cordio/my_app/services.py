"""What this service consists of: settings, db_adapter that needs them, and db_model that needs db_adapter."""

import logging

from cordio import App, Service

from .adapter import Adapter
from .config import Config
from .model import Tasks
from .version import version

NAME = "my-app"


class Settings(Service):
    """config: what is set, and how it is logged."""

    def __init__(self) -> None:
        self.values = Config.read()
        # servicectl relog sorts lines of this form.
        form = "[%(asctime)s] %(levelname)s in %(module)s: %(message)s"
        logging.basicConfig(format=form, level=self.values.level)

    def ping(self) -> None:
        """Make sure that they can be used."""
        self.values.check()


class DbAdapter(Service):
    """db-adapter: where texts are kept. It is connected to when it is needed."""

    def __init__(self, settings: Settings) -> None:
        self.adapter = Adapter(settings.values.database_url)

    def stop(self) -> None:
        """Let go of connections."""
        self.adapter.close()

    def ping(self) -> None:
        """Make sure that the database answers."""
        self.adapter.ping()


class DbModel(Service):
    """db-model: the tasks."""

    def __init__(self, db_adapter: DbAdapter) -> None:
        self.tasks = Tasks(db_adapter.adapter)

    def ping(self) -> None:
        """Make sure that tasks can be looked up."""
        self.tasks.ping()


def make_core() -> App:
    """
    Put them together.

    Returns
    -------
    App
        Answers /ping, which needs nothing, /healthcheck, which names the part that fails, and /internal/state.
    """
    core = App(NAME, version=version(), healthcheck=("settings", "db_model"))
    for service in (Settings, DbAdapter, DbModel):
        core.service(service)
    return core
