"""Charts of the gradient of each parameter, and of what each time step adds to it."""

from typing import Any

import numpy as np

from app.figures import axes, gradients, parameter_panels, tables
from app.figures.norms import lengths
from app.figures.types import Chart, Dict, Floats, Steps, Table, View, drawable, packed, view
from app.figures.words import listed, short
from rnn_core import PARAMETER_NAMES, Gradients, Parameters

MOST_STEPS, MOST_FACTORS = 400, 40_000
"""Steps with a bar each, and numbers sent for the browser to multiply, at most."""

NARROW_COLUMNS = 6  # of the three matrices of the state, at most, in one of two columns


def charts(grads: Gradients, sample: int, steps: Steps) -> list[Chart]:
    """Return the charts of the group "Parameters"."""
    made = [_matrices(grads), _contributions(grads, sample, steps)]
    state = [getattr(grads.parameters, name) for name in PARAMETER_NAMES[:3]]
    wide = sum(parameter_panels.cells_of(array).shape[1] for array in state) > NARROW_COLUMNS
    return [chart | {"wide": wide} for chart in made]


def _matrices(grads: Gradients) -> Chart:
    found = grads.parameters
    flat = np.concatenate([array.ravel() for _, array in found.items()])
    limits = axes.limits(flat, "diverging")
    batch = grads.trace.batch
    bad = [name for name, array in found.items() if not np.isfinite(array).all()]
    figure = parameter_panels.panels(found, limits, "∂L/∂{}")
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


def lengths_of_terms(grads: Gradients, sample: int) -> Floats:
    """Return ‖what step t adds to ∂L/∂parameter‖ (T, 5), in the order of `PARAMETER_NAMES`.

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
    names = [f"∂L/∂{name}" for name in PARAMETER_NAMES]
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
