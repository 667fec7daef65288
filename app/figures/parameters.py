"""Charts of the gradient of each parameter, and of what each time step adds to it."""

from typing import Any

import numpy as np

from app.figures import axes, gradients, tables
from app.figures.norms import lengths
from app.figures.types import Chart, Dict, Floats, Steps, Table, View, drawable, packed, view
from app.figures.words import listed, plotly_symbol, short
from rnn_core import NAMES, Gradients, Parameters

MOST_STEPS, MOST_FACTORS = 400, 40_000
"""Steps with a bar each, and numbers sent for the browser to multiply, at most."""

NARROW_COLUMNS = 6  # of the three matrices of the state, at most, in one of two columns
WRITTEN_CELLS = 12  # a matrix of at most so many columns and rows has its numbers written in


def charts(grads: Gradients, sample: int, steps: Steps) -> list[Chart]:
    """Return the charts of the group "Parameters"."""
    made = [_matrices(grads), _contributions(grads, sample, steps)]
    state = [getattr(grads.parameters, name) for name in NAMES[:3]]
    wide = sum(_cells(array).shape[1] for array in state) > NARROW_COLUMNS
    return [chart | {"wide": wide} for chart in made]


def _matrices(grads: Gradients) -> Chart:
    found = grads.parameters
    flat = np.concatenate([array.ravel() for _, array in found.items()])
    limits = axes.limits(flat, "diverging")
    batch = grads.trace.batch
    bad = [name for name, array in found.items() if not np.isfinite(array).all()]
    figure = _panels(found, limits)
    return {
        "id": "parameters",
        "title": "Gradient of each parameter",
        "phase": "",
        "views": [
            view(
                "",
                figure,
                _largest(found),
                f"Summed over time and over the {batch} sequences of the batch."
                if batch > 1
                else "",
                f"Not all gradients of {listed(bad, 5)} are finite; those cells stay empty."
                if bad
                else "",
            )
        ],
        "tables": [tables.matrix(f"∂L/∂{name}", array) for name, array in found.items()],
    }


def _largest(found: Parameters) -> str:
    best, text = 0.0, "Every gradient is exactly 0."
    if not any(np.isfinite(array).any() for _, array in found.items()):
        return "No gradient is a finite number."
    for name, array in found.items():
        size = np.abs(np.where(np.isfinite(array), array, 0))
        if size.size and size.max() > best:
            place = np.unravel_index(size.argmax(), array.shape)
            best = float(size.max())
            index = ",".join(str(int(i) + 1) for i in place)
            text = f"The largest gradient is ∂L/∂{name}[{index}] = {short(float(array[place]))}."
    return text


def _panels(found: Parameters, limits: Dict) -> Dict:
    """Return five heat maps on one scale, the parameters of the state above those read out with."""
    hidden, outputs = found.hidden_size, found.output_size
    heights = [int(np.clip(30 * rows, 44, 320)) for rows in (hidden, outputs)]
    between, below = 62, 30
    total = sum(heights) + between
    split = heights[1] / total
    bands = ([(heights[1] + between) / total, 1.0], [0.0, split])
    data: list[Dict] = []
    layout = axes.layout(
        total + 30 + below,
        margin={"l": axes.LEFT, "r": axes.RIGHT, "t": 30, "b": below},
        coloraxis={
            "cmin": limits["zmin"],
            "cmax": limits["zmax"],
            "colorbar": axes.colour_bar(),
        },
        annotations=[],
    )
    for row, names in enumerate((NAMES[:3], NAMES[3:])):
        columns = [_cells(getattr(found, name)).shape[1] for name in names]
        for name, domain in zip(names, _domains(columns), strict=True):
            number = NAMES.index(name) + 1
            suffix = "" if number == 1 else str(number)
            cells = _cells(getattr(found, name))
            data += _panel(name, cells, suffix, limits["zmax"])
            layout[f"xaxis{suffix}"] = _index_axis(cells.shape[1], domain, f"y{suffix}")
            layout[f"yaxis{suffix}"] = _index_axis(
                cells.shape[0], bands[row], f"x{suffix}", reverse=True
            )
            layout["annotations"].append(_title(name, domain[0], bands[row][1]))
    return {"data": data, "layout": layout}


def _cells(array: Floats) -> Floats:
    return array if array.ndim == 2 else array[:, np.newaxis]


def _domains(columns: list[int]) -> list[list[float]]:
    """Share the width by the number of columns, no panel narrower than a seventh."""
    gap = 0.06
    room = 1 - gap * (len(columns) - 1)
    wanted = np.maximum(np.array(columns) / sum(columns), 1 / 7)
    widths = room * wanted / wanted.sum()
    starts = np.concatenate([[0], np.cumsum(widths + gap)[:-1]])
    return [[float(a), float(min(a + b, 1))] for a, b in zip(starts, widths, strict=True)]


def _panel(name: str, cells: Floats, suffix: str, largest: float) -> list[Dict]:
    index = "%{y}" if name.startswith("b_") else "%{y},%{x}"
    trace: Dict = {
        "type": "heatmap",
        "z": packed(drawable(cells)),
        "x0": 1,
        "dx": 1,
        "y0": 1,
        "dy": 1,
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "coloraxis": "coloraxis",
        "hoverongaps": False,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": f"∂L/∂{name}[{index}] = %{{z:{axes.HOVER_NUMBER}}}<extra></extra>",
    }
    if max(cells.shape) > WRITTEN_CELLS:
        return [trace]
    numbers = axes.numbers_in_cells(cells, 1, "diverging", largest)
    return [trace, numbers | {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}]


