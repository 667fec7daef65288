"""Numbers that are held at a value: how they are called, typed, and written into the address.

The place of a number has one name at all levels where there is one: `h[2,1]` for a number of a
quantity, `W_hh h[1]#2` for one of a vector that only the level of operations has.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.experiment.parsing import parse_number
from rnn_core.graph import names

MOST_HELD = 8
LONGEST_PLACE = 80
_ENTRY = re.compile(r"(.+)#(\d{1,9})", re.DOTALL)


@dataclass(frozen=True)
class Hold:
    """A place, and the number that is put there."""

    place: str
    value: float


def place_of(node: str, unit: int | None) -> str:
    """Return the name of a node's number; `unit` counts the numbers of a vector from 1."""
    if unit is None:
        return node
    said = names.read(node, ())
    if said.quantity is not None and said.t is not None and not said.index:
        return names.node(said.quantity, said.t, unit)
    return f"{node}#{unit}"


def written(holds: Sequence[Hold]) -> str:
    """Return holds as a text for the address."""
    return ",".join(f"{hold.place}:{hold.value!r}" for hold in holds)


def read(text: str) -> tuple[list[Hold], str]:
    """Return what a text for the address holds, and a sentence about what of it cannot be."""
    found: dict[str, Hold] = {}
    unread: list[str] = []
    for part in re.findall(r"[^:]*:[^:,]*(?:,|$)|.+$", text):
        place, _, number = part.removesuffix(",").partition(":")
        try:
            hold = hold_of(place, number)
        except ValueError:
            unread.append(part)
        else:
            found[hold.place] = hold
    holds = list(found.values())
    said = ""
    if unread:
        said = f"Hold: expected places with numbers, as h[2,1]:0.5, got {unread[0][:60]!r}"
        said += " in the address; it is left out."
    if len(holds) > MOST_HELD:
        said = f"Hold: expected at most {MOST_HELD} numbers, got {len(holds)} in the address; "
        said += f"the first {MOST_HELD} are held."
    return holds[:MOST_HELD], said


def hold_of(place: str, text: str) -> Hold:
    """Return a hold of a number that was typed.

    Raises
    ------
    ValueError
        It is no finite number, or the place is not a name.
    """
    if not 0 < len(place) <= LONGEST_PLACE or not place.isprintable() or ":" in place:
        raise ValueError(f"Hold: expected the name of a node, got {place[:60]!r}")
    return Hold(place, parse_number(text, f"Hold {place} at"))


def in_vector(place: str) -> tuple[str, int] | None:
    """Return the vector that a place may be a number of, and which of its entries, from 0."""
    said = names.read(place, ())
    if said.quantity is not None and said.t is not None and len(said.index) == 1:
        return names.node(said.quantity, said.t), said.index[0] - 1
    if part := _ENTRY.fullmatch(place):
        return part[1], int(part[2]) - 1
    return None
