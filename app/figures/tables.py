"""The numbers behind a chart as a table, exact, with a limit on its size."""

from collections.abc import Sequence

import numpy as np

from app.figures.types import Floats, Steps, Table, typed_array
from app.figures.words import plain_label, plural

MOST_ROWS = 200
MOST_COLUMNS = 16


def over_time(rows: Floats, first: int, steps: Steps, names: Sequence[str]) -> Table:
    """Return the table of numbers (T, n), row 0 at step `first`, one column for each name.

    Of a long sequence the first and last steps are listed, and the note says so.
    """
    places = np.arange(len(rows))
    notes = []
    if len(rows) > MOST_ROWS:
        half = MOST_ROWS // 2
        places = np.concatenate([places[:half], places[-half:]])
        notes.append(f"The first and the last {half} of {plural(len(rows), 'step')} are listed.")
    shown = min(len(names), MOST_COLUMNS)
    if len(names) > shown:
        notes.append(f"The first {shown} of {len(names)} columns are listed.")
    heads = ["t"] if steps.labels is None else ["t (label)"]
    return {
        "head": [*heads, *names[:shown]],
        "rows": [_step(t, steps) for t in (places + first).tolist()],
        "cells": typed_array(rows[places, :shown]),
        "note": " ".join(notes),
    }


def _step(t: int, steps: Steps) -> str:
    if steps.labels is None or not 1 <= t <= len(steps.labels):
        return str(t)
    return f"{t} ({plain_label(steps.labels[t - 1])})"


def matrix(name: str, numbers: Floats) -> Table:
    """Return the table of a matrix or vector, with its row and column numbers."""
    cells = numbers if numbers.ndim == 2 else numbers[:, np.newaxis]
    shown = cells[:MOST_ROWS, :MOST_COLUMNS]
    note = ""
    if shown.shape != cells.shape:
        sizes = [" × ".join(map(str, array.shape)) for array in (shown, cells)]
        note = f"{sizes[0]} of {sizes[1]} numbers are listed."
    heads = [str(j + 1) for j in range(shown.shape[1])] if numbers.ndim == 2 else ["value"]
    return {
        "head": [name, *heads],
        "rows": [str(i + 1) for i in range(shown.shape[0])],
        "cells": typed_array(shown),
        "note": note,
    }
