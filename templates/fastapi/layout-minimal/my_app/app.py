"""The pages of this service."""

import logging
from functools import lru_cache
from typing import Any, Dict, Optional

from fastapi import Depends, FastAPI, HTTPException, Response, status
from pydantic import BaseModel

from .adapter import Adapter
from .config import Config
from .health import Part, examine
from .model import Task, Tasks
from .version import version

app = FastAPI(title="My App", version=version())


class Order(BaseModel):
    """What a client posts to have a task made."""

    type: str


@lru_cache(maxsize=None)
def get_config() -> Config:
    """Read the settings, once."""
    config = Config.read()
    logging.basicConfig(format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s", level=config.level)
    return config


@lru_cache(maxsize=None)
def connect(url: str) -> Adapter:
    """Make the adapter of a database, once."""
    return Adapter(url)


def get_adapter(config: Config = Depends(get_config)) -> Adapter:
    """db-adapter, which needs config."""
    return connect(config.database_url)


def get_tasks(adapter: Adapter = Depends(get_adapter)) -> Tasks:
    """db-model, which needs db-adapter."""
    return Tasks(adapter)


@app.get("/ping")
def ping() -> Dict[str, str]:
    """Answer, whatever else works."""
    return {"status": "ok"}


@app.get("/version")
def tell_version() -> Dict[str, str]:
    """Tell the version that runs."""
    return {"version": version()}


@app.get("/healthcheck", responses={503: {"description": "A part fails; the answer names it."}})
def healthcheck(
    response: Response,
    config: Config = Depends(get_config),
    adapter: Adapter = Depends(get_adapter),
    tasks: Tasks = Depends(get_tasks),
) -> Dict[str, Any]:
    """Tell which parts work."""
    health = examine(
        [
            Part("config", config.check),
            Part("db-adapter", adapter.ping, needs=("config",)),
            Part("db-model", tasks.ping, needs=("db-adapter",)),
        ]
    )
    if health.failed:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return health.to_dict()


@app.post("/tasks", status_code=status.HTTP_201_CREATED)
def make_task(order: Order, response: Response, tasks: Tasks = Depends(get_tasks)) -> Task:
    """Make a task of a type."""
    try:
        task = tasks.create(order.type)
    except ValueError as error:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_ENTITY, str(error)) from error
    response.headers["Location"] = f"/tasks?task_id={task.uid}"
    return task


@app.get("/tasks", responses={404: {"description": "There is no such task."}})
def find_task(task_id: str, tasks: Tasks = Depends(get_tasks)) -> Task:
    """Look a task up."""
    task: Optional[Task] = tasks.get(task_id)
    if task is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"There is no task {task_id}.")
    return task
