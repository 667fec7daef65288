"""Charts of the input, the hidden states, and their path through state space."""

from itertools import combinations

import numpy as np

from app.figures import axes, downsample, tables
from app.figures.norms import lengths
from app.figures.types import Chart, Dict, Floats, Steps, drawable, typed_array, view
from app.figures.words import not_finite, plural, short
from rnn_core import Trace

MOST_ARROWS = 60
MOST_NUMBERED = 20
PANEL = 380  # pixels, a square


def charts(trace: Trace, sample: int, steps: Steps) -> list[Chart]:
    """Return the charts of the group "States" for one sequence of the batch."""
    h = trace.h[:, sample]
    made = [_input(trace.x[:, sample], steps), _hidden(h, steps)]
    made += [
        over_units(
            trace[name][:, sample],
            0,
            steps,
            key=f"state_{name}",
            title=f"{trace.cell.line[name].title.capitalize()} {name}_t".strip(),
            symbol=name,
            start=f"{name}_0 included",
        )
        for name in trace.cell.states
        if name != "h"
    ]
    if h.shape[1] > 1:
        made.append(_space(h))
    return made


def _input(x: Floats, steps: Steps) -> Chart:
    inputs = x.shape[1]
    names = ["x"] if inputs == 1 else [f"input {i + 1}" for i in range(inputs)]
    problem = not_finite("x", x, 1)
    size = f"{plural(len(x), 'step')} of {plural(inputs, 'number')}"
    text = f"The input has {size}: {span(x, 1, 'input')}."
    if inputs <= 3:
        figure = axes.lines(x, 1, steps, names, "x", height=150)
        thinned = axes.thinned(len(x), lines_drawn=True)
    else:
        figure = axes.heat_map(x, 1, steps, noun="input")
        figure["layout"]["height"] = min(figure["layout"]["height"], 216)
        thinned = axes.thinned(len(x), lines_drawn=False)
    return {
        "id": "input",
        "title": "Input x_t",
        "phase": "f",
        "views": [view("", figure, text, problem, thinned)],
        "tables": [tables.over_time(x, 1, steps, names)],
    }


def _hidden(h: Floats, steps: Steps) -> Chart:
    return over_units(
        h, 0, steps, key="hidden", title="Hidden states h_t", symbol="h", start="h_0 included"
    )


def over_units(
    rows: Floats,
    first: int,
    steps: Steps,
    *,
    key: str,
    title: str,
    symbol: str,
    start: str = "",
    scale: str = "diverging",
) -> Chart:
    """Return the chart of one number for each unit and step: as a heat map, and as lines."""
    count, units = rows.shape
    names = [f"unit {i + 1}" for i in range(units)]
    drawn = axes.widest(rows)
    cut = (
        f"The {len(drawn)} of {units} units that vary most are drawn." if units > len(drawn) else ""
    )
    included = f", {start}" if start else ""
    text = f"{symbol} of {plural(units, 'unit')}{included}: {span(rows, first)}."
    problem = not_finite(symbol, rows, first)
    heat = axes.heat_map(rows, first, steps, scale=scale)
    curves = axes.lines(rows[:, drawn], first, steps, [names[i] for i in drawn], symbol)
    for trace, unit in zip(curves["data"], drawn, strict=True):
        trace["meta"]["series"] = unit
    return {
        "id": key,
        "title": title,
        "phase": "f",
        "views": [
            view("Heat map", heat, text, problem, axes.thinned(count, lines_drawn=False)),
            view("Lines", curves, text, problem, cut, axes.thinned(count, lines_drawn=True)),
        ],
        "tables": [tables.over_time(rows, first, steps, names)],
    }


def span(rows: Floats, first: int, noun: str = "unit") -> str:
    """Say where the least and the greatest finite numbers are."""
    finite = np.isfinite(rows)
    if not finite.any():
        return "no number is finite"
    parts = []
    for extreme in (
        np.where(finite, rows, np.inf).argmin(),
        np.where(finite, rows, -np.inf).argmax(),
    ):
        at, unit = divmod(int(extreme), rows.shape[1])
        where = (
            f"t = {at + first}" if rows.shape[1] == 1 else f"{noun} {unit + 1}, t = {at + first}"
        )
        parts.append(f"{short(float(rows[at, unit]))} ({where})")
    if rows[finite].min() == rows[finite].max():
        return f"all {short(float(rows[finite][0]))}"
    return f"from {parts[0]} to {parts[1]}"


