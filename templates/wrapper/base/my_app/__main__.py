"""The module by itself: ./up.py run"""

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Optional

from .config import Config
from .module import Server


def main() -> None:
    """Serve at BINDING_ADDRESS with the configuration in CONFIG_FILE, until SIGTERM or SIGINT."""
    host, _, port = os.environ.get("BINDING_ADDRESS", "127.0.0.1:8003").rpartition(":")
    config = Config.read(Path(os.environ.get("CONFIG_FILE", "conf/default_remote_config.json")))
    logging.basicConfig(
        format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
        level=config.log_level.upper(),
        stream=sys.stderr,
    )
    with Server((host, int(port)), config) as server:

        def stop(number: int, frame: Optional[FrameType]) -> None:
            # shutdown waits for the loop that this handler interrupts.
            threading.Thread(target=server.shutdown).start()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        logging.info("Listening at %s:%s", host, server.server_port)
        server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    main()
