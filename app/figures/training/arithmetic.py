"""One entry of one parameter through an update, written out with its numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.training.lens import Lens
from rnn_core.clipping import norm_factor
from rnn_core.training import schedule_named
from rnn_core.training.step import CLIP_EPS

DIGITS = 10


@dataclass(frozen=True)
class Line:
    """`name = expression = value`; the expression is Python's, with `sqrt`, `min` and `max`."""

    name: str
    expression: str
    value: float


@dataclass(frozen=True)
class Entry:
    """What the rule of the optimiser goes by, for one number."""

    theta: float
    g: float  # as the optimiser got it
    moments: Mapping[str, tuple[float, float]]  # before and after
    t: int
    rate: float
    settings: Mapping[str, float]


def lines(lens: Lens, name: str, row: int, column: int | None) -> list[Line]:
    """Return the update of one entry line by line; the last one is the new number.

    Parameters
    ----------
    name
        One of the five parameters.
    row, column
        Counted from 0; None for a bias.
    """
    place = (row,) if column is None else (row, column)
    update = lens.update

    def at(params: object) -> float:
        return float(getattr(params, name)[place])

    clipped, bound = _clipping(lens, at(update.gradients.parameters))
    entry = Entry(
        theta=at(update.before),
        g=at(update.clipped),
        moments={key: (at(one), at(other)) for key, (one, other) in lens.moments().items()},
        t=update.state.updates,
        rate=update.learning_rate,
        settings=lens.optimiser.settings,
    )
    rule = RULES[lens.settings.optimiser](entry, at(update.params))
    return [*clipped, *bound, *_rate(lens), *rule]


def _clipping(lens: Lens, g: float) -> tuple[list[Line], list[Line]]:
    clip, norm = lens.settings.clip, lens.update.gradient_norm
    by_norm, by_value = [], []
    if clip.norm is not None and (factor := norm_factor(norm, clip.norm, CLIP_EPS)) < 1:
        share = f"{_n(clip.norm)}/({_n(norm)} + {CLIP_EPS:g})"
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


def _sgd(at: Entry, new: float) -> list[Line]:
    return [Line("θ", f"{_n(at.theta)} - {_n(at.rate)}*{_n(at.g)}", new)]


def _momentum(at: Entry, new: float) -> list[Line]:
    before, after = at.moments["v"]
    return [
        Line("v", f"{_n(at.settings['momentum'])}*{_n(before)} + {_n(at.g)}", after),
        Line("θ", f"{_n(at.theta)} - {_n(at.rate)}*{_n(after)}", new),
    ]


def _rmsprop(at: Entry, new: float) -> list[Line]:
    before, after = at.moments["s"]
    epsilon = _n(at.settings["epsilon"])
    return [
        _running("s", at.settings["alpha"], before, f"{_n(at.g)}**2", after),
        Line(
            "θ", f"{_n(at.theta)} - {_n(at.rate)}*{_n(at.g)}/(sqrt({_n(after)}) + {epsilon})", new
        ),
    ]


def _adam(at: Entry, new: float) -> list[Line]:
    (m_0, m), (s_0, s) = at.moments["m"], at.moments["s"]
    first, second = at.settings["beta_1"], at.settings["beta_2"]
    m_hat, s_hat = m / (1 - first**at.t), s / (1 - second**at.t)
    root = f"sqrt({_n(s_hat)}) + {_n(at.settings['epsilon'])}"
    return [
        _running("m", first, m_0, _n(at.g), m),
        _running("s", second, s_0, f"{_n(at.g)}**2", s),
        Line("m̂", f"{_n(m)}/(1 - {_n(first)}**{at.t})", m_hat),
        Line("ŝ", f"{_n(s)}/(1 - {_n(second)}**{at.t})", s_hat),
        Line("θ", f"{_n(at.theta)} - {_n(at.rate)}*{_n(m_hat)}/({root})", new),
    ]


def _adamw(at: Entry, new: float) -> list[Line]:
    decay = at.settings["weight_decay"]
    kept = (1 - at.rate * decay) * at.theta
    shrunk = Line("θ", f"(1 - {_n(at.rate)}*{_n(decay)})*{_n(at.theta)}", kept)
    rest = _adam(Entry(kept, at.g, at.moments, at.t, at.rate, at.settings), new)
    return [shrunk, *rest]


def _running(name: str, share: float, before: float, fresh: str, after: float) -> Line:
    return Line(name, f"{_n(share)}*{_n(before)} + (1 - {_n(share)})*{fresh}", after)


def _n(value: float) -> str:
    """Return the number as Python reads it; a negative one in brackets, for powers and signs."""
    text = f"{value:.{DIGITS}g}"
    return f"({text})" if text.startswith("-") else text


RULES: Mapping[str, Callable[[Entry, float], list[Line]]] = MappingProxyType(
    {
        "sgd": _sgd,
        "momentum": _momentum,
        "rmsprop": _rmsprop,
        "adam": _adam,
        "adamw": _adamw,
    }
)
