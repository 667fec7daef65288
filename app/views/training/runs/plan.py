"""The plan of a run: everything that determines its numbers, as one frozen value."""

from dataclasses import dataclass

from app.experiment.sources import Given, Weights
from app.experiment.value import parameters_of
from app.views.training.tasks.offers import TaskChoice, task_of
from rnn_core.training import Checkpoint, Settings, Task, begin, optimiser_named

MOST_LENGTH, MOST_BATCH, MOST_UPDATES = 300, 128, 20_000
"""What a run of the page may ask for."""


@dataclass(frozen=True)
class Plan:
    """A task, the settings, and where the run starts. Equal plans give equal runs, bit for bit."""

    choice: TaskChoice
    settings: Settings
    start: Weights | None = None  # None: drawn by the initialiser of the settings

    def task(self) -> Task:
        """Return the task."""
        return task_of(self.choice)

    def begin(self) -> Checkpoint:
        """Return the parameters and the optimiser's state before the first update.

        Raises
        ------
        ValueError
            The weights do not fit the task.
        """
        task = self.task()
        if self.start is None:
            return begin(task, self.settings)
        if isinstance(self.start, Given):
            inputs, outputs = len(self.start.W_xh[0]), len(self.start.W_hy)
            if (inputs, outputs) != (task.inputs, task.outputs):
                raise ValueError(
                    f"The sidebar's weights: expected D = {task.inputs} inputs and K = "
                    f"{task.outputs} outputs as the task has, got {inputs} and {outputs}; open "
                    "others, or start from weights drawn anew"
                )
        params = parameters_of(self.start, "elman", task.inputs, task.outputs)
        return Checkpoint(0, params, optimiser_named(self.settings.optimiser).start(params))
