"""What the operator says behind `streamlit run app/main.py --`: `--scheduler tcp://host:8786`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

SCHEDULER = "--scheduler"
ADDRESS = re.compile(r"tcp://([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")


@dataclass(frozen=True)
class Options:
    """The options of one server."""

    scheduler: str | None = None  # tcp://host:port of a Dask scheduler


def read(arguments: Sequence[str]) -> Options:
    """Read the arguments behind the script's name; those of other programs are left alone.

    Raises
    ------
    ValueError
        The scheduler's address is missing or not tcp://host:port.
    """
    scheduler = None
    words = list(arguments)
    for place, word in enumerate(words):
        name, given, value = word.partition("=")
        if name == SCHEDULER:
            scheduler = _address(value if given else "".join(words[place + 1 : place + 2]))
    return Options(scheduler)


def _address(text: str) -> str:
    found = ADDRESS.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 65535:
        raise ValueError(f"{SCHEDULER}: expected tcp://host:port, got {text[:60]!r}")
    return text
