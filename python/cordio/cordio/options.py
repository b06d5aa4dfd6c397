"""Options of a program, declared by decorators of its main function."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, TypeVar

from .config import Config
from .models import ValidationError, validate
from .text import MASK, is_secret, mask

F = TypeVar("F", bound=Callable[..., Any])

_MISSING = object()


@dataclass(frozen=True)
class Option:
    """One option; made by :func:`option`."""

    flags: Tuple[str, ...]
    name: str
    key: str
    kind: Any = str
    default: Any = _MISSING
    required: bool = False
    choices: Optional[Tuple[Any, ...]] = None
    secret: bool = False
    help: str = ""

    def read(self, given: Mapping[str, Any], config: Config) -> Tuple[Any, str]:
        """Return its value and where that is from: the command line, the configuration, the default.

        Raises
        ------
        ValidationError
            If it is missing, or of another type.
        """
        if given.get(self.name) is not None:
            value, source = given[self.name], self.flags[0]
        elif self.key in config:
            value, source = config.get(self.key), config.origin or "the configuration"
        elif self.default is not _MISSING:
            return self.default, "default"
        elif self.required:
            raise ValidationError([(self.flags[0], f"is required; give it, or set {self.key}")])
        else:
            return None, "unset"
        value = validate(self.kind, value, self.key if source != self.flags[0] else source)
        if self.choices is not None and value not in self.choices:
            raise ValidationError([(self.flags[0], f"should be one of {', '.join(map(str, self.choices))}")])
        return value, source


def option(
    *flags: str,
    type: Any = str,
    default: Any = _MISSING,
    key: Optional[str] = None,
    required: bool = False,
    choices: Optional[Sequence[Any]] = None,
    secret: Optional[bool] = None,
    help: str = "",
) -> Callable[[F], F]:
    """Declare an option of the main function.

    Parameters
    ----------
    *flags
        ``--port``, ``-p``; the parameter of the function is called after the first long one.
    type
        What the value is converted to: a plain type, an enumeration, a dataclass, a pydantic model.
    default
        Without it, and without ``required``, it is None.
    key
        Where the configuration has it; by default the parameter's name.
    required
        Is there no running without it?
    choices
        What it may be.
    secret
        Is it hidden when values are shown? By default, its name decides.
    help
        What ``--help`` says.

    Examples
    --------
    >>> @option("--port", "-p", type=int, default=8080, key="server.port")
    ... def main(port):
    ...     return port
    >>> read(main, ["-p", "9000"], Config({}))
    {'port': 9000}
    >>> read(main, [], Config({"server": {"port": "7000"}}))
    {'port': 7000}
    """
    long = next((flag for flag in flags if flag.startswith("--")), None)
    if long is None:
        raise ValueError("an option needs a long name, such as --port")
    name = long.lstrip("-").replace("-", "_")

    def mark(function: F) -> F:
        made = Option(
            flags, name, key or name, type, default, required, tuple(choices) if choices is not None else None,
            is_secret(name) if secret is None else secret, help,
        )  # fmt: skip
        function.__dict__.setdefault("__cordio_options__", []).insert(0, made)
        return function

    return mark


def options_of(function: Optional[Callable[..., Any]]) -> List[Option]:
    """Return the options of a function, in the order in which they stand above it."""
    found: List[Option] = getattr(function, "__cordio_options__", [])
    return found


def parser(prog: str, options: Sequence[Option], description: Optional[str] = None) -> argparse.ArgumentParser:
    """Make the command line of a program."""
    made = argparse.ArgumentParser(prog=prog, description=description)
    for one in options:
        text = f"{one.help} [{one.key}]".strip()
        if one.kind is bool:
            made.add_argument(
                *one.flags, dest=one.name, action=argparse.BooleanOptionalAction, default=None, help=text
            )
        else:
            made.add_argument(
                *one.flags, dest=one.name, default=None, metavar=one.name.upper(), help=text.replace("%", "%%")
            )
    return made


def read(
    function: Callable[..., Any], arguments: Sequence[str], config: Config, prog: str = ""
) -> Dict[str, Any]:
    """Return the values of a function's options."""
    options = options_of(function)
    given = vars(parser(prog or function.__name__, options).parse_args(list(arguments)))
    return settle(options, given, config)


def settle(options: Sequence[Option], given: Mapping[str, Any], config: Config) -> Dict[str, Any]:
    """Return the values of options; all that is wrong is told at once."""
    values: Dict[str, Any] = {}
    problems: List[Tuple[str, str]] = []
    for one in options:
        try:
            values[one.name], _ = one.read(given, config)
        except ValidationError as error:
            problems += error.problems
    if problems:
        raise ValidationError(problems)
    return values


def show(options: Sequence[Option], given: Mapping[str, Any], config: Config) -> int:
    """Print every value with its source, secrets hidden; returns the exit code."""
    status = 0
    for one in options:
        try:
            value, source = one.read(given, config)
            shown = MASK if one.secret and value is not None else mask(value)
            print(f"{one.key} = {json.dumps(shown, default=str)}  ({source})")
        except ValidationError as error:
            print(f"{one.key}: {error}", file=sys.stderr)
            status = 1
    return status


def template(options: Sequence[Option], only_required: bool) -> str:
    """Return a configuration file, as JSON, for these options.

    Examples
    --------
    >>> @option("--port", type=int, default=8080, key="server.port")
    ... @option("--name", required=True)
    ... def main(port, name): ...
    >>> print(template(options_of(main), only_required=True))
    {
      "name": ""
    }
    """
    values: Dict[str, Any] = {}
    for one in options:
        if only_required and not one.required:
            continue
        below = values
        *path, last = one.key.split(".")
        for part in path:
            below = below.setdefault(part, {})
        below[last] = "" if one.default is _MISSING else one.default
    return json.dumps(values, indent=2, default=str)
