"""Lines of log₁₀ numbers over time: the numbers may lie far beyond what float64 can hold."""

from collections.abc import Sequence

import numpy as np

from app.figures import axes, downsample
from app.figures.run.gradients import DECADES
from app.figures.types import Dict, Floats, Steps, typed_array
from app.figures.words import digits, listed, plotly_symbol, power_of_ten, short
from rnn_core.numerals import MINUS

TICKS = 7
BACK = "step t (← the gradient flows)"
LONG = 100  # steps, from which fewer of them are named
SEEN = 0.01  # of the height, from which two lines are told apart
BEYOND = "Below 10 to the −308 or above 10 to the 308 a float64 would hold 0 or infinity."
ZERO = "A triangle on the lower edge is an exact 0, which a logarithmic axis cannot show."


def power(value: float) -> str:
    """Return 10 to a power as a number, however small or large it is."""
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "0" if value < 0 else "∞"
    count = digits()
    exponent = int(np.floor(value))
    mantissa = round(10 ** (value - exponent), count - 1)
    if mantissa >= 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    if -4 <= exponent < 5:
        return short(mantissa * 10.0**exponent)
    return f"{mantissa:.{count - 1}f}".rstrip("0").rstrip(".") + f"e{exponent}".replace("-", MINUS)


def lines(
    rows: Floats, first: int, steps: Steps, names: Sequence[str], title: str, height: int = 340
) -> Dict:
    """Return lines of gradients' log₁₀ lengths (n, lines), row 0 at step `first`.

    The ticks are powers of ten; the axis of time says that a gradient goes back along it.
    """
    low, high = span(rows)
    floor = low - 0.09 * (high - low)
    figure = axes.lines(rows, first, steps, names, title, height)
    for role, name in enumerate(names):
        figure["data"][role]["hovertemplate"] = (
            f"t = %{{x}}<br>log₁₀ {plotly_symbol(name)}: %{{y:{axes.HOVER_NUMBER}}}<extra></extra>"
        )
        zeros = np.flatnonzero(np.isneginf(rows[:, role]))
        if zeros.size:
            figure["data"].append(_zeros(zeros + first, floor, name, role))
    figure["layout"]["xaxis"]["title"] = {"text": BACK, "standoff": 6}
    if steps.count > LONG and steps.labels is None:
        figure["layout"]["xaxis"] |= {"nticks": 11, "tickangle": 0}
    figure["layout"]["yaxis"] |= axis(floor if np.isneginf(rows).any() else low, high)
    return figure


def span(rows: Floats) -> tuple[float, float]:
    """Return the lowest and the highest exponent, at least three decades apart."""
    finite = rows[np.isfinite(rows)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (-1.0, 1.0)
    missing = max(0.0, DECADES - (high - low)) / 2
    return low - missing, high + missing


def axis(low: float, high: float) -> Dict:
    """Return an axis of exponents whose ticks are the powers of ten."""
    pad = 0.05 * (high - low)
    every = _round_above((high - low) / TICKS)
    ticks = list(range(int(np.ceil(low / every)) * every, int(np.floor(high)) + 1, every))
    return {
        "range": [low - pad, high + pad],
        "tickvals": ticks,
        "ticktext": [power_of_ten(tick) for tick in ticks],
        "zeroline": False,
    }


def _round_above(size: float) -> int:
    """Return the least of 1, 2, 5, 10, 20 … that is at least `size`."""
    ten = int(10 ** np.floor(np.log10(max(size, 1.0))))
    return next(factor * ten for factor in (1, 2, 5, 10) if factor * ten >= size)


def together(rows: Floats, names: Sequence[str]) -> str:
    """Say which lines lie on the first one, all along, so that fewer are seen than are named."""
    low, high = span(rows)
    with np.errstate(invalid="ignore"):  # of a line that is 0, or infinite, nothing is said
        apart = np.abs(rows - rows[:, :1]).max(axis=0)
    on_first = [name for name, far in zip(names, apart, strict=True) if far < SEEN * (high - low)]
    return f"{listed(on_first, len(on_first))} lie on one another." if on_first[1:] else ""


def beyond(rows: Floats) -> str:
    """Say that numbers are outside float64's range, or nothing."""
    finite = rows[np.isfinite(rows)]
    return BEYOND if finite.size and (finite.min() < -307 or finite.max() > 308) else ""


def zero_note(rows: Floats) -> str:
    """Explain the marks that stand for exact zeros, if there are any."""
    return ZERO if np.isneginf(rows).any() else ""


def _zeros(places: downsample.Indices, floor: float, name: str, role: int) -> Dict:
    shown = places[:: -(-len(places) // downsample.MOST_POINTS)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed_array(shown),
        "y": typed_array(np.full(len(shown), floor)),
        "name": f"{plotly_symbol(name)} = 0",
        "showlegend": False,
        "marker": {"symbol": "triangle-down", "size": 9},
        "meta": {"series": role},
        "hovertemplate": f"t = %{{x}}<br>{plotly_symbol(name)} is exactly 0<extra></extra>",
    }
