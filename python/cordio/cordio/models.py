"""Validation: pydantic models where pydantic is there, dataclasses always."""

from __future__ import annotations

import dataclasses
import enum
import sys
import typing
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Dict, List, Mapping, Sequence, Tuple, Type, TypeVar, Union

T = TypeVar("T")

_NONE = type(None)
_UNIONS: Tuple[Any, ...] = (Union,)
if sys.version_info >= (3, 10):
    import types

    _UNIONS = (Union, types.UnionType)


class ValidationError(ValueError):
    """Data does not fit a model.

    Attributes
    ----------
    problems
        ``(place, message)`` of everything that does not fit.

    Examples
    --------
    >>> str(ValidationError([("port", "is required")]))
    'port is required'
    """

    def __init__(self, problems: Sequence[Tuple[str, str]]) -> None:
        self.problems: List[Tuple[str, str]] = list(problems)
        super().__init__("; ".join(f"{place} {message}".strip() for place, message in self.problems))


def is_model(kind: Any) -> bool:
    """Tell whether a type is a dataclass or a pydantic model."""
    return isinstance(kind, type) and (dataclasses.is_dataclass(kind) or _is_pydantic(kind))


def validate(kind: Type[T], data: Any, place: str = "") -> T:
    """Make a value of a type out of plain data, as JSON and configurations have it.

    Parameters
    ----------
    kind
        A pydantic model, a dataclass (with nested ones, ``List``, ``Dict``, ``Optional``, ``Literal``, enumerations,
        dates), or a plain type.
    data
        What was read.
    place
        What messages begin with.

    Raises
    ------
    ValidationError
        With all that does not fit, not just the first.

    Examples
    --------
    >>> @dataclasses.dataclass
    ... class Order:
    ...     item: str
    ...     count: int = 1
    >>> validate(Order, {"item": "tea", "count": "2"})
    Order(item='tea', count=2)
    >>> validate(Order, {"count": "many", "cuont": 1})
    Traceback (most recent call last):
        ...
    cordio.models.ValidationError: item is required; count should be an integer; cuont is not known
    """
    problems: List[Tuple[str, str]] = []
    value = _convert(kind, data, place, problems)
    if problems:
        raise ValidationError(problems)
    result: T = value
    return result


def to_plain(value: Any) -> Any:
    """Turn models into what JSON can hold.

    Examples
    --------
    >>> @dataclasses.dataclass
    ... class Order:
    ...     item: str
    >>> to_plain([Order("tea")])
    [{'item': 'tea'}]
    """
    if _is_pydantic(type(value)):
        return to_plain(value.model_dump() if hasattr(value, "model_dump") else value.dict())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(item) for item in value]
    if isinstance(value, enum.Enum):
        return to_plain(value.value)
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _is_pydantic(kind: Any) -> bool:
    return (
        isinstance(kind, type)
        and (hasattr(kind, "model_validate") or hasattr(kind, "parse_obj"))
        and hasattr(kind, "__fields__")
    )


def _convert(kind: Any, data: Any, place: str, problems: List[Tuple[str, str]]) -> Any:
    if kind is Any or kind is object:
        return data
    if _is_pydantic(kind):
        return _convert_pydantic(kind, data, place, problems)
    if dataclasses.is_dataclass(kind):
        return _convert_dataclass(kind, data, place, problems)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in _UNIONS:
        return _convert_union(inner, data, place, problems)
    if origin is typing.Literal:
        return (
            data
            if data in inner
            else _refuse(problems, place, f"should be one of {', '.join(map(str, inner))}")
        )
    if (origin or kind) in (list, set, frozenset, tuple, typing.get_origin(typing.Sequence[int])):
        return _convert_list(origin or kind, inner, data, place, problems)
    if (origin or kind) in (dict, typing.get_origin(typing.Mapping[str, int])):
        if not isinstance(data, Mapping):
            return _refuse(problems, place, "should be a mapping")
        value_kind = inner[1] if inner else Any
        return {
            key: _convert(value_kind, item, _join(place, str(key)), problems) for key, item in data.items()
        }
    return _convert_plain(kind, data, place, problems)


