"""What the sections of the page are given."""

from collections.abc import Callable
from dataclasses import dataclass

from app.views.training.runs.plan import Plan
from app.views.training.runs.run import Run
from rnn_core.training import Checkpoint, Task

OpenPage = Callable[[str], None]
"""Goes to another page of the app, by title."""


@dataclass(frozen=True, eq=False)
class Page:
    """The run that the controls describe, and the moment of it that the timeline has chosen."""

    plan: Plan
    task: Task
    run: Run | None  # None: not begun
    update: int  # updates made at the chosen moment
    checkpoint: Checkpoint  # of the chosen moment
    open_page: OpenPage
