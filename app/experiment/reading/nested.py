"""Numbers in nested brackets as rows, also with a third axis, and vectors one behind the other."""

import re
from collections.abc import Sequence
from itertools import pairwise

from app.experiment.reading.numerals import as_it_came
from app.experiment.reading.printed import DEEPEST, Printed

_TO_SQUARE = str.maketrans("(){}", "[][]")
_ONLY_BRACKETS = str.maketrans("", "", ", \t\n")
_BETWEEN = re.compile(r"[ \t]*+,?\s*+|[ \t]*+\n[ \t]*+- ")  # of vectors below one another; YAML's

Cells = list[list[str]]


def cells(text: str, where: str) -> tuple[Cells, tuple[int, int] | None]:
    """Return the rows of one array in brackets, and (T, B) if there are three axes.

    Raises
    ------
    ValueError
        Brackets are nested unevenly; one sentence.
    """
    square = text.translate(_TO_SQUARE)
    skeleton = re.sub(r"n+", "n", re.sub(r"[^\[\],\s]+", "n", square).translate(_ONLY_BRACKETS))
    if "[" * (DEEPEST + 1) in skeleton:
        raise ValueError(f"{where}: expected at most {DEEPEST} nested brackets, got more")
    rows = [part for part in re.findall(r"[^\[\]]+", square) if part.strip(", \t\n")]
    if skeleton == "[n]":
        return _flat(rows[0]), None
    if skeleton == "[" + "[n]" * len(rows) + "]" and rows:
        return [split_row(row) for row in rows], None
    steps = skeleton.count("[[n")
    per_step, rest = divmod(len(rows), max(steps, 1))
    if rows and not rest and skeleton == "[" + ("[" + "[n]" * per_step + "]") * steps + "]":
        return [split_row(row) for row in rows], (steps, per_step)
    if skeleton.count("[[") and not skeleton.replace("[", "").replace("]", "").replace("n", ""):
        blocks = {block.count("n") for block in skeleton.strip("[]").split("]]")}
        if len(blocks) > 1 and "[[[" in skeleton:
            raise ValueError(f"{where}: expected as many sequences at each step, got other numbers")
    raise ValueError(
        f"{where}: expected numbers nested evenly, at most {DEEPEST} deep, got {as_it_came(text)}"
    )


def _flat(inner: str) -> Cells:
    """Split `1 2; 3 4`, `1, 2, 3`, or a vector that NumPy printed over several lines."""
    lines = [line for line in re.split(r"[;\n]", inner) if line.strip(", \t")]
    rows = [split_row(line) for line in lines]
    if ";" in inner or len(rows) == 1:
        return rows
    goes_on = all(line.rstrip().endswith(",") for line in lines[:-1])
    uneven = len({len(row) for row in rows[:-1]}) == 1 and len(rows[-1]) < len(rows[0])
    return [[cell for row in rows for cell in row]] if goes_on or uneven else rows


def split_row(text: str) -> list[str]:
    """Split numbers at commas or blanks; a comma may stand at the end."""
    if "," not in text:
        return text.split()
    parts = [part.strip() for part in text.strip().split(",")]
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    if len(parts) > 1 and not parts[0]:
        parts = parts[1:]
    return [cell for part in parts for cell in (part.split() or [""])]


def stacked(text: str, found: Sequence[Printed]) -> Cells | None:
    """Return vectors of one length without names, one behind the other, as rows; None of others."""
    if len(found) < 2 or any(one.name for one in found[1:]):
        return None
    between = (text[a.end : b.start] for a, b in pairwise(found))
    inner = [text[one.start + 1 : one.end - 1] for one in found]
    if not all(map(_BETWEEN.fullmatch, between)):
        return None
    if any(sign in part for part in inner for sign in "[](){};\n"):
        return None
    rows = [split_row(part) for part in inner]
    return rows if len({len(row) for row in rows}) == 1 else None
