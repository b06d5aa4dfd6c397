import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_works_and_ends_when_it_is_asked(number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "old").touch()
    rest = ["--folder", "files", "--age", "0", "--every", "600"]
    command = [sys.executable, "-u", "-m", PACKAGE.name, *rest]
    path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    options = {"cwd": tmp_path, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **options) as daemon:  # type: ignore[call-overload]
        try:
            assert any("Deleted" in line for line in daemon.stdout)
            daemon.send_signal(number)
            said = daemon.stdout.read()
            assert daemon.wait(10) == 0
        finally:
            daemon.kill()
    assert f"Received {number.value} signal." in said
    assert not (tmp_path / "files" / "old").exists()
