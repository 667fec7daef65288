"""The experiment's own sequences as a task: all of them in each batch, and judged on themselves."""

import numpy as np

from app.experiment.sources import Text
from app.experiment.value import Experiment
from rnn_core import loss_named
from rnn_core.training import Batch, Setup, Task

TOLERANCE = 0.01
"""The share of the baseline's error that is left when a sequence of numbers counts as learnt."""


def task(name: str, experiment: Experiment) -> Task:
    """Return the task of an experiment with a target."""
    x, target = experiment.x(), experiment.kept_target()
    steps, _, inputs = x.shape
    batch = Batch(x, target)
    answer = loss_named(experiment.loss).answer
    exact = answer == "number"
    if exact:
        baseline = float(np.mean((target - target.mean(axis=(0, 1))) ** 2))
    elif answer == "class":
        baseline = float(target.mean(axis=(0, 1)).max())
    else:
        ones = float((target > 0.5).mean())
        baseline = max(ones, 1 - ones)
    letters = "".join(experiment.sequence.symbols) if isinstance(experiment.sequence, Text) else ""
    mark = TOLERANCE * baseline if exact else 1.0
    return Task(
        name=name,
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
        symbols=letters,
        classes=tuple(letters) if answer == "class" else (),
        held_out=lambda _length: batch,
    )
