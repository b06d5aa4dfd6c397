"""JSON-RPC 2.0: calls in, answers out. It knows nothing of HTTP."""

import inspect
import json
import logging
from typing import Any, Callable, Dict, List, Mapping, Optional, Union

log = logging.getLogger(__name__)

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

Answer = Dict[str, Any]


class RpcError(Exception):
    """
    What a method raises to have its caller told.

    Parameters
    ----------
    code : int
        The error's code; JSON-RPC leaves -32000 to -32099 to servers.
    message : str
        One sentence.
    data : object, optional
        More about it.
    """

    def __init__(self, code: int, message: str, data: Optional[object] = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def to_dict(self) -> Answer:
        """Write it as the answer's member ``error``."""
        error: Answer = {"code": self.code, "message": self.message}
        return error if self.data is None else {**error, "data": self.data}


class Dispatcher:
    """
    Calls methods by their names.

    Parameters
    ----------
    methods : mapping
        Functions by the names that clients use.
    allow_batches : bool
        Whether a client may send several calls as a list.

    Examples
    --------
    >>> dispatcher = Dispatcher({"add": lambda a, b: a + b})
    >>> dispatcher.answer('{"jsonrpc": "2.0", "id": 1, "method": "add", "params": [2, 3]}')
    {'jsonrpc': '2.0', 'id': 1, 'result': 5}
    """

    def __init__(self, methods: Mapping[str, Callable[..., object]], allow_batches: bool = True) -> None:
        self._methods = methods
        self._allow_batches = allow_batches

    def answer(self, text: Union[str, bytes]) -> Union[Answer, List[Answer], None]:
        """
        Answer what a client sent.

        Returns
        -------
        dict, list of dict or None
            None where nothing is to be answered: notifications have no id.
        """
        try:
            sent = json.loads(text)
        except ValueError as error:
            return failure(None, RpcError(PARSE_ERROR, "Parse error", str(error)))
        if not isinstance(sent, list):
            return self._answer_one(sent)
        if not self._allow_batches or not sent:
            return failure(
                None, RpcError(INVALID_REQUEST, "Invalid Request", "batches are not allowed" if sent else None)
            )
        answers = [self._answer_one(call) for call in sent]
        return [answer for answer in answers if answer is not None] or None

    def _answer_one(self, call: Any) -> Optional[Answer]:
        identity = call.get("id") if isinstance(call, dict) else None
        try:
            result = self._call(call)
        except RpcError as error:
            answer = failure(identity, error)
        except Exception:
            log.exception("Exception in %s", call["method"])
            answer = failure(identity, RpcError(INTERNAL_ERROR, "Internal error"), is_logged=True)
        else:
            answer = {"jsonrpc": "2.0", "id": identity, "result": result}
        is_notification = isinstance(call, dict) and isinstance(call.get("method"), str) and "id" not in call
        return None if is_notification else answer

    def _call(self, call: Any) -> object:
        if (
            not isinstance(call, dict)
            or call.get("jsonrpc") != "2.0"
            or not isinstance(call.get("method"), str)
        ):
            raise RpcError(INVALID_REQUEST, "Invalid Request")
        method = self._methods.get(call["method"])
        if method is None:
            raise RpcError(METHOD_NOT_FOUND, f"Method not found: {call['method']}")
        given = call.get("params", {})
        if not isinstance(given, (list, dict)):
            raise RpcError(INVALID_REQUEST, "Invalid Request", "params has to be a list or an object")
        try:
            bound = inspect.signature(method).bind(**given) if isinstance(given, dict) else None
            bound = bound or inspect.signature(method).bind(*given)
        except TypeError as error:
            raise RpcError(INVALID_PARAMS, "Invalid params", str(error)) from error
        return method(*bound.args, **bound.kwargs)


def failure(identity: object, error: RpcError, is_logged: bool = False) -> Answer:
    """Write an error as an answer, and log it in the form that servicectl relog sorts."""
    answer = {"jsonrpc": "2.0", "id": identity, "error": error.to_dict()}
    if not is_logged:
        log.error(json.dumps(answer))
    return answer
