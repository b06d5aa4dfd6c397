"""The daemon: it works until SIGTERM or SIGINT, and finishes its work; --aggressive, it is interrupted."""

import argparse
from pathlib import Path
from typing import List, Optional

from cordio import SimpleDaemon, config
from cordio.daemon import SimpleDaemonExit

from .work import sweep

NAME = "my-app"


def main(arguments: Optional[List[str]] = None) -> None:
    """Work, turn after turn."""
    settings = config.slice("sweep")
    parser = argparse.ArgumentParser(description="My App")
    parser.add_argument("--folder", default=settings.get("folder", "var/tmp"), type=Path)
    parser.add_argument("--age", default=settings.get("age", 86400), type=float, help="in seconds")
    parser.add_argument("--every", default=settings.get("every", 60), type=float, help="in seconds")
    parser.add_argument("--aggressive", action="store_true", help="be interrupted at once")
    chosen = parser.parse_args(arguments)
    logs = Path(config.get("LOG_DIR", "var/log"))
    logs.mkdir(parents=True, exist_ok=True)
    try:
        with SimpleDaemon(
            NAME,
            chosen.aggressive,
            log_path=str(logs),
            log_name=f"{NAME}.log",
            stream=True,
        ) as daemon:
            while not daemon.interrupted:
                for path in sweep(chosen.folder, chosen.age):
                    daemon.log.info("Deleted %s", path)
                daemon.wait(chosen.every)
    except SimpleDaemonExit as end:
        print(end)


if __name__ == "__main__":
    main()
