"""One sequence that a run is looked at with, and the run's networks as experiments."""

from weakref import WeakKeyDictionary

import numpy as np

from app.experiment.resizing import given_weights
from app.experiment.sources import Numbers, make
from app.experiment.value import MAX_TITLE, Experiment
from app.views.training.tasks.offers import TaskChoice, task_of
from rnn_core import Parameters
from rnn_core.training import Batch, Settings, Task, held_out

PROBES = 4
"""Sequences that can be chosen, the first of those held out."""


KEPT = 8  # lengths and seeds of a task
_PROBES: WeakKeyDictionary[Task, dict[tuple[int, int], Batch]] = WeakKeyDictionary()


def probe(choice: TaskChoice, settings: Settings) -> Batch:
    """Return up to `PROBES` sequences that the network is not trained on; the same at each call.

    Raises
    ------
    ValueError
        The task cannot be had with these settings.
    """
    task = task_of(choice)
    kept = _PROBES.setdefault(task, {})
    key = (settings.length, settings.seed)
    if key not in kept:
        exam = held_out(task, settings)
        for old in list(kept)[: 1 - KEPT]:
            kept.pop(old, None)
        # Copies: a part of the whole would keep all of it.
        kept[key] = Batch(exam.x[:, :PROBES].copy(), exam.target[:, :PROBES].copy())
    return kept[key]


def experiment_of(
    choice: TaskChoice, settings: Settings, params: Parameters, sample: int = 0
) -> Experiment:
    """Return an experiment: a network of a run on one of its probes.

    Raises
    ------
    ValueError
        It is too large to be shown; one sentence.
    """
    task, batch = task_of(choice), probe(choice, settings)
    target = batch.target[:, sample : sample + 1]
    if target.ndim == 2:  # class indices
        target = np.eye(task.outputs)[target.astype(int)]
    return make(
        Experiment,
        title=task.title[:MAX_TITLE],
        sequence=make(
            Numbers, values=batch.x[:, sample : sample + 1].tolist(), target=target.tolist()
        ),
        weights=given_weights({name: np.asarray(array, float) for name, array in params.items()}),
        cell=params.cell.name,
        activation=settings.activation,
        loss=task.loss,
        readout=task.readout,
        truncate=settings.truncate,
    )
