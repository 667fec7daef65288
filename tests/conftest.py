"""Fixtures that all tests may use: the app's own server, started as a user would."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN_S = 90


@dataclass(frozen=True)
class Server:
    """A running app: where it answers, its process, and the file that holds what it printed."""

    url: str
    pid: int
    log: Path

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def serving(script: Path, folder: Path, *options: str) -> Iterator[Server]:
    """Run `streamlit run <script>` from another directory on a free port until the block ends."""
    port = free_port()
    log = folder / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.headless", "true", "--server.port", str(port), *options]
    home = {**os.environ, "HOME": str(folder)}  # no settings of whoever runs the tests
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=home, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            server = Server(f"http://localhost:{port}", process.pid, log)
            wait_until_ready(process, server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: "subprocess.Popen[bytes]", server: Server) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"The server stopped at its start:\n{server.printed()}")
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"The server was not ready after {READY_WITHIN_S} s:\n{server.printed()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app for all browser tests of one worker; it may not print a traceback."""
    with serving(ROOT / "app" / "main.py", tmp_path_factory.mktemp("elsewhere")) as running:
        yield running
        printed = running.printed()
    assert "Traceback" not in printed, printed
