"""What a task is: seeded batches, a baseline, and what counts as solved.

Sizes: T time steps, B sequences, D inputs, K outputs, S steps read out. A batch is a function of
the generator it is drawn with and of nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rnn_core._arrays import FloatArray
from rnn_core._short import Shown
from rnn_core.frozen import Frozen

Generator = np.random.Generator


@dataclass(frozen=True, eq=False)
class Batch(Frozen):
    """Sequences side by side, and what should come out."""

    x: FloatArray  # (T, B, D)
    target: FloatArray | NDArray[np.intp]  # (S, B, K), or (S, B) class indices


@dataclass(frozen=True)
class Setup(Shown):
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
class Asked(Shown):
    """A task in words; `inputs` and `answer` name numbers, `guess` is what the baseline does."""

    sentence: str = ""
    inputs: tuple[str, ...] = ()
    answer: str = ""
    guess: str = "A guess that does not look at the sequence"


@dataclass(frozen=True)
class Task(Shown):
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
    longest: int | None = None  # sequences that the data give; None: any length
    symbols: str = ""  # what the inputs stand for, where they are characters, one after the other
    classes: tuple[str, ...] = ()  # what the outputs are called, where they have names
    held_out: Callable[[int], Batch] | None = field(default=None, repr=False)
    asked: Asked = field(default_factory=Asked)
    takes_s: float | None = None  # what the usual run took, in seconds of one core
    scale: tuple[float, float] = (0.0, 1.0)
    """(m, s): a number v that is read or to be given stands for m + s·v in the data's own units."""

    def is_solved(self, value: float, length: int) -> bool:
        """Whether a measured value has reached the mark; nan has not."""
        mark = self.solved(length)
        return value >= mark if self.measure == "accuracy" else value <= mark


def same(value: float) -> Callable[[int], float]:
    """Return the function that is `value` at every length."""
    return lambda _: value
