"""What the figures share: margins that line up, the time axis, lines and heat maps over it."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from app.figures import downsample
from app.figures.palette import DASHES
from app.figures.types import Dict, Floats, Steps, drawable, typed_array
from app.figures.words import plain_label, plotly_symbol, plotly_text, short

LEFT, RIGHT = 64, 108  # the same for every time axis, so that steps stand under one another
LETTERS = 13  # pixels
BUTTONS = 30  # pixels from the top
MOST_TICKS = 24
MOST_LABELS = 60
MOST_LINES = 12
CELL_COLUMNS, CELL_ROWS = 13, 10  # a heat map of at most so many cells has its numbers written in
CELL_DIGITS = 3
LARGEST_RANGE = 8e307  # twice this is still a number, which Plotly's scale needs
# How figures write numbers: here alone. What Plotly then writes its own way, 1e+6, the browser
# brings into the form of `words.short` (plot_view/frontend/numerals.js).
HOVER_NUMBER = "digits"
"""Stands for Plotly's own format until the browser draws: with as many digits as are asked for."""
HOVER_SHARE = ".3~%"
HOVER_COUNT = ",d"
INTEGERS: Dict = {"tickformat": "d"}
COUNTS: Dict = {"tickformat": HOVER_COUNT}
SHARES: Dict = {"tickformat": ".0%"}
UNSAID = "\N{ZERO WIDTH SPACE}"
"""What stands at a point without a text: once empty, it never has one in another drawing again."""
CHOSEN = "rgba(140,110,210,1)"
"""The colour of what a control has chosen; it stands out from both pages."""


def exponents(is_log: bool) -> Dict:
    """Return how an axis writes numbers far from 1; in the app the browser says so (`paint.js`)."""
    return {"exponentformat": "power" if is_log else "e"}


def layout(height: int, **parts: object) -> Dict:
    """Return the layout of one figure; colours and fonts come with the theme."""
    return {
        "height": height,
        "margin": {"l": LEFT, "r": RIGHT, "t": 10, "b": 46},
        "hovermode": "closest",
        "showlegend": False,
        # Below the buttons that appear in the corner.
        "legend": {"x": 1.01, "y": 1 - BUTTONS / (height - 56), "yanchor": "top"},
        **parts,
    }


