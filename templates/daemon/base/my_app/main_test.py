import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_works_and_ends_when_it_is_asked(number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    command = [
        sys.executable,
        "-u",
        "-m",
        PACKAGE.name,
        "--folder",
        str(tmp_path),
        "--age",
        "0",
        "--every",
        "600",
    ]
    environment = {**os.environ, "LOG_FOLDER": str(tmp_path / "log")}
    options = {"cwd": PACKAGE.parent, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **options) as daemon:  # type: ignore[call-overload]
        try:
            assert any("Deleted" in line for line in daemon.stdout)
            daemon.send_signal(number)
            rest = daemon.stdout.read()
            assert daemon.wait(10) == 0
        finally:
            daemon.kill()
    assert f"Received {number.value} signal." in rest
    assert not (tmp_path / "old").exists()
