"""Columns whose cells are a number with one sign in all of them: 10 %, $1.50, 5 kg."""

import re
import unicodedata
from collections.abc import Sequence

from app.experiment.reading.dates import is_date, is_missing
from app.experiment.reading.numerals import LONGEST_NUMBER, is_number

LONGEST_UNIT = 12

_BEHIND = re.compile(r"[^\s\d.,;:+\-−–/^()\[\]{}'’][^\s.,;:()\[\]{}]{0,11}")
_NEGATIVE = re.compile(r"\s*\(\s*([\d.,'’ ]{1,40})\s*\)\s*")  # as accountants write it
_BASED = re.compile(r"0[xXbBoO]")
_TRUTH = {"true": "1", "false": "0"}


def without(cells: Sequence[str]) -> tuple[list[str], str] | None:
    """Return the numbers of a column without their common sign, and what was done; or None.

    Cells that are missing stay. A column of true and false is one of 1 and 0.
    """
    first = next((cell for cell in cells if not is_missing(cell)), "")
    if first.strip().lower() in _TRUTH:
        known = {cell: _TRUTH.get(cell.strip().lower(), cell) for cell in {*cells}}
        if all(known[cell] in "10" or is_missing(cell) for cell in known):
            return [known[cell] for cell in cells], "true read as 1, false as 0"
        return None
    if any(_NEGATIVE.fullmatch(cell) for cell in {*cells}):
        known = {cell: _NEGATIVE.sub(r"-\1", cell) for cell in {*cells}}
        if all(is_missing(cell) or is_number(number) for cell, number in known.items()):
            return [known[cell] for cell in cells], "numbers in parentheses are negative"
        return None
    found = split(first)
    if found is None:
        return None
    before, _, behind = found
    made: dict[str, str] = {}
    for cell in {*cells}:
        if is_missing(cell):
            made[cell] = cell
            continue
        parts = split(cell)
        if parts is None or (parts[0], parts[2]) != (before, behind):
            return None
        made[cell] = parts[1]
    place = "before" if before else "behind"
    return [made[cell] for cell in cells], f"“{before or behind}” {place} the numbers left out"


def are_alike(cell: str, other: str) -> bool:
    """Return whether both cells are numbers with the same sign beside them."""
    found, another = split(cell), split(other)
    return found is not None and another is not None and found[::2] == another[::2]


def split(cell: str) -> tuple[str, str, str] | None:
    """Return the currency before a number, the number, and the unit behind it; or None.

    One of the two is there, and not more than one.
    """
    plain = cell.strip()
    if not 2 <= len(plain) <= LONGEST_NUMBER + LONGEST_UNIT or is_number(plain) or is_date(plain):
        return None
    sign = plain[:1] if plain[:1] in "+-−–" else ""
    rest = plain[len(sign) :]
    if unicodedata.category(rest[:1] or " ") == "Sc":
        number = sign + rest[1:].strip()
        return (rest[0], number, "") if is_number(number) else None
    if _BASED.match(rest):
        return None  # 0xZZ is no number with a unit
    end = max(at for at, character in enumerate(" " + plain) if character.isdecimal() or not at)
    number, unit = plain[:end].strip(), plain[end:].strip()
    if unicodedata.category(unit[:1] or " ") == "No":
        return None  # 1.5½
    if not number or not _BEHIND.fullmatch(unit) or not is_number(number):
        return None
    return "", number, unit
