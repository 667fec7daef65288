"""Charts of the gradient of each parameter, and of what each time step adds to it."""

from typing import Any

import numpy as np

from app.figures import axes, tables
from app.figures.norms import lengths
from app.figures.notation import turned_to_rows
from app.figures.run import gradients, parameter_panels
from app.figures.types import Chart, Dict, Floats, Steps, Table, View, drawable, typed_array, view
from app.figures.words import listed, short
from rnn_core import Gradients, Parameters

MOST_STEPS, MOST_FACTORS = 400, 40_000
"""Steps with a bar each, and numbers sent for the browser to multiply, at most."""

NARROW_COLUMNS = 6  # of the arrays of one row, at most, in one of two columns


def charts(grads: Gradients, sample: int, steps: Steps, *, each: bool) -> list[Chart]:
    """Return the charts of the group "Parameters"; with the terms of `each` number if they fit."""
    made = [_matrices(grads), _contributions(grads, sample, steps, each=each)]
    rows = parameter_panels.rows_of(grads.parameters)
    wide = any(
        sum(parameter_panels.cells_of(grads.parameters[name]).shape[1] for name in names)
        > NARROW_COLUMNS
        for names in rows[:-1]
    )
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
        "tables": [
            tables.matrix(f"∂L/∂{name}", turned_to_rows(array)) for name, array in found.items()
        ],
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
    """Return ‖what step t adds to ∂L/∂parameter‖ (T, n), in the order of the parameters.

    Each term is an outer product, whose length is the product of its factors' lengths: so no
    array of T outer products is made. A step that is not read out adds exactly nothing.
    """
    names = grads.trace.params.names
    found = np.zeros((grads.trace.steps, len(names)))
    known: dict[int, Floats] = {}

    def length_of(array: Any) -> Floats:
        """Look at each array once: gates share the vectors that they multiply."""
        if id(array) not in known:
            known[id(array)] = lengths(array[:, sample])
        return known[id(array)]

    for column, name in zip(found.T, names, strict=True):
        use = grads.uses_of(name)[0]
        column[-len(use.gradient) :] = length_of(use.gradient)
        if use.vector is not None:
            column[-len(use.gradient) :] *= length_of(use.vector)
    return found


def _contributions(grads: Gradients, sample: int, steps: Steps, *, each: bool) -> Chart:
    rows = lengths_of_terms(grads, sample)
    parameters = grads.trace.params.names
    names = [f"∂L/∂{name}" for name in parameters]
    drawn = rows.copy()
    drawn[: grads.trace.readout_steps.start - 1, -2:] = np.nan  # not 0 by a computation: no term
    figure = gradients.log_lines(drawn, 1, steps, names, "length of the term")
    several = ""
    if grads.trace.batch > 1:
        several = f"Only the terms of sequence {sample + 1} of {grads.trace.batch}."
    views = [
        view(
            "Lengths",
            figure,
            _dominant(rows, parameters),
            several,
            gradients.zero_note(drawn),
            axes.thinned(len(rows), lines_drawn=True),
        )
    ]
    made = [tables.over_time(rows, 1, steps, names)]
    if each:
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


def _dominant(rows: Floats, parameters: tuple[str, ...]) -> str:
    name = recurrent(parameters)
    hidden = rows[:, parameters.index(name)]
    if not np.isfinite(hidden).all():
        return f"Not every term of ∂L/∂{name} is a finite number."
    if not hidden.any():
        return f"No step adds anything to ∂L/∂{name}."
    total = float((hidden / hidden.max()).sum())
    best = int(hidden.argmax())
    share = short(100 / total, 3)
    return f"Step {best + 1} adds most to ∂L/∂{name}: {share} % of the summed lengths of all steps."


def recurrent(parameters: tuple[str, ...]) -> str:
    """Return the matrix that is looked at first: one that a state is multiplied by."""
    return next((name for name in parameters if name.startswith("W_h")), parameters[0])


def factors(grads: Gradients, sample: int, *, terms: bool = True) -> Dict | None:
    """Return what the terms of any one number are products of, unless that is too much to send.

    Without `terms` these are the states alone, of which a path through any two units is drawn.

    The term of W[i, j] is left[i] · right[j], that of b[i] is left[i], at each of the last steps
    that `left` has rows for: `of` names both by parameter, and `arrays` holds them.
    """
    trace = grads.trace
    arrays: dict[str, Floats] = {"h": trace.h[:, sample]}
    of: dict[str, list[str | None]] = {}
    for name in trace.params.names if terms else ():
        use = grads.uses_of(name)[0]
        of[name] = [None, None]
        for side, array in enumerate((use.gradient, use.vector)):
            if array is not None:
                of[name][side] = key = f"{id(array)}"
                arrays[key] = array[:, sample]
    if trace.steps > MOST_STEPS or sum(part.size for part in arrays.values()) > MOST_FACTORS:
        return None
    short_names = {key: key if key == "h" else f"{place}" for place, key in enumerate(arrays)}
    return {
        "T": trace.steps,
        "first": recurrent(trace.params.names),
        "of": {name: [key and short_names[key] for key in keys] for name, keys in of.items()},
        "arrays": {short_names[key]: typed_array(array) for key, array in arrays.items()},
    }


def one_number(grads: Gradients, sample: int, steps: Steps) -> tuple[View, Table]:
    """Return the signed terms of one number; the browser draws those of another one."""
    parameter = recurrent(grads.trace.params.names)
    use = grads.uses_of(parameter)[0]
    terms = use.gradient[:, sample, 0] * (1 if use.vector is None else use.vector[:, sample, 0])
    name = f"∂L/∂{parameter}[1,1]"
    bars: Dict = {
        "type": "bar",
        "x": typed_array(np.arange(1, len(terms) + 1)),
        "y": typed_array(drawable(terms)),
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
