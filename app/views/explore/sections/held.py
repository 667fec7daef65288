"""What the reader holds at a value: kept in the session and in the address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app import state
from app.experiment import holding
from app.experiment.holding import MOST_HELD, HeldRun, Hold
from app.experiment.sources import fault_of
from app.experiment.value import Experiment
from app.state import controls

NAME = "hold"  # in the address
COMPONENT = "graph"


class Wish(BaseModel):
    """What the graph asks for: `hold` a number, `free` one, or `free` all (no node)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    source: str = Field(max_length=40)
    n: int = Field(ge=1, le=10**9)
    do: str = Field(pattern="^(hold|free)$")
    node: str = Field(default="", max_length=holding.LONGEST_PLACE)
    unit: int | None = Field(default=None, ge=1, le=10**6)
    text: str = Field(default="", max_length=100)


@dataclass
class _Holds:
    holds: dict[str, Hold] = field(default_factory=dict)  # by place


def _kept() -> dict[str, Hold]:
    return state.kept_in_session("holds", _Holds).holds


def runs(experiment: Experiment, level: str) -> Callable[[str], HeldRun | None] | None:
    """Return what gives the run with the holds, by level; None where nothing is held.

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
        run = holding.held_run(experiment, tuple(holds.values()), _base(level))
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
    kept = tuple(holds.values())
    return lambda base: holding.held_run(experiment, kept, base)


def loss(run_at: Callable[[str], HeldRun | None] | None, level: str) -> float | None:
    """Return the loss of the run with the holds at the level that is shown, if any is held."""
    run = run_at(_base(level)) if run_at else None
    return None if run is None else run.loss


def _base(level: str) -> str:
    return "scalar" if level == "scalar" else "operation"


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
    holds: dict[str, Any] = _kept()
    place = holding.place_of(wish.node, wish.unit)
    if wish.do == "hold":
        hold = holding.made(place, wish.text)
        if place not in holds and len(holds) >= MOST_HELD:
            raise ValueError(f"Hold: expected at most {MOST_HELD} numbers, got one more")
        holds[place] = hold
    elif wish.node:
        holds.pop(place, None)
    else:
        holds.clear()
