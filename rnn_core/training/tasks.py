"""Tasks to train on, by name: seeded batches, a baseline, and what counts as solved.

Sizes: T time steps, B sequences, D inputs, K outputs, S steps read out. A batch is a function of
the generator it is drawn with and of nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import log
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from rnn_core._arrays import FloatArray, choose

Generator = np.random.Generator

COPIED = 10  # symbols to remember in the copying task, as in the literature
SYMBOLS = 8  # kinds of them; a blank and a marker come on top


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences side by side, and what should come out."""

    x: FloatArray  # (T, B, D)
    target: FloatArray | NDArray[np.intp]  # (S, B, K), or (S, B) class indices


@dataclass(frozen=True)
class Setup:
    """The settings with which a task is solved on a small machine."""

    length: int
    hidden: int
    updates: int
    batch: int = 32
    learning_rate: float = 0.01
    optimiser: str = "adam"
    schedule: str = "constant"
    activation: str = "tanh"
    initialiser: str = "xavier_uniform"
    clip_norm: float | None = 1.0


@dataclass(frozen=True)
class Task:
    """One task.

    `draw(rng, batch, length)` returns a batch. `measure` names what is judged: "accuracy" (the
    share of outputs whose most probable value is right) or "mean squared error". `baseline(T)` is
    what the best guess that does not look at the input reaches, and `solved(T)` what has to be
    reached.
    """

    name: str
    title: str
    source: str
    loss: str
    readout: str
    inputs: int  # D
    outputs: int  # K
    measure: str
    draw: Callable[[Generator, int, int], Batch]
    baseline: Callable[[int], float]
    solved: Callable[[int], float]
    setup: Setup
    shortest: int = 1
    held_out: Callable[[int], Batch] | None = field(default=None, repr=False)

    def is_solved(self, value: float, length: int) -> bool:
        """Whether a measured value has reached the mark; nan has not."""
        mark = self.solved(length)
        return value >= mark if self.measure == "accuracy" else value <= mark


def _signs(rng: Generator, *shape: int) -> FloatArray:
    return rng.integers(0, 2, shape) * 2.0 - 1


def _first_bit(rng: Generator, batch: int, length: int) -> Batch:
    """Say at the end whether the first number was +1; the others are noise."""
    x = _signs(rng, length, batch, 1)
    return Batch(x, (x[:1] > 0).astype(float))


def _parity(rng: Generator, batch: int, length: int) -> Batch:
    """Say after every step whether the ones so far are odd in number."""
    bits = rng.integers(0, 2, (length, batch, 1))
    return Batch(bits * 2.0 - 1, (np.cumsum(bits, axis=0) % 2).astype(float))


def _adding(rng: Generator, batch: int, length: int) -> Batch:
    """Add the two marked numbers of [0, 1]: one in each half (Le, Jaitly and Hinton, 2015)."""
    half = length // 2
    x = np.zeros((length, batch, 2))
    x[:, :, 0] = rng.random((length, batch))
    columns = np.arange(batch)
    first, second = rng.integers(0, half, batch), rng.integers(half, length, batch)
    x[first, columns, 1] = x[second, columns, 1] = 1
    total = x[first, columns, 0] + x[second, columns, 0]
    return Batch(x, total[np.newaxis, :, np.newaxis])


def _copy(rng: Generator, batch: int, length: int) -> Batch:
    """Give ten symbols back after `length` blanks and a marker (Hochreiter and Schmidhuber, 1997).

    One-hot inputs and class indices: 0 … 7 the symbols, 8 the blank, 9 the marker; T = length + 20.
    """
    blank, marker = SYMBOLS, SYMBOLS + 1
    symbols = rng.integers(0, SYMBOLS, (COPIED, batch))
    steps = length + 2 * COPIED
    read = np.full((steps, batch), blank)
    read[:COPIED] = symbols
    read[COPIED + length - 1] = marker
    wanted = np.full((steps, batch), blank)
    wanted[-COPIED:] = symbols
    return Batch(np.eye(SYMBOLS + 2)[read], wanted)


def _sine(rng: Generator, batch: int, length: int) -> Batch:
    """Say the next value of a sine of unknown period (8 to 32 steps) and phase."""
    period = rng.uniform(8, 32, batch)
    phase = rng.uniform(0, 2 * np.pi, batch)
    angle = 2 * np.pi * np.arange(length + 1)[:, np.newaxis] / period + phase
    values = np.sin(angle)[:, :, np.newaxis]
    return Batch(values[:-1], values[1:])


def _same(value: float) -> Callable[[int], float]:
    return lambda _: value


