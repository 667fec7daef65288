"""The next value of a series of numbers."""

import numpy as np
from numpy.typing import NDArray

from rnn_core._arrays import FloatArray
from rnn_core._checks import finite, matrix, of, takes, text
from rnn_core.training.tasks.task import Batch, Generator, Setup, Task, same


@takes(
    name=text,
    title=text,
    source=text,
    values=matrix("N"),
    train_share=finite(0, 1),
    setup=of(Setup),
)
def forecasting(
    name: str, title: str, source: str, values: FloatArray, *, train_share: float, setup: Setup
) -> Task:
    """Return the task of the next value of a series, trained on its first part, judged on its end.

    The numbers are scaled by mean and standard deviation of the first part alone, so nothing of
    the end is known before it is reached. The baseline repeats the last value.

    Raises
    ------
    ValueError
        The values are no finite numbers in a row, or a part is shorter than two windows of
        `setup.length`.
    """
    series = values.astype(float)
    cut = int(train_share * len(series))
    if min(cut, len(series) - cut) < setup.length + 1:
        raise ValueError(
            f"values: expected at least {setup.length + 1} numbers before and after the split, "
            f"got {cut} and {len(series) - cut}"
        )
    known = series[:cut]
    mean, deviation = float(known.mean()), float(known.std()) or 1.0
    scaled = (series - mean) / deviation
    test = scaled[cut - 1 :]

    def draw(rng: Generator, batch: int, length: int) -> Batch:
        starts = rng.integers(0, cut - length, batch)
        return _windows(scaled, starts, length)

    def held_out(length: int) -> Batch:
        return _windows(test, np.arange(len(test) - length), length)

    persistence = float(np.mean(np.diff(test) ** 2))
    return Task(
        name=name,
        title=title,
        source=source,
        loss="squared_error",
        readout="every",
        inputs=1,
        outputs=1,
        measure="mean squared error",
        draw=draw,
        baseline=same(persistence),
        solved=same(persistence / 2),
        setup=setup,
        longest=min(cut - 1, len(test) - 1),
        held_out=held_out,
        scale=(mean, deviation),
    )


def _windows(values: FloatArray, starts: NDArray[np.intp], length: int) -> Batch:
    at = starts[np.newaxis, :] + np.arange(length + 1)[:, np.newaxis]
    taken = values[at][:, :, np.newaxis]
    return Batch(taken[:-1], taken[1:])
