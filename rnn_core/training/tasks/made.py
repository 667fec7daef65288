"""Tasks whose sequences are made up as they are needed, by name."""

import numpy as np

from rnn_core._arrays import FloatArray, choose
from rnn_core.training.tasks.task import Asked, Batch, Generator, Setup, Task, same

COPIED = 10  # symbols to remember in the copying task, as in the literature
NOISE, MARKS = "abcd", "XY"  # what is read where the order of two marks is asked for
SYMBOLS = 8  # kinds of them; a blank and a marker come on top


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


def _temporal_order(rng: Generator, batch: int, length: int) -> Batch:
    """Say in which order two marks came: XX, XY, YX or YY (Hochreiter and Schmidhuber, 1997, 6a).

    One-hot inputs: a, b, c and d are noise; one X or Y stands in each half.
    """
    half = length // 2
    read = rng.integers(0, len(NOISE), (length, batch))
    first, second = rng.integers(0, len(MARKS), (2, batch))
    columns = np.arange(batch)
    read[rng.integers(0, half, batch), columns] = len(NOISE) + first
    read[rng.integers(half, length, batch), columns] = len(NOISE) + second
    wanted = len(MARKS) * first + second
    return Batch(np.eye(len(NOISE + MARKS))[read], wanted[np.newaxis])


def _sine(rng: Generator, batch: int, length: int) -> Batch:
    """Say the next value of a sine of unknown period (8 to 32 steps) and phase."""
    period = rng.uniform(8, 32, batch)
    phase = rng.uniform(0, 2 * np.pi, batch)
    angle = 2 * np.pi * np.arange(length + 1)[:, np.newaxis] / period + phase
    values = np.sin(angle)[:, :, np.newaxis]
    return Batch(values[:-1], values[1:])


TASKS: dict[str, Task] = {
    entry.name: entry
    for entry in (
        Task(
            name="first_bit",
            asked=Asked(
                "The network reads a row of +1 and −1. At the end: was the first one +1?",
                ("read",),
                "p of “+1”",
            ),
            takes_s=0.3,
            title="First bit, recalled at the end",
            source="Hochreiter and Schmidhuber (1997), latching",
            loss="binary_cross_entropy",
            readout="last",
            inputs=1,
            outputs=1,
            measure="accuracy",
            draw=_first_bit,
            baseline=same(0.5),
            solved=same(0.99),
            setup=Setup(length=20, hidden=16, updates=600),
        ),
        Task(
            name="parity",
            asked=Asked(
                "The network reads a row of +1 and −1. After each: is the number of +1 so far odd?",
                ("read",),
                "p of “odd”",
            ),
            takes_s=0.7,
            title="Parity of the ones so far",
            source="Minsky and Papert (1969)",
            loss="binary_cross_entropy",
            readout="every",
            inputs=1,
            outputs=1,
            measure="accuracy",
            draw=_parity,
            baseline=same(0.5),
            solved=same(0.99),
            setup=Setup(length=12, hidden=16, updates=1500),
        ),
        Task(
            name="adding",
            asked=Asked(
                "The network reads numbers from 0 to 1; two of them are marked by a 1 beside them. "
                "At the end: what is the sum of those two?",
                ("number", "mark"),
                "sum",
            ),
            takes_s=1.8,
            title="Adding two marked numbers",
            source="Hochreiter and Schmidhuber (1997); Le, Jaitly and Hinton (2015)",
            loss="squared_error",
            readout="last",
            inputs=2,
            outputs=1,
            measure="mean squared error",
            draw=_adding,
            baseline=same(1 / 6),  # the variance of a sum of two uniform numbers
            solved=same(0.01),
            shortest=2,
            setup=Setup(
                length=30, hidden=32, updates=2000, activation="relu", initialiser="identity"
            ),
        ),
        Task(
            name="copy",
            asked=Asked(
                "The network reads ten symbols, blanks (_), a marker (|) and blanks. After the "
                "marker it has to give the ten symbols back.",
            ),
            takes_s=7.0,
            title="Copying ten symbols over a delay",
            source="Hochreiter and Schmidhuber (1997); Arjovsky, Shah and Bengio (2016)",
            loss="softmax_cross_entropy",
            readout="every",
            inputs=SYMBOLS + 2,
            outputs=SYMBOLS + 2,
            measure="accuracy",
            draw=_copy,
            symbols="01234567_|",
            classes=tuple("01234567_|"),
            baseline=lambda length: (length + COPIED + COPIED / SYMBOLS) / (length + 2 * COPIED),
            solved=same(0.99),
            setup=Setup(
                length=3,
                hidden=64,
                updates=3000,
                learning_rate=0.005,
                schedule="cosine",
                initialiser="orthogonal",
            ),
        ),
        Task(
            name="temporal_order",
            asked=Asked(
                "The network reads a row of a, b, c and d; an X or a Y stands in each half. "
                "At the end: in which order did the two come?",
            ),
            takes_s=1.0,
            title="The order of two marks",
            source="Hochreiter and Schmidhuber (1997)",
            loss="softmax_cross_entropy",
            readout="last",
            inputs=len(NOISE + MARKS),
            outputs=len(MARKS) ** 2,
            measure="accuracy",
            draw=_temporal_order,
            symbols=NOISE + MARKS,
            classes=tuple(one + two for one in MARKS for two in MARKS),
            baseline=same(0.25),
            solved=same(0.99),
            shortest=2,
            setup=Setup(length=20, hidden=16, updates=800),
        ),
        Task(
            name="sine",
            asked=Asked(
                "The network reads a sine of unknown period and phase. After each value: what is "
                "the next one?",
                ("value",),
                "next value",
            ),
            takes_s=0.5,
            title="The next value of a sine",
            source="forecasting, periods of 8 to 32 steps",
            loss="squared_error",
            readout="every",
            inputs=1,
            outputs=1,
            measure="mean squared error",
            draw=_sine,
            baseline=same(0.5),  # the variance of a sine: guess its mean
            solved=same(0.01),
            setup=Setup(length=40, hidden=16, updates=800),
        ),
    )
}


def task_named(name: str) -> Task:
    """Return the task of that name; ValueError lists the known ones."""
    return choose("task", TASKS, name)
