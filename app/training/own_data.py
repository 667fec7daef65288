"""The reader's own sequences and targets, as CSV or JSON text: checked, then a task.

CSV has a head, and a line for each step: `sequence`, then columns that begin with x, then columns
that begin with y. The lines of a sequence follow one another. A y at every step asks for an answer
at every step; a y at the last step of each sequence alone asks for one at its end. JSON is a list
of {"x": [[…], …], "y": …}.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.training.own_rows import Answer, Given, from_csv, from_json
from rnn_core.frozen import Frozen
from rnn_core.training import Setup, Task, sequences

MOST_CHARACTERS = 1_000_000
MOST_SEQUENCES, MOST_STEPS, MOST_INPUTS, MOST_CLASSES = 5000, 300, 64, 64
MOST_NUMBERS = 500_000  # of all sequences, filled up to one length
TRAIN_SHARE = 0.8

EXAMPLE = "sequence,x1,y\n" + "".join(
    f"{number},{start + rise * step},{('up' if rise > 0 else 'down') if step == 3 else ''}\n"
    for number, start, rise in ((n, 7 * n % 5, (-1) ** n * (1 + n % 3)) for n in range(1, 25))
    for step in range(4)
)
"""Whether four numbers rise or fall."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Found(Frozen):
    """What a text holds, as arrays; see `rnn_core.training.sequences`."""

    x: Sequence[Floats]
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
    for one in from_json(text) if text.lstrip()[:1] in ("[", "{") else from_csv(text):
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


def _require_sizes(found: Sequence[Given], *, at_end: bool) -> None:
    if len(found) < 2:
        raise ValueError(f"data: expected at least 2 sequences, got {len(found)}")
    inputs, outputs = (len(rows[0]) if rows else 0 for rows in (found[0].x, found[0].y))
    for number, one in enumerate(found, 1):
        if not 1 <= len(one.x) <= MOST_STEPS:
            raise ValueError(
                f"sequence {number}: expected 1 to {MOST_STEPS} steps, got {len(one.x):,}"
            )
        widths = [len(row) for row in one.x if len(row) != inputs or not 1 <= inputs <= MOST_INPUTS]
        if widths:
            raise ValueError(
                f"sequence {number}: expected 1 to {MOST_INPUTS} inputs at each step, as many as "
                f"at the first, got {widths[0]}"
            )
        if not at_end and len(one.y) != len(one.x):
            raise ValueError(
                f"sequence {number}: expected {len(one.x)} of y, one for each step as in others, "
                f"got {len(one.y)}"
            )
        if any(len(row) != outputs for row in one.y) or outputs < 1:
            raise ValueError(
                f"sequence {number}: expected at least one answer in y, as many as in the first"
            )
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
