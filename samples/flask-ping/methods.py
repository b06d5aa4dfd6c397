"""The service's JSON-RPC methods, apart from Flask so that they can be tested without it."""
import logging

log = logging.getLogger(__name__)


def ping():
    return "pong"


def add(a, b):
    return a + b


METHODS = {"ping": ping, "add": add}


def answer(call):
    """Answers one call; what goes wrong is logged, and told to the client as JSON-RPC asks."""
    if not isinstance(call, dict) or not isinstance(call.get("method"), str):
        return _failure(None, -32600, "Invalid Request")

    method = METHODS.get(call["method"])
    if method is None:
        return _failure(call.get("id"), -32601, "Method not found: " + call["method"])

    parameters = call.get("params", {})
    try:
        result = method(*parameters) if isinstance(parameters, list) else method(**parameters)
    except TypeError as error:
        return _failure(call.get("id"), -32602, str(error))
    return {"jsonrpc": "2.0", "id": call.get("id"), "result": result}


def _failure(call_id, code, message):
    response = {"jsonrpc": "2.0", "id": call_id, "error": {"code": code, "message": message}}
    log.error(response)
    return response
