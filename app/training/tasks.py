"""What a network can be trained on here: the tasks of the core, and data of the reader's own."""

from dataclasses import dataclass
from functools import lru_cache

from rnn_core.training import TASKS, Task, task_named

CACHED_TASKS = 32


@dataclass(frozen=True)
class TaskChoice:
    """A task by name; `data` is what the reader gave for it, verbatim, where it takes any."""

    name: str
    data: str = ""


CHOICES: tuple[tuple[str, str], ...] = tuple((task.name, task.title) for task in TASKS.values())


@lru_cache(maxsize=CACHED_TASKS)
def task_of(choice: TaskChoice) -> Task:
    """Return the task of a choice.

    Raises
    ------
    ValueError
        The name is unknown, or the data does not fit; one sentence.
    """
    return task_named(choice.name)
