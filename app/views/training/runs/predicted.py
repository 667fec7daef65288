"""A sequence, the right answer, and what a network says after each step of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core import Parameters, forward
from rnn_core.training import Batch, Task

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Predicted:
    """One sequence, in the data's own units. Steps that only fill it up in front are left out."""

    task: Task
    x: Floats  # (T, D)
    target: Floats  # (S, K): S = T, or 1 where only the last step is read
    said: Floats | None  # (T, K): what it would answer if the sequence ended there
    filled: int  # steps in front that are left out
    labels: tuple[str, ...] | None  # what each step is called: the character read

    @property
    def at_end(self) -> bool:
        """Whether only the answer at the last step counts."""
        return self.task.readout == "last"

    @property
    def judged(self) -> Floats | None:
        """What is said where an answer is due, (S, K)."""
        return None if self.said is None else self.said[-len(self.target) :]

    @property
    def asks_the_next(self) -> bool:
        """Whether the right answer to each step is what is read at the next one."""
        return (
            len(self.x) > 1
            and self.x.shape == self.target.shape
            and np.array_equal(self.x[1:], self.target[:-1])
        )


def predicted(
    task: Task, batch: Batch, sample: int, params: Parameters | None, activation: str
) -> Predicted:
    """Return what a network says of one sequence of a batch; without one, what is right."""
    x = batch.x[:, sample]
    target = batch.target[:, sample]
    if batch.target.ndim == 2:  # class indices
        target = np.eye(task.outputs)[target.astype(int)]
    filled = 0
    if task.symbols and task.readout == "last":
        filled = int((x != 0).any(axis=1).argmax())
    said = None
    if params is not None:
        with np.errstate(all="ignore"):
            trace = forward(
                params,
                batch.x[:, sample : sample + 1],
                activation=activation,
                loss=task.loss,
                readout="every",
            )
        said = trace.prediction[filled:, 0]
    x = x[filled:]
    labels = tuple(task.symbols[at] for at in x.argmax(axis=1)) if task.symbols else None
    mean, deviation = task.scale
    x, target = mean + deviation * x, mean + deviation * np.asarray(target, float)
    said = None if said is None else mean + deviation * said
    return Predicted(task, x, target, said, filled, labels)
