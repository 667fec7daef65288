"""What a network can be trained on here: the tasks of the core, and data of the reader's own."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app import link
from app.experiment import Experiment
from app.sources import Drawn
from rnn_core.training import TASKS, Batch, Setup, Task, task_named

CACHED_TASKS = 32
OWN_SEQUENCE = "this_sequence"
TOLERANCE = 0.01
"""The share of the baseline's error that is left when a sequence of numbers counts as learnt."""


@dataclass(frozen=True)
class TaskChoice:
    """A task by name; `data` is what the reader gave for it, verbatim, where it takes any."""

    name: str
    data: str = ""


CHOICES: tuple[tuple[str, str], ...] = (
    *((task.name, task.title) for task in TASKS.values()),
    (OWN_SEQUENCE, "The sidebar's own sequence"),
)
"""Names and titles, in the order in which they are offered."""


def own_sequence(experiment: Experiment) -> TaskChoice:
    """Return the task of learning the experiment's own sequences, whatever its weights are."""
    bare = experiment.replace(
        weights=Drawn(scheme="identity", seed=0, hidden=1),
        activation="tanh",
        has_target=True,
        initial=None,
        truncate=None,
        sample=0,
        title="",
    )
    return TaskChoice(OWN_SEQUENCE, link.encode(bare))


@lru_cache(maxsize=CACHED_TASKS)
def task_of(choice: TaskChoice) -> Task:
    """Return the task of a choice.

    Raises
    ------
    ValueError
        The name is unknown, or the data does not fit; one sentence.
    """
    if choice.name == OWN_SEQUENCE:
        return _learning(link.decode(choice.data))
    return task_named(choice.name)


def _learning(experiment: Experiment) -> Task:
    """Return the task of an experiment's own sequences: all of them in each batch."""
    x, target = experiment.x(), experiment.kept_target()
    steps, _, inputs = x.shape
    batch = Batch(x, target)
    exact = experiment.loss == "squared_error"
    if exact:
        baseline = float(np.mean((target - target.mean(axis=(0, 1))) ** 2))
    elif experiment.loss == "softmax_cross_entropy":
        baseline = float(target.mean(axis=(0, 1)).max())
    else:
        ones = float((target > 0.5).mean())
        baseline = max(ones, 1 - ones)
    mark = TOLERANCE * baseline if exact else 1.0
    return Task(
        name=OWN_SEQUENCE,
        title="The sidebar's own sequence",
        source="the experiment in the sidebar",
        loss=experiment.loss,
        readout=experiment.readout,
        inputs=inputs,
        outputs=target.shape[2],
        measure="mean squared error" if exact else "accuracy",
        draw=lambda _rng, _batch, _length: batch,
        baseline=lambda _length: baseline,
        solved=lambda _length: mark,
        setup=Setup(length=steps, hidden=experiment.hidden, updates=300, learning_rate=0.02),
        held_out=lambda _length: batch,
    )
