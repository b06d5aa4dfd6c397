import pytest

from .config import Config


def test_an_unknown_level_is_noticed() -> None:
    Config().check()
    with pytest.raises(ValueError, match="LOG_LEVEL is 'LOUD'"):
        Config(log_level="LOUD").check()
