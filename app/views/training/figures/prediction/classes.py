"""Classes over the steps, by their names."""

import numpy as np

from app.figures import axes, downsample
from app.figures.palette import DASHES, TARGET
from app.figures.types import Dict, Floats, drawable, typed_array
from app.figures.words import class_label, plotly_text
from app.views.training.figures.prediction.marks import Panel, curve, mark, probability_axis
from app.views.training.runs.predicted import Predicted
from app.views.training.tasks.asked import output_names

MOST_CURVES = 6
MOST_ROWS = 16
CURVES, ROW, LEAST = 190, 20, 100  # pixels


def panel(shown: Predicted) -> Panel:
    """Return the probability of each class: curves to the end, or cells where each step counts."""
    return _to_the_end(shown) if shown.at_end else _at_each_step(shown)


def drawn(shown: Predicted) -> list[int]:
    """Return the classes that are drawn: those that are right, and the most probable ones."""
    most = MOST_CURVES if shown.at_end else MOST_ROWS
    count = shown.target.shape[1]
    right = shown.target.max(axis=0)
    held = np.zeros(count)
    if shown.judged is not None:
        held = np.nan_to_num(shown.judged.max(axis=0))
    order = np.lexsort((-held, -right))
    return sorted(order[:most].tolist())


def _to_the_end(shown: Predicted) -> Panel:
    steps, names = len(shown.x), output_names(shown.task)
    right = int(shown.target[-1].argmax())
    traces: list[Dict] = []
    for role, k in enumerate(drawn(shown)):
        name = plotly_text(class_label(names[k]))
        if k == right:
            traces.append(mark(steps, 1.0, f"{name}: right", role, filled=False))
        if shown.said is None:
            continue
        heavy = k == right
        line = {"width": 3.2 if heavy else 1.4, "dash": DASHES[0 if heavy else 1 + role % 4]}
        made = curve(shown.said[:, k], name, role, line=line, marker={"size": 6 if heavy else 3})
        traces.append(made)
    return Panel(traces, probability_axis("probability"), CURVES)


def _at_each_step(shown: Predicted) -> Panel:
    rows = drawn(shown)
    names = [plotly_text(class_label(output_names(shown.task)[k])) for k in rows]
    traces = [] if shown.said is None else [_cells(shown.said[:, rows], names)]
    traces.append(_rings(shown.target, rows))
    axis: Dict = {
        "range": [len(rows) + 0.5, 0.5],
        "tickvals": list(range(1, len(rows) + 1)),
        "ticktext": names,
        "zeroline": False,
        "showgrid": False,
    }
    return Panel(traces, axis, max(LEAST, ROW * len(rows)))


def _cells(said: Floats, names: list[str]) -> Dict:
    gathered, edges = downsample.columns(said)
    return {
        "type": "heatmap",
        "z": typed_array(drawable(gathered.T)),
        "x": typed_array(edges + 0.5),
        "y": list(range(1, len(names) + 1)),
        "zmin": 0,
        "zmax": 1,
        "meta": {"scale": "sequential"},
        "hoverongaps": False,
        "customdata": [[name] * len(gathered) for name in names],
        "hovertemplate": f"t = %{{x}}, %{{customdata}}: p = %{{z:{axes.HOVER_NUMBER}}}"
        "<extra></extra>",
        "colorbar": axes.colour_bar() | {"tickvals": [0, 0.5, 1]},
    }


def _rings(target: Floats, rows: list[int]) -> Dict:
    right = target.argmax(axis=1)
    places = [(step + 1, rows.index(k) + 1) for step, k in enumerate(right.tolist()) if k in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "name": "right",
        "marker": {"symbol": "circle-open", "size": 12, "line": {"width": 2}},
        "meta": {"series": TARGET},
        "hoverinfo": "skip",
    }
