"""What the drawings of a prediction are made of; names come as Plotly reads them."""

from dataclasses import dataclass, field

import numpy as np

from app.figures import axes, downsample
from app.figures.palette import LEVEL
from app.figures.types import Dict, Floats, drawable, typed_array

INPUTS = (6, 2, 3, 5, 4, 1)
ROLES = 7
FEW = 60  # points that are drawn as such


@dataclass(frozen=True)
class Panel:
    """Traces that share a vertical axis, which takes so many pixels."""

    traces: list[Dict]
    axis: Dict
    pixels: int


@dataclass(frozen=True)
class Drawing:
    """A Plotly figure, and what is to be said of it."""

    figure: Dict
    notes: list[str] = field(default_factory=list)


def number_axis(title: str, **parts: object) -> Dict:
    """Return the vertical axis of a panel of numbers."""
    return axes.number_axis(title, **{"zeroline": False, **parts})


def probability_axis(title: str) -> Dict:
    """Return the vertical axis of a panel of probabilities."""
    return number_axis(title, range=[-0.08, 1.08], tickvals=[0, 0.5, 1])


def curve(values: Floats, name: str, role: int, **parts: object) -> Dict:
    """Return a line over the steps from 1; `role` chooses its colour."""
    kept = downsample.extremes(values)
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(kept) <= FEW else "lines",
        "x": typed_array(kept + 1),
        "y": typed_array(drawable(values[kept])),
        "name": name,
        "line": {"width": 2},
        "marker": {"size": 5},
        "meta": {"series": role % ROLES},
        "hovertemplate": f"t = %{{x}}<br>{name}: %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
        **parts,
    }


def bars(values: Floats, name: str, role: int) -> Dict:
    """Return a bar for each step that is not 0."""
    return {
        "type": "bar",
        "x": list(range(1, len(values) + 1)),
        "y": typed_array(values),
        "width": 0.5,
        "name": name,
        "meta": {"series": role % ROLES},
        "hovertemplate": "t = %{x}: %{y}<extra></extra>",
    }


def mark(step: int, value: float, name: str, role: int, *, filled: bool) -> Dict:
    """Return one large point: a disc, or a ring that leaves room for a disc within it."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [step],
        "y": typed_array(drawable(np.array([value]))),
        "name": name,
        "cliponaxis": False,
        "marker": {
            "size": 10 if filled else 17,
            "symbol": "circle" if filled else "circle-open",
            "line": {"width": 0 if filled else 2.5},
        },
        "meta": {"series": role % ROLES},
        "hovertemplate": f"{name}: %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
    }


def level(steps: int, value: float, name: str) -> Dict:
    """Return a level over all steps."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0.5, steps + 0.5],
        "y": [value, value],
        "name": name,
        "line": {"width": 1.2, "dash": "dash"},
        "meta": {"series": LEVEL},
        "hoverinfo": "skip",
    }
