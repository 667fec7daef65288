"""How the reader's own data are to be read, as a short text: in an address, and in a plan."""

import json
from typing import Any

from app.experiment.reading.notice import Options

LONGEST = 400
LISTS = ("leave_out", "leave_out_lines", "use")  # of numbers
MALFORMED = "how to read the data: expected what this page has put into the address, got {}"


def written(options: Options) -> str:
    """Return the options as a text; empty where everything is as the data show it."""
    return json.dumps(options, sort_keys=True, separators=(",", ":")) if options else ""


def read(text: str) -> Options:
    """Return the options of a text.

    Raises
    ------
    ValueError
        They are none; one sentence.
    """
    if not text:
        return {}
    try:
        found = json.loads(text[: LONGEST + 1])
    except (ValueError, RecursionError):
        found = None
    fits = isinstance(found, dict) and all(_fits(name, value) for name, value in found.items())
    if len(text) > LONGEST or not fits:
        raise ValueError(MALFORMED.format(repr(text[:40])))
    return dict(found)


def _fits(name: str, value: Any) -> bool:
    if name == "days":  # a column of dates, and what comes first in them
        parts = value if isinstance(value, dict) else {}
        kinds = {key: type(part) for key, part in parts.items()}
        return kinds == {"column": int, "order": str}
    if name in LISTS:
        return isinstance(value, list) and all(type(one) is int for one in value)
    return isinstance(value, bool | int | str)
