"""Sequences and their answers, as CSV or JSON text writes them; nothing is an array yet."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from typing import Any

LONGEST_LABEL = 40

Answer = float | str


@dataclass(frozen=True)
class Given:
    """One sequence: numbers (T, D), and answers for each step or for the last one alone."""

    x: tuple[tuple[float, ...], ...]
    y: tuple[tuple[Answer, ...], ...]


def from_csv(text: str) -> Iterator[Given]:
    """Read a head, and a line for each step; ValueError in one sentence."""
    lines = csv.reader(io.StringIO(text), strict=True)
    try:
        head = [name.strip().lower() for name in next(lines, [])]
        rows = [(number, row) for number, row in enumerate(lines, 2) if any(map(str.strip, row))]
    except csv.Error as error:
        raise ValueError(f"data: expected CSV, got a line that is none ({error})") from None
    inputs = [at for at, name in enumerate(head) if name.startswith("x")]
    outputs = [at for at, name in enumerate(head) if name.startswith("y")]
    if head[:1] != ["sequence"] or not inputs or not outputs:
        raise ValueError(
            "data: expected a first line such as sequence,x1,x2,y, or a JSON list, got "
            f"{_excerpt(text)}"
        )
    for number, row in rows:
        if len(row) != len(head):
            raise ValueError(
                f"line {number}: expected {len(head)} cells as in the first line, got {len(row)}"
            )
    for _, group in groupby(rows, key=lambda row: row[1][0]):
        steps = list(group)
        x = tuple(tuple(_number(row[at], f"line {n}") for at in inputs) for n, row in steps)
        y = [tuple(_answer(row[at]) for at in outputs) for _, row in steps]
        empty = [all(cell == "" for cell in cells) for cells in y]
        if any("" in cells for cells, gone in zip(y, empty, strict=True) if not gone):
            raise ValueError(f"line {steps[0][0]}: expected a y in all its columns or in none")
        if any(empty):
            if not all(empty[:-1]) or empty[-1]:
                raise ValueError(
                    f"lines {steps[0][0]} to {steps[-1][0]}: expected a y at every step of the "
                    "sequence or at its last one alone, got something else"
                )
            y = y[-1:]
        yield Given(x, tuple(y))


def from_json(text: str) -> Iterator[Given]:
    """Read a list of objects with x and y; ValueError in one sentence."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"data: expected JSON, got {_excerpt(text)}") from None
    if not isinstance(found, list):
        raise ValueError(  # noqa: TRY004  # a text that does not fit, as all others here
            'data: expected a JSON list of {"x": …, "y": …}, got an object'
        )
    for number, item in enumerate(found, 1):
        where = f"sequence {number}"
        if not isinstance(item, dict) or not {"x", "y"} <= item.keys():
            raise ValueError(f'{where}: expected an object with "x" and "y", got {_excerpt(item)}')
        x = [_row(step, where) for step in _list(item["x"], f"{where}: x")]
        y = item["y"] if isinstance(item["y"], list) else [item["y"]]
        yield Given(
            tuple(tuple(_number(cell, where) for cell in row) for row in x),
            tuple(tuple(_answer(cell) for cell in _row(step, where)) for step in y),
        )


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{where}: expected a list, got {_excerpt(value)}")  # noqa: TRY004
    return value


def _row(value: Any, where: str) -> list[Any]:
    """Return a step as a list of cells; a single cell may stand without brackets."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) or value is None:
        raise ValueError(f"{where}: expected numbers, got {_excerpt(value)}")
    return [value]


def _number(value: Any, where: str) -> float:
    try:
        number = float(value) if not isinstance(value, (list, dict)) else float("nan")
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number):
        raise ValueError(f"{where}: expected finite numbers, got {_excerpt(value)}")
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


def _excerpt(value: Any) -> str:
    text = " ".join(str(value).split())
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
