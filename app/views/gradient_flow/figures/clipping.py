"""The gradient before and after clipping: number by number, and by parameter."""

import numpy as np

from app.figures import axes, plain
from app.figures.norms import lengths
from app.figures.palette import CLIPPED, CLIPPED_BY_VALUE, GRADIENT, REFERENCE
from app.figures.types import Chart, Dict, Floats, typed_array, view
from app.figures.words import plural, short
from rnn_core import Clipped, Parameters

WAYS = ("before", "by norm", "by value")
ROLES = (GRADIENT, CLIPPED, CLIPPED_BY_VALUE)
SYMBOLS = ("", "circle", "diamond-open")
MOST_POINTS = 1500
WHOLE = "all"


def numbers(before: Parameters, by_norm: Clipped, by_value: Clipped) -> Chart:
    """Return each number of the gradient after clipping against before."""
    x = _joined(before)
    order = np.argsort(x, kind="stable")
    if len(order) > MOST_POINTS:
        order = order[np.unique(np.linspace(0, len(order) - 1, MOST_POINTS).astype(int))]
    after = [_joined(by_norm.gradients), _joined(by_value.gradients)]
    data = [_unchanged(x[order])]
    data += [_points(x[order], y[order], way) for way, y in enumerate(after, start=1)]
    text = (
        f"By norm every number is multiplied by {short(by_norm.norm_after / by_norm.norm_before)}; "
        f"by value {by_value.changed} of {plural(len(x), 'number')} are cut and the others stay."
    )
    thinned = f"{len(order)} of {len(x)} numbers are drawn." if len(order) < len(x) else ""
    return {
        "id": "gf_clipped",
        "title": "Each number of the gradient, after against before",
        "phase": "",
        "views": [
            view(
                "",
                {
                    "data": data,
                    "layout": axes.layout(
                        320,
                        xaxis=_axis("before"),
                        yaxis=_axis("after"),
                        showlegend=True,
                    ),
                },
                text,
                thinned,
            )
        ],
        "tables": [
            plain.table(
                "number",
                _labels(before)[:200],
                np.stack([x, *after], axis=1)[:200],
                list(WAYS),
                f"The first 200 of {len(x)} are listed." if len(x) > 200 else "",
            )
        ],
    }


def _axis(title: str) -> Dict:
    return {
        "title": {"text": title, "standoff": 6},
        "zeroline": True,
        "nticks": 7,
    }


def _unchanged(x: Floats) -> Dict:
    ends = [float(x[0]), float(x[-1])]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": ends,
        "y": ends,
        "name": "unchanged",
        "line": {"width": 1.5, "dash": "dot"},
        "meta": {"series": REFERENCE},
        "hoverinfo": "skip",
    }


def _points(x: Floats, y: Floats, way: int) -> Dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed_array(x),
        "y": typed_array(y),
        "name": WAYS[way],
        "marker": {"size": 8, "symbol": SYMBOLS[way]},
        "meta": {"series": ROLES[way]},
        "hovertemplate": f"%{{x:{axes.HOVER_NUMBER}}} → %{{y:{axes.HOVER_NUMBER}}}"
        f"<extra>{WAYS[way]}</extra>",
    }


def by_parameter(before: Parameters, by_norm: Clipped, by_value: Clipped) -> Chart:
    """Return the length of each parameter's gradient before and after."""
    rows = np.array(
        [
            [*_lengths(gradients), whole]
            for gradients, whole in (
                (before, by_norm.norm_before),
                (by_norm.gradients, by_norm.norm_after),
                (by_value.gradients, by_value.norm_after),
            )
        ]
    )
    names = [*before.names, WHOLE]
    data = [
        {
            "type": "bar",
            "x": [name.replace("_", "<sub>", 1) + "</sub>" if "_" in name else name
                  for name in names],
            "y": typed_array(rows[i]),
            "name": way,
            "meta": {"series": ROLES[i]},
            "hovertemplate": f"%{{x}}: %{{y:{axes.HOVER_NUMBER}}}<extra>{way}</extra>",
        }
        for i, way in enumerate(WAYS)
    ]  # fmt: skip
    text = (
        f"All together: {short(rows[0, -1])} before, {short(rows[1, -1])} by norm, "
        f"{short(rows[2, -1])} by value."
    )
    layout = axes.layout(
        320,
        xaxis={"showgrid": False, "zeroline": False, "type": "category"},
        yaxis=axes.number_axis("length", rangemode="tozero"),
        showlegend=True,
        barmode="group",
    )
    return {
        "id": "gf_lengths",
        "title": "Length of each parameter's gradient",
        "phase": "",
        "views": [view("", {"data": data, "layout": layout}, text)],
        "tables": [plain.table("gradient of", names, rows.T, list(WAYS))],
    }


def _joined(gradients: Parameters) -> Floats:
    return np.concatenate([np.asarray(array).ravel() for _, array in gradients.items()])


def _labels(gradients: Parameters) -> list[str]:
    return [
        f"{name}[{', '.join(str(i + 1) for i in place)}]"
        for name, array in gradients.items()
        for place in np.ndindex(array.shape)
    ]


def _lengths(gradients: Parameters) -> list[float]:
    """Return the length of each parameter's gradient."""
    arrays = [np.asarray(array).reshape(1, -1) for _, array in gradients.items()]
    return [float(lengths(array)[0]) for array in arrays]
