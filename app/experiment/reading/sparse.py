"""A sparse matrix as SciPy prints it: `(0, 1)` and a number in each line."""

import re

from app.experiment.reading.table import MAX_NUMBERS, MOST_COLUMNS

_ENTRY = re.compile(r"\s*\((\d{1,7}), ?(\d{1,7})\)\s+([^\s()]{1,60})\s*")
_SHAPE = re.compile(r"\bshape \((\d{1,7}), ?(\d{1,7})\)")
_MOST_HEAD = 4  # lines above the entries


def of_scipy(text: str, where: str) -> tuple[list[list[str]], str] | None:
    """Return the rows, with zeros where nothing is given, and a sentence; None if it is none.

    Raises
    ------
    ValueError
        It is larger than anything here; one sentence.
    """
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    first = next((n for n, line in enumerate(lines[:_MOST_HEAD]) if _ENTRY.fullmatch(line)), None)
    if first is None or (first and "sparse" not in lines[0]):
        return None
    found = [_ENTRY.fullmatch(line) for line in lines[first:]]
    if not all(found):
        return None
    entries = [(int(one[1]), int(one[2]), one[3]) for one in found if one]
    told = _SHAPE.search("\n".join(lines[:first])[:1000])
    rows = int(told[1]) if told else 1 + max(row for row, _, _ in entries)
    columns = int(told[2]) if told else 1 + max(column for _, column, _ in entries)
    if rows * columns > MAX_NUMBERS or columns > MOST_COLUMNS:
        raise ValueError(
            f"{where}: expected at most {MAX_NUMBERS:,} numbers, got a sparse matrix of "
            f"{rows:,} × {columns:,}"
        )
    if len({entry[:2] for entry in entries}) < len(entries):
        raise ValueError(f"{where}: expected each place of a sparse matrix once, got one twice")
    made = [["0"] * columns for _ in range(rows)]
    for row, column, number in entries:
        if row >= rows or column >= columns:
            raise ValueError(
                f"{where}: expected entries within {rows} × {columns}, got ({row}, {column})"
            )
        made[row][column] = number
    said = f"{len(entries):,} numbers given by row and column from 0, the others are 0."
    return made, said + ("" if told else f" The largest make it {rows:,} × {columns:,}.")
