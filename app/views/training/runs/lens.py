"""One update under the lens: everything between the parameters before it and those after."""

from dataclasses import dataclass

from rnn_core import Parameters, forward
from rnn_core.training import (
    Checkpoint,
    Optimiser,
    Settings,
    Task,
    Update,
    make_update,
    optimiser_named,
)


@dataclass(frozen=True, eq=False)
class Lens:
    """An update, where it started, and the loss of the same batch after it."""

    number: int  # from 1
    task: Task
    settings: Settings
    before: Checkpoint
    update: Update
    loss_after: float

    @property
    def optimiser(self) -> Optimiser:
        """The rule of the update."""
        return optimiser_named(self.settings.optimiser)

    def moments(self) -> dict[str, tuple[Parameters, Parameters]]:
        """Return each running vector of the optimiser, before and after, in parameters' shapes."""
        shape = self.update.before
        return {
            name: (shape.with_vector(before.copy()), shape.with_vector(after.copy()))
            for name, before, after in zip(
                self.optimiser.moments,
                self.before.state.moments,
                self.update.state.moments,
                strict=True,
            )
        }


def lens_of(task: Task, settings: Settings, before: Checkpoint) -> Lens:
    """Return the update that follows a checkpoint."""
    update = make_update(task, settings, before)
    trace = update.trace
    after = forward(
        update.params,
        trace.x,
        trace.target,
        activation=settings.activation,
        loss=task.loss,
        readout=task.readout,
        **{f"{state}0": trace[state][0] for state in trace.cell.states},
    )
    assert after.loss is not None  # noqa: S101  # there is a target
    return Lens(before.updates + 1, task, settings, before, update, after.loss)
