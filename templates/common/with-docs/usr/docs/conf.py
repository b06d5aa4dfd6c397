"""How Sphinx makes the documentation: ./up.py docs"""

import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "home"

# In a layout without a folder of that name, home/ itself is the package.
if not (HOME / "my_app").is_dir():
    sys.path.insert(0, str(ROOT))
    sys.modules["my_app"] = import_module("home")
else:
    sys.path.insert(0, str(HOME))

project = "My App"
release = version = import_module("my_app.version").version()
extensions = ["sphinx.ext.autodoc", "sphinx.ext.viewcode", "numpydoc", "myst_parser"]
autodoc_default_options = {"members": True, "member-order": "bysource"}
numpydoc_show_class_members = False
suppress_warnings = ["myst.header", "myst.xref_missing"]
html_theme = "alabaster"
html_theme_options = {"description": "My App"}