def _space(h: Floats) -> Chart:
    """Return the path of the state: the plane for two units, else pairs of units.

    Of more than three units the two that vary most are drawn; the browser offers the others, from
    the numbers in `states.factors`.
    """
    units = h.shape[1]
    pairs = list(combinations(range(units), 2)) if units <= 3 else [_most_varying(h)]
    kept = kept_steps(h[:, sorted({unit for pair in pairs for unit in pair})])
    data: list[Dict] = []
    layout = axes.layout(PANEL, hovermode="closest", margin={"l": 64, "r": 16, "t": 10, "b": 46})
    gap = 0.1
    width = (1 - gap * (len(pairs) - 1)) / len(pairs)
    for number, (i, j) in enumerate(pairs):
        suffix = "" if number == 0 else str(number + 1)
        start = number * (width + gap)
        data.append(trajectory(h, i, j, kept) | {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"})
        across, up = square(h[:, i], h[:, j])
        layout[f"xaxis{suffix}"] = plain_axis(f"unit {i + 1}", across) | {
            "domain": [start, start + width],
            "anchor": f"y{suffix}",
        }
        layout[f"yaxis{suffix}"] = plain_axis(f"unit {j + 1}", up) | {"anchor": f"x{suffix}"}
    data += [start_ring(h, trace, pair) for trace, pair in zip(data, pairs, strict=True)]
    final = ", ".join(short(float(value)) for value in h[-1][:3]) + (", …" if units > 3 else "")
    step = lengths(np.diff(drawable(h), axis=0))
    text = f"The state ends at h_{len(h) - 1} = [{final}]"
    if np.isfinite(step).any():
        longest = int(np.nanargmax(step))
        text += f"; its longest step, {short(float(step[longest]))}, is to t = {longest + 1}"
    thinned = ""
    if len(kept) < len(h):
        thinned = f"Of {len(h)} states, the {len(kept)} outermost of short stretches are drawn."
    problem = not_finite("h", h, 0)
    figure = {"data": data, "layout": layout}
    return {
        "id": "space",
        "title": "Path through state space",
        "phase": "",
        "views": [view("", figure, f"{text}.", problem, thinned)],
        "tables": [],
        "wide": len(pairs) > 1,
    }


def trajectory(h: Floats, i: int, j: int, kept: downsample.Indices) -> Dict:
    """Return the path of units i and j through the steps kept, with arrows while they are few."""
    arrows = len(kept) <= MOST_ARROWS
    numbered = len(kept) <= MOST_NUMBERED
    return {
        "type": "scatter",
        "mode": "lines+markers+text" if numbered else "lines+markers",
        "x": typed_array(drawable(h[kept, i])),
        "y": typed_array(drawable(h[kept, j])),
        "customdata": typed_array(kept),
        "text": [str(t) for t in kept.tolist()] if numbered else [],
        "textposition": "top center",
        "line": {"width": 1},
        "marker": {
            "symbol": "arrow" if arrows else "circle",
            "angleref": "previous" if arrows else "up",
            "size": 11 if arrows else 5,
            "color": typed_array(kept),
            "cmin": -(len(h) - 1) / 2,
            "cmax": len(h) - 1,
        },
        "meta": {"path": True},
        "hovertemplate": f"t = %{{customdata}}<br>unit {i + 1}: %{{x:{axes.HOVER_NUMBER}}}"
        f"<br>unit {j + 1}: %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
    }


def start_ring(h: Floats, path: Dict, pair: tuple[int, int]) -> Dict:
    """Return the ring at h_0, which has no arrow since nothing comes before it."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed_array(drawable(h[:1, pair[0]])),
        "y": typed_array(drawable(h[:1, pair[1]])),
        "xaxis": path["xaxis"],
        "yaxis": path["yaxis"],
        "marker": {"symbol": "circle-open", "size": 9, "line": {"width": 2}},
        "meta": {"series": 0},
        "hoverinfo": "skip",
    }


def kept_steps(h: Floats) -> downsample.Indices:
    """Return the steps whose states are drawn: the extremes of each unit drawn."""
    share = downsample.MOST_POINTS // h.shape[1]
    if len(h) <= downsample.MOST_POINTS:
        return np.arange(len(h))
    return np.unique(np.concatenate([downsample.extremes(column, share) for column in h.T]))


def _most_varying(h: Floats) -> tuple[int, int]:
    first, second = axes.widest(h, 2)
    return first, second


def square(across: Floats, up: Floats) -> tuple[list[float], list[float]]:
    """Return ranges of one length for both axes, so that a turn looks like a turn."""
    ends = []
    for values in (across, up):
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (-1.0, 1.0)
        ends.append(
            (np.clip(low, -axes.LARGEST_RANGE / 2, None), min(high, axes.LARGEST_RANGE / 2))
        )
    half = 0.58 * max(high - low for low, high in ends) or 1.0
    (a, b), (c, d) = ends
    middles = (a / 2 + b / 2, c / 2 + d / 2)
    return [middles[0] - half, middles[0] + half], [middles[1] - half, middles[1] + half]


def plain_axis(title: str, ends: list[float]) -> Dict:
    """Return an axis of numbers from one end to the other."""
    return {
        "title": {"text": title, "standoff": 4},
        "range": [float(end) for end in ends],
        "zeroline": True,
        "nticks": 6,
    }
