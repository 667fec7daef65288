"""What the reader holds at a value: kept in the session and in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app import state
from app.components.graph_view.held_data import base_of
from app.experiment import holding
from app.experiment.held_arrays import held_arrays
from app.experiment.held_run import HeldRun, held_run
from app.experiment.holding import MOST_HELD, Hold
from app.experiment.sources import fault_of
from app.experiment.value import Experiment
from app.state import controls
from app.views.explore.sections import pinning
from rnn_core import Gradients, Trace

NAME = "hold"  # in the address
COMPONENT = "graph"


class Wish(BaseModel):
    """What the graph asks for: `hold` a number, `free` one or all (no node), or `unpin` the run."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    source: str = Field(max_length=40)
    n: int = Field(ge=1, le=10**9)
    do: str = Field(pattern="^(hold|free|unpin)$")
    node: str = Field(default="", max_length=holding.LONGEST_PLACE)
    unit: int | None = Field(default=None, ge=1, le=10**6)
    text: str = Field(default="", max_length=100)


@dataclass
class _Holds:
    holds: dict[str, Hold] = field(default_factory=dict)  # by place


def _kept() -> dict[str, Hold]:
    return state.kept_in_session("holds", _Holds).holds


@dataclass(frozen=True)
class Held:
    """What is held, and the runs with it by level; a level stands for the one it is computed at."""

    experiment: Experiment
    holds: tuple[Hold, ...]

    def run(self, level: str) -> HeldRun:
        """Return the run with the holds as the graph of a level."""
        return held_run(self.experiment, self.holds, base_of(level))

    def arrays(self, level: str) -> tuple[Trace, Gradients | None] | None:
        """Return the same as trace and gradients; None where nothing is held at this level."""
        return held_arrays(self.experiment, self.holds, base_of(level))


def runs(experiment: Experiment, level: str) -> Held | None:
    """Return the runs with the holds; None where nothing is held.

    What the address asks for is taken first; what no level has is said once, and let go.
    """
    holds = _kept()
    asked = controls.asked(NAME)
    if asked is not None:
        found, said = holding.read(asked)
        holds.clear()
        holds.update({hold.place: hold for hold in found})
        if said:
            controls.not_taken(NAME, said)
    if holds:
        run = held_run(experiment, tuple(holds.values()), base_of(level))
        for hold in run.unknown:
            del holds[hold.place]
        if run.unknown:
            names = ", ".join(repr(hold.place) for hold in run.unknown)
            controls.not_taken(
                NAME, f"Hold: this network computes no number called {names:.80}; it is let go."
            )
    text = holding.written(list(holds.values()))
    controls.keep_control(NAME, text, text)
    if not holds:
        return None
    return Held(experiment, tuple(holds.values()))


def on_wish() -> None:
    """Hold or let go; what cannot be is told, and what was held stays."""
    sent = state.sent(COMPONENT, "wish")
    if not isinstance(sent, Mapping):
        return
    try:
        wish = Wish.model_validate(dict(sent))
        if state.is_first(f"hold {wish.source}", wish.n):
            _do(wish)
            state.report(None)
    except ValidationError as error:
        state.report(f"Hold: {fault_of(error)}")
    except ValueError as error:
        state.report(str(error))


def _do(wish: Wish) -> None:
    if wish.do == "unpin":
        pinning.unpin()
        return
    holds: dict[str, Any] = _kept()
    place = holding.place_of(wish.node, wish.unit)
    if wish.do == "hold":
        hold = holding.hold_of(place, wish.text)
        if place not in holds and len(holds) >= MOST_HELD:
            raise ValueError(f"Hold: expected at most {MOST_HELD} numbers, got one more")
        holds[place] = hold
    elif wish.node:
        holds.pop(place, None)
    else:
        holds.clear()
