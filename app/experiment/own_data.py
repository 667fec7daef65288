"""The reader's own sequences and targets, from a text: checked, then a task.

A table has a head, and a line for each step: `sequence`, then columns that begin with x, then
columns that begin with y. The lines of a sequence follow one another. A y at every step asks for an
answer at every step; a y at the last step of each sequence alone asks for one at its end. JSON is a
list, or lines, of {"x": [[…], …], "y": …}. Any other table of numbers is one series, cut into
windows that ask for the next row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.reading import own
from app.experiment.reading.arrays import require_characters
from app.experiment.reading.notice import Choice, Options, Understood
from app.experiment.reading.own_table import MOST_STEPS
from app.experiment.reading.records import Answer, Answered
from app.experiment.reading.words import counted, tidy
from rnn_core.frozen import Frozen
from rnn_core.training import Setup, Task, sequences

MOST_CHARACTERS = 1_000_000
MOST_INPUTS, MOST_CLASSES = 64, 64
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
class Examples(Frozen):
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

    def as_targets(self, which: Sequence[int]) -> Floats:
        """Return the targets (S, B, K) of some sequences of one length, classes one-hot."""
        chosen = np.asarray(self.target)[list(which)]
        if self.classes:
            chosen = np.eye(len(self.classes))[chosen]
        return np.asarray(chosen[np.newaxis] if self.at_end else chosen.swapaxes(0, 1), float)


def examples_in(text: str, options: Options | None = None) -> Examples:
    """Return the sequences of a text; see `understood`."""
    return understood(text, options or {})[0]


def understood(text: str, options: Options) -> tuple[Examples, Understood]:
    """Return the sequences of a text, and what was concluded from it.

    Options: those of `reading.own.sequences`, and `answers` ("classes" or "numbers").

    Raises
    ------
    ValueError
        The text does not fit; one sentence.
    """
    require_characters(text, "data", MOST_CHARACTERS)
    given, said = own.sequences(text, options)
    found, more = found_in(given, options)
    return found, Understood(more.sentences[:1]) + said + replace(
        more, sentences=more.sentences[1:]
    )


def found_in(
    found: Sequence[Answered], options: Options, *, fewest: int = 2
) -> tuple[Examples, Understood]:
    """Return sequences and answers as arrays, and what was concluded from the answers.

    Options: `answers` ("classes" or "numbers").

    Raises
    ------
    ValueError
        They do not fit together; one sentence.
    """
    at_end = all(len(one.y) == 1 for one in found) and any(len(one.x) > 1 for one in found)
    if len(found) < fewest:
        raise ValueError(f"data: expected at least {fewest} sequences, got {len(found)}")
    _require_sizes(found, at_end=at_end)
    answers, loss, classes, more = _answers(found, options.get("answers"))
    target = answers[:, 0] if at_end else answers
    made = Examples([np.array(one.x) for one in found], target, at_end, loss, classes)
    return made, Understood((_size(made),)) + more


def _size(found: Examples) -> str:
    lengths = sorted({len(x) for x in found.x})
    steps = f"{lengths[0]}" if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]}"
    where = "at the end of each" if found.at_end else "at every step"
    many = f"{counted(len(found.x), 'sequence')} of {steps} step{'' if lengths[-1] == 1 else 's'}"
    return f"{many} with {counted(found.x[0].shape[1], 'input')}; an answer {where}."


def task(name: str, text: str, options: Options | None = None) -> Task:
    """Return the task of learning what the text holds; the last fifth of it is held out.

    Raises
    ------
    ValueError
        As `examples_in`.
    """
    found = examples_in(text, options)
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


def _require_sizes(found: Sequence[Answered], *, at_end: bool) -> None:
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


def _answers(
    found: Sequence[Answered], wanted: object
) -> tuple[NDArray[Any], str, tuple[str, ...], Understood]:
    """Return answers (n, S, …), the loss for them, the names of classes, and what to say."""
    cells = [cell for one in found for row in one.y for cell in row]
    if len({len(one.y) for one in found}) > 1:
        raise ValueError(
            "data: expected one length where a y belongs to every step, got sequences of "
            "different lengths"
        )
    several = len(found[0].y[0]) > 1
    words = any(isinstance(cell, str) for cell in cells)
    if words and several:
        raise ValueError("y: expected numbers in several columns, or labels in one")
    kinds = set(cells)
    if words or (wanted == "classes" and not several):
        return _classes(found, kinds, words=words)
    if not all(isfinite(float(cell)) for cell in kinds):
        raise ValueError("y: expected finite numbers, got one that is not")
    numbers = np.array([one.y for one in found], dtype=float)
    whole = len(kinds) <= MOST_CLASSES and all(float(cell).is_integer() for cell in kinds)
    shown = _listed(kinds)
    if kinds <= {0.0, 1.0} and wanted != "numbers":
        said = Understood(
            (f"y is {shown}: read as no and yes, by binary cross-entropy.",),
            (Choice("y as numbers", "answers", "numbers"),),
        )
        return numbers, "binary_cross_entropy", (), said
    said = Understood()
    if whole and len(kinds) > 1 and not several:
        said = Understood(
            (f"y is {shown}: read as numbers, by squared error.",),
            (Choice("y as classes", "answers", "classes"),),
        )
    return numbers, "squared_error", (), said


def _classes(
    found: Sequence[Answered], kinds: set[Answer], *, words: bool
) -> tuple[NDArray[Any], str, tuple[str, ...], Understood]:
    labels = [[_label(row[0]) for row in one.y] for one in found]
    names = sorted({label for row in labels for label in row})
    if not words:
        names = [_label(cell) for cell in sorted(kinds, key=float)]
    if not 2 <= len(names) <= MOST_CLASSES:
        raise ValueError(f"y: expected 2 to {MOST_CLASSES} labels, got {len(names)}")
    place = {label: index for index, label in enumerate(names)}
    said = Understood((f"y is one of {len(names)} classes: {_listed(names)}.",))
    if not words:
        said += Understood((), (Choice("y as numbers", "answers", "numbers"),))
    answers = np.array([[place[one] for one in row] for row in labels])
    return answers, "softmax_cross_entropy", tuple(names), said


def _listed(kinds: Iterable[Answer]) -> str:
    names = [k for k in kinds if isinstance(k, str)]
    shown = sorted(names) or [f"{k:g}" for k in sorted(float(k) for k in kinds)]
    return ", ".join(tidy(one) for one in shown[:6]) + (" …" if len(shown) > 6 else "")


def _label(cell: Answer) -> str:
    return cell if isinstance(cell, str) else f"{cell:g}"
