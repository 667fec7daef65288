"""Open the app: on files of the operator's, at a port that is free."""

import errno
import socket
from argparse import Namespace
from pathlib import Path

from app.server import handed, options
from unrolled import home
from unrolled.arguments import Parser, printable

PORT, LAST_PORT = 8501, 65535
PORTS_TRIED = 100


def add_options(parser: Parser) -> None:
    """Say what can be said of the server."""
    parser.add_argument(
        "--port", type=int, default=PORT, help=f"{PORT}, or the next one that is free"
    )
    parser.add_argument("--host", default="localhost", help="0.0.0.0 lets other machines reach it")
    parser.add_argument("--no-browser", action="store_true", help="print the address alone")
    for option, what in (
        (options.ALLOWED_HOSTS, "a name that others know the machine by"),
        (options.FRAME_ANCESTORS, "a host whose pages may show the app in a frame"),
    ):
        parser.add_argument(option, action="append", default=[], metavar="HOST", help=what)
    parser.add_argument(options.SCHEDULER, metavar="tcp://HOST:PORT", help="of a Dask cluster")


def files_of(paths: list[Path]) -> handed.Files:
    """Read the files that the app is to be opened on.

    Raises
    ------
    ValueError
        One is not there, nothing that can be read, or of a kind that another one is of.
    """
    from app.experiment.weights_file import is_weights
    from unrolled import read
    from unrolled.described import described

    found: dict[str, handed.File] = {}
    for path in paths:
        content = read.content_of(path)
        result = read.held(content, path.name).result
        if "refused" in result and not result["choices"]:  # with choices, the page offers them
            raise ValueError(described(path.name, result))
        kind = "weights" if is_weights(content) else "data"
        if kind in found:
            raise ValueError(
                f"files: expected at most one of weights and one of data, got {found[kind].name} "
                f"and {path.name}"
            )
        found[kind] = handed.File(printable(path.name), content)
    return handed.Files(**found)


def lesson_in(path: Path) -> handed.Files:
    """Read a lesson; ValueError if it is none."""
    from app.views.lessons import format as lesson_text
    from unrolled import read

    content = read.content_of(path)
    lesson_text.read(content)
    return handed.Files(lesson=handed.File(printable(path.name), content))


def serve(files: handed.Files, given: Namespace) -> int:
    """Run the app until it is stopped, and return its exit code.

    Raises
    ------
    ValueError
        It cannot be served there; one sentence.
    """
    behind = []
    for option in (options.ALLOWED_HOSTS, options.FRAME_ANCESTORS):
        if hosts := vars(given)[option[2:].replace("-", "_")]:
            behind += [option, *hosts]
    if given.scheduler is not None:
        behind += [options.SCHEDULER, given.scheduler]
    options.read(behind)
    port = free_port(given.host, given.port)
    if port != given.port:
        print(f"  Port {given.port} is in use: the app takes {port} instead.", flush=True)
    if files != handed.Files():
        handed.HAND.hold_out(files)
    from streamlit.web import cli

    line = ["run", str(home.MAIN), f"--server.address={given.host}", f"--server.port={port}"]
    line += ["--server.headless=true"] if given.no_browser else []
    return int(cli.main([*line, "--", *behind], prog_name="streamlit", standalone_mode=False) or 0)


def free_port(host: str, first: int, count: int = PORTS_TRIED) -> int:
    """Return the first of some ports, from `first` on, that nobody listens on.

    Raises
    ------
    ValueError
        There is none, or the host is no address of this machine; one sentence.
    """
    if not 1 <= first <= LAST_PORT:
        raise ValueError(f"port: expected a number from 1 to {LAST_PORT}, got {first}")
    for port in range(first, min(first + count, LAST_PORT + 1)):
        try:
            if _is_free(host, port):
                return port
        except PermissionError:
            raise ValueError(f"port: expected one that you may listen on, got {port}") from None
        except (OSError, UnicodeError):
            raise ValueError(
                f"host: expected a name or an address of this machine, got {host!r:.80}"
            ) from None
    raise ValueError(f"port: expected a free one from {first} to {port}, got none")


def _is_free(host: str, port: int) -> bool:
    """Whether a port is free at every address that a name has; OSError if the name has none."""
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    refusals = []
    for family, _, _, _, address in addresses:
        try:
            socket.create_server(address[:2], family=family).close()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            refusals.append(error)
    if len(refusals) == len(addresses):
        raise refusals[0]
    return True