def _convert_plain(kind: Any, data: Any, place: str, problems: List[Tuple[str, str]]) -> Any:
    is_number = isinstance(data, (int, float)) and not isinstance(data, bool)
    try:
        if kind is bool:
            if isinstance(data, bool):
                return data
            return {
                "true": True,
                "1": True,
                "yes": True,
                "on": True,
                "false": False,
                "0": False,
                "no": False,
                "off": False,
            }[str(data).strip().lower()]
        if kind is int and (is_number and float(data).is_integer() or isinstance(data, str)):
            return int(data)
        if kind is float and (is_number or isinstance(data, str)):
            return float(data)
        if kind is str and isinstance(data, (str, int, float)) and not isinstance(data, bool):
            return str(data)
        if kind in (datetime, date) and isinstance(data, str):
            return kind.fromisoformat(data.replace("Z", "+00:00") if kind is datetime else data)
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return kind[data] if isinstance(data, str) and data in kind.__members__ else kind(data)
        if (
            kind is _NONE
            and data is None
            or isinstance(kind, type)
            and isinstance(data, kind)
            and kind not in (int, float)
        ):
            return data
        if isinstance(kind, type) and kind not in (int, float, str, _NONE) and isinstance(data, str):
            return kind(data)
    except (ValueError, KeyError, TypeError):
        pass
    return _refuse(problems, place, f"should be {_WORDS.get(kind, getattr(kind, '__name__', str(kind)))}")


_WORDS: Dict[Any, str] = {
    int: "an integer", float: "a number", str: "a text", bool: "true or false",
    datetime: "a date and time", date: "a date", _NONE: "empty",
}  # fmt: skip


@lru_cache(maxsize=None)
def _hints(kind: Any) -> Dict[str, Any]:
    return typing.get_type_hints(kind)


def _convert_dataclass(kind: Any, data: Any, place: str, problems: List[Tuple[str, str]]) -> Any:
    if isinstance(data, kind):
        return data
    if not isinstance(data, Mapping):
        return _refuse(problems, place, "should be a mapping")
    before, values, hints = len(problems), {}, _hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
    for name, field in fields.items():
        if name in data:
            values[name] = _convert(hints[name], data[name], _join(place, name), problems)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            _refuse(problems, _join(place, name), "is required")
    for name in data:
        if name not in fields:
            _refuse(problems, _join(place, str(name)), "is not known")
    if len(problems) > before:
        return None
    try:
        return kind(**values)
    except (ValueError, TypeError) as error:  # __post_init__ refuses
        return _refuse(problems, place, str(error))


def _convert_pydantic(kind: Any, data: Any, place: str, problems: List[Tuple[str, str]]) -> Any:
    try:
        return kind.model_validate(data) if hasattr(kind, "model_validate") else kind.parse_obj(data)
    except ValueError as error:
        details = error.errors() if hasattr(error, "errors") else []
        for detail in details:
            _refuse(problems, _join(place, ".".join(map(str, detail["loc"]))), detail["msg"])
        return None if details else _refuse(problems, place, str(error))


def _convert_union(kinds: Sequence[Any], data: Any, place: str, problems: List[Tuple[str, str]]) -> Any:
    if data is None and _NONE in kinds:
        return None
    found: List[Tuple[str, str]] = []
    # What it is already goes before what it could be made of.
    for kind in sorted(kinds, key=lambda one: not (isinstance(one, type) and type(data) is one)):
        if kind is _NONE:
            continue
        found = []
        value = _convert(kind, data, place, found)
        if not found:
            return value
    problems.extend(found)
    return None


def _convert_list(
    kind: Any, inner: Sequence[Any], data: Any, place: str, problems: List[Tuple[str, str]]
) -> Any:
    if not isinstance(data, (list, tuple, set, frozenset)):
        return _refuse(problems, place, "should be a list")
    if kind is tuple and inner and inner[-1] is not Ellipsis:
        if len(inner) != len(data):
            return _refuse(problems, place, f"should have {len(inner)} items")
        kinds: List[Any] = list(inner)
    else:
        kinds = [inner[0] if inner else Any] * len(data)
    items = [
        _convert(one, item, f"{place}[{index}]", problems)
        for index, (one, item) in enumerate(zip(kinds, data))
    ]
    return kind(items) if kind in (set, frozenset, tuple) else items


def _refuse(problems: List[Tuple[str, str]], place: str, message: str) -> Any:
    problems.append((place, message))
    return None


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