def _index_axis(count: int, domain: list[float], anchor: str, *, reverse: bool = False) -> Dict:
    ends = [count + 0.5, 0.5] if reverse else [0.5, count + 0.5]
    axis: Dict = {
        "range": ends,
        "domain": domain,
        "anchor": anchor,
        "showgrid": False,
        "zeroline": False,
        "tickformat": "d",
        "nticks": 8,
        "fixedrange": True,
    }
    return axis | {"tick0": 1, "dtick": 1} if count <= 10 else axis


def _title(name: str, x: float, y: float) -> Dict:
    return {
        "text": plotly_symbol(f"∂L/∂{name}"),
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 3,
        "showarrow": False,
    }


def lengths_of_terms(grads: Gradients, sample: int) -> Floats:
    """Return ‖what step t adds to ∂L/∂parameter‖ (T, 5), in the order of `NAMES`.

    Each term is an outer product, whose length is the product of its factors' lengths: so no
    array of T outer products is made.
    """
    trace = grads.trace
    steps, first = trace.steps, trace.readout_steps.start
    delta = lengths(grads.z[:, sample])
    out = np.zeros(steps)
    out[first - 1 :] = lengths(grads.logits[:, sample])
    before, after = (lengths(part) for part in (trace.h[:-1, sample], trace.h[1:, sample]))
    terms = (
        delta * lengths(trace.x[:, sample]),
        delta * before,
        delta,
        out * after,
        out,
    )
    # A step that is not read out adds exactly nothing, whatever its state is.
    terms[3][: first - 1] = 0
    return np.stack(terms, axis=1)


def _contributions(grads: Gradients, sample: int, steps: Steps) -> Chart:
    rows = lengths_of_terms(grads, sample)
    names = [f"∂L/∂{name}" for name in NAMES]
    drawn = rows.copy()
    drawn[: grads.trace.readout_steps.start - 1, 3:] = np.nan  # not 0 by a computation: no term
    figure = gradients.log_lines(drawn, 1, steps, names, "length of the term")
    several = ""
    if grads.trace.batch > 1:
        several = f"Only the terms of sequence {sample + 1} of {grads.trace.batch}."
    views = [
        view(
            "Lengths",
            figure,
            _dominant(rows),
            several,
            gradients.zero_note(drawn),
            axes.thinned(len(rows), lines_drawn=True),
        )
    ]
    made = [tables.over_time(rows, 1, steps, names)]
    if factors(grads, sample) is not None:
        one, table = one_number(grads, sample, steps)
        one["notes"] = [note for note in (several, *one["notes"]) if note]
        views.append(one)
        made.append(table)
    return {
        "id": "contributions",
        "title": "What each step adds to the gradient",
        "phase": "b",
        "views": views,
        "tables": made,
    }


def _dominant(rows: Floats) -> str:
    hidden = rows[:, 1]
    if not np.isfinite(rows[:, 1]).all():
        return "Not every term of ∂L/∂W_hh is a finite number."
    if not hidden.any():
        return "No step adds anything to ∂L/∂W_hh."
    total = float((hidden / hidden.max()).sum())
    best = int(hidden.argmax())
    share = short(100 / total, 3)
    return f"Step {best + 1} adds most to ∂L/∂W_hh: {share} % of the summed lengths of all steps."


def factors(grads: Gradients, sample: int) -> Dict | None:
    """Return what the terms of any one number are products of, unless that is too much to send.

    The term of W_hh[i, j] at step t is delta[t, i] · before[t, j], and so for each parameter.
    """
    trace = grads.trace
    parts: dict[str, Floats] = {
        "delta": grads.z[:, sample],
        "x": trace.x[:, sample],
        "h": trace.h[:, sample],
        "out": grads.logits[:, sample],
    }
    if trace.steps > MOST_STEPS or sum(part.size for part in parts.values()) > MOST_FACTORS:
        return None
    return {
        **{name: packed(part) for name, part in parts.items()},
        "first": trace.readout_steps.start,
    }


def one_number(grads: Gradients, sample: int, steps: Steps) -> tuple[View, Table]:
    """Return the signed terms of W_hh[1,1]; the browser draws those of another number."""
    terms = grads.z[:, sample, 0] * grads.trace.h[:-1, sample, 0]
    name = "∂L/∂W_hh[1,1]"
    bars: Dict = {
        "type": "bar",
        "x": packed(np.arange(1, len(terms) + 1)),
        "y": packed(drawable(terms)),
        "meta": {"signed": True},
        "hovertemplate": f"t = %{{x}}<br>term: %{{y:{axes.HOVER_NUMBER}}}<extra></extra>",
    }
    layout = axes.layout(
        280,
        xaxis=axes.time_axis(steps),
        yaxis=axes.number_axis("term"),
        bargap=0.15,
    )
    total: Any = float(terms.sum())
    text = f"The {len(terms)} terms add up to {name} = {short(total)}."
    table = tables.over_time(terms[:, np.newaxis], 1, steps, [f"term of {name}"])
    return view("One number", {"data": [bars], "layout": layout}, text), table
