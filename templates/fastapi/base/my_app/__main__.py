"""Runs the service by itself: ./up.py run"""

import os

import uvicorn

from .app import app


def main() -> None:
    """Serve at HOST and PORT, which are 127.0.0.1 and 8000 unless they are set."""
    uvicorn.run(app, host=os.environ.get("HOST", "127.0.0.1"), port=int(os.environ.get("PORT", "8000")))


if __name__ == "__main__":
    main()
