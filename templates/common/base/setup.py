"""For tools that don't read pyproject.toml by themselves: everything is written there."""

from setuptools import setup

setup()
