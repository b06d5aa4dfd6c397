import pytest

from .doubles import Kept
from .methods import NO_SUCH_TASK, table
from .model import Tasks
from .rpc import INVALID_PARAMS, RpcError

METHODS = table(Tasks(Kept()))


def test_a_task_is_found_again() -> None:
    task = METHODS["task.create"](type="report")
    assert METHODS["task.get"](task["uid"]) == task


def test_a_task_that_is_not_there_has_a_code_of_its_own() -> None:
    with pytest.raises(RpcError) as error:
        METHODS["task.get"]("nonsense")
    assert error.value.code == NO_SUCH_TASK


def test_what_is_no_type_is_an_invalid_parameter() -> None:
    with pytest.raises(RpcError) as error:
        METHODS["task.create"](type="")
    assert error.value.code == INVALID_PARAMS


def test_each_method_says_what_it_does() -> None:
    assert all(method.__doc__ for method in METHODS.values())
