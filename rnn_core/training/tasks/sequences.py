"""Sequences that are given, each with what should come out."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray, choose, require_finite
from rnn_core._checks import finite, floats, many, matrix, of, optional, takes, text
from rnn_core.interpreter.program import READOUTS
from rnn_core.losses import LOSSES, loss_named
from rnn_core.training.tasks.task import Batch, Generator, Setup, Task, same


@takes(
    name=text,
    title=text,
    source=text,
    x=many(matrix("t", "D")),
    loss=text,
    readout=text,
    train_share=finite(0, 1),
    setup=of(Setup),
    mark=optional(finite()),
    symbols=text,
    classes=many(text),
)
def sequences(
    name: str,
    title: str,
    source: str,
    x: Sequence[FloatArray],
    target: FloatArray,
    *,
    loss: str,
    readout: str,
    train_share: float,
    setup: Setup,
    mark: float | None = None,
    symbols: str = "",
    classes: tuple[str, ...] = (),
) -> Task:
    """Return the task of n sequences, the first ones learnt and the last ones held out.

    Sequences that are shorter than others are filled up with zeros in front, so that all end at
    step T, where they are read; a padded step moves the state by its bias alone. Those read at
    every step must have one length.

    Parameters
    ----------
    x
        n arrays (T_i, D).
    target
        (n,) class indices or (n, K) numbers for readout "last"; (n, T) or (n, T, K) for "every".
    mark
        What counts as solved. Unless given, an accuracy half-way from the baseline to 1, or a
        tenth of the baseline's error.

    Raises
    ------
    ValueError
        There are fewer than two sequences, those read at every step differ in length, or the
        target does not fit them.
    """
    choose("loss", LOSSES, loss)
    if readout not in READOUTS:
        raise ValueError(f"readout: expected one of {', '.join(READOUTS)}, got {readout!r:.40}")
    longest = max(map(len, x), default=0)
    if len(x) < 2:
        raise ValueError(f"sequences: expected at least 2, one of them held out, got {len(x)}")
    if readout == "every" and any(len(one) < longest for one in x):
        raise ValueError(
            f"sequences: expected one length where a target belongs to every step, got "
            f"{min(map(len, x))} to {longest} steps"
        )
    learnt = max(1, min(ceil(train_share * len(x)), len(x) - 1))
    target = _target(target, loss, (len(x),) if readout == "last" else (len(x), longest))
    answers = target[:, np.newaxis] if readout == "last" else target
    answers = answers.swapaxes(0, 1)  # (S, n, …)

    def batch_of(chosen: np.ndarray, length: int) -> Batch:
        steps = np.zeros((length, len(chosen), x[0].shape[1]))
        for column, index in enumerate(chosen):
            steps[length - len(x[index]) :, column] = x[index]
        return Batch(steps, answers[:, chosen])

    def draw(rng: Generator, batch: int, length: int) -> Batch:
        return batch_of(rng.integers(0, learnt, batch), length)

    judged = np.arange(learnt, len(x))
    right, baseline = _baseline(loss, answers[:, :learnt], answers[:, learnt:])
    return Task(
        name=name,
        title=title,
        source=source,
        loss=loss,
        readout=readout,
        inputs=x[0].shape[1],
        outputs=_outputs(loss, answers, classes),
        measure="accuracy" if right else "mean squared error",
        draw=draw,
        baseline=same(baseline),
        solved=same(mark if mark is not None else (1 + baseline) / 2 if right else baseline / 10),
        setup=setup,
        shortest=longest,
        longest=longest if readout == "every" else None,
        symbols=symbols,
        classes=classes,
        held_out=lambda length: batch_of(judged, length),
    )


def _target(value: Any, loss: str, places: tuple[int, ...]) -> Any:
    """Return class indices of shape `places`, or numbers with one more axis, checked."""
    by_class = loss_named(loss).answer == "class"
    found = floats("target", value)
    require_finite("target", found)
    wanted = places if by_class else (*places, *found.shape[len(places) :][:1])
    if found.shape != wanted or len(wanted) != len(places) + (not by_class):
        more = "" if by_class else " and an axis of outputs"
        raise ValueError(f"target: expected shape {places}{more}, got {found.shape}")
    if not by_class:
        return found
    if (found < 0).any() or (found != np.floor(found)).any():
        raise ValueError("target: expected class indices from 0, got other numbers")
    return found.astype(np.intp)


def _outputs(loss: str, answers: FloatArray, classes: tuple[str, ...]) -> int:
    if loss_named(loss).answer != "class":
        return int(answers.shape[2])
    return max(len(classes), int(answers.max()) + 1, 2)


def _baseline(loss: str, learnt: FloatArray, judged: FloatArray) -> tuple[bool, float]:
    """Return whether accuracy is judged, and what the best guess from those learnt reaches."""
    answer = loss_named(loss).answer
    if answer == "number":
        return False, float(np.mean((judged - learnt.mean(axis=(0, 1))) ** 2))
    if answer == "class":
        most = np.bincount(learnt.astype(int).ravel()).argmax()
        return True, float(np.mean(judged == most))
    return True, float(np.mean((judged > 0.5) == (np.mean(learnt, axis=(0, 1)) > 0.5)))
