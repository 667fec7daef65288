"""Other sequences for an experiment: numbers, a text, a named series; the rest follows their sizes.

All raise ValueError with one sentence when the result cannot be an experiment.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.experiment.resizing import (
    fitted_weights,
    resized_array,
    with_fields,
    with_inputs,
    with_numbers,
)
from app.experiment.sources import Cube, Numbers, Series, Text, make
from app.experiment.value import Experiment


def with_values(experiment: Experiment, values: Cube | Sequence[Any]) -> Experiment:
    """Read other sequences (T, B, D), keeping the targets where they fit."""
    x = np.array(values, dtype=float)
    steps, batch, inputs = x.shape
    wider = with_inputs(experiment, inputs)
    target = wider.kept_target()
    read = steps if wider.readout == "every" else 1
    kept = batch == wider.sizes[1]
    return with_numbers(
        wider,
        x,
        resized_array(target, (read, batch, target.shape[2]), repeat=True),
        initial=wider.initial if kept else None,
        sample=wider.sample if kept else 0,
    )


def with_next_as_target(experiment: Experiment) -> Experiment:
    """Ask at every step for the next input, by squared error; the last step becomes a target."""
    x = experiment.x()
    if len(x) < 2:
        raise ValueError("target: expected at least 2 steps to ask for the next one, got 1")
    _, _, inputs, hidden, _ = experiment.sizes
    return with_numbers(
        experiment,
        x[:-1],
        x[1:],
        weights=fitted_weights(experiment, inputs, hidden, inputs),
        loss="squared_error",
        readout="every",
        has_target=True,
    )


def as_numbers(experiment: Experiment) -> Experiment:
    """Write a text or a named series out number by number."""
    if isinstance(experiment.sequence, Numbers):
        return experiment
    return with_numbers(experiment, experiment.x(), experiment.kept_target())


def with_sequence(experiment: Experiment, sequence: Text | Series) -> Experiment:
    """Read a text or a named series; the weights keep what fits its sizes, the loss follows it."""
    _, _, inputs, outputs = sequence.shape()
    is_text = isinstance(sequence, Text)
    return experiment.replace(
        sequence=sequence,
        weights=fitted_weights(experiment, inputs, experiment.hidden, outputs),
        loss="softmax_cross_entropy" if is_text else "squared_error",
        readout="every",
        initial=experiment.initial[:1] if experiment.initial else None,
        sample=0,
    )


def with_text(experiment: Experiment, text: str) -> Experiment:
    """Read another text; an alphabet of one's own is kept, with new characters at its end."""
    before = experiment.sequence
    alphabet = before.alphabet if isinstance(before, Text) else ""
    new = "".join(sorted(set(text) - set(alphabet))) if alphabet else ""
    return with_sequence(experiment, make(Text, text=text, alphabet=alphabet + new))


def with_alphabet(experiment: Experiment, alphabet: str) -> Experiment:
    """Read the text in another alphabet; an empty one is that of the characters that occur."""
    sequence = experiment.sequence
    if not isinstance(sequence, Text):
        raise ValueError("alphabet: expected a text as the sequence, got numbers")  # noqa: TRY004
    respelt = with_fields(sequence, alphabet=alphabet)
    _, _, inputs, outputs = respelt.shape()
    weights = fitted_weights(experiment, inputs, experiment.hidden, outputs)
    return experiment.replace(sequence=respelt, weights=weights)
