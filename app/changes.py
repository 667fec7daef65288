"""Changes to an experiment: each takes one and returns another, keeping what can be kept.

All raise ValueError with one sentence when the result cannot be an experiment.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.experiment import Experiment
from app.sizes import (
    as_distributions,
    fitted,
    given,
    numbers_of,
    remade,
    rows_of,
    with_hidden,
    with_inputs,
    with_numbers,
    with_outputs,
    with_steps,
)
from app.sources import Array, Drawn, Numbers, Readout, Text
from rnn_core import Parameters, with_spectral_radius

PARAMETERS = ("W_xh", "W_hh", "b_h", "W_hy", "b_y")
FIELDS = ("x", "target", *PARAMETERS, "h_0")
VECTORS = ("b_h", "b_y", "h_0")


def grid(experiment: Experiment, field: str) -> Array:
    """Return the numbers of a field as the rows and columns that are edited in place.

    `x` is (T, D) and `target` (S, K) of the sequence shown; a vector is one column.
    """
    if field == "x":
        return experiment.x()[:, experiment.sample]
    if field == "target":
        return experiment.kept_target()[:, experiment.sample]
    if field == "h_0":
        initial = experiment.h0()
        row = np.zeros(experiment.hidden) if initial is None else initial[experiment.sample]
        return row[:, np.newaxis]
    if field in PARAMETERS:
        array = np.asarray(getattr(experiment.parameters(), field))
        return array.reshape(len(array), -1)
    raise ValueError(f"field: expected one of {', '.join(FIELDS)}, got {field!r:.40}")


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
    if field in PARAMETERS and isinstance(weights, Drawn):
        others = [edit for edit in weights.edits if edit[:3] != (field, row, column)]
        edits = tuple(sorted([*others, (field, row, column, value)]))
        return experiment.replace(weights=remade(weights, edits=edits))
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
    if field in VECTORS and numbers.shape[0] == 1:
        numbers = numbers.T
    if field in VECTORS and numbers.shape[1] != 1:
        raise ValueError(f"{field}: expected one row or one column, got {_size(numbers)}")
    if field == "W_hh" and numbers.shape[0] != numbers.shape[1]:
        raise ValueError(f"W_hh: expected as many rows as columns, got {_size(numbers)}")
    height, width = numbers.shape
    if field in ("W_xh", "W_hh", "b_h", "h_0"):
        experiment = with_hidden(experiment, height)
    if field == "W_hy":
        experiment = with_hidden(experiment, width)
    if field in ("W_xh", "x"):
        experiment = with_inputs(experiment, width)
    if field in ("W_hy", "b_y"):
        experiment = with_outputs(experiment, height)
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
    if field == "h_0":
        initial = experiment.h0()
        states = np.zeros((experiment.sizes[1], experiment.hidden)) if initial is None else initial
        states[sample] = numbers[:, 0]
        return experiment.replace(initial=rows_of(states) if states.any() else None)
    parameters = experiment.parameters().replace(
        **{field: numbers[:, 0] if field in VECTORS else numbers}
    )
    return experiment.replace(
        weights=given({name: np.asarray(array) for name, array in parameters.items()})
    )


def with_weights(experiment: Experiment, params: Parameters) -> Experiment:
    """Take these weights; H follows them, and the sequence is made to fit their D and K.

    Inputs and outputs that are new are zeros; those that are too many are left out.
    """
    arrays: dict[str, Array] = {name: np.asarray(array) for name, array in params.items()}
    if params.output_size == 1 and experiment.loss == "softmax_cross_entropy":
        experiment = experiment.replace(loss="binary_cross_entropy")
    fitting = with_outputs(with_inputs(experiment, params.input_size), params.output_size)
    return with_hidden(fitting, len(params.W_hh)).replace(weights=given(arrays))


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
    if loss == "squared_error" or isinstance(experiment.sequence, Text):
        return experiment.replace(loss=loss)
    target = experiment.kept_target()
    if loss == "binary_cross_entropy":
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
            weights=fitted(experiment, inputs, hidden, 2),
        )
    return with_numbers(experiment, experiment.x(), as_distributions(target), loss=loss)


def redrawn(experiment: Experiment, **changed: Any) -> Experiment:
    """Draw the weights by another scheme or seed; cells changed by hand are given up."""
    weights = experiment.weights
    drawn = weights if isinstance(weights, Drawn) else Drawn(hidden=experiment.hidden)
    return experiment.replace(weights=remade(drawn, **{"edits": (), **changed}))


def with_radius(experiment: Experiment, radius: float | None) -> Experiment:
    """Scale W_hh to a spectral radius; None leaves it as drawn (or as given)."""
    weights = experiment.weights
    if isinstance(weights, Drawn):
        return experiment.replace(weights=remade(weights, spectral_radius=radius))
    if radius is None:
        return experiment
    scaled = with_spectral_radius(experiment.parameters(), radius)
    return _with_grid(experiment, "W_hh", np.asarray(scaled.W_hh))


def _size(numbers: Array) -> str:
    return f"{numbers.shape[0]} × {numbers.shape[1]}"
