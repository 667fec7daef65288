"""What one update did to each of the parameters, as heat maps and as a table."""

from math import isfinite, isnan, nan

import numpy as np

from app.figures import axes
from app.figures.notation import turned_to_rows
from app.figures.run import parameter_panels
from app.figures.types import Chart, Floats, Table, View, typed_array, view
from app.figures.words import short
from app.views.training.runs.lens import Lens
from rnn_core import Parameters

MOST_ROWS = 200


def stages(lens: Lens) -> dict[str, tuple[str, Parameters]]:
    """Return what the update went through: how each array is written, and the arrays, by name."""
    update = lens.update
    found = {
        "Parameter": ("{}", update.before),
        "Gradient": ("∂L/∂{}", update.gradients.parameters),
    }
    if lens.settings.clip.norm is not None or lens.settings.clip.value is not None:
        found["Clipped"] = ("clipped ∂L/∂{}", update.clipped)
    for name, (_, after) in lens.moments().items():
        found[name] = (f"{name} of {{}}", after)
    found["New"] = ("new {}", update.params)
    with np.errstate(all="ignore"):
        change = update.params.vector - update.before.vector
    found["Change"] = ("change of {}", update.before.with_vector(change))
    return found


def maps(lens: Lens) -> Chart:
    """Return the heat maps, a view for each stage, each on a scale of its own."""
    return {
        "id": "tr_lens",
        "title": "All parameters",
        "phase": "",
        "views": [_view(name, *found) for name, found in stages(lens).items()],
        "tables": [],
        "wide": True,
    }


def _view(name: str, symbol: str, params: Parameters) -> View:
    limits = axes.limits(params.vector, "diverging")
    return view(name, parameter_panels.panels(params, limits, symbol), _largest(symbol, params))


def _largest(symbol: str, params: Parameters) -> str:
    largest = {key: float(np.abs(array).max()) for key, array in params.items()}
    broken = [symbol.format(key) for key, size in largest.items() if not isfinite(size)]
    if broken:
        return f"Not finite: entries of {', '.join(broken)}."
    first = max(largest, key=lambda key: largest[key])
    return f"The largest entry is one of {symbol.format(first)}: {short(largest[first])} in size."


def table(lens: Lens, parameter: str) -> Chart:
    """Return the numbers of one parameter, an entry in each row and a stage in each column."""
    found = stages(lens)
    columns = [turned_to_rows(getattr(params, parameter)).ravel() for _, params in found.values()]
    shape = turned_to_rows(getattr(lens.update.before, parameter)).shape
    return {
        "id": "tr_lens_table",
        "title": "Entry by entry",
        "phase": "",
        "views": [view("", None, _text(parameter, columns[-1], columns[0]))],
        "tables": [_table(parameter, shape, list(found), np.stack(columns, axis=1))],
        "wide": True,
    }


def _text(parameter: str, change: Floats, before: Floats) -> str:
    with np.errstate(all="ignore"):
        size, changed = float(np.linalg.norm(before)), float(np.linalg.norm(change))
    share = changed / size if size else nan
    told = "" if isnan(share) else f", {short(100 * share, 3)} % of its length"
    return f"{parameter} changes by {short(changed)} in length{told}."


def _table(parameter: str, shape: tuple[int, ...], heads: list[str], cells: Floats) -> Table:
    rows = [",".join(str(i + 1) for i in place) for place in np.ndindex(*shape)]
    note = ""
    if len(rows) > MOST_ROWS:
        note = f"The first {MOST_ROWS} of {len(rows):,} entries are listed."
    return {
        "head": [parameter, *heads],
        "rows": rows[:MOST_ROWS],
        "cells": typed_array(cells[:MOST_ROWS]),
        "note": note,
    }
