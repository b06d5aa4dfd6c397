"""How Sphinx makes the documentation: ./up.py docs"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "home")]
IS_NESTED = (ROOT / "home" / "my_app").is_dir()

from importlib import import_module  # noqa: E402

project = "My App"
release = version = import_module(("my_app" if IS_NESTED else "home") + ".version").version()
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "numpydoc",
    "myst_parser",
]
autodoc_default_options = {"members": True, "member-order": "bysource"}
numpydoc_show_class_members = False
html_theme = "alabaster"
html_theme_options = {"description": "My App"}
