"""config: the settings of this service, out of all that ServiceCtl composed."""

import logging
import os
from dataclasses import dataclass

from cordio import config

from .adapter import DEFAULT_URL


@dataclass(frozen=True)
class Config:
    """
    What can be set, and what holds when it is not.

    Attributes
    ----------
    database_url : str
        Where tasks are kept: DATABASE_URL, first of the environment.
    log_level : str
        Messages below it are not logged: LOG_LEVEL.
    """

    database_url: str = DEFAULT_URL
    log_level: str = "INFO"

    @classmethod
    def read(cls) -> "Config":
        """
        Read it from the configuration of this process.

        Examples
        --------
        >>> from cordio.config import Config as Composed
        >>> config.use(Composed({"LOG_LEVEL": "debug"}))
        >>> Config.read().log_level
        'DEBUG'
        >>> config.use(None)
        """
        return cls(
            database_url=os.environ.get("DATABASE_URL") or str(config.get("DATABASE_URL", cls.database_url)),
            log_level=str(config.get("LOG_LEVEL", cls.log_level)).upper(),
        )

    @property
    def level(self) -> int:
        """The number of the log level; INFO's for an unknown one."""
        number = logging.getLevelName(self.log_level)
        return number if isinstance(number, int) else logging.INFO

    def check(self) -> None:
        """
        Make sure that the values can be used.

        Raises
        ------
        ValueError
            One of them can't.
        """
        if not isinstance(logging.getLevelName(self.log_level), int):
            raise ValueError(
                f"LOG_LEVEL is {self.log_level!r}; it has to be DEBUG, INFO, WARNING, ERROR or CRITICAL."
            )
