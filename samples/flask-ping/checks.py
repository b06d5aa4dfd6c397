"""Unit checks for tests.yaml: each returns True when all is well."""
import methods


def adds_numbers():
    return methods.add(2, 3) == 5


def refuses_unknown_methods():
    return methods.answer({"jsonrpc": "2.0", "id": 1, "method": "nonsense"})["error"]["code"] == -32601


def forgets_to_check():
    return False
