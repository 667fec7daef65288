"""What both scripts share: the experiment's numbers and texts as Python literals.

Numbers are written by `repr`, which reads back to the same bits. A user's text goes in only as a
literal, where Python's own quoting keeps it on its line and leaves nothing of it to be executed.
"""

from pprint import pformat

import numpy as np
from numpy.typing import ArrayLike

from app.experiment.sources import Numbers, Text
from app.experiment.value import Experiment
from rnn_core import PARAMETER_NAMES

MAX_NUMBERS = 20_000
"""The most numbers a script writes out: about 400 kB of text."""

PRINTED = ("loss", *(f"d{name}" for name in PARAMETER_NAMES), "dx", "dh_0")
"""What each script prints, one line each: `name = number` or nested lists."""

WIDTH = 80  # without the comment at the end
COMMENTS = {"W_xh": "(H, D)", "W_hh": "(H, H)", "b_h": "(H,)", "W_hy": "(K, H)", "b_y": "(K,)"}


def heading(experiment: Experiment, how: str) -> str:
    """Return the comment at the top: whose numbers these are, how they are made, and the sizes."""
    steps, batch, inputs, hidden, outputs = experiment.sizes
    lines = [f"# Experiment: {experiment.title!r}"] if experiment.title else []
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
    initial = experiment.h0()
    parts = [
        _sequence(experiment, array, eye),
        assign("h_0", np.zeros((batch, hidden)) if initial is None else initial, array, "(B, H)"),
    ]
    for name, value in experiment.parameters().items():
        parts.append(assign(name, value, array, COMMENTS[name]))
    return "\n".join(parts)


def require_writable(experiment: Experiment) -> None:
    """Raise ValueError, in one sentence, if a script has no loss to print or would be too long."""
    if not experiment.has_target:
        raise ValueError("script: expected an experiment with a target, got one without a loss")
    numbers = sum(np.size(value) for _, value in experiment.parameters().items())
    numbers += experiment.sizes[1] * experiment.hidden
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
    text = pformat(plain, width=WIDTH - len(start), compact=True)
    indented = text.replace("\n", "\n" + " " * len(start))
    return f"{start}{indented})  # {comment}"
