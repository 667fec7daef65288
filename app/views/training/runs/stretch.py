"""A stretch of a run, as a process of its own computes it and sends it back."""

from dataclasses import dataclass
from functools import lru_cache
from time import monotonic

from app.views.training.runs.plan import Plan
from app.views.training.tasks.offers import TaskChoice, task_of
from rnn_core.training import Checkpoint, Judgement, Record, Task, train

SECONDS = 0.2
"""About how long a stretch takes: short enough to stop soon and to draw often."""


HELD_TASKS = 4
"""Tasks whose data a process that computes keeps: it takes turns between runs."""


@dataclass(frozen=True, slots=True)
class Point:
    """What one update did, in numbers; see `Record`."""

    number: int
    loss: float
    gradient_norm: float
    clipped_norm: float
    weight_norm: float
    learning_rate: float
    judged: Judgement | None
    trouble: str | None


@dataclass(frozen=True, eq=False)
class Stretch:
    """The updates that follow a checkpoint; the last checkpoint is where to go on from."""

    points: tuple[Point, ...]
    checkpoints: tuple[Checkpoint, ...]


@dataclass(frozen=True, eq=False)
class Order:
    """What to compute: from `at` on, keeping a checkpoint at every multiple of `spacing`."""

    plan: Plan
    at: Checkpoint
    spacing: int
    most: int | None = None  # updates; None: as many as fit into SECONDS


def compute(order: Order) -> Stretch:
    """Make the updates; it ends with the run, with trouble, or when the time is up."""
    until = monotonic() + SECONDS
    points: list[Point] = []
    kept: list[Checkpoint] = []
    last = order.at
    for record in train(_task_of(order.plan.choice), order.plan.settings, order.at):
        points.append(point_of(record))
        last = record.checkpoint
        if record.trouble is None and record.number % order.spacing == 0:
            kept.append(last)
        if monotonic() >= until or len(points) == order.most:
            break
    if not kept or kept[-1] is not last:
        kept.append(last)
    return Stretch(tuple(points), tuple(kept))


@lru_cache(maxsize=HELD_TASKS)
def _task_of(choice: TaskChoice) -> Task:
    """Return the task of a choice, without reading its data again for the next stretch."""
    return task_of(choice)


def point_of(record: Record) -> Point:
    """Return what is kept of an update: its numbers, without its parameters."""
    return Point(
        number=record.number,
        loss=record.loss,
        gradient_norm=record.gradient_norm,
        clipped_norm=record.clipped_norm,
        weight_norm=record.weight_norm,
        learning_rate=record.learning_rate,
        judged=record.judged,
        trouble=record.trouble,
    )
