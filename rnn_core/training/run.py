"""A run of many updates, as a generator that can be stopped, resumed and replayed.

Everything that happens in update n follows from the settings, the checkpoint before it and the
number n: its batch is drawn from a generator seeded by (seed, n). So a run that is resumed from a
checkpoint goes on bit for bit as if it had not been stopped.
"""

from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

import numpy as np

from rnn_core._alignment import length
from rnn_core._arrays import FloatArray
from rnn_core._checks import of, optional, takes, whole
from rnn_core.forward import forward
from rnn_core.initialisers import initialise, keeping
from rnn_core.losses import loss_named
from rnn_core.training.optimisers import optimiser_named
from rnn_core.training.records import Checkpoint, Judgement, Record
from rnn_core.training.schedules import schedule_named
from rnn_core.training.settings import Settings
from rnn_core.training.step import Update, train_step
from rnn_core.training.tasks import Batch, Task
from rnn_core.types import Parameters, Trace

HELD_OUT = 256
"""Sequences on which progress is judged; none of them is trained on."""

HELD_OUT_STREAM = 2**32 - 1
"""The place of their draw: updates are counted from 1 and never come so far."""


@takes(task=of(Task), settings=of(Settings))
def begin(task: Task, settings: Settings) -> Checkpoint:
    """Return the start of a run: parameters drawn from the seed, no update made."""
    params = initialise(
        settings.initialiser,
        task.inputs,
        settings.hidden,
        task.outputs,
        seed=settings.seed,
        cell=settings.cell,
    )
    if settings.keep_bias is not None:
        params = keeping(params, settings.keep_bias)
    return Checkpoint(0, params, optimiser_named(settings.optimiser).start(params))


@takes(task=of(Task), settings=of(Settings), checkpoint=optional(of(Checkpoint)))
def train(task: Task, settings: Settings, checkpoint: Checkpoint | None = None) -> Iterator[Record]:
    """Yield a record after each update, from a checkpoint or from the beginning.

    The run ends after `settings.updates` updates in all, or with the first one in which a number
    is not finite; its record names it, and its checkpoint is the last good one.

    With `settings.chunk`, every sequence is cut into chunks of so many steps, and an update is
    made after each, with the states carried on and the gradient cut: truncated back-propagation
    through time as Sutskever (2013, "Training recurrent neural networks", 2.8.6) describes it.

    Raises
    ------
    ValueError
        The task needs longer sequences, or is not read at every step and was to be cut.
    """
    if settings.length < task.shortest:
        raise ValueError(
            f"length: expected at least {task.shortest} for {task.name}, got {settings.length}"
        )
    at = begin(task, settings) if checkpoint is None else checkpoint
    exam = held_out(task, settings)
    for number in range(at.updates + 1, settings.updates + 1):
        update = make_update(task, settings, at)
        trouble = update.trouble()
        if trouble is None:
            at = at.after(update, settings)
        last = number == settings.updates
        due = trouble is None and (number % settings.judge_every == 0 or last)
        yield Record(
            number=number,
            loss=update.loss,
            gradient_norm=update.gradient_norm,
            clipped_norm=update.clipped_norm,
            weight_norm=length(update.params.vector),
            learning_rate=update.learning_rate,
            judged=judge(task, settings, at.params, exam) if due else None,
            trouble=trouble,
            checkpoint=at,
        )
        if trouble is not None:
            return


@takes(task=of(Task), settings=of(Settings), at=of(Checkpoint))
def make_update(task: Task, settings: Settings, at: Checkpoint) -> Update:
    """Return the update that follows a checkpoint, with every number of it."""
    batch, states = _to_learn(task, settings, at)
    factor = schedule_named(settings.schedule).factor(at.updates, settings.updates)
    return train_step(
        at.params,
        at.state,
        batch.x,
        batch.target,
        optimiser=optimiser_named(settings.optimiser),
        learning_rate=settings.learning_rate * factor,
        clip=settings.clip,
        activation=settings.activation,
        loss=task.loss,
        readout=task.readout,
        truncate=settings.truncate,
        **states,
    )


def _to_learn(
    task: Task, settings: Settings, at: Checkpoint
) -> tuple[Batch, Mapping[str, FloatArray]]:
    """Return the batch of the next update, or its chunk of one, and the states it begins with."""
    chunk = settings.chunk
    if chunk is None:
        return batch_of(task, settings, at.updates + 1), {}
    if task.readout != "every":
        raise ValueError(
            f"chunk: expected a task that is read at every step, got {task.name}, which is read "
            "at the last one only"
        )
    chunks = -(-_steps(task, settings.length) // chunk)
    sequence, part = divmod(at.updates, chunks)
    whole = batch_of(task, settings, sequence + 1)
    steps = slice(part * chunk, (part + 1) * chunk)
    carried = at.carried if part and at.carried is not None else {}
    return Batch(whole.x[steps], whole.target[steps]), carried


_STEPS: WeakKeyDictionary[Task, dict[int, int]] = WeakKeyDictionary()


def _steps(task: Task, size: int) -> int:
    """Return how many steps a sequence has: some tasks add to the length that is asked for."""
    known = _STEPS.setdefault(task, {})
    if size not in known:
        known[size] = len(task.draw(np.random.default_rng(0), 1, size).x)
    return known[size]


@takes(task=of(Task), settings=of(Settings), number=whole(1))
def batch_of(task: Task, settings: Settings, number: int) -> Batch:
    """Return the batch of update `number`, counted from 1 (of so many sequences, if in chunks)."""
    rng = np.random.default_rng([settings.seed, number])
    return task.draw(rng, settings.batch, settings.length)


@takes(task=of(Task), settings=of(Settings))
def held_out(task: Task, settings: Settings) -> Batch:
    """Return the sequences that progress is judged on."""
    if task.held_out is not None:
        return task.held_out(settings.length)
    rng = np.random.default_rng([settings.seed, HELD_OUT_STREAM])
    return task.draw(rng, HELD_OUT, settings.length)


@takes(task=of(Task), settings=of(Settings), params=of(Parameters), exam=of(Batch))
def judge(task: Task, settings: Settings, params: Parameters, exam: Batch) -> Judgement:
    """Return loss and measure of the network on some sequences."""
    trace = forward(
        params,
        exam.x,
        exam.target,
        activation=settings.activation,
        loss=task.loss,
        readout=task.readout,
    )
    value = measure(task, trace)
    assert trace.loss is not None  # noqa: S101  # there is a target
    return Judgement(trace.loss, value, task.is_solved(value, settings.length))


@takes(task=of(Task), trace=of(Trace))
@np.errstate(all="ignore")
def measure(task: Task, trace: Trace) -> float:
    """Return the accuracy or the mean squared error of what a trace predicts.

    Raises
    ------
    ValueError
        The trace has no target.
    """
    if trace.target is None:
        raise ValueError("trace: expected one with a target, got one without")
    target: FloatArray = np.asarray(trace.target)
    if task.measure != "accuracy":
        return float(np.mean((trace.prediction - target) ** 2))
    if loss_named(task.loss).answer == "class":
        return float(np.mean(trace.logits.argmax(axis=-1) == target.argmax(axis=-1)))
    return float(np.mean((trace.logits > 0) == (target > 0.5)))