def time_axis(steps: Steps) -> Dict:
    """Return the axis 0..T, each step centred on its number, named by its label if it has one."""
    axis: Dict = {
        "range": [-0.5, steps.count + 0.5],
        "title": {"text": "step t", "standoff": 6},
        "zeroline": False,
        "showgrid": False,
    }
    if steps.labels is None:
        axis |= {"nticks": MOST_TICKS, **INTEGERS}
        if steps.count <= MOST_TICKS:
            axis |= {"tick0": 0, "dtick": 1}
        return axis
    most = MOST_LABELS if max(map(len, steps.labels), default=0) <= 1 else MOST_TICKS // 2
    every = -(-steps.count // most)
    places = range(1, steps.count + 1, every)
    names = [plotly_text(plain_label(steps.labels[place - 1])) for place in places]
    return axis | {"tickvals": list(places), "ticktext": names, "tickangle": 0}


def chosen_at(x: int) -> Dict:
    """Return the upright line that marks what a control has chosen."""
    line = {"width": 1.5, "dash": "dot", "color": CHOSEN}
    return {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def number_axis(title: str, **parts: object) -> Dict:
    """Return a vertical axis of numbers."""
    return {
        "title": {"text": title, "standoff": 4},
        "zeroline": True,
        "nticks": 6,
        **parts,
    }


def unit_axis(count: int, title: str) -> Dict:
    """Return a vertical axis of units 1..n, the first on top, as the rows of a matrix stand."""
    axis: Dict = {
        "range": [count + 0.5, 0.5],
        "title": {"text": title, "standoff": 4},
        "zeroline": False,
        "showgrid": False,
        "nticks": 8,
        **INTEGERS,
    }
    return axis | {"tick0": 1, "dtick": 1} if count <= 10 else axis


def heat_height(rows: int) -> int:
    """Return the height of a heat map with so many rows."""
    return 66 + int(np.clip(30 * rows, 60, 300))


def heat_map(
    rows: Floats, first: int, steps: Steps, *, noun: str = "unit", scale: str = "diverging"
) -> Dict:
    """Return the figure of numbers (T, n) over time, row 0 at step `first`."""
    gathered, edges = downsample.columns(rows)
    trace: Dict = {
        "type": "heatmap",
        "z": typed_array(drawable(gathered.T)),
        "y": list(range(1, rows.shape[1] + 1)),
        "meta": {"scale": scale},
        "hoverongaps": False,
        "hovertemplate": f"t = %{{x}}<br>{noun} %{{y}}: %{{z:{HOVER_NUMBER}}}<extra></extra>",
        "colorbar": colour_bar(),
        **limits(gathered, scale),
    }
    if len(edges) == len(rows) + 1:
        trace |= {"x0": first, "dx": 1}
    else:
        trace["x"] = typed_array(edges + (first - 0.5))
        trace["hovertemplate"] = trace["hovertemplate"].replace("t = ", "around t = ")
    axes = {
        "xaxis": time_axis(steps),
        "yaxis": unit_axis(rows.shape[1], noun),
    }
    data = [trace]
    if gathered.shape[0] <= CELL_COLUMNS and gathered.shape[1] <= CELL_ROWS:
        data.append(numbers_in_cells(gathered.T, first, scale, trace["zmax"]))
    return {"data": data, "layout": layout(heat_height(rows.shape[1]), **axes)}


def limits(values: Floats, scale: str) -> Dict:
    """Return the ends of the colour scale: symmetric about 0, or 0 to 1."""
    if scale == "sequential":
        return {"zmin": 0, "zmax": 1}
    finite = np.abs(values[np.isfinite(values)])
    largest = min(float(finite.max(initial=0.0)), LARGEST_RANGE) or 1.0
    return {"zmin": -largest, "zmax": largest}


def numbers_in_cells(cells: Floats, first: int, scale: str, largest: float) -> Dict:
    """Return the numbers of the cells (rows, columns) as text over them, column 0 at `first`.

    A trace of its own, since the ink has to suit the colour of each cell.
    """
    return ink(
        *_places(*cells.shape, first),
        [short(value, CELL_DIGITS) for value in cells.ravel().tolist()],
        cells.ravel(),
        scale,
        largest,
    )


@lru_cache(maxsize=256)
def _places(rows: int, columns: int, first: int) -> tuple[Dict, Dict]:
    """Return the places of cells, packed, across from `first`, down from 1; not to be changed."""
    across = np.tile(np.arange(first, first + columns), rows)
    return typed_array(across), typed_array(np.repeat(np.arange(1, rows + 1), columns))


def ink(x: Dict, y: Dict, texts: list[str], values: Floats, scale: str, largest: float) -> Dict:
    """Return texts over coloured cells, each in black or white by the colour of its value."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": x,
        "y": y,
        "text": texts,
        "customdata": typed_array(drawable(values)),
        "meta": {"ink": scale, "largest": largest},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def table_of_cells(cells: Floats, **parts: object) -> Dict:
    """Return a heat map of (rows, columns) whose first cell is (1, 1)."""
    return {
        "type": "heatmap",
        "z": typed_array(drawable(cells)),
        "x0": 1,
        "dx": 1,
        "y0": 1,
        "dy": 1,
        "hoverongaps": False,
        **parts,
    }


def colour_bar() -> Dict:
    """Return the key of the colours, inside the right margin."""
    return {
        "x": 1.01,
        "thickness": 10,
        "outlinewidth": 0,
        "ypad": 0,
        "nticks": 5,
    }


def lines(
    rows: Floats, first: int, steps: Steps, names: Sequence[str], title: str, height: int = 240
) -> Dict:
    """Return the figure of numbers (T, n) as one line each, row 0 at step `first`."""
    data = [line(rows[:, i], first, name, i) for i, name in enumerate(names)]
    return {
        "data": data,
        "layout": layout(
            max(height, 90 + 19 * len(data)) if len(data) > 1 else height,
            xaxis=time_axis(steps),
            yaxis=number_axis(title),
            showlegend=len(data) > 1,
        ),
    }


def line(values: Floats, first: int, name: str, role: int, **parts: object) -> Dict:
    """Return one line over time; `role` chooses its colour and dash."""
    kept = downsample.extremes(values)
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(kept) <= 60 else "lines",
        "x": _every_step(len(kept), first)
        if len(kept) == len(values)
        else typed_array(kept + first),
        "y": typed_array(drawable(values[kept])),
        "name": plotly_symbol(name),
        "line": {"dash": DASHES[role % len(DASHES)], "width": 2},
        "marker": {"size": 6},
        "meta": {"series": role},
        "hovertemplate": f"t = %{{x}}<br>{plotly_symbol(name)}: %{{y:{HOVER_NUMBER}}}"
        "<extra></extra>",
        **parts,
    }


@lru_cache(maxsize=256)
def _every_step(count: int, first: int) -> Dict:
    """Return so many steps from the first on, packed: not to be changed."""
    return typed_array(np.arange(first, first + count))


def widest(rows: Floats, most: int = MOST_LINES) -> list[int]:
    """Return the columns that vary most, at most `most`, in their own order."""
    if rows.shape[1] <= most:
        return list(range(rows.shape[1]))
    spread = np.ptp(np.where(np.isfinite(rows), rows, 0), axis=0)
    return sorted(np.argsort(-spread, kind="stable")[:most].tolist())


def thinned(count: int, *, lines_drawn: bool) -> str:
    """Say that a plot draws less than every step, or nothing."""
    if lines_drawn and count > downsample.MOST_POINTS:
        return f"Of {count} steps, lines draw the least and the greatest of each short stretch."
    if not lines_drawn and count > downsample.MOST_COLUMNS:
        return (
            f"A column gathers several of the {count} steps and shows the number farthest from 0."
        )
    return ""
