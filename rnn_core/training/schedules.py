"""Learning-rate schedules, by name: the factor on the learning rate at each update."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, pi
from types import MappingProxyType

from rnn_core._arrays import choose
from rnn_core._short import Shown

TENTH = 0.1  # how far "step" goes down each time, and how long a warm-up lasts
STEPS = 3


@dataclass(frozen=True)
class Schedule(Shown):
    """`factor(done, total)` is what the rate of the next update is multiplied by.

    `done` updates of `total` have been made. It is 1 where the schedule is at its full rate.
    """

    name: str
    title: str
    factor: Callable[[int, int], float]


def _constant(done: int, total: int) -> float:
    return 1.0


def _linear(done: int, total: int) -> float:
    """1 − done / total."""
    return max(0.0, 1 - done / total)


def _step(done: int, total: int) -> float:
    """Go down to a tenth after each third of the updates."""
    return float(TENTH ** min(STEPS - 1, STEPS * done // total))


def _cosine(done: int, total: int) -> float:
    """½ (1 + cos(π done / total)) (Loshchilov and Hutter, 2017)."""
    return 0.5 * (1 + cos(pi * min(done, total) / total))


def _warm_up(done: int, total: int) -> float:
    """Linearly up over the first tenth, then by the cosine of the rest."""
    rise = max(1, round(TENTH * total))
    if done < rise:
        return (done + 1) / rise
    return _cosine(done - rise, max(1, total - rise))


SCHEDULES: Mapping[str, Schedule] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Schedule("constant", "constant", _constant),
            Schedule("linear", "linear to 0", _linear),
            Schedule("step", "a tenth after each third", _step),
            Schedule("cosine", "cosine to 0", _cosine),
            Schedule("warm_up", "warm-up, then cosine", _warm_up),
        )
    }
)


def schedule_named(name: str) -> Schedule:
    """Return the schedule of that name; ValueError lists the known ones."""
    return choose("schedule", SCHEDULES, name)
