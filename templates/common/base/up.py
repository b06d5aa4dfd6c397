#!/usr/bin/env python3
"""Everything that is done to this project, with the tools that this machine has. What it lacks is said."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence

ROOT = Path(__file__).resolve().parent
HOME = ROOT / "home"
VAR = ROOT / "var"
PACKAGE = "my_app"
IS_NESTED = (HOME / PACKAGE).is_dir()


class Tool(NamedTuple):
    """A module that is run, and the package that brings it."""

    module: str
    arguments: Sequence[str]
    package: str
    debian: Optional[str] = None

    def remedy(self) -> str:
        """Say how to get it."""
        return f"pip install {self.package}" + (f", or apt install {self.debian}" if self.debian else "")


RUFF = (
    Tool("ruff", ["check", "."], "ruff"),
    Tool("ruff", ["format", "--check", "."], "ruff"),
)
CLASSIC = (
    Tool("flake8", [], "flake8", "flake8"),
    Tool("isort", ["--check-only", "--diff", "."], "isort", "isort"),
    Tool("black", ["--check", "--quiet", "--diff", "."], "black", "black"),
)
MYPY = Tool("mypy", [], "mypy", "mypy")
PYTEST = Tool("pytest", [f"--junit-xml={VAR / 'test' / 'results.xml'}"], "pytest", "python3-pytest")
COVERAGE = Tool(
    "pytest_cov",
    ["--cov", f"--cov-report=html:{VAR / 'test' / 'coverage'}"],
    "pytest-cov",
    "python3-pytest-cov",
)
SPHINX = Tool(
    "sphinx", ["-W", "-b", "html", "usr/docs", str(VAR / "target" / "docs")], "sphinx", "python3-sphinx"
)
DOCS = (
    SPHINX,
    Tool("myst_parser", [], "myst-parser", "python3-myst-parser"),
    Tool("numpydoc", [], "numpydoc", "python3-numpydoc"),
)
BUILD = Tool("build", ["--no-isolation", "--outdir", str(VAR / "target" / "deploy")], "build", "python3-build")
WHEEL = Tool("wheel", [], "wheel", "python3-wheel")
TWINE = Tool("twine", ["upload", "--non-interactive"], "twine", "twine")


def python() -> str:
    """Name the interpreter: the virtualenv's, where there is one."""
    own = VAR / "venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def has(tool: Tool) -> bool:
    """Tell whether this interpreter can import it."""
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
    return subprocess.run([python(), "-c", code, tool.module], check=False, cwd="/").returncode == 0


def run(tool: Tool, *more: str) -> int:
    """Run a tool in the project's folder, after saying so."""
    words = [tool.module, *tool.arguments, *more]
    print("-- " + " ".join(words), flush=True)
    return subprocess.run([python(), "-m", *words], check=False, cwd=ROOT).returncode


def missing(tools: Sequence[Tool]) -> List[Tool]:
    """Name the tools that are not here, and how to get them."""
    absent = [tool for tool in tools if not has(tool)]
    for tool in absent:
        print(f"-- {tool.module} is not here: {tool.remedy()}", file=sys.stderr, flush=True)
    return absent


def setup(arguments: Sequence[str]) -> int:
    """Copy usr/etc to etc, where etc lacks something: it is not versioned."""
    for source in sorted((ROOT / "usr" / "etc").rglob("*")):
        target = ROOT / source.relative_to(ROOT / "usr")
        if source.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
            print(f"-- made {target.relative_to(ROOT)}")
    return 0


def start(arguments: Sequence[str]) -> int:
    """Run the program itself, as long as it takes."""
    if IS_NESTED:
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HOME), os.environ.get("PYTHONPATH")]))
    os.chdir(ROOT)
    os.execv(python(), [python(), "-m", PACKAGE if IS_NESTED else HOME.name, *arguments])


def check(arguments: Sequence[str]) -> int:
    """Lint, and check the types. With --all, a tool that is not here is a failure."""
    tools = [*(RUFF if has(RUFF[0]) else CLASSIC), MYPY]
    absent = missing(tools)
    failed = [tool.module for tool in tools if tool not in absent and run(tool)]
    if failed:
        print("-- failed: " + ", ".join(failed), file=sys.stderr)
    return int(bool(failed) or len(absent) == len(tools) or (bool(absent) and "--all" in arguments))


def test(arguments: Sequence[str]) -> int:
    """Run the tests, and the examples of the docstrings."""
    if missing([PYTEST]):
        return 1
    (VAR / "test").mkdir(parents=True, exist_ok=True)
    return run(PYTEST, *([] if missing([COVERAGE]) else COVERAGE.arguments), *arguments)


def docs(arguments: Sequence[str]) -> int:
    """Make the documentation, in var/target/docs."""
    if not (ROOT / "usr" / "docs").is_dir():
        print("-- There is no usr/docs; the part 'docs' of the template brings it.", file=sys.stderr)
        return 1
    return 1 if missing(DOCS) else run(SPHINX, *arguments)


def build(arguments: Sequence[str]) -> int:
    """Build the wheel and the source package, in var/target/deploy."""
    if missing([BUILD, WHEEL]):
        return 1
    shutil.rmtree(VAR / "target" / "deploy", ignore_errors=True)
    return run(BUILD, *arguments)


def publish(arguments: Sequence[str]) -> int:
    """Check, test and build; then upload to the index that twine or uv is configured for."""
    code = check([]) or test([]) or build([])
    if code:
        return code
    packages = [str(path) for path in sorted((VAR / "target" / "deploy").iterdir())]
    if has(TWINE):
        return run(TWINE, *arguments, *packages)
    uv = shutil.which("uv")
    if uv:
        return subprocess.run([uv, "publish", *arguments, *packages], check=False, cwd=ROOT).returncode
    missing([TWINE])
    print("-- The packages are built: " + " ".join(packages), file=sys.stderr)
    return 1


def clean(arguments: Sequence[str]) -> int:
    """Remove what can be made again; logs, data and the virtualenv stay."""
    made = [VAR / "target", VAR / "test", VAR / "tmp", ROOT / "build", ROOT / ".coverage"]
    made += [ROOT / name for name in (".mypy_cache", ".pytest_cache", ".ruff_cache")]
    made += [*ROOT.glob("*.egg-info"), *HOME.glob("*.egg-info"), *HOME.rglob("__pycache__")]
    for path in made:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return 0


COMMANDS = {
    "setup": setup,
    "run": start,
    "check": check,
    "test": test,
    "docs": docs,
    "build": build,
    "publish": publish,
    "clean": clean,
}


def main() -> int:
    """Do what the first argument says; the others go to the tool."""
    parser = argparse.ArgumentParser(
        description=__doc__, prog="up.py", epilog="Further arguments go to the tool."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=(command.__doc__ or "").strip().lower().rstrip("."), add_help=False)
    chosen, arguments = parser.parse_known_args()
    return COMMANDS[chosen.command](arguments)


if __name__ == "__main__":
    sys.exit(main())
