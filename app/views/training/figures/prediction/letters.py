"""Characters in a row: what is read, what is right and how probable it was held, what is said."""

import numpy as np

from app.figures import axes
from app.figures.types import Dict, Floats, Table, typed_array
from app.figures.words import plain_label, plotly_text
from app.views.training.figures.prediction.marks import Drawing
from app.views.training.runs.predicted import Predicted

COLUMNS = 16  # characters in a line: so many have room on a phone
LINES = 8
FEWEST = 10  # columns of a single line: a short name is not spread out
CELL = 24  # pixels
LEFT, RIGHT, TOP, BOTTOM = 56, 52, 8, 10


def suits(shown: Predicted) -> bool:
    """Whether all there is to draw is characters: with an answer at each step, or alone."""
    task = shown.task
    alone = shown.at_end and shown.said is None
    return bool(task.symbols) and (alone or (bool(task.classes) and not shown.at_end))


def drawing(shown: Predicted) -> Drawing:
    """Return the characters in lines, under each other: read, right, and what the network says."""
    steps = len(shown.x)
    count = min(steps, COLUMNS * LINES)
    lines = -(-count // COLUMNS)
    columns = -(-count // lines) if lines > 1 else max(count, FEWEST)
    first = steps - count
    rows = [(name, letters[first:], p[first:]) for name, letters, p in _rows(shown)]
    height = len(rows) + 1  # between two lines, one stays empty
    cells = np.full((lines * height - 1, columns), np.nan)
    line, column = np.divmod(np.arange(count), columns)
    places = [line * height + row for row in range(len(rows))]
    for place, (_, _, p) in zip(places, rows, strict=True):
        cells[place, column] = p
    ink = axes.ink(
        typed_array(np.tile(column + 1, len(rows))),
        typed_array(np.concatenate(places) + 1),
        [plotly_text(plain_label(letter)) for _, letters, _ in rows for letter in letters],
        np.concatenate([p for *_, p in rows]),
        "sequential",
        1.0,
    )
    ticks = {at * height + row + 1: rows[row][0] for at in range(lines) for row in range(len(rows))}
    keyed = shown.said is not None
    figure = {
        "data": [*([_probabilities(cells, height, columns, first)] if keyed else []), ink],
        "layout": _layout(len(cells), columns, ticks, keyed=keyed),
    }
    notes = [f"The last {count} of {steps} steps are drawn."] if first else []
    return Drawing(figure, notes)


def table(shown: Predicted) -> Table:
    """Return the characters of each step, and how probable the right and the best one were held."""
    rows = _rows(shown)
    characters = zip(*(letters for _, letters, _ in rows), strict=True)
    told = [
        f"{step}: {' → '.join(map(plain_label, row))}" for step, row in enumerate(characters, 1)
    ]
    given = [p for _, _, p in rows[1:]] if shown.said is not None else []
    heads = [" → ".join(name for name, *_ in rows), "p of the right one", "largest p"]
    cells = np.stack(given, axis=1) if given else np.empty((len(told), 0))
    return {"head": heads[: 1 + len(given)], "rows": told, "cells": typed_array(cells), "note": ""}


def _rows(shown: Predicted) -> list[tuple[str, list[str], Floats]]:
    """Return name, characters and probabilities of each row."""
    task, steps = shown.task, np.arange(len(shown.x))
    none = np.full(len(steps), np.nan)
    said = shown.said
    made = [("reads", [task.symbols[at] for at in shown.x.argmax(axis=1)], none)]
    if shown.at_end:
        return made
    right = shown.target.argmax(axis=1)
    given = none if said is None else said[steps, right]
    made.append(("right", [task.classes[at] for at in right], given))
    if said is not None:
        best = said.argmax(axis=1)
        made.append(("says", [task.classes[at] for at in best], said.max(axis=1)))
    return made


def _probabilities(cells: Floats, height: int, columns: int, first: int) -> Dict:
    places = np.arange(len(cells))[:, np.newaxis] // height * columns + np.arange(columns) + 1
    return axes.table_of_cells(
        cells,
        **axes.limits(cells, "sequential"),
        xgap=1,
        ygap=1,
        customdata=typed_array(places + first),
        meta={"scale": "sequential"},
        hovertemplate=f"t = %{{customdata}}: p = %{{z:{axes.HOVER_NUMBER}}}<extra></extra>",
        colorbar=axes.colour_bar() | {"tickvals": [0, 0.5, 1], "title": {"text": "p"}},
    )


def _layout(rows: int, columns: int, ticks: dict[int, str], *, keyed: bool) -> Dict:
    layout = axes.layout(
        TOP + BOTTOM + CELL * max(rows, 3),
        xaxis={"visible": False, "range": [0.5, columns + 0.5], "fixedrange": True},
        yaxis={
            "range": [rows + 0.5, 0.5],
            "tickvals": list(ticks),
            "ticktext": list(ticks.values()),
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
    )
    layout["margin"] = {"l": LEFT, "r": RIGHT if keyed else 10, "t": TOP, "b": BOTTOM}
    return layout