TASKS: Mapping[str, Task] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Task(
                name="first_bit",
                title="First bit, recalled at the end",
                source="Hochreiter and Schmidhuber (1997), latching",
                loss="binary_cross_entropy",
                readout="last",
                inputs=1,
                outputs=1,
                measure="accuracy",
                draw=_first_bit,
                baseline=_same(0.5),
                solved=_same(0.99),
                setup=Setup(length=20, hidden=16, updates=600),
            ),
            Task(
                name="parity",
                title="Parity of the ones so far",
                source="Minsky and Papert (1969)",
                loss="binary_cross_entropy",
                readout="every",
                inputs=1,
                outputs=1,
                measure="accuracy",
                draw=_parity,
                baseline=_same(0.5),
                solved=_same(0.99),
                setup=Setup(length=12, hidden=16, updates=1500),
            ),
            Task(
                name="adding",
                title="Adding two marked numbers",
                source="Hochreiter and Schmidhuber (1997); Le, Jaitly and Hinton (2015)",
                loss="squared_error",
                readout="last",
                inputs=2,
                outputs=1,
                measure="mean squared error",
                draw=_adding,
                baseline=_same(1 / 6),  # the variance of a sum of two uniform numbers
                solved=_same(0.01),
                shortest=2,
                setup=Setup(
                    length=30, hidden=32, updates=2000, activation="relu", initialiser="identity"
                ),
            ),
            Task(
                name="copy",
                title="Copying ten symbols over a delay",
                source="Hochreiter and Schmidhuber (1997); Arjovsky, Shah and Bengio (2016)",
                loss="softmax_cross_entropy",
                readout="every",
                inputs=SYMBOLS + 2,
                outputs=SYMBOLS + 2,
                measure="accuracy",
                draw=_copy,
                baseline=lambda length: (
                    (length + COPIED + COPIED / SYMBOLS) / (length + 2 * COPIED)
                ),
                solved=_same(0.99),
                setup=Setup(
                    length=3,
                    hidden=64,
                    updates=3000,
                    learning_rate=0.002,
                    schedule="cosine",
                    initialiser="orthogonal",
                ),
            ),
            Task(
                name="sine",
                title="The next value of a sine",
                source="forecasting, periods of 8 to 32 steps",
                loss="squared_error",
                readout="every",
                inputs=1,
                outputs=1,
                measure="mean squared error",
                draw=_sine,
                baseline=_same(0.5),  # the variance of a sine: guess its mean
                solved=_same(0.01),
                setup=Setup(length=40, hidden=16, updates=800),
            ),
        )
    }
)


def task_named(name: str) -> Task:
    """Return the task of that name; ValueError lists the known ones."""
    return choose("task", TASKS, name)


def copy_baseline_loss(length: int) -> float:
    """Return the loss in nats of knowing the copying task's form and none of its symbols.

    10 ln 8 / (length + 20) (Arjovsky, Shah and Bengio, 2016).
    """
    return COPIED * log(SYMBOLS) / (length + 2 * COPIED)


def forecasting(
    name: str, title: str, source: str, values: FloatArray, *, train_share: float, setup: Setup
) -> Task:
    """Return the task of the next value of a series, trained on its first part, judged on its end.

    The numbers are scaled by mean and standard deviation of the first part alone, so nothing of
    the end is known before it is reached. The baseline repeats the last value.

    Raises
    ------
    ValueError
        A part is shorter than two windows of `setup.length`.
    """
    series = np.asarray(values, dtype=float)
    cut = int(train_share * len(series))
    if min(cut, len(series) - cut) < setup.length + 1:
        raise ValueError(
            f"values: expected at least {setup.length + 1} numbers before and after the split, "
            f"got {cut} and {len(series) - cut}"
        )
    known = series[:cut]
    scaled = (series - known.mean()) / (known.std() or 1.0)
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
        baseline=_same(persistence),
        solved=_same(persistence / 2),
        setup=setup,
        held_out=held_out,
    )


def _windows(values: FloatArray, starts: NDArray[np.intp], length: int) -> Batch:
    at = starts[np.newaxis, :] + np.arange(length + 1)[:, np.newaxis]
    taken = values[at][:, :, np.newaxis]
    return Batch(taken[:-1], taken[1:])


def characters(text: str, *, train_share: float, setup: Setup) -> Task:
    """Return the task of the next character of a text, judged on its end.

    The alphabet is the characters that occur, in the order of their code points. The baseline is
    always to say the most frequent character.

    Raises
    ------
    ValueError
        The text has fewer than two different characters, or a part is shorter than a window.
    """
    alphabet = sorted(set(text))
    if len(alphabet) < 2:
        raise ValueError(f"text: expected at least 2 different characters, got {len(alphabet)}")
    cut = int(train_share * len(text))
    if min(cut, len(text) - cut) < setup.length + 1:
        raise ValueError(
            f"text: expected at least {setup.length + 1} characters before and after the split, "
            f"got {cut} and {len(text) - cut}"
        )
    place = {symbol: index for index, symbol in enumerate(alphabet)}
    codes = np.array([place[symbol] for symbol in text])
    test = codes[cut:]
    hot = np.eye(len(alphabet))

    def windows(source: NDArray[np.intp], starts: NDArray[np.intp], length: int) -> Batch:
        taken = source[starts[np.newaxis, :] + np.arange(length + 1)[:, np.newaxis]]
        return Batch(hot[taken[:-1]], taken[1:])

    most = float(np.bincount(test).max() / len(test))
    return Task(
        name="characters",
        title="The next character of a text",
        source="Elman (1990); Karpathy (2015)",
        loss="softmax_cross_entropy",
        readout="every",
        inputs=len(alphabet),
        outputs=len(alphabet),
        measure="accuracy",
        draw=lambda rng, batch, length: windows(
            codes, rng.integers(0, cut - length, batch), length
        ),
        baseline=_same(most),
        solved=_same(min(1.0, 2 * most)),
        setup=setup,
        held_out=lambda length: windows(test, np.arange(0, len(test) - length, length), length),
    )
