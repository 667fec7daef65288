"""A run of the library as an experiment of the app, which must be found: see `home.the_app`."""

from typing import TYPE_CHECKING, Any

import numpy as np

from rnn_core import Trace
from unrolled.modules import numbers

if TYPE_CHECKING:
    from app.experiment.value import Experiment


def experiment_of(trace: Trace, **more: Any) -> "Experiment":
    """Return the experiment that gives a run, in float64; `more` are other fields of it.

    Raises
    ------
    ValueError
        It is too large for the app.
    """
    from app.experiment.resizing import given_weights, rows_of
    from app.experiment.sources import Numbers, make
    from app.experiment.value import Experiment

    target = np.zeros(trace.logits.shape) if trace.target is None else trace.target
    first = {name: numbers(trace[name][0]) for name in trace.cell.states}
    began = {name: rows_of(state) if state.any() else None for name, state in first.items()}
    return make(
        Experiment,
        sequence=make(Numbers, values=rows_of(numbers(trace.x)), target=rows_of(numbers(target))),
        weights=given_weights({name: np.asarray(w) for name, w in trace.params.items()}),
        cell=trace.cell.name,
        activation=trace.activation,
        loss=trace.loss_name,
        readout=trace.readout,
        has_target=trace.target is not None,
        initial=began["h"],
        initial_cell=began.get("c"),
        **more,
    )
