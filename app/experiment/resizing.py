"""Change the sizes of an experiment, keeping what can be kept.

All raise ValueError with one sentence when the result cannot be an experiment.
"""

from typing import Any, TypeVar

import numpy as np

from app.experiment.sources import (
    MAX_BATCH,
    MAX_HIDDEN,
    MAX_STEPS,
    MAX_WIDTH,
    Array,
    Drawn,
    Given,
    Named,
    Numbers,
    Series,
    Text,
    make,
)
from app.experiment.value import Experiment, require_budget
from rnn_core import loss_named

Made = TypeVar("Made", Drawn, Text, Series)


def with_steps(experiment: Experiment, steps: int) -> Experiment:
    """Cut the sequence, or lengthen it with zeros (a named series with its next numbers)."""
    _require_size("T", steps, MAX_STEPS)
    now, *others = experiment.sizes
    require_budget(steps, *others)
    sequence = experiment.sequence
    if steps == now:
        return experiment
    if isinstance(sequence, Series):
        return experiment.replace(sequence=with_fields(sequence, length=steps))
    if isinstance(sequence, Text) and steps < len(sequence.text):
        return experiment.replace(
            sequence=with_fields(
                sequence, text=sequence.text[: steps + 1], alphabet=sequence.symbols
            )
        )
    x, target = experiment.x(), experiment.kept_target()
    read = steps if experiment.readout == "every" else 1
    return with_numbers(
        experiment,
        resized_array(x, (steps, *x.shape[1:])),
        resized_array(
            target, (read, *target.shape[1:]), repeat=loss_named(experiment.loss).answer == "class"
        ),
    )


def with_sequences(experiment: Experiment, batch: int) -> Experiment:
    """Cut the batch, or lengthen it with copies of the sequence shown."""
    _require_size("B", batch, MAX_BATCH)
    steps, now, inputs, hidden, outputs = experiment.sizes
    require_budget(steps, batch, inputs, hidden, outputs)
    order = [*range(min(batch, now))]
    order += [experiment.sample] * (batch - len(order))
    initial, cell_state = experiment.h0(), experiment.c0()
    return with_numbers(
        experiment.replace(initial=None, initial_cell=None, sample=0),
        experiment.x()[:, order],
        experiment.kept_target()[:, order],
        initial=None if initial is None else rows_of(initial[order]),
        initial_cell=None if cell_state is None else rows_of(cell_state[order]),
        sample=min(experiment.sample, batch - 1),
    )


def with_inputs(experiment: Experiment, inputs: int) -> Experiment:
    """Change D; new inputs and their weights are zero (drawn weights are drawn again)."""
    _require_size("D", inputs, MAX_WIDTH)
    steps, batch, now, hidden, outputs = experiment.sizes
    require_budget(steps, batch, inputs, hidden, outputs)
    if inputs == now:
        return experiment
    x = experiment.x()
    return with_numbers(
        experiment,
        resized_array(x, (*x.shape[:2], inputs)),
        experiment.kept_target(),
        weights=fitted_weights(experiment, inputs, hidden, outputs),
    )


def with_hidden(experiment: Experiment, hidden: int) -> Experiment:
    """Change H; new units are silent (drawn weights are drawn again)."""
    _require_size("H", hidden, MAX_HIDDEN)
    _, batch, inputs, now, outputs = experiment.sizes
    if hidden == now:
        return experiment
    initial, cell_state = (
        None if state is None else rows_of(resized_array(state, (batch, hidden)))
        for state in (experiment.h0(), experiment.c0())
    )
    return experiment.replace(
        weights=fitted_weights(experiment, inputs, hidden, outputs),
        initial=initial,
        initial_cell=cell_state,
    )


def with_outputs(experiment: Experiment, outputs: int) -> Experiment:
    """Change K; new outputs have zero weights and target 0."""
    _require_size("K", outputs, MAX_WIDTH)
    steps, batch, inputs, hidden, now = experiment.sizes
    require_budget(steps, batch, inputs, hidden, outputs)
    if outputs == now:
        return experiment
    target = experiment.kept_target()
    wanted = resized_array(target, (*target.shape[:2], outputs))
    if loss_named(experiment.loss).answer == "class":
        wanted = as_distributions(wanted)
    return with_numbers(
        experiment,
        experiment.x(),
        wanted,
        weights=fitted_weights(experiment, inputs, hidden, outputs),
    )


def fitted_weights(
    experiment: Experiment, inputs: int, hidden: int, outputs: int
) -> Given | Drawn | Named:
    """Return the weights for other sizes."""
    weights = experiment.weights
    sizes = {"D": inputs, "H": hidden, "K": outputs}
    shapes = {
        name: tuple(sizes[symbol] for symbol in symbols)
        for name, symbols in experiment.kind.shapes.items()
    }
    if isinstance(weights, Drawn):
        edits = tuple(
            (name, row, column, value)
            for name, row, column, value in weights.edits
            if row < shapes[name][0] and column < (*shapes[name], 1)[1]
        )
        return with_fields(weights, hidden=hidden, edits=edits)
    arrays = experiment.parameters()
    return given_weights(
        {name: resized_array(np.asarray(array), shapes[name]) for name, array in arrays.items()}
    )


def with_numbers(experiment: Experiment, x: Array, target: Array, **changed: Any) -> Experiment:
    """Replace the sequence by these numbers, x (T, B, D) and target (S, B, K)."""
    return experiment.replace(sequence=numbers_of(x, target), **changed)


def numbers_of(x: Array, target: Array) -> Numbers:
    """Return x (T, B, D) and target (S, B, K) as a sequence."""
    return make(Numbers, values=rows_of(x), target=rows_of(target))


def given_weights(arrays: dict[str, Array]) -> Given | Named:
    """Return the arrays of a network as weights."""
    rows = {name: rows_of(array) for name, array in arrays.items()}
    if rows.keys() == Given.model_fields.keys():
        return make(Given, **rows)
    return make(Named, arrays=tuple(rows.items()))


def with_fields(value: Made, **changed: Any) -> Made:
    """Return a part of an experiment with some fields replaced."""
    kept = {name: getattr(value, name) for name in type(value).model_fields}
    return make(type(value), **{**kept, **changed})


def rows_of(array: Array) -> Any:
    """Return an array as tuples, nested as deep as its axes."""
    return tuple(map(rows_of, array)) if array.ndim > 1 else tuple(array.tolist())


def resized_array(array: Array, shape: tuple[int, ...], *, repeat: bool = False) -> Array:
    """Cut the array at its far ends, or fill up with zeros (or with its last entry)."""
    kept = array[tuple(slice(size) for size in shape)]
    missing = [(0, size - have) for size, have in zip(shape, kept.shape, strict=True)]
    return np.pad(kept, missing, mode="edge" if repeat else "constant")


def as_distributions(target: Array) -> Array:
    """Return each row as it is where it sums to 1, otherwise as its largest entry alone."""
    sums = np.isclose(target.sum(axis=2, keepdims=True), 1.0) & (target >= 0).all(2, keepdims=True)
    return np.where(sums, target, np.eye(target.shape[2])[target.argmax(axis=2)])


def _require_size(symbol: str, size: int, limit: int) -> None:
    if not 1 <= size <= limit:
        raise ValueError(f"{symbol}: expected a size from 1 to {limit:,}, got {size:,}")
