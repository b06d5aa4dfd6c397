"""The methods that clients call by JSON-RPC; each docstring is what the page of methods shows."""

from dataclasses import asdict
from typing import Any, Callable, Dict

from .model import Tasks
from .rpc import INVALID_PARAMS, RpcError
from .version import version

NO_SUCH_TASK = -32001


def table(tasks: Tasks) -> Dict[str, Callable[..., Any]]:
    """
    Name the methods.

    Parameters
    ----------
    tasks : Tasks
        What they work with.
    """

    def ping() -> str:
        """Answer, whatever else works."""
        return "pong"

    def tell_version() -> str:
        """Tell the version that runs."""
        return version()

    def create_task(type: str) -> Dict[str, Any]:
        """Make a task of a type."""
        try:
            return asdict(tasks.create(type))
        except ValueError as error:
            raise RpcError(INVALID_PARAMS, "Invalid params", str(error)) from error

    def get_task(uid: str) -> Dict[str, Any]:
        """Look a task up."""
        task = tasks.get(uid)
        if task is None:
            raise RpcError(NO_SUCH_TASK, f"There is no task {uid}.")
        return asdict(task)

    return {"ping": ping, "version": tell_version, "task.create": create_task, "task.get": get_task}
