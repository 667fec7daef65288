"""One entry of one parameter through an update, written out with its numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from app.figures.words import plain
from app.views.training.runs.lens import Lens
from rnn_core.clipping import norm_factor
from rnn_core.training import Optimiser, schedule_named
from rnn_core.training.step import CLIP_EPS

DIGITS = 10
NAME = re.compile(r"[A-Za-z_]\w*")
SYMBOLS = {"theta": "θ", "m_hat": "m̂", "s_hat": "ŝ"}


@dataclass(frozen=True)
class Line:
    """`name = expression = value`; the expression is Python's, with `sqrt`, `min` and `max`."""

    name: str
    expression: str
    value: float


def lines(lens: Lens, name: str, row: int, column: int | None) -> list[Line]:
    """Return the update of one entry line by line; the last one is the new number.

    Parameters
    ----------
    name
        One of the parameters.
    row, column
        Counted from 0; None for a bias.
    """
    place = (row,) if column is None else (row, column)
    update = lens.update

    def at(params: object) -> float:
        return float(getattr(params, name)[place])

    clipped, bound = _clipping(lens, at(update.gradients.parameters))
    known = {
        "theta": at(update.before),
        "g": at(update.clipped),
        "rate": update.learning_rate,
        "t": update.state.updates,
        **lens.optimiser.settings,
    }
    moments = {key: (at(one), at(other)) for key, (one, other) in lens.moments().items()}
    rule = _rule(lens.optimiser, known, moments, at(update.params))
    return [*clipped, *bound, *_rate(lens), *rule]


def _clipping(lens: Lens, g: float) -> tuple[list[Line], list[Line]]:
    clip, norm = lens.settings.clip, lens.update.gradient_norm
    by_norm, by_value = [], []
    if clip.norm is not None and (factor := norm_factor(norm, clip.norm, CLIP_EPS)) < 1:
        share = f"{_n(clip.norm)}/({_n(norm)} + {plain(CLIP_EPS)})"
        by_norm = [
            Line("factor", share, factor),
            Line("g", f"{_n(factor)}*{_n(g)}", factor * g),
        ]
        g = factor * g
    if clip.value is not None:
        limit = clip.value
        cut = max(-limit, min(limit, g))
        by_value = [Line("g", f"max({_n(-limit)}, min({_n(limit)}, {_n(g)}))", cut)]
    return by_norm, by_value


def _rate(lens: Lens) -> list[Line]:
    settings, done = lens.settings, lens.before.updates
    if settings.schedule == "constant":
        return []
    factor = schedule_named(settings.schedule).factor(done, settings.updates)
    product = f"{_n(settings.learning_rate)}*{_n(factor)}"
    return [Line("η", product, lens.update.learning_rate)]


def _rule(
    optimiser: Optimiser,
    known: Mapping[str, float],
    moments: Mapping[str, tuple[float, float]],
    new: float,
) -> list[Line]:
    """Return the optimiser's own lines, each with its numbers put in, and what each gives."""
    numbers = {**known, **{name: before for name, (before, _) in moments.items()}}
    computed = {name: after for name, (_, after) in moments.items()}
    made: list[Line] = []
    for place, (name, expression) in enumerate(optimiser.lines):
        written = NAME.sub(lambda found: _put(found[0], numbers), expression)
        if place == len(optimiser.lines) - 1:
            value = new
        elif name in computed:
            value = computed[name]
        else:
            value = eval(expression, {"sqrt": sqrt}, dict(numbers))  # noqa: S307  # a line of the core
        made.append(Line(SYMBOLS.get(name, name), written, value))
        numbers[name] = value
    return made


def _put(name: str, numbers: Mapping[str, float]) -> str:
    return _n(numbers[name]) if name in numbers else name


def _n(value: float) -> str:
    """Return the number as Python reads it; a negative one in brackets, for powers and signs."""
    text = plain(value, DIGITS)
    return f"({text})" if text.startswith("-") else text
