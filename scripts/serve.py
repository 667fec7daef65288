"""Serve the app in a container, on the port that the environment gives: `python scripts/serve.py`.

Further arguments go to Streamlit. Python replaces itself by the server, which so gets the signals.
"""

import os
import sys
from pathlib import Path

MAIN = Path(__file__).resolve().parents[1] / "app" / "main.py"


def command(port: str, arguments: list[str]) -> list[str]:
    """Return the command that serves the app on all the container's addresses.

    Raises
    ------
    SystemExit
        The port is not a number from 1 to 65535.
    """
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        sys.exit(f"PORT must be a number from 1 to 65535; got {port!r}.")
    server = ["--server.headless=true", "--server.address=0.0.0.0", f"--server.port={port}"]
    return [sys.executable, "-m", "streamlit", "run", str(MAIN), *server, *arguments]


if __name__ == "__main__":
    line = command(os.environ.get("PORT") or "8501", sys.argv[1:])
    os.execv(line[0], line)  # noqa: S606  # the arguments are the operator's own
