"""The examples of docstrings, where no pytest runs them."""

import doctest
import importlib
import pkgutil

import cordio


def load_tests(loader, tests, pattern):
    """Add them to what unittest runs."""
    for module in pkgutil.iter_modules(cordio.__path__, "cordio."):
        if module.name != "cordio.amqp":
            tests.addTests(doctest.DocTestSuite(importlib.import_module(module.name)))
    return tests
