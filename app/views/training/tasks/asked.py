"""What each task asks, in words: one sentence, and what its numbers are called."""

from app.views.training.tasks.offers import OFFERS
from rnn_core import loss_named
from rnn_core.training import Asked, Task


def asked_of(task: Task) -> Asked:
    """Return what a task asks."""
    return OFFERS[task.name].asked


def input_names(task: Task) -> tuple[str, ...]:
    """Return what the D inputs are called."""
    named = asked_of(task).inputs
    if named:
        return named
    return ("x",) if task.inputs == 1 else tuple(f"x_{i + 1}" for i in range(task.inputs))


def output_names(task: Task) -> tuple[str, ...]:
    """Return what the K outputs are called."""
    if task.classes:
        return task.classes
    if loss_named(task.loss).answer == "class":
        return tuple(f"class {k + 1}" for k in range(task.outputs))
    return ("y",) if task.outputs == 1 else tuple(f"y_{k + 1}" for k in range(task.outputs))


def answer_name(task: Task) -> str:
    """Return what the axis of the answers is called."""
    if named := asked_of(task).answer:
        return named
    return "y" if loss_named(task.loss).answer == "number" else "probability"
