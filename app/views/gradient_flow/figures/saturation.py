"""How the slope φ′ of the activation is distributed, over time and over all units."""

import numpy as np

from app.figures import axes, plain, tables
from app.figures.run.preactivation import SATURATED
from app.figures.types import Chart, Floats, Steps, typed_array, view
from app.figures.words import not_finite, plural, short

QUANTILES = {"largest": 1.0, "75 %": 0.75, "median": 0.5, "25 %": 0.25, "smallest": 0.0}
BINS = 20
MOST_UNITS = 32


def over_time(slope: Floats, symbol: str, steps: Steps) -> Chart:
    """Return how φ′(z_t) of the units is distributed, at each step and over all of them."""
    with np.errstate(all="ignore"):
        rows = np.quantile(slope, list(QUANTILES.values()), axis=1).T
    names = list(QUANTILES)
    curves = axes.lines(rows, 1, steps, names, "φ′", height=260)
    curves["layout"]["yaxis"] |= {"range": [-0.05, 1.05], "nticks": 6}
    for trace in curves["data"]:
        trace["mode"] = "lines"
    shown = slope[:, :MOST_UNITS]
    text = _saturation_text(slope, symbol)
    problem = not_finite("φ′", slope, 1)
    cut = f"The first {MOST_UNITS} of {plural(slope.shape[1], 'unit')} are drawn."
    units = [f"unit {i + 1}" for i in range(slope.shape[1])]
    return {
        "id": "gf_saturation",
        "title": "Saturation: φ′(z_t) over time",
        "phase": "f",
        "views": [
            view("Quantiles", curves, text, problem, axes.thinned(len(slope), lines_drawn=True)),
            view(
                "Each unit",
                axes.heat_map(shown, 1, steps, scale="sequential"),
                text,
                problem,
                cut if slope.shape[1] > MOST_UNITS else "",
                axes.thinned(len(slope), lines_drawn=False),
            ),
        ],
        "tables": [
            tables.over_time(rows, 1, steps, names),
            tables.over_time(slope, 1, steps, units),
        ],
    }


def histogram(slope: Floats, symbol: str) -> Chart:
    """Return the share of all φ′(z_t) in each twentieth from 0 to 1."""
    finite = slope[np.isfinite(slope)]
    counts, edges = np.histogram(finite, BINS, (0.0, 1.0))
    shares = counts / max(1, finite.size)
    figure = {
        "data": [
            {
                "type": "bar",
                "x": typed_array((edges[:-1] + edges[1:]) / 2),
                "y": typed_array(shares),
                "width": 1 / BINS,
                "name": "share",
                "meta": {"series": 0},
                "hovertemplate": f"around φ′ = %{{x}}: %{{y:{axes.HOVER_SHARE}}}<extra></extra>",
            }
        ],
        "layout": axes.layout(
            260,
            margin={"l": axes.LEFT, "r": 16, "t": 10, "b": 46},
            xaxis={
                "title": {"text": "φ′(z_t)".replace("_t", "<sub>t</sub>"), "standoff": 6},
                "range": [-0.02, 1.02],
                "zeroline": False,
                "showgrid": False,
            },
            yaxis=axes.number_axis("share", rangemode="tozero", **axes.SHARES),
            bargap=0.04,
        ),
    }
    return {
        "id": "gf_slopes",
        "title": "Distribution of φ′ over all steps and units",
        "phase": "",
        "views": [view("", figure, _mean_text(finite, symbol))],
        "tables": [
            plain.table(
                "φ′ from",
                [short(edge) for edge in edges[:-1]],
                np.stack([edges[1:], counts, shares], axis=1),
                ["to", "count", "share"],
            )
        ],
    }


def _saturation_text(slope: Floats, symbol: str) -> str:
    low = float((slope < SATURATED).mean())
    ends = [float(np.nanmean(slope[at])) if np.isfinite(slope[at]).any() else np.nan
            for at in (0, -1)]  # fmt: skip
    return (
        f"φ′ of {symbol} is below {SATURATED} in {short(100 * low, 3)} % of all cases; its mean "
        f"over the units is {short(ends[0])} at t = 1 and {short(ends[1])} at "
        f"t = {len(slope)}."
    )


def _mean_text(finite: Floats, symbol: str) -> str:
    if not finite.size:
        return "No slope is finite."
    mean, geometric = float(finite.mean()), 0.0
    if (finite > 0).all():
        geometric = float(np.exp(np.log(finite).mean()))
    return (
        f"{finite.size} slopes of {symbol}: mean {short(mean)}, geometric mean "
        f"{short(geometric)}, smallest {short(float(finite.min()))}."
    )
