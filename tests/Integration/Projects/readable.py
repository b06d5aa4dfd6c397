"""Reads each file of a list by what reads it in a project, and has it looked at by the linters that this machine has."""

import ast
import importlib.util
import json
import subprocess
import sys
import tomllib

import yaml


class Anything(yaml.SafeLoader):
    """YAML with tags that a service or a CI knows, and this does not."""


Anything.add_multi_constructor("", lambda loader, tag, node: None)

paths = open(sys.argv[1]).read().split("\n")[:-1]
wrong = []
for path in paths:
    text = open(path, encoding="utf-8").read()
    try:
        if path.endswith(".py"):
            ast.parse(text)
        elif path.endswith(".toml"):
            tomllib.loads(text)
        elif path.endswith((".yaml", ".yml")):
            yaml.load(text, Anything)
        elif path.endswith(".json"):
            json.loads(text)
    except Exception as error:
        wrong.append(f"{path}: {error}")

scripts = [path for path in paths if path.endswith(".py")]
if not scripts:
    wrong.append("no Python")
LINTERS = [
    ["flake8", "--config", ".flake8"],
    ["isort", "--check-only", "--diff", "--settings-path", "."],
    ["black", "--check", "--quiet", "--diff", "--config", "pyproject.toml"],
]
for module, *options in LINTERS:
    if importlib.util.find_spec(module) is None:
        wrong.append(f"{module} is not here; build/tools.sh installs it")
    elif subprocess.run([sys.executable, "-m", module, *options, *scripts]).returncode:
        wrong.append(f"{module} has found something")
print("\n".join(wrong), file=sys.stderr)
sys.exit(bool(wrong))
