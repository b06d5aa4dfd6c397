import json
import logging
from typing import Any

import pytest

from .rpc import Dispatcher, RpcError


def divide(a: float, b: float = 1) -> float:
    return a / b


def refuse() -> None:
    raise RpcError(-32001, "No", {"reason": "none"})


DISPATCHER = Dispatcher({"divide": divide, "refuse": refuse})


def call(**members: object) -> Any:
    return DISPATCHER.answer(json.dumps({"jsonrpc": "2.0", "id": 7, **members}))


@pytest.mark.parametrize("params", [[6, 2], {"a": 6, "b": 2}, {"b": 2, "a": 6}])
def test_parameters_come_by_place_or_by_name(params: object) -> None:
    assert call(method="divide", params=params) == {"jsonrpc": "2.0", "id": 7, "result": 3}


@pytest.mark.parametrize(
    "members, code",
    [
        ({"method": "nonsense"}, -32601),
        ({"method": "divide"}, -32602),
        ({"method": "divide", "params": [1, 2, 3]}, -32602),
        ({"method": "divide", "params": {"c": 1}}, -32602),
        ({"method": "divide", "params": 5}, -32600),
        ({"method": 5}, -32600),
        ({"method": "divide", "jsonrpc": "1.0"}, -32600),
        ({"method": "divide", "params": [1, 0]}, -32603),
    ],
)
def test_each_error_has_its_code(members: Any, code: int) -> None:
    answer = call(**members)
    assert (answer["id"], answer["error"]["code"]) == (7, code)


def test_what_is_no_json_is_told() -> None:
    answer: Any = DISPATCHER.answer(b"{")
    assert (answer["id"], answer["error"]["code"]) == (None, -32700)


def test_an_error_of_a_method_reaches_the_client_whole() -> None:
    assert call(method="refuse")["error"] == {"code": -32001, "message": "No", "data": {"reason": "none"}}


def test_an_unexpected_error_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    assert "ZeroDivisionError" not in str(call(method="divide", params=[1, 0]))
    assert "ZeroDivisionError" in caplog.text


def test_errors_that_clients_are_told_are_logged_as_json(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = call(method="nonsense")
    assert json.loads(caplog.messages[-1]) == answer


def test_notifications_are_not_answered() -> None:
    assert DISPATCHER.answer('{"jsonrpc": "2.0", "method": "divide", "params": [1, 0]}') is None


def test_batches_are_answered_in_their_order() -> None:
    batch = [
        {"jsonrpc": "2.0", "id": 1, "method": "divide", "params": [4, 2]},
        {"jsonrpc": "2.0", "method": "divide", "params": [4, 2]},
        5,
    ]
    answers: Any = DISPATCHER.answer(json.dumps(batch))
    assert [answer["id"] for answer in answers] == [1, None]


def test_batches_can_be_forbidden() -> None:
    answer: Any = Dispatcher({}, allow_batches=False).answer("[{}]")
    assert answer["error"]["code"] == -32600
