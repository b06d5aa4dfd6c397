"""The tests under each Python that is there: nox"""

import nox

nox.options.sessions = ["tests"]


@nox.session(python=["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """Run the tests in a virtualenv of their own; a Python that is not there is left out, and nox says so."""
    session.install("--find-links", "opt/wheels", "-r", "requirements.txt", "-r", "requirements-dev.txt")
    session.run("python", "-m", "pytest", *session.posargs)
