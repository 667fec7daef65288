"""JSON whose sizes are judged before any of it becomes an object."""

import json
from typing import Any

import numpy as np

MOST_ITEMS = 8200
"""In one list: steps of a sequence are at most 5,000, edits of drawn weights 8,192."""
MOST_LISTS = 600_000
DEEPEST = 12


def loads(text: str | bytes, where: str, *, items: int = MOST_ITEMS) -> Any:
    """Return what JSON holds, after a look at how long its lists are and how deep they nest.

    Raises
    ------
    ValueError
        It is no JSON, or a list in it has more than `items`; one sentence.
    """
    require_bounded(text, where, items=items)
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ValueError(f"{where}: expected JSON, got something else") from None


def require_bounded(text: str | bytes, where: str, *, items: int = MOST_ITEMS) -> None:
    """Raise ValueError over JSON with too long a list, too many, or too deep ones.

    Memory is that of a few bytes for each character, and no object is made for what it holds.
    """
    content = text.encode(errors="replace") if isinstance(text, str) else text
    content = content.replace(rb"\\", b"").replace(rb"\"", b"")  # what is escaped in strings
    letters = np.frombuffer(content, np.uint8)
    outside = np.bitwise_xor.accumulate(letters == ord('"')) ^ True
    opens = (letters == ord("[")) | (letters == ord("{"))
    closes = (letters == ord("]")) | (letters == ord("}"))
    if (lists := int((opens & outside).sum())) > MOST_LISTS:
        raise ValueError(f"{where}: expected at most {MOST_LISTS:,} lists, got {lists:,}")
    marks = np.flatnonzero((opens | closes | (letters == ord(","))) & outside)
    change = opens[marks].astype(np.int32) - closes[marks]
    depth = np.cumsum(change, dtype=np.int32)
    deepest = int(depth.max(initial=0))
    if deepest > DEEPEST:
        raise ValueError(f"{where}: expected at most {DEEPEST} nested brackets, got more")
    for level in range(1, deepest + 1):
        here = depth == level
        begun = np.cumsum(here & (change == 1))
        commas = begun[here & (change == 0)]
        longest = int(np.bincount(commas).max(initial=0)) + 1 if len(commas) else 1
        if longest > items:
            raise ValueError(
                f"{where}: expected at most {items:,} items in a list, got {longest:,}"
            )


def _no_constant(name: str) -> Any:
    raise ValueError(name)
