"""Tasks to train on: made up, from a series, a text, or from given sequences."""

from rnn_core.training.tasks.made import TASKS, task_named
from rnn_core.training.tasks.sequences import sequences
from rnn_core.training.tasks.series import forecasting
from rnn_core.training.tasks.task import Asked, Batch, Setup, Task
from rnn_core.training.tasks.text import characters

__all__ = [
    "TASKS",
    "Asked",
    "Batch",
    "Setup",
    "Task",
    "characters",
    "forecasting",
    "sequences",
    "task_named",
]
