import pytest

from .adapter import DEFAULT_URL
from .config import Config


def test_what_is_not_set_has_its_default() -> None:
    config = Config.read({})
    config.check()
    assert config.database_url == DEFAULT_URL


def test_an_unknown_level_is_noticed() -> None:
    with pytest.raises(ValueError, match="LOG_LEVEL is 'LOUD'"):
        Config.read({"LOG_LEVEL": "loud"}).check()
