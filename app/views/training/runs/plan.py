"""The plan of a run: everything that determines its numbers, as one frozen value."""

from dataclasses import dataclass

from app.experiment.sources import Drawn, Weights
from app.experiment.value import given_parameters, parameters_of
from app.views.training.tasks.offers import TaskChoice, task_of
from rnn_core import CELLS, Cell
from rnn_core.training import Checkpoint, Settings, Task, begin, optimiser_named

MOST_LENGTH, MOST_BATCH, MOST_UPDATES = 300, 128, 20_000
"""What a run of the page may ask for."""


@dataclass(frozen=True)
class Plan:
    """A task, the settings, and where the run starts. Equal plans give equal runs, bit for bit."""

    choice: TaskChoice
    settings: Settings
    start: Weights | None = None  # None: drawn by the initialiser of the settings

    @property
    def cell(self) -> Cell:
        """The cell of the network, as data."""
        cell = self.settings.cell
        return cell if isinstance(cell, Cell) else CELLS[cell]

    def task(self) -> Task:
        """Return the task."""
        return task_of(self.choice)

    def begin(self) -> Checkpoint:
        """Return the parameters and the optimiser's state before the first update.

        Raises
        ------
        ValueError
            The weights do not fit the task, or are not those of the cell.
        """
        task = self.task()
        if self.start is None:
            return begin(task, self.settings)
        if not isinstance(self.start, Drawn):
            given = given_parameters(self.start, self.cell.name)
            if (given.input_size, given.output_size) != (task.inputs, task.outputs):
                raise ValueError(
                    f"The sidebar's weights: expected D = {task.inputs} inputs and K = "
                    f"{task.outputs} outputs as the task has, got {given.input_size} and "
                    f"{given.output_size}; open others, or start from weights drawn anew"
                )
        params = parameters_of(self.start, self.cell.name, task.inputs, task.outputs)
        return Checkpoint(0, params, optimiser_named(self.settings.optimiser).start(params))
