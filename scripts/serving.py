"""Run a Streamlit page for a while, as a user would: for tests, pictures and benchmarks."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

PROXY = Path(__file__).resolve().parents[1] / "deploy" / "nginx.conf"
READY_WITHIN_S = 90
STOPPED_WITHIN_S = 10


@dataclass(frozen=True)
class Server:
    """A running page: where it answers, its process, and the file that holds what it printed."""

    url: str
    pid: int
    log: Path

    def printed(self) -> str:
        """Return what the server has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def serving(script: Path, folder: Path, *options: str) -> Iterator[Server]:
    """Run `streamlit run <script>` from another directory on a free port until the block ends.

    Raises
    ------
    RuntimeError
        The server stopped at its start or was not ready in time; with what it printed.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.headless", "true", "--server.port", str(port), *options]
    with started(command, port, folder) as server:
        yield server


@contextlib.contextmanager
def serving_two(script: Path, folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Run two processes of a page behind the proxy of `deploy/`: the address, and who computes.

    Raises
    ------
    RuntimeError
        There is no nginx on this machine, or as `serving`.
    """
    if (nginx := shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")) is None:
        raise RuntimeError("expected the program nginx on this machine, found none")
    with serving(script, folder) as first, serving(script, folder) as second:
        port = free_port()
        text = PROXY.read_text(encoding="utf-8").replace("listen 8500", f"listen 127.0.0.1:{port}")
        for number, server in enumerate((first, second), 1):
            behind = urlsplit(server.url).netloc.replace("localhost", "127.0.0.1")
            text = text.replace(f"unrolled-{number}:8501", behind)
        settings = folder / "nginx.conf"
        settings.write_text(text, encoding="utf-8")
        own = f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;"
        with started([nginx, "-c", str(settings), "-g", own], port, folder) as proxy:
            yield proxy.url, (first.pid, second.pid)


@contextlib.contextmanager
def started(command: list[str], port: int, folder: Path) -> Iterator[Server]:
    """Run a command that serves a page at a port, from a folder, until the block ends.

    Raises
    ------
    RuntimeError
        As `serving`.
    """
    log = folder / f"server-{port}.log"
    home = {**os.environ, "HOME": str(folder)}  # no settings of whoever runs this
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
                process.wait(timeout=STOPPED_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def worker_processes(pid: int) -> frozenset[int]:
    """Return the processes under `pid` that compute for the app, but none that has ended."""
    found = set()
    for child in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # gone, or a zombie, since it was listed
            if "app.work.worker" in child.cmdline():
                found.add(child.pid)
    return frozenset(found)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: "subprocess.Popen[bytes]", server: Server) -> None:
    """Wait until the server says that it is well."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server stopped at its start:\n{server.printed()}")
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"The server was not ready after {READY_WITHIN_S} s:\n{server.printed()}")
