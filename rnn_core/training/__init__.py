"""Training: optimisers, schedules, tasks, one update, and the run of many."""

from rnn_core.training.optimisers import OPTIMISERS, Optimiser, OptimiserState, optimiser_named
from rnn_core.training.records import Checkpoint, Judgement, Record
from rnn_core.training.run import batch_of, begin, held_out, judge, make_update, measure, train
from rnn_core.training.sampling import sample, tempered
from rnn_core.training.schedules import SCHEDULES, Schedule, schedule_named
from rnn_core.training.settings import Settings
from rnn_core.training.step import Clip, Update, train_step
from rnn_core.training.tasks import (
    TASKS,
    Asked,
    Batch,
    Setup,
    Task,
    characters,
    forecasting,
    sequences,
    task_named,
)

__all__ = [
    "OPTIMISERS",
    "SCHEDULES",
    "TASKS",
    "Asked",
    "Batch",
    "Checkpoint",
    "Clip",
    "Judgement",
    "Optimiser",
    "OptimiserState",
    "Record",
    "Schedule",
    "Settings",
    "Setup",
    "Task",
    "Update",
    "batch_of",
    "begin",
    "characters",
    "forecasting",
    "held_out",
    "judge",
    "make_update",
    "measure",
    "optimiser_named",
    "sample",
    "schedule_named",
    "sequences",
    "task_named",
    "tempered",
    "train",
    "train_step",
]
