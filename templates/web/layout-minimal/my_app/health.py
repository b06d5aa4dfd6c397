"""Which parts of this service work, and which one is in the way of the others."""

from typing import Callable, Dict, Iterable, NamedTuple, Tuple


class Part(NamedTuple):
    """Something that the service is made of; its check raises an exception when it does not work."""

    name: str
    check: Callable[[], None]
    needs: Tuple[str, ...] = ()


class Health(NamedTuple):
    """What was found: each part with ``ok`` or what is wrong."""

    failed: Tuple[str, ...]
    parts: Dict[str, str]

    def to_dict(self) -> Dict[str, object]:
        """Write it as it is answered."""
        return {"status": "failed" if self.failed else "ok", "failed": list(self.failed), "parts": self.parts}


def examine(parts: Iterable[Part]) -> Health:
    """
    Check parts, each after those it needs. One that needs a failed part is not asked: it is not the fault.

    Examples
    --------
    >>> def refuse() -> None:
    ...     raise OSError("refused")
    >>> health = examine([Part("db-adapter", refuse), Part("db-model", refuse, needs=("db-adapter",))])
    >>> health.failed
    ('db-adapter',)
    >>> health.parts
    {'db-adapter': 'OSError: refused', 'db-model': 'needs db-adapter'}
    """
    found: Dict[str, str] = {}
    failed = []
    for part in parts:
        blocked = next((need for need in part.needs if found.get(need) != "ok"), None)
        if blocked is not None:
            found[part.name] = f"needs {blocked}"
            continue
        try:
            part.check()
        except Exception as error:  # whatever it is, it is what is answered
            found[part.name] = f"{type(error).__name__}: {error}".strip()
            failed.append(part.name)
        else:
            found[part.name] = "ok"
    return Health(tuple(failed), found)
