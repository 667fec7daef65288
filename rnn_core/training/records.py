"""What a run has come to: after each update, and where it can go on from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rnn_core._arrays import FloatArray
from rnn_core._short import Shown
from rnn_core.frozen import Frozen
from rnn_core.training.optimisers import OptimiserState
from rnn_core.training.settings import Settings
from rnn_core.training.step import Update
from rnn_core.types import Parameters


@dataclass(frozen=True, eq=False)
class Checkpoint(Frozen):
    """Where a run can go on from."""

    updates: int  # made so far
    params: Parameters
    state: OptimiserState
    carried: Mapping[str, FloatArray] | None = field(default=None, repr=False)
    """The last states, (B, H) each by "h0", "c0", where chunks follow one another."""

    def after(self, update: Update, settings: Settings) -> "Checkpoint":
        """Return where the run is after one more update."""
        carried = None if settings.chunk is None else update.carried_states
        return Checkpoint(self.updates + 1, update.params, update.state, carried)


@dataclass(frozen=True)
class Judgement:
    """How the network does on sequences that it is not trained on."""

    loss: float
    value: float  # of the task's measure
    solved: bool


@dataclass(frozen=True, eq=False)
class Record(Shown):
    """What one update did."""

    number: int  # from 1
    loss: float  # of its batch, before it
    gradient_norm: float
    clipped_norm: float
    weight_norm: float  # after it
    learning_rate: float
    judged: Judgement | None  # after it; made at some updates only
    trouble: str | None  # what was first not finite; the run has stopped
    checkpoint: Checkpoint
