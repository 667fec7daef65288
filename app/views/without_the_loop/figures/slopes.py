"""ReLU and tanh on the same weights: which units pass a gradient, and when."""

import numpy as np

from app.figures import axes, tables
from app.figures.types import Chart, Floats, Steps, View, view
from app.figures.words import plural

MOST_UNITS = 32


def slopes(maps: dict[str, tuple[str, Floats]], sentences: dict[str, str]) -> Chart:
    """Return φ′(z_t) of each unit and step as a heat map, one view for each activation.

    `maps` has for each name the title of its view and the slopes (T, H) of one sequence.
    """
    views: list[View] = []
    made = []
    for name, (title, slope) in maps.items():
        steps = Steps(len(slope))
        shown = slope[:, :MOST_UNITS]
        figure = axes.heat_map(shown, 1, steps, scale="sequential")
        cut = f"The first {MOST_UNITS} of {plural(slope.shape[1], 'unit')} are drawn."
        views.append(
            view(
                title,
                figure,
                sentences[name],
                cut if slope.shape[1] > MOST_UNITS else "",
                axes.thinned(len(slope), lines_drawn=False),
            )
        )
        names = [f"unit {i + 1}" for i in range(slope.shape[1])]
        made.append(tables.over_time(np.asarray(slope), 1, steps, names))
    return {
        "id": "wl_slopes",
        "title": "φ′(z_t): what each unit lets through",
        "phase": "f",
        "views": views,
        "tables": made,
    }
