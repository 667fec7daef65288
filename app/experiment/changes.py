"""Changes to an experiment: each takes one and returns another, keeping what can be kept.

All raise ValueError with one sentence when the result cannot be an experiment.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.experiment.resizing import (
    as_distributions,
    fitted_weights,
    given_weights,
    numbers_of,
    rows_of,
    with_fields,
    with_hidden,
    with_inputs,
    with_numbers,
    with_outputs,
    with_steps,
)
from app.experiment.sources import Array, Drawn, Numbers, Readout, Text, require_known
from app.experiment.value import Experiment
from rnn_core import CELLS, Parameters, initialise, loss_named, with_spectral_radius

INITIAL = {"h_0": "initial", "c_0": "initial_cell"}
"""The fields of the initial states, and where they stand in an experiment."""


def fields(experiment: Experiment) -> tuple[str, ...]:
    """Return the names of the fields that are edited, in the order they are shown."""
    *own, readout, bias = experiment.kind.parameters
    states = [f"{state}_0" for state in experiment.kind.states]
    return ("x", "target", *own, *states, readout, bias)


def is_vector(experiment: Experiment, field: str) -> bool:
    """Whether a field is a vector: a bias, or an initial state."""
    return field in INITIAL or len(experiment.kind.shapes.get(field, ())) == 1


def grid(experiment: Experiment, field: str) -> Array:
    """Return the numbers of a field as the rows and columns that are edited in place.

    `x` is (T, D) and `target` (S, K) of the sequence shown; a vector is one column.
    """
    if field == "x":
        return experiment.x()[:, experiment.sample]
    if field == "target":
        return experiment.kept_target()[:, experiment.sample]
    if field not in fields(experiment):
        known = ", ".join(fields(experiment))
        raise ValueError(f"field: expected one of {known}, got {field!r:.40}")
    if field in INITIAL:
        initial = getattr(experiment, INITIAL[field])
        row = np.array(initial[experiment.sample]) if initial else np.zeros(experiment.hidden)
        return row[:, np.newaxis]
    array: Array = np.asarray(experiment.parameters()[field], float)
    return array.reshape(len(array), -1)


def with_cell(
    experiment: Experiment, field: str, row: int, column: int, value: float
) -> Experiment:
    """Change one number. Drawn weights stay drawn, with the cell noted as an edit."""
    numbers = grid(experiment, field)
    if not (0 <= row < numbers.shape[0] and 0 <= column < numbers.shape[1]):
        raise ValueError(
            f"{field}: expected a cell within {numbers.shape[0]} rows and {numbers.shape[1]} "
            f"columns, got row {row + 1} column {column + 1}"
        )
    weights = experiment.weights
    if field in experiment.kind.shapes and isinstance(weights, Drawn):
        others = [edit for edit in weights.edits if edit[:3] != (field, row, column)]
        edits = tuple(sorted([*others, (field, row, column, value)]))
        return experiment.replace(weights=with_fields(weights, edits=edits))
    changed = numbers.copy()
    changed[row, column] = value
    return _with_grid(experiment, field, changed)


def with_block(
    experiment: Experiment, field: str, row: int, column: int, rows: Sequence[Sequence[float]]
) -> Experiment:
    """Change the cells that a block covers when its first number comes to lie on a cell."""
    numbers = grid(experiment, field)
    block = np.array(rows, dtype=float)
    height, width = block.shape
    if row + height > numbers.shape[0] or column + width > numbers.shape[1]:
        raise ValueError(
            f"{field}: expected at most {numbers.shape[0] - row} × {numbers.shape[1] - column} "
            f"numbers from row {row + 1} column {column + 1}, got {_size(block)}"
        )
    if block.size == 1:
        return with_cell(experiment, field, row, column, float(block[0, 0]))
    changed = numbers.copy()
    changed[row : row + height, column : column + width] = block
    return _with_grid(experiment, field, changed)


def with_rows(experiment: Experiment, field: str, rows: Sequence[Sequence[float]]) -> Experiment:
    """Replace a whole field; the sizes of the network follow those of the rows.

    A vector may be given as a row or as a column.
    """
    numbers = np.array(rows, dtype=float)
    vector = is_vector(experiment, field)
    if vector and numbers.shape[0] == 1:
        numbers = numbers.T
    if vector and numbers.shape[1] != 1:
        raise ValueError(f"{field}: expected one row or one column, got {_size(numbers)}")
    symbols = ("H",) if field in INITIAL else experiment.kind.shapes.get(field, ())
    if symbols == ("H", "H") and numbers.shape[0] != numbers.shape[1]:
        raise ValueError(f"{field}: expected as many rows as columns, got {_size(numbers)}")
    height, width = numbers.shape
    for symbol, size in zip(symbols, numbers.shape, strict=False):
        experiment = RESIZE[symbol](experiment, size)
    if field == "x":
        experiment = with_inputs(experiment, width)
    if field == "target":
        experiment = with_outputs(experiment, width)
    if field == "x" or (field == "target" and experiment.readout == "every"):
        experiment = with_steps(experiment, height)
    if field == "target" and experiment.readout == "last" and height != 1:
        raise ValueError(f"target: expected one row, for the last step, got {_size(numbers)}")
    return _with_grid(experiment, field, numbers)


def _with_grid(experiment: Experiment, field: str, numbers: Array) -> Experiment:
    sample = experiment.sample
    if field in ("x", "target"):
        x, target = experiment.x().copy(), experiment.kept_target().copy()
        (x if field == "x" else target)[:, sample] = numbers
        return with_numbers(experiment, x, target)
    if field in INITIAL:
        states = np.zeros((experiment.sizes[1], experiment.hidden))
        if initial := getattr(experiment, INITIAL[field]):
            states[:] = initial
        states[sample] = numbers[:, 0]
        return experiment.replace(**{INITIAL[field]: rows_of(states) if states.any() else None})
    parameters = experiment.parameters().replace(
        **{field: numbers[:, 0] if is_vector(experiment, field) else numbers}
    )
    return experiment.replace(
        weights=given_weights({name: np.asarray(array) for name, array in parameters.items()})
    )


def with_weights(experiment: Experiment, params: Parameters) -> Experiment:
    """Take these weights; H follows them, and the sequence is made to fit their D and K.

    Inputs and outputs that are new are zeros; those that are too many are left out.
    """
    arrays: dict[str, Array] = {name: np.asarray(array) for name, array in params.items()}
    if params.output_size == 1 and loss_named(experiment.loss).answer == "class":
        experiment = experiment.replace(loss="binary_cross_entropy")
    fitting = with_outputs(with_inputs(experiment, params.input_size), params.output_size)
    fitting = with_hidden(fitting, params.hidden_size)
    kept = {"initial_cell": None} if "c" not in params.cell.states else {}
    return fitting.replace(cell=params.cell.name, weights=given_weights(arrays), **kept)


def with_network(experiment: Experiment, cell: str) -> Experiment:
    """Take another cell of the same sizes; arrays of the same names and shapes are kept.

    Drawn weights are drawn again by their scheme; of given ones, what is new is drawn.
    """
    require_known("cell", cell, CELLS)
    kind, weights = CELLS[cell], experiment.weights
    kept_state = {} if "c" in kind.states else {"initial_cell": None}
    if isinstance(weights, Drawn):
        edits = tuple(
            edit
            for edit in weights.edits
            if kind.shapes.get(edit[0]) == experiment.kind.shapes.get(edit[0])
        )
        return experiment.replace(
            cell=cell, weights=with_fields(weights, edits=edits), **kept_state
        )
    _, _, inputs, hidden, outputs = experiment.sizes
    now = experiment.parameters()
    new = initialise("xavier_uniform", inputs, hidden, outputs, seed=0, cell=kind)
    kept: dict[str, Array] = {
        name: np.asarray(
            now[name] if kind.shapes[name] == now.cell.shapes.get(name) else array, float
        )
        for name, array in new.items()
    }
    return experiment.replace(cell=cell, weights=given_weights(kept), **kept_state)


def with_readout(experiment: Experiment, readout: Readout) -> Experiment:
    """Read out at the last step or at every step; a single target is asked for at every step."""
    if readout == experiment.readout or not isinstance(experiment.sequence, Numbers):
        return experiment.replace(readout=readout)
    target = experiment.kept_target()
    steps = experiment.sizes[0]
    asked = np.repeat(target, steps, axis=0) if readout == "every" else target[-1:]
    return experiment.replace(readout=readout, sequence=numbers_of(experiment.x(), asked))


def with_loss(experiment: Experiment, loss: str) -> Experiment:
    """Change the loss and bring targets into its domain: probabilities, or one class of K."""
    if loss == experiment.loss:
        return experiment
    answer = loss_named(loss).answer
    if answer == "number" or isinstance(experiment.sequence, Text):
        return experiment.replace(loss=loss)
    target = experiment.kept_target()
    if answer == "probability":
        inside = np.clip(target, 0.0, 1.0)
        if np.array_equal(inside, target):
            return experiment.replace(loss=loss)
        return with_numbers(experiment.replace(loss=loss), experiment.x(), inside)
    if target.shape[2] == 1:  # a softmax needs two outputs: no and yes
        yes = np.clip(target, 0.0, 1.0)
        _, _, inputs, hidden, _ = experiment.sizes
        return with_numbers(
            experiment,
            experiment.x(),
            np.concatenate([1 - yes, yes], axis=2),
            loss=loss,
            weights=fitted_weights(experiment, inputs, hidden, 2),
        )
    return with_numbers(experiment, experiment.x(), as_distributions(target), loss=loss)


def redrawn(experiment: Experiment, **changed: Any) -> Experiment:
    """Draw the weights by another scheme or seed; cells changed by hand are given up."""
    weights = experiment.weights
    drawn = weights if isinstance(weights, Drawn) else Drawn(hidden=experiment.hidden)
    return experiment.replace(weights=with_fields(drawn, **{"edits": (), **changed}))


def with_radius(experiment: Experiment, radius: float | None) -> Experiment:
    """Scale W_hh (or each W_h…) to a spectral radius; None leaves it as drawn (or as given)."""
    weights = experiment.weights
    if isinstance(weights, Drawn):
        return experiment.replace(weights=with_fields(weights, spectral_radius=radius))
    if radius is None:
        return experiment
    scaled = with_spectral_radius(experiment.parameters(), radius)
    for name in experiment.kind.recurrent:
        experiment = _with_grid(experiment, name, np.asarray(scaled[name]))
    return experiment


RESIZE = {"D": with_inputs, "H": with_hidden, "K": with_outputs}
"""What changes the size that a letter stands for."""


def _size(numbers: Array) -> str:
    return f"{numbers.shape[0]} × {numbers.shape[1]}"
