"""The command `unrolled`: the app on one's own files, and what needs no page.

Exit code 0, or 2 with one sentence where nothing could be done.
"""

import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path

from unrolled import __version__, home
from unrolled.arguments import REFUSED, Parser, Plain, refuse

EPILOG = """commands (each tells more with --help):
  unrolled read FILE …     say what would be understood of a file, without opening the app
  unrolled worksheet …     write worksheets with their keys, or question banks
  unrolled lesson FILE     open the app in a lesson of your own"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what a line asks for; return the exit code."""
    words = sys.argv[1:] if arguments is None else [*arguments]
    command = words[0] if words and words[0] in COMMANDS else ""
    name = f"unrolled {command}".strip()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal of few letters shows ? for the others
            stream.reconfigure(errors="replace")
    home.use_the_app()
    try:
        return COMMANDS[command](words[1:] if command else words)
    except ValueError as error:
        refuse(name, str(error))
        return REFUSED


def _open(words: Sequence[str]) -> int:
    from unrolled import serve

    parser = Parser(
        prog="unrolled",
        description="Open Unrolled in the browser, on files of your own if there are any.",
        epilog=EPILOG,
        formatter_class=Plain,
    )
    what = "weights, and a sequence, a text or an experiment: at most one of each"
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=what)
    serve.add_options(parser)
    parser.add_argument("-V", "--version", action="version", version=f"unrolled {__version__}")
    given = parser.parse_args(words)
    home.require_packages()
    return serve.serve(serve.files_of(given.files), given)


def _lesson(words: Sequence[str]) -> int:
    from unrolled import serve

    parser = Parser(prog="unrolled lesson", description="Open Unrolled in a lesson of your own.")
    parser.add_argument("file", type=Path, metavar="FILE", help="its text, saved from the app")
    serve.add_options(parser)
    given = parser.parse_args(words)
    home.require_packages()
    return serve.serve(serve.lesson_in(given.file), given)


def _read(words: Sequence[str]) -> int:
    home.require_packages()
    from unrolled import read

    return read.main(words)


def _worksheet(words: Sequence[str]) -> int:
    home.require_packages()
    from unrolled import worksheet

    return worksheet.main(words)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "": _open,
    "read": _read,
    "worksheet": _worksheet,
    "lesson": _lesson,
}
