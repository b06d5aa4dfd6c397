"""The configuration that is pushed to this module, as CONFIG_FILE has it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping


@dataclass(frozen=True)
class Config:
    """
    What can be pushed; conf/config.schema.yaml refuses what does not fit before it comes here.

    Attributes
    ----------
    greeting : str
        What it says.
    log_level : str
        Messages below it are not logged.
    """

    greeting: str
    log_level: str = "info"

    @classmethod
    def of(cls, pushed: Mapping[str, Any]) -> "Config":
        """
        Take it out of what was pushed.

        Examples
        --------
        >>> Config.of({"greeting": "hello", "logLevel": "debug"})
        Config(greeting='hello', log_level='debug')
        """
        return cls(pushed["greeting"], pushed.get("logLevel", cls.log_level))

    @classmethod
    def read(cls, file: Path) -> "Config":
        """Read it from the file that the kit wrote; a changed one comes with a new process."""
        return cls.of(json.loads(file.read_text(encoding="utf-8")))
