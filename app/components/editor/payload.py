"""An experiment as the controls show it, in plain JSON."""

from functools import lru_cache
from typing import Any

import numpy as np

from app.experiment import changes, presets, series, weights_file
from app.experiment.sources import Drawn, Series, Text
from app.experiment.value import Experiment
from rnn_core import ACTIVATIONS, CELLS, INITIALISERS, LOSSES, Parameters

SENT_NUMBERS = 6000
"""Of a longer field only a stretch of rows travels; the controls ask for the next one."""


def payload(experiment: Experiment, windows: dict[str, int]) -> dict[str, Any]:
    """Return what the controls show, with each field from the row that `windows` says."""
    steps, batch, inputs, hidden, outputs = experiment.sizes
    return {
        "options": _options(),
        "preset": presets.name_of(experiment),
        "title": experiment.title,
        "called": presets.called(experiment),
        "sizes": {"T": steps, "B": batch, "D": inputs, "H": hidden, "K": outputs},
        "cell": experiment.cell,
        "activation": experiment.activation,
        "loss": experiment.loss,
        "readout": experiment.readout,
        "has_target": experiment.has_target,
        "truncate": experiment.truncate,
        "sample": experiment.sample,
        "sequence": _sequence(experiment),
        "weights": _weights(experiment),
        "fields": [
            _field(experiment, name, windows.get(name, 0)) for name in changes.fields(experiment)
        ],
    }


def _options() -> dict[str, Any]:
    return {
        "presets": [[p.name, p.title, p.look_at] for p in presets.PRESETS.values()],
        "cell": [[c.name, c.title] for c in CELLS.values()],
        "activation": [[a.name, a.symbol] for a in ACTIVATIONS.values()],
        "loss": [[entry.name, entry.title] for entry in LOSSES.values()],
        "readout": [["last", "last step"], ["every", "every step"]],
        "scheme": [[s.name, s.title, s.formula] for s in INITIALISERS.values()],
        "series": [[name, entry.title, entry.source] for name, entry in series.SERIES.items()],
        "largest_weights": weights_file.LARGEST_FILE,
        "scaling": [["none", "as it is"], ["unit", "÷ largest"], ["standard", "standardised"]],
    }


def _sequence(experiment: Experiment) -> dict[str, Any]:
    sequence = experiment.sequence
    if isinstance(sequence, Text):
        return {
            "kind": "text",
            "text": sequence.text,
            "alphabet": sequence.alphabet,
            "symbols": sequence.symbols,
        }
    if isinstance(sequence, Series):
        origin = series.named(sequence.name).origin
        first = origin + sequence.first
        return {"kind": sequence.name, "first": first, "scaling": sequence.scaling}
    return {"kind": "numbers"}


def _weights(experiment: Experiment) -> dict[str, Any]:
    weights = experiment.weights
    if not isinstance(weights, Drawn):
        return {"kind": "given", **_recurrent(experiment.parameters())}
    return {
        "kind": "drawn",
        **_recurrent(experiment.parameters()),
        "scheme": weights.scheme,
        "seed": weights.seed,
        "spectral_radius": weights.spectral_radius,
        "edits": len(weights.edits),
    }


@lru_cache(maxsize=16)
def _recurrent(parameters: Parameters) -> dict[str, Any]:
    """Return the recurrent matrix and its spectral radius, where a cell has one alone.

    Cached by identity, as parameters are not compared.
    """
    names = parameters.cell.recurrent
    if len(names) != 1:
        return {"recurrent": None, "radius": None}
    radius = float(np.abs(np.linalg.eigvals(parameters[names[0]])).max())
    return {"recurrent": names[0], "radius": radius}


def _field(experiment: Experiment, name: str, first: int) -> dict[str, Any]:
    grid = changes.grid(experiment, name)
    rows, columns = grid.shape
    sent = max(1, SENT_NUMBERS // columns)
    first = max(0, min(first, rows - sent))
    return {
        "name": name,
        "vector": changes.is_vector(experiment, name),
        "group": _group(experiment, name),
        "rows": rows,
        "columns": columns,
        "first": first,
        "values": grid[first : first + sent].tolist(),
    }


def _group(experiment: Experiment, name: str) -> str:
    """Return what a field stands in a row with: of a cell with gates, the sum it is added to."""
    shapes, multiplied = experiment.kind.shapes, experiment.kind.multiplied
    sums = {line for line, _ in multiplied.values()}
    if len(sums) <= 2 or name in ("x", "target"):  # one sum, and the readout
        return ""
    return multiplied[name][0] if name in shapes else "states"
