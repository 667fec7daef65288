"""JSON that holds more than brackets and numbers: sequences with answers, records, columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from typing import Any

from app.experiment.reading import json_text
from app.experiment.reading.table import TextTable
from app.experiment.reading.words import tidy

LONGEST_LABEL = 40

_OBJECT = re.compile(r'\s*+(?:\[\s*+)?+\{\s*+["}]')

Answer = float | str


@dataclass(frozen=True)
class Answered:
    """One sequence: numbers (T, D), and answers for each step or for the last one alone."""

    x: tuple[tuple[float, ...], ...]
    y: tuple[tuple[Answer, ...], ...]


def looks_like(text: str) -> bool:
    """Return whether a text is JSON with objects, or lines of it."""
    return _OBJECT.match(text) is not None


def loaded(text: str, where: str, *, items: int) -> Any:
    """Return what JSON or lines of JSON hold, lines as a list; ValueError in one sentence."""
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    if len(lines) > 1 and all(_is_whole(line) for line in lines[:50]):
        if len(lines) > items:
            raise ValueError(
                f"{where}: expected at most {items:,} lines of JSON, got {len(lines):,}"
            )
        text = "[" + ",".join(line.strip().rstrip(",") for line in lines) + "]"
    return json_text.loads(text, where, items=items)


def loaded_with_gaps(text: str, where: str, *, items: int) -> list[Any] | None:
    """Return a JSON list in which values are missing or numbers are texts; None of any other.

    Its gaps are `null`, or the NaN that Python writes.
    """
    if text.lstrip()[:1] != "[" or not any(sign in text for sign in ('"', "null", "NaN")):
        return None
    if '"' not in text:
        text = text.replace("NaN", "null")
    try:
        found = loaded(text, where, items=items)
    except ValueError:
        return None  # not JSON: what a program printed
    return found if isinstance(found, list) and _rows(found) else None


def _rows(found: list[Any]) -> list[list[Any]]:
    """Return the rows of a list of lists, or of numbers alone; nothing of deeper ones."""
    rows = [one if isinstance(one, list) else [one] for one in found]
    deep = any(isinstance(value, (list, dict)) for row in rows for value in row)
    return [] if deep or not all(rows) else rows


def _is_whole(line: str) -> bool:
    line = line.strip().rstrip(",")
    return line[:1] + line[-1:] in ("{}", "[]") and line.count("{") == line.count("}")


def is_sequences(found: Any) -> bool:
    """Return whether JSON holds sequences with answers: objects with a list x and y."""
    first = found[0] if isinstance(found, list) and found else found
    return isinstance(first, dict) and {"x", "y"} <= first.keys() and isinstance(first["x"], list)


def with_answers(found: Any) -> tuple[Any, str]:
    """Return JSON that holds sequences with answers as objects with x and y, and what was done.

    They may stand in `{"data": …}`, and be called otherwise, as `NAMES` has it. None of other JSON.
    """
    inner, said = (found, "") if is_sequences(found) else within(found)
    first = inner[0] if isinstance(inner, list) and inner else inner
    if not isinstance(first, dict):
        return None, ""
    keys = {name.lower(): name for name in reversed([*map(str, first)])}
    x, y = (next((keys[n] for n in NAMES[part] if n in keys), "") for part in "xy")
    if not x or not y or not isinstance(first.get(x), list):
        return None, ""
    if (x, y) == ("x", "y"):
        return inner, said
    told = f"“{tidy(x)}” read as x, “{tidy(y)}” as y."
    objects = inner if isinstance(inner, list) else [inner]
    made = [
        {("x" if key == x else "y" if key == y else f" {key}"): value for key, value in one.items()}
        if isinstance(one, dict)
        else one
        for one in objects
    ]
    return (made if isinstance(inner, list) else made[0]), f"{said} {told}".strip()


NAMES = {
    "x": ("x", "xs", "input", "inputs", "features", "sequence", "values"),
    "y": ("y", "ys", "target", "targets", "label", "labels", "output", "outputs", "class"),
}
"""What people call a sequence and its answer, in lower case."""


def answered_sequences(found: Any) -> Iterator[Answered]:
    """Return the sequences of JSON: a list of {"x": …, "y": …}, or one such object of lists.

    Raises
    ------
    ValueError
        A sequence does not fit; one sentence.
    """
    for number, item in enumerate(_items(found), 1):
        where = f"sequence {number}"
        if not isinstance(item, dict) or not {"x", "y"} <= item.keys():
            raise ValueError(f'{where}: expected an object with "x" and "y", got {excerpt(item)}')
        x = [_row(step, where) for step in _list(item["x"], f"{where}: x")]
        y = item["y"] if isinstance(item["y"], list) else [item["y"]]
        yield Answered(
            tuple(tuple(_number(cell, where) for cell in row) for row in x),
            tuple(tuple(_answer(cell) for cell in _row(step, where)) for step in y),
        )


def _items(found: Any) -> list[Any]:
    """Return the objects; one of which x holds all sequences and y all answers is taken apart."""
    if isinstance(found, list):
        return found
    x, y = (found.get(name) if isinstance(found, dict) else None for name in "xy")
    if isinstance(x, list) and isinstance(y, list) and len(x) == len(y) and _is_deep(x):
        return [{"x": one, "y": answer} for one, answer in zip(x, y, strict=True)]
    if isinstance(x, list):
        return [found]
    raise ValueError('data: expected a JSON list of {"x": …, "y": …}, got an object')


def _is_deep(x: list[Any]) -> bool:
    """Return whether x holds sequences of steps of numbers, not the steps of one."""
    step = x[0][0] if x and isinstance(x[0], list) and x[0] else None
    return isinstance(step, list)


def within(found: Any) -> tuple[Any, str]:
    """Return what an object is about, `{"data": …}` or its only list, and what was left out.

    pandas puts the names of columns beside the rows in `split`, and records into `table`.
    """
    if not isinstance(found, dict):
        return found, ""
    lists = [name for name, value in found.items() if isinstance(value, (list, dict))]
    about = "data" if "data" in lists else lists[0] if len(lists) == 1 else None
    if about is None or (about != "data" and not _is_deep_or_alone(found, about)):
        return found, ""
    names, rows = found.get("columns"), found[about]
    used = {about}
    if (
        isinstance(names, list)
        and isinstance(rows, list)
        and all(isinstance(r, list) for r in rows)
    ):
        rows = [dict(zip(map(str, names), row, strict=False)) for row in rows]
        used.add("columns")
    left = [tidy(name) for name in found if name not in used]
    said = f"“{tidy(about)}” read" + (f", {', '.join(left[:5])} left out" if left else "") + "."
    return rows, said


def _is_deep_or_alone(found: dict[str, Any], about: str) -> bool:
    """Return whether a list holds lists or objects, or nothing else stands beside it."""
    value = found[about]
    return isinstance(value, list) and (
        len(found) > 1 or any(isinstance(one, (list, dict)) for one in value[:1])
    )


def is_array(found: Any) -> bool:
    """Return whether JSON is a list of numbers, or of lists of them, without a gap at its start."""
    first = found
    while isinstance(first, list) and first:
        if None in first:
            return False
        first = first[0]
    return isinstance(found, list) and isinstance(first, (int, float))


def steps_of(found: list[Any]) -> list[Any]:
    """Return a list of numbers as that of steps of one number each; other lists as they are."""
    return found if isinstance(found[0], list) else [[one] for one in found]


def as_table(found: Any, where: str) -> TextTable | None:
    """Return records, `[{"t": 1, "u": 2}, …]`, columns, `{"t": [1, …], …}`, or rows as a table."""
    if isinstance(found, dict):
        columns = {name: value for name, value in found.items() if isinstance(value, list | dict)}
        if not columns or len(columns) != len(found):
            return None
        lists = [list(v.values()) if isinstance(v, dict) else v for v in columns.values()]
        if len({len(cells) for cells in lists}) != 1:
            raise ValueError(f"{where}: expected columns of one length, got other lengths")
        names = [*columns]
        rows = [[_cell(value) for value in row] for row in zip(*lists, strict=True)]
    elif isinstance(found, list) and found and all(isinstance(one, dict) for one in found):
        names = [*dict.fromkeys(name for one in found for name in islice(one, 65))]
        rows = [[_cell(one.get(name, "")) for name in names] for one in found]
    elif isinstance(found, list) and (rows_of := _rows(found)):
        names = [""] * len(rows_of[0])
        for number, row in enumerate(rows_of, 1):
            if len(row) != len(names):
                raise ValueError(
                    f"{where} row {number}: expected {len(names)} numbers as in row 1, "
                    f"got {len(row)}"
                )
        rows = [[_cell(value) for value in row] for row in rows_of]
    else:
        return None
    if not names or len(names) > 64 or not rows:
        raise ValueError(f"{where}: expected 1 to 64 columns with numbers, got {len(names)}")
    titles = tuple(map(str, names)) if any(names) else ()
    return TextTable(titles, rows, [*range(1, len(rows) + 1)], "")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)[:100]


def excerpt(value: Any) -> str:
    """Repeat what came, short."""
    return repr(tidy(str(value), 41))


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{where}: expected a list, got {excerpt(value)}")  # noqa: TRY004
    return value


def _row(value: Any, where: str) -> list[Any]:
    """Return a step as a list of cells; a single cell may stand without brackets."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) or value is None:
        raise ValueError(f"{where}: expected numbers, got {excerpt(value)}")
    return [value]


def _number(value: Any, where: str) -> float:
    try:
        number = float(value) if not isinstance(value, (list, dict)) else float("nan")
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number):
        raise ValueError(f"{where}: expected finite numbers, got {excerpt(value)}")
    return number


def _answer(value: Any) -> Answer:
    """Return a number where it is one, else a label."""
    given = value if isinstance(value, (bool, int, float)) else str(value).strip()
    try:
        return float(given)
    except OverflowError:  # a whole number in JSON may have any number of digits
        return float("inf")
    except ValueError:
        return str(given)[:LONGEST_LABEL]
