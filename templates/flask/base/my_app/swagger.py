"""The methods as OpenAPI, and as a page to try them; both are made from the methods themselves."""

import inspect
import json
from html import escape
from typing import Any, Callable, Dict, Mapping

from .version import version

JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>My App</title>
<style>
body { font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 50em; }
section { border-top: 1px solid #ccc; padding: 0.5em 0; }
textarea { box-sizing: border-box; font: 14px monospace; width: 100%; }
pre { background: #f4f4f4; padding: 0.5em; white-space: pre-wrap; }
</style>
</head>
<body>
<h1>My App</h1>
<p>JSON-RPC 2.0, by POST to <code>/</code>. <a href="openapi.json">OpenAPI</a></p>
SECTIONS
<script>
for (const section of document.querySelectorAll("section")) {
  const [call, button, answer] = ["textarea", "button", "pre"].map(name => section.querySelector(name));
  button.onclick = async () => {
    const headers = { "Content-Type": "application/json" };
    answer.textContent = await (await fetch(".", { method: "POST", headers, body: call.value })).text();
  };
}
</script>
</body>
</html>
"""

Methods = Mapping[str, Callable[..., object]]


def parameters(method: Callable[..., object]) -> Dict[str, Any]:
    """
    Describe a method's parameters as JSON Schema.

    Examples
    --------
    >>> def wait(seconds: float, reason: str = "") -> None: ...
    >>> parameters(wait)["required"]
    ['seconds']
    >>> parameters(wait)["properties"]["reason"]
    {'type': 'string'}
    """
    found = inspect.signature(method).parameters
    return {
        "type": "object",
        "properties": {
            name: {"type": JSON_TYPES[item.annotation]} if item.annotation in JSON_TYPES else {}
            for name, item in found.items()
        },
        "required": [name for name, item in found.items() if item.default is item.empty],
        "additionalProperties": False,
    }


def openapi(methods: Methods) -> Dict[str, Any]:
    """Describe all methods as one OpenAPI document: a POST whose body names the method."""
    calls = [
        {
            "title": name,
            "description": inspect.getdoc(method) or "",
            "type": "object",
            "properties": {
                "jsonrpc": {"enum": ["2.0"]},
                "id": {},
                "method": {"enum": [name]},
                "params": parameters(method),
            },
            "required": ["jsonrpc", "method"],
        }
        for name, method in methods.items()
    ]
    return {
        "openapi": "3.0.3",
        "info": {"title": "My App", "version": version()},
        "paths": {
            "/": {
                "post": {
                    "summary": "JSON-RPC 2.0",
                    "requestBody": {"content": {"application/json": {"schema": {"oneOf": calls}}}},
                    "responses": {"200": {"description": "The answer, or the error"}},
                }
            }
        },
    }


def page(methods: Methods) -> str:
    """Write a page that shows each method, and sends calls to it."""
    sections = []
    for name, method in methods.items():
        given = {key: value.get("type", "any") for key, value in parameters(method)["properties"].items()}
        call = json.dumps({"jsonrpc": "2.0", "id": 1, "method": name, "params": given})
        sections.append(
            f"<section><h2>{escape(name)}</h2><p>{escape(inspect.getdoc(method) or '')}</p>"
            f'<textarea rows="2">{escape(call)}</textarea><button>Call</button><pre></pre></section>'
        )
    return PAGE.replace("SECTIONS", "\n".join(sections))
