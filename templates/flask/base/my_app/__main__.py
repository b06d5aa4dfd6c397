"""Runs the service by itself, for work on it: ./up.py run"""

import os

from .app import app


def main() -> None:
    """Serve at HOST and PORT, which are 127.0.0.1 and 8001 unless they are set."""
    app.run(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8001")))


if __name__ == "__main__":
    main()
