"""What both scripts share: the experiment's numbers and texts as Python literals.

Numbers are written by `repr`, which reads back to the same bits. A user's text goes in only as a
literal, where Python's own quoting keeps it on its line and leaves nothing of it to be executed.
"""

import textwrap
from collections.abc import Iterable
from pprint import pformat

import numpy as np
from numpy.typing import ArrayLike

from app.experiment import presets
from app.experiment.sources import Numbers, Text
from app.experiment.value import Experiment
from app.listings.short_lines import LONGEST
from rnn_core import Cell

MAX_NUMBERS = 20_000
"""The most numbers a script writes out: about 400 kB of text."""

WIDTH = 80  # without the comment at the end


def printed(cell: Cell) -> tuple[str, ...]:
    """Return what a script prints, one line each: `name = number` or nested lists."""
    states = (f"d{state}_0" for state in cell.states)
    return ("loss", *(f"d{name}" for name in cell.parameters), "dx", *states)


def heading(experiment: Experiment, how: str) -> str:
    """Return the comment at the top: whose numbers these are, how they are made, and the sizes."""
    steps, batch, inputs, hidden, outputs = experiment.sizes
    lines = [f"# Experiment: {title!r}"] if (title := presets.called(experiment)) else []
    lines += [
        f"# {how}",
        f"# T = {steps} steps, B = {batch}, D = {inputs} inputs, H = {hidden} hidden units, "
        f"K = {outputs}.",
    ]
    return "\n".join(lines)


def given_array(experiment: Experiment, array: str, eye: str) -> str:
    """Return the assignments of the sequence, its target, the initial state and the weights.

    Parameters
    ----------
    array, eye
        The library's functions that make an array of nested lists, and an identity matrix.

    Raises
    ------
    ValueError
        There are too many numbers to write out.
    """
    _, batch, _, hidden, _ = experiment.sizes
    initial = {"h": experiment.h0(), "c": experiment.c0()}
    parts = [_sequence(experiment, array, eye)]
    for state in experiment.kind.states:
        value = initial.get(state)
        zeros = np.zeros((batch, hidden))
        parts.append(assign(f"{state}_0", zeros if value is None else value, array, "(B, H)"))
    for name, weight in experiment.parameters().items():
        parts.append(assign(name, weight, array, _shape(experiment.kind.shapes[name])))
    return "\n".join(parts)


def _shape(letters: tuple[str, ...]) -> str:
    return f"({', '.join(letters)}{',' if len(letters) == 1 else ''})"


def wrapped(text: str, indent: int) -> list[str]:
    """Return the lines of a text in brackets, parted at blanks."""
    margin = " " * indent
    return textwrap.wrap(
        text,
        LONGEST,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def text(name: str) -> str:
    """Return the name of a quantity as a text in Python."""
    return f'"{name}"'


def in_tuple(parts: Iterable[str]) -> str:
    """Return expressions as a tuple in Python."""
    listed = list(parts)
    return f"({', '.join(listed)}{',' * (len(listed) == 1)})"


def tuple_of(name: str, names: Iterable[str]) -> str:
    """Return the assignment of a tuple of names as texts."""
    listed = ", ".join(map(text, names))
    return "\n".join([f"{name} = (", *wrapped(f"{listed},", 4), ")"])


def require_writable(experiment: Experiment) -> None:
    """Raise ValueError, in one sentence, if a script has no loss to print or would be too long."""
    if not experiment.has_target:
        raise ValueError("script: expected an experiment with a target, got one without a loss")
    numbers = sum(np.size(value) for _, value in experiment.parameters().items())
    numbers += len(experiment.kind.states) * experiment.sizes[1] * experiment.hidden
    if not isinstance(experiment.sequence, Text):
        numbers += experiment.x().size + experiment.kept_target().size
    if numbers > MAX_NUMBERS:
        raise ValueError(
            f"script: expected at most {MAX_NUMBERS:,} numbers to write out, got {numbers:,}; "
            "share the experiment as a file instead"
        )


def _sequence(experiment: Experiment, array: str, eye: str) -> str:
    sequence = experiment.sequence
    if not isinstance(sequence, Text):
        exact = "" if isinstance(sequence, Numbers) else ", as scaled"
        return "\n".join(
            (
                assign("x", experiment.x(), array, f"(T, B, D){exact}"),
                assign("y", experiment.kept_target(), array, "(S, B, K), the target"),
            )
        )
    targets = "hot[1:]" if experiment.readout == "every" else "hot[-1:]"
    return "\n".join(
        (
            f"text = {sequence.text!r}",
            f"alphabet = {sequence.symbols!r}",
            f"hot = {eye}(len(alphabet))[[alphabet.index(c) for c in text]][:, None]  # one-hot",
            "x = hot[:-1]  # (T, B, D)",
            f"y = {targets}  # (S, B, K), the target: the next character",
        )
    )


def assign(name: str, value: ArrayLike, array: str, comment: str) -> str:
    """Return the assignment of an array, exact to the last bit, with a comment at its end."""
    plain = np.asarray(value, dtype=np.float64).tolist()
    start = f"{name} = {array}("
    written = pformat(plain, width=WIDTH - len(start), compact=True)
    indented = written.replace("\n", "\n" + " " * len(start))
    return f"{start}{indented})  # {comment}"
