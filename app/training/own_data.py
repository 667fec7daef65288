"""The reader's own sequences and targets, as CSV or JSON text: checked, then a task.

CSV has a head, and a line for each step: `sequence`, then columns that begin with x, then columns
that begin with y. The lines of a sequence follow one another. A y at every step asks for an answer
at every step; a y at the last step of each sequence alone asks for one at its end. JSON is a list
of {"x": [[…], …], "y": …}.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core.training import Setup, Task, sequences

MOST_CHARACTERS = 1_000_000
MOST_SEQUENCES, MOST_STEPS, MOST_INPUTS, MOST_CLASSES = 5000, 300, 64, 64
MOST_NUMBERS = 500_000  # of all sequences, filled up to one length
LONGEST_LABEL = 40
TRAIN_SHARE = 0.8

EXAMPLE = "sequence,x1,y\n" + "".join(
    f"{number},{start + rise * step},{('up' if rise > 0 else 'down') if step == 3 else ''}\n"
    for number, start, rise in ((n, 7 * n % 5, (-1) ** n * (1 + n % 3)) for n in range(1, 25))
    for step in range(4)
)
"""Whether four numbers rise or fall."""

Floats = NDArray[np.float64]
Answer = float | str


@dataclass(frozen=True)
class Given:
    """One sequence: numbers (T, D), and answers for each step or for the last one alone."""

    x: tuple[tuple[float, ...], ...]
    y: tuple[tuple[Answer, ...], ...]


@dataclass(frozen=True, eq=False)
class Found:
    """What a text holds, as arrays; see `rnn_core.training.sequences`."""

    x: list[Floats]
    target: NDArray[Any]
    at_end: bool  # whether there is an answer at the end alone
    loss: str
    classes: tuple[str, ...]

    @property
    def learnt(self) -> int:
        """How many sequences are learnt; the others are held out."""
        return min(ceil(TRAIN_SHARE * len(self.x)), len(self.x) - 1)


def read(text: str) -> Found:
    """Return the sequences of a text.

    Raises
    ------
    ValueError
        The text does not fit; one sentence.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"data: expected at most {MOST_CHARACTERS:,} characters, got {len(text):,}"
        )
    found = []
    for one in _from_json(text) if text.lstrip()[:1] in ("[", "{") else _from_csv(text):
        found.append(one)
        if len(found) > MOST_SEQUENCES:
            raise ValueError(f"data: expected at most {MOST_SEQUENCES:,} sequences, got more")
    at_end = all(len(one.y) == 1 for one in found) and any(len(one.x) > 1 for one in found)
    _require_sizes(found, at_end=at_end)
    answers, loss, classes = _answers(found)
    target = answers[:, 0] if at_end else answers
    return Found([np.array(one.x) for one in found], target, at_end, loss, classes)


def task(name: str, text: str) -> Task:
    """Return the task of learning what the text holds; the last fifth of it is held out.

    Raises
    ------
    ValueError
        As `read`.
    """
    found = read(text)
    longest = max(map(len, found.x))
    return sequences(
        name,
        "Your own sequences",
        "data of your own",
        found.x,
        found.target,
        loss=found.loss,
        readout="last" if found.at_end else "every",
        train_share=TRAIN_SHARE,
        setup=Setup(length=longest, hidden=32, updates=500, learning_rate=0.005),
        classes=found.classes,
    )


def _from_csv(text: str) -> Iterator[Given]:
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


def _from_json(text: str) -> Iterator[Given]:
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
    if isinstance(value, (bool, int, float)):
        return float(value)
    text = str(value).strip()
    try:
        return float(text)
    except ValueError:
        return text[:LONGEST_LABEL]


def _require_sizes(found: Sequence[Given], *, at_end: bool) -> None:
    if len(found) < 2:
        raise ValueError(f"data: expected at least 2 sequences, got {len(found)}")
    inputs, outputs = len(found[0].x[0]) if found[0].x else 0, len(found[0].y[0] or ())
    for number, one in enumerate(found, 1):
        if not 1 <= len(one.x) <= MOST_STEPS:
            raise ValueError(
                f"sequence {number}: expected 1 to {MOST_STEPS} steps, got {len(one.x):,}"
            )
        if any(len(row) != inputs for row in one.x) or not 1 <= inputs <= MOST_INPUTS:
            raise ValueError(
                f"sequence {number}: expected 1 to {MOST_INPUTS} inputs at each step, as many as "
                f"in the first, got {len(one.x[0])}"
            )
        if not at_end and len(one.y) != len(one.x):
            raise ValueError(
                f"sequence {number}: expected {len(one.x)} of y, one for each step as in others, "
                f"got {len(one.y)}"
            )
        if any(len(row) != outputs for row in one.y) or outputs < 1:
            raise ValueError(f"sequence {number}: expected {outputs} numbers in each y")
    longest = max(len(one.x) for one in found)
    if longest * len(found) * inputs > MOST_NUMBERS:
        raise ValueError(
            f"data: expected at most {MOST_NUMBERS:,} numbers, with all sequences as long as the "
            f"longest, got {longest * len(found) * inputs:,}"
        )


def _answers(found: Sequence[Given]) -> tuple[NDArray[Any], str, tuple[str, ...]]:
    """Return answers (n, S, …), the loss for them, and the names of classes."""
    cells = [cell for one in found for row in one.y for cell in row]
    if len({len(one.y) for one in found}) > 1:
        raise ValueError(
            "data: expected one length where a y belongs to every step, got sequences of "
            "different lengths"
        )
    if any(isinstance(cell, str) for cell in cells):
        if len(found[0].y[0]) > 1:
            raise ValueError("y: expected numbers in several columns, or labels in one")
        labels = [[_label(row[0]) for row in one.y] for one in found]
        classes = tuple(sorted({label for row in labels for label in row}))
        if not 2 <= len(classes) <= MOST_CLASSES:
            raise ValueError(f"y: expected 2 to {MOST_CLASSES} labels, got {len(classes)}")
        place = {label: index for index, label in enumerate(classes)}
        return (
            np.array([[place[one] for one in row] for row in labels]),
            "softmax_cross_entropy",
            classes,
        )
    if not all(isfinite(float(cell)) for cell in cells):
        raise ValueError("y: expected finite numbers, got one that is not")
    numbers = np.array([one.y for one in found], dtype=float)
    binary = bool(np.isin(numbers, (0, 1)).all())
    return numbers, "binary_cross_entropy" if binary else "squared_error", ()


def _label(cell: Answer) -> str:
    return cell if isinstance(cell, str) else f"{cell:g}"


def _excerpt(value: Any) -> str:
    text = " ".join(str(value).split())
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
