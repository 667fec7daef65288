"""What determines a run, beside its task."""

from dataclasses import dataclass, field

from rnn_core._arrays import choose
from rnn_core._checks import check_fields, finite, of, optional, whole
from rnn_core._short import Shown
from rnn_core.activations import activation_named
from rnn_core.cells import ELMAN, Cell, cell_named
from rnn_core.initialisers import INITIALISERS
from rnn_core.training.optimisers import optimiser_named
from rnn_core.training.schedules import schedule_named
from rnn_core.training.step import Clip
from rnn_core.training.tasks import Task

MAX_UPDATES = 1_000_000


@dataclass(frozen=True)
class Settings(Shown):
    """What determines a run, beside its task."""

    length: int
    updates: int
    hidden: int = 16
    batch: int = 32
    activation: str = "tanh"
    initialiser: str = "xavier_uniform"
    optimiser: str = "adam"
    learning_rate: float = 0.01
    schedule: str = "constant"
    clip: Clip = field(default_factory=Clip)
    truncate: int | None = None
    chunk: int | None = None  # steps of an update; the next one goes on with the last states
    seed: int = 0
    judge_every: int = 20
    cell: str | Cell = ELMAN.name
    keep_bias: float | None = None  # at the start, of the gate that keeps the state: b_f, b_u

    def __post_init__(self) -> None:
        activation_named(self.activation)
        cell_named(self.cell)
        choose("initialiser", INITIALISERS, self.initialiser)
        optimiser_named(self.optimiser)
        schedule_named(self.schedule)
        count = whole(1, MAX_UPDATES)
        check_fields(
            self,
            length=count,
            updates=count,
            hidden=count,
            batch=count,
            judge_every=count,
            truncate=optional(count),
            chunk=optional(count),
            learning_rate=finite(above=0),
            clip=of(Clip),
            seed=whole(0),
            keep_bias=optional(finite()),
        )
        if self.keep_bias is not None and cell_named(self.cell).keeping is None:
            raise ValueError(
                f"keep_bias: expected None for the cell {cell_named(self.cell).name}, which has no "
                f"gate that keeps the state, got {self.keep_bias:g}"
            )

    @classmethod
    def of(cls, task: Task, seed: int = 0) -> "Settings":
        """Return the settings with which the task is known to be solved."""
        setup = task.setup
        return cls(
            length=setup.length,
            updates=setup.updates,
            hidden=setup.hidden,
            batch=setup.batch,
            activation=setup.activation,
            initialiser=setup.initialiser,
            optimiser=setup.optimiser,
            learning_rate=setup.learning_rate,
            schedule=setup.schedule,
            clip=Clip(norm=setup.clip_norm),
            seed=seed,
        )
