"""Durations, rates and masks, written as in ServiceCtl's configuration."""

from __future__ import annotations

import functools
import json
import json.encoder
import re
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Match, Optional, Union

MASK = "********"

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(?:(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ms|s|m|h|d))\s*")
_RATE = re.compile(r"\s*(\d+)\s+in\s+(.+)")
# The same words as the engine's SecretPattern.
_SECRET = re.compile(r"passw|secret|token|credential|api[_-]?key|private[_-]?key", re.IGNORECASE)
_URL = re.compile(r"""([a-zA-Z][a-zA-Z0-9+.-]{0,31}://[^\s:/@"']*:)[^\s/"']*@""")
_PLACEHOLDER = re.compile(r"\{\{(?P<literal>[a-z]+)\}\}|\{(?P<name>[a-z]+)\}")

Duration = Union[str, int, float]


@dataclass(frozen=True)
class Rate:
    """So many events within a time."""

    count: int
    window: float


def duration(text: Duration) -> float:
    """Read a duration.

    Parameters
    ----------
    text
        ``500ms``, ``10s``, ``1m30s``, ``2h``, ``1d``; a number counts seconds.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> duration("1m30s"), duration("500ms"), duration(2)
    (90.0, 0.5, 2.0)
    >>> duration("soon")
    Traceback (most recent call last):
        ...
    ValueError: 'soon' is not a duration; write 500ms, 10s, 1m30s or 2h
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool) and text >= 0:
        return float(text)
    whole = str(text).strip()
    if re.fullmatch(r"\d+(\.\d+)?", whole):
        return float(whole)
    seconds, at = 0.0, 0
    while at < len(whole):
        part = _DURATION.match(whole, at)
        if part is None:
            break
        seconds += float(part["number"]) * _UNITS[part["unit"]]
        at = part.end()
    if not whole or at < len(whole):
        raise ValueError(f"{text!r} is not a duration; write 500ms, 10s, 1m30s or 2h")
    return seconds


def rate(text: Union[str, Rate]) -> Rate:
    """Read a rate.

    Examples
    --------
    >>> rate("5 in 1m")
    Rate(count=5, window=60.0)
    """
    if isinstance(text, Rate):
        return text
    found = _RATE.fullmatch(str(text))
    if found is None or int(found[1]) < 1:
        raise ValueError(f"{text!r} is not a rate; write 5 in 1m")
    return Rate(int(found[1]), duration(found[2]))


def percent(text: Union[str, int, float]) -> float:
    """Read a percentage as a share of 1.

    Examples
    --------
    >>> percent("20%"), percent(5)
    (0.2, 0.05)
    """
    try:
        share = float(str(text).strip().rstrip("%")) / 100
    except ValueError:
        raise ValueError(f"{text!r} is not a percentage; write 20%") from None
    if not 0 <= share <= 1:
        raise ValueError(f"{text!r} is not between 0% and 100%")
    return share


@functools.lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Tell by its name whether a value is to be hidden.

    Examples
    --------
    >>> is_secret("DB_PASSWORD"), is_secret("port")
    (True, False)
    """
    return _SECRET.search(name) is not None


def mask(value: Any, name: str = "") -> Any:
    """Hide secrets in a value of any depth.

    Whatever has a telling name is hidden whole; in URLs only the password.

    Examples
    --------
    >>> mask({"url": "redis://me:hunter2@host/0", "api_key": "x", "port": 1})
    {'url': 'redis://me:********@host/0', 'api_key': '********', 'port': 1}
    """
    kind = type(value)
    if kind is str:
        if name and is_secret(name):
            return MASK
        return _URL.sub(rf"\1{MASK}@", value) if "://" in value else value
    if value is None or kind is bool:
        return value
    if kind is int or kind is float:
        return MASK if name and is_secret(name) else value
    # What is below a secret is one as well.
    secret = name if name and is_secret(name) else ""
    if kind is dict or isinstance(value, Mapping):
        return {str(key): mask(item, secret or str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask(item, name) for item in value]
    return MASK if secret else value


def fill(text: str, values: Mapping[str, Optional[object]]) -> str:
    """Fill in ``{name}``; ``{{name}}`` is that word in braces, and other braces stay, so that a text may be JSON.

    Examples
    --------
    >>> fill('{"code": "{code}", "n": {n}}', {"code": "E-1"})
    '{"code": "E-1", "n": {n}}'
    """

    def replace(found: Match[str]) -> str:
        name = found["name"]
        if name is None:
            return f"{{{found['literal']}}}"
        value = values.get(name, found[0])
        return "" if value is None else str(value)

    return _PLACEHOLDER.sub(replace, text)


def encoder(default: Callable[[Any], Any]) -> Callable[[Any], str]:
    """Make a function that writes JSON without blanks: json.dumps makes an encoder for each call that has settings.

    Parameters
    ----------
    default
        What to make of values that JSON does not know.

    Examples
    --------
    >>> encoder(str)({"a": [1, None, 0.5, True], "b": complex(1)})
    '{"a":[1,null,0.5,true],"b":"(1+0j)"}'
    """
    plain = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, default=default).encode
    make = getattr(json.encoder, "c_make_encoder", None)
    quote = getattr(json.encoder, "encode_basestring", None)
    try:
        # What JSONEncoder.encode makes each time, made once.
        chunks = make(None, default, quote, None, ":", ",", False, False, True)  # type: ignore[misc]
        if "".join(chunks({"a": [1, None, 0.5, "\u00e9"]}, 0)) != '{"a":[1,null,0.5,"\u00e9"]}':
            return plain
    except (TypeError, AttributeError):  # another Python than CPython, or a later one
        return plain
    return lambda value: "".join(chunks(value, 0))


def type_name(kind: type) -> str:
    """Name a type as a traceback prints it.

    Examples
    --------
    >>> import json
    >>> type_name(ValueError), type_name(json.JSONDecodeError)
    ('ValueError', 'json.decoder.JSONDecodeError')
    """
    return (
        kind.__qualname__
        if kind.__module__ in ("builtins", "__main__")
        else f"{kind.__module__}.{kind.__qualname__}"
    )


def snake(name: str) -> str:
    """Turn the name of a class into that of a parameter.

    Examples
    --------
    >>> snake("DbModel"), snake("HTTPClient")
    ('db_model', 'http_client')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
