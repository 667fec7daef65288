"""What the page says of a symbol that a reader points at: its words, and the numbers of the run."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from app.components.shared.packing import packed_numbers
from app.figures import symbols
from rnn_core import LOSSES, Cell, Gradients, Trace

MOST_NUMBERS = 4000
"""Of values and gradients together: of a longer run only the words are told."""


def words_of(cell: Cell, loss: str, page: str = "") -> dict[str, Any]:
    """Return the words of all symbols of a page with a run; `prediction` is how that is written."""
    return {
        "quantities": dict(symbols.quantities(cell, loss)),
        "parameters": dict(symbols.parameters(cell, loss)),
        "general": dict(symbols.GENERAL),
        "page": dict(symbols.OF_PAGES.get(page, {})),
        "others": {**symbols.of_other_cells(cell), **symbols.of_any_gate(cell)},
        "elsewhere": dict(symbols.elsewhere(cell)),
        "prediction": LOSSES[loss].prediction_symbol,
        "sums": [name for name in cell.sums if name.startswith("z")],
    }


def numbers_of(trace: Trace, grads: Gradients | None, sample: int) -> dict[str, Any] | None:
    """Return the numbers of one sequence by symbol; None where they are too many to be sent.

    A quantity has a row for each step, the last of them for step T.
    """
    values = {name: rows[:, sample] for name, rows in trace.quantities.items()}
    values |= {"a": trace.logits[:, sample], "p": trace.prediction[:, sample]}
    if trace.target is not None:
        values["y"] = trace.target[:, sample]
    values |= dict(trace.params.items())
    gradients: dict[str, Any] = {}
    if grads is not None:
        gradients = {name: rows[:, sample] for name, rows in grads.quantities.items()}
        gradients |= {"a": grads.logits[:, sample], **dict(grads.parameters.items())}
    everything = (*values.values(), *gradients.values())
    if sum(array.size for array in everything) > MOST_NUMBERS:
        return None
    if trace.loss is not None:
        values["L"] = np.array([trace.loss], float)
    return {
        "T": trace.steps,
        "values": _shapes(values),
        "value": packed_numbers(values.values()),
        "gradients": _shapes(gradients),
        "gradient": packed_numbers(gradients.values()),
    }


def _shapes(arrays: Mapping[str, Any]) -> dict[str, Iterable[int]]:
    return {name: array.shape for name, array in arrays.items()}
