"""The parameters as heat maps."""

import numpy as np

from app.figures import axes, tables
from app.figures.notation import turned_to_rows
from app.figures.run import parameter_panels
from app.figures.types import Chart, view
from app.figures.words import short
from rnn_core import Parameters


def chart(name: str, title: str, params: Parameters, symbol: str = "{}") -> Chart:
    """Return the chart of parameters, or of what has their shapes, on one scale of colours.

    `symbol` says what each array is called, with its own name in place of the braces.
    """
    flat = params.vector
    largest = {key: float(np.abs(array).max()) for key, array in params.items()}
    first = max(largest, key=lambda key: largest[key])
    text = f"The largest entry is one of {symbol.format(first)}: {short(largest[first])} in size."
    return {
        "id": name,
        "title": title,
        "phase": "",
        "views": [
            view("", parameter_panels.panels(params, axes.limits(flat, "diverging"), symbol), text),
        ],
        "tables": [
            tables.matrix(symbol.format(key), turned_to_rows(array))
            for key, array in params.items()
        ],
    }
