"""The state space of an experiment: all of up to three units, or the main directions of more."""

from itertools import combinations

import numpy as np

from app.experiment.value import Experiment
from app.figures.types import Chart, Floats
from app.figures.words import short
from app.views.gradient_flow.compute import space
from app.views.gradient_flow.figures import explained
from app.views.gradient_flow.figures.space import Panel, chart, coordinates, ranges
from rnn_core import FixedPoints

SIDE, SIDE_OF_THREE = 15, 11
CURVE = 301
MOST_AXES = 3
"""Units that are drawn themselves."""


def charts(experiment: Experiment, found: FixedPoints, x: Floats) -> list[Chart]:
    """Return the space with its field, the path and the fixed points, for an input that is held.

    Of more than three units it is the plane of the first two principal components, with what each
    component explains.
    """
    h = space.states_of(experiment)
    if experiment.hidden > MOST_AXES:
        return _principal(experiment, found, h)
    return [_whole(experiment, found, x, h)]


def _whole(experiment: Experiment, found: FixedPoints, x: Floats, h: Floats) -> Chart:
    hidden = experiment.hidden
    points = coordinates(found, hidden)
    if hidden == 1:
        return chart([_one_unit(experiment, x, h, points)], found, h, _path(h))
    pairs = list(combinations(range(hidden), 2))
    side = SIDE if hidden == 2 else SIDE_OF_THREE
    panels = []
    for i, j in pairs:
        ends = ranges(h[:, [i, j]], points[:, [i, j]])
        cut = space.slice_of(experiment, x, (i, j), ends, side)
        panels.append(
            Panel(
                (f"unit {i + 1}", f"unit {j + 1}"),
                h[:, [i, j]],
                points[:, [i, j]],
                ends,
                field=(cut.places, cut.moves),
            )
        )
    notes = [
        "Arrows point along F(h) − h; their length grows with its root.",
        "In each plane the field is that with the third unit as in the last state."
        if hidden == 3
        else "",
        _outside(panels),
    ]
    return chart(panels, found, h, _path(h), *notes)


def _one_unit(experiment: Experiment, x: Floats, h: Floats, points: Floats) -> Panel:
    path = np.concatenate([h[:-1], h[1:]], axis=1)
    pairs = np.repeat(points, 2, axis=1)
    ends = ranges(path, pairs)
    low, high = min(ends[0][0], ends[1][0]), max(ends[0][1], ends[1][1])
    line = np.linspace(low, high, CURVE)
    return Panel(
        ("h<sub>t−1</sub>", "h<sub>t</sub>"),
        path,
        pairs,
        ([low, high], [low, high]),
        curve=(line, space.map_of(experiment, x, line)),
    )


def _principal(experiment: Experiment, found: FixedPoints, h: Floats) -> list[Chart]:
    principal = space.principal_of(experiment)
    path = principal.project(space.finite_states(experiment))
    points = principal.project(coordinates(found, experiment.hidden))
    panel = Panel(
        ("PC 1", "PC 2"),
        path[:, :2],
        points[:, :2],
        ranges(path[:, :2], points[:, :2]),
    )
    share = short(100 * float(principal.shares[:2].sum()))
    text = (
        f"The path of {experiment.hidden} units on its first two principal components, which "
        f"explain {share} % of its variance."
    )
    return [
        chart([panel], found, h, text, _outside([panel])),
        explained.chart(np.asarray(principal.shares)),
    ]


def _path(h: Floats) -> str:
    ends = [
        f"h_{t} = [{', '.join(short(value) for value in h[t].tolist())}]" for t in (0, len(h) - 1)
    ]
    return f"The path goes from {ends[0]} to {ends[1]}."


def _outside(panels: list[Panel]) -> str:
    """Say how many points lie outside the drawing, or nothing."""
    gone = 0
    for panel in panels[:1]:
        low, high = np.array(panel.ranges).T
        gone = int(((panel.points < low) | (panel.points > high)).any(axis=1).sum())
    return (
        f"{gone} of the points found lie outside the drawing; the table has them." if gone else ""
    )
