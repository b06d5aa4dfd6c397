"""The pages of this service; /ping, /healthcheck and /internal/state are cordio's."""

from typing import Dict, Optional

from cordio.middleware import AsgiMiddleware
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response, status
from pydantic import BaseModel

from .model import Task, Tasks
from .services import make_core
from .version import version

router = APIRouter()


class Order(BaseModel):
    """What a client posts to have a task made."""

    type: str


async def get_tasks(request: Request) -> Tasks:
    """db-model, made on first use."""
    model = await request.app.state.core.get("db_model")
    tasks: Tasks = model.tasks
    return tasks


@router.get("/version")
def tell_version() -> Dict[str, str]:
    """Tell the version that runs."""
    return {"version": version()}


@router.post("/tasks", status_code=status.HTTP_201_CREATED)
def make_task(order: Order, response: Response, tasks: Tasks = Depends(get_tasks)) -> Task:
    """Make a task of a type."""
    try:
        task = tasks.create(order.type)
    except ValueError as error:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_ENTITY, str(error)) from error
    response.headers["Location"] = f"/tasks?task_id={task.uid}"
    return task


@router.get("/tasks", responses={404: {"description": "There is no such task."}})
def find_task(task_id: str, tasks: Tasks = Depends(get_tasks)) -> Task:
    """Look a task up."""
    task: Optional[Task] = tasks.get(task_id)
    if task is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"There is no task {task_id}.")
    return task


def create_app() -> AsgiMiddleware:
    """Make the application: FastAPI's pages, in the life of cordio's services."""
    pages = FastAPI(title="My App", version=version())
    pages.state.core = make_core()
    pages.include_router(router)
    return AsgiMiddleware(pages, pages.state.core)


app = create_app()
