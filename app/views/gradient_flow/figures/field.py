"""The recurrence with its input held, as arrows in a plane or as a curve of one unit."""

import numpy as np

from app.figures.axes import HOVER_NUMBER
from app.figures.norms import lengths
from app.figures.types import Dict, Floats, drawable, typed_array


@np.errstate(all="ignore")  # states that explode are drawn as far as they are numbers
def arrows(places: Floats, moves: Floats, width: float) -> Dict:
    """Return F(h) − h (N, 2) as arrows from the places of a square grid over `width`.

    Their length grows with the root of the step's, and the longest spans a cell.
    """
    sizes = lengths(moves)
    longest = float(sizes[np.isfinite(sizes)].max(initial=0.0)) or 1.0
    side = max(2, round(np.sqrt(len(places))))
    cell = width / (side + 1)
    unit = moves / np.where(sizes > 0, sizes, 1)[:, np.newaxis]
    ends = places + unit * np.sqrt(sizes / longest)[:, np.newaxis] * cell
    gap = np.full(len(places), np.nan)
    x = np.stack([places[:, 0], ends[:, 0], gap], axis=1).ravel()
    y = np.stack([places[:, 1], ends[:, 1], gap], axis=1).ravel()
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": typed_array(x),
        "y": typed_array(y),
        "name": "F(h) − h",
        "showlegend": True,
        "line": {"width": 1},
        "opacity": 0.6,
        "marker": {
            "symbol": "arrow",
            "angleref": "previous",
            "size": [0, 8, 0] * len(places),
            "line": {"width": 0},
        },
        "meta": {"series": 6},
        "hoverinfo": "skip",
    }


def scalar_map(h: Floats, moved: Floats) -> list[Dict]:
    """Return F(h) of one unit, and the diagonal that it crosses at its fixed points."""
    ends = [float(h[0]), float(h[-1])]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": typed_array(h),
            "y": typed_array(drawable(moved)),
            "name": "F(h)",
            "showlegend": True,
            "line": {"width": 2},
            "meta": {"series": 0},
            "hovertemplate": f"F(%{{x:{HOVER_NUMBER}}}) = %{{y:{HOVER_NUMBER}}}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": ends,
            "y": ends,
            "name": "h",
            "showlegend": True,
            "line": {"width": 1.5, "dash": "dot"},
            "meta": {"series": 6},
            "hoverinfo": "skip",
        },
    ]
