"""The composed configuration, in the slice that is asked for.

ServiceCtl composes it (files, environment, ``.env``, options; ``!join``, priorities, defaults) and hands it over as one JSON
file, whose path is in ``SERVICECTL_CONFIG``. Without ServiceCtl, the usual files of the project are read, so that a
program runs in an editor as well.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Type, TypeVar, Union, overload

from .models import validate
from .text import mask

VARIABLE = "SERVICECTL_CONFIG"
PREFIX = "SERVICECTL__"

T = TypeVar("T")


class Config:
    """Values by their dotted keys.

    Parameters
    ----------
    values
        The composed values.
    origin
        Where they are from.
    handed
        What ServiceCtl says besides: ``service``, ``generation``, ``token``, ``secrets``.

    Examples
    --------
    >>> config = Config({"db": {"host": "localhost", "port": 5432, "password": "x"}})
    >>> config.get("db.host"), config.get("db.timeout", 3), config["db.port"]
    ('localhost', 3, 5432)
    >>> config.masked()["db"]["password"]
    '********'
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        origin: Optional[str] = None,
        handed: Optional[Mapping[str, Any]] = None,
    ) -> None:
        self._values = values
        self.origin = origin
        self.handed: Mapping[str, Any] = handed or {}

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value, or the default if it is not set."""
        if key in self._values:
            return self._values[key]
        value: Any = self._values
        for part in key.split("."):
            if isinstance(value, Mapping) and part in value:
                value = value[part]
            elif isinstance(value, (list, tuple)) and part.isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                return default
        return value

    def __getitem__(self, key: str) -> Any:
        value = self.get(key, _MISSING)
        if value is _MISSING:
            raise KeyError(f"{key} is not set in {self.origin or 'the configuration'}")
        return value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key, _MISSING) is not _MISSING

    @overload
    def slice(self, key: str) -> Dict[str, Any]:
        ...

    @overload
    def slice(self, key: str, kind: Type[T]) -> T:
        ...

    def slice(self, key: str, kind: Optional[Type[T]] = None) -> Union[T, Dict[str, Any]]:
        """Return the values below a key, validated and converted if a type is given.

        Parameters
        ----------
        key
            ``db`` or ``services.db``; ``""`` for all.
        kind
            A dataclass or a pydantic model. Its defaults apply.

        Raises
        ------
        cordio.models.ValidationError
            If they don't fit; it names each key.

        Examples
        --------
        >>> from dataclasses import dataclass
        >>> @dataclass
        ... class Db:
        ...     host: str
        ...     port: int = 5432
        >>> Config({"db": {"host": "localhost"}}).slice("db", Db)
        Db(host='localhost', port=5432)
        """
        found = self.get(key, {}) if key else self._values
        if kind is not None:
            return validate(kind, found, place=key)
        if not isinstance(found, Mapping):
            raise TypeError(f"{key} is {type(found).__name__}, not a mapping")
        return dict(found)

    def values(self) -> Dict[str, Any]:
        """Return all values, as a copy."""
        copy: Dict[str, Any] = json.loads(json.dumps(self._values, default=str))
        return copy

    def masked(self) -> Dict[str, Any]:
        """Return all values, secrets hidden: those with telling names, and those that the schema calls secret."""
        hidden: Dict[str, Any] = mask(self.values())
        for key in self.handed.get("secrets", ()):
            _hide(hidden, str(key).split("."))
        return hidden


_MISSING = object()
_loaded: Optional[Config] = None
_gate = threading.Lock()


def load(folder: Union[str, Path, None] = None) -> Config:
    """Read the configuration again, without remembering it.

    Parameters
    ----------
    folder
        The project's; the current folder by default. Only needed without ServiceCtl.
    """
    handed = os.environ.get(VARIABLE)
    if handed:
        with open(handed, encoding="utf-8") as file:
            content = json.load(file)
        return Config(content["config"], content.get("source", handed), content)
    root = Path(folder) if folder is not None else Path.cwd()
    values: Dict[str, Any] = {}
    files = _find(root)
    for path in files:
        _merge(values, _parse(path))
    for name, text in os.environ.items():
        if name.startswith(PREFIX):
            _set(values, name[len(PREFIX) :].lower().split("__"), text)
    return Config(values, ", ".join(str(path) for path in files) or None)


def current() -> Config:
    """Return the configuration of the process; it is read at first use."""
    global _loaded
    if _loaded is None:
        with _gate:
            if _loaded is None:
                _loaded = load()
    return _loaded


def use(config: Optional[Config]) -> None:
    """Replace the configuration of the process (tests do); None has it read again."""
    global _loaded
    _loaded = config


def get(key: str, default: Any = None) -> Any:
    """Same as :meth:`Config.get` of the process."""
    return current().get(key, default)


@overload
def slice(key: str) -> Dict[str, Any]:
    ...


@overload
def slice(key: str, kind: Type[T]) -> T:
    ...


def slice(key: str, kind: Optional[Type[T]] = None) -> Union[T, Dict[str, Any]]:
    """Same as :meth:`Config.slice` of the process."""
    if kind is None:
        return current().slice(key)
    found: T = current().slice(key, kind)
    return found


def values() -> Dict[str, Any]:
    """Same as :meth:`Config.values` of the process."""
    return current().values()


def masked() -> Dict[str, Any]:
    """Same as :meth:`Config.masked` of the process."""
    return current().masked()


def parse_config(path: Union[str, Path, None] = None) -> Dict[str, Any]:
    """Return the dictionary that the predecessor's ``service_lib.parse_config`` returned.

    Parameters
    ----------
    path
        A ``config.yaml``; read only where ServiceCtl has handed nothing over. It needs PyYAML then.
    """
    if path is None or os.environ.get(VARIABLE):
        return current().values()
    return _parse(Path(path))


def _find(root: Path) -> List[Path]:
    """Find files as ServiceCtl does: a `config.*` alone; otherwise main.* first, then the others by their bare names."""
    kinds = (".json", ".yaml", ".yml", ".toml")
    if root.parent == root:  # /etc is the host's
        return []
    alone = [path for kind in kinds for path in [root / f"config{kind}"] if path.is_file()]
    if alone:
        return alone[:1]
    found = [
        path
        for place in ("config", "etc")
        for path in sorted((root / place).rglob("*"))
        if path.suffix in kinds
    ]
    return sorted(found, key=lambda path: (path.stem != "main", path.name))


def _parse(path: Path) -> Dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    parsed: Any
    if path.suffix == ".json":
        parsed = json.loads(text)
    elif path.suffix == ".toml":
        parsed = _parse_toml(text, path)
    else:
        parsed = _parse_yaml(text, path)
    if not isinstance(parsed, dict):
        raise ValueError(f"{path} is not a mapping")
    is_section = (
        path.parent.name in ("config", "etc")
        and path.stem not in ("main", "config")
        and not path.stem[0].isdigit()
    )
    return (
        {path.stem: parsed} if is_section and path.stem not in parsed and "service" not in parsed else parsed
    )


def _parse_toml(text: str, path: Path) -> Any:
    try:
        import tomllib
    except ImportError:
        raise RuntimeError(
            f"{path}: TOML needs Python 3.11, or ServiceCtl, which hands the configuration over"
        ) from None
    return tomllib.loads(text)


def _parse_yaml(text: str, path: Path) -> Any:
    try:
        import yaml
    except ImportError:
        raise RuntimeError(
            f"{path}: YAML needs PyYAML, or ServiceCtl, which hands the configuration over"
        ) from None

    loader: Any = type("Loader", (yaml.SafeLoader,), {})
    loader.add_constructor(
        "!join", lambda loader, node: "".join(str(part) for part in loader.construct_sequence(node))
    )
    return yaml.load(text, loader)


def _merge(into: Dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _set(values: Dict[str, Any], path: List[str], text: str) -> None:
    for part in path[:-1]:
        below = values.get(part)
        if not isinstance(below, dict):
            below = values[part] = {}
        values = below
    try:
        values[path[-1]] = json.loads(text)
    except ValueError:
        values[path[-1]] = text


def _hide(values: Any, path: List[str]) -> None:
    if isinstance(values, dict) and path[0] in values:
        if len(path) == 1:
            values[path[0]] = mask("x", "secret")
        else:
            _hide(values[path[0]], path[1:])
