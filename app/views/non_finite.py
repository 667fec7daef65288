"""One sentence above everything where a run is not finite: the first bad number, and its cause."""

import numpy as np
import streamlit as st

from app.compute import numerics as compute
from app.experiment import Experiment
from app.figures.numerics_words import finding
from rnn_core import Gradients, Trace

MOST_STEPS = 20_000
"""Steps times sequences up to which the run is repeated one operation at a time."""


def explain(experiment: Experiment, trace: Trace, grads: Gradients | None) -> None:
    """Say which number of the run is the first that is not finite, and why; or nothing."""
    if sentence := explanation(experiment, trace, grads):
        with st.container(key="non-finite"):
            st.warning(sentence)


def explanation(experiment: Experiment, trace: Trace, grads: Gradients | None) -> str:
    """Return the sentence, empty where every number is finite."""
    if is_finite(trace, grads):
        return ""
    if trace.steps * trace.batch > MOST_STEPS:
        return "Some numbers of this run are not finite: it overflowed."
    found = compute.format_run(experiment, trace.params.dtype.name).first
    if found is None:  # only another order of additions overflowed
        return "Some numbers of this run are not finite: a sum overflowed."
    text = f"Not every number of this run is finite. The first is {finding(found)}."
    return text.replace("_", "\\_").replace("*", "\\*").replace("[", "\\[").replace("|", "\\|")


def is_finite(trace: Trace, grads: Gradients | None) -> bool:
    """Whether the states, the logits, the loss and every gradient are finite."""
    arrays = [trace.z, trace.logits]
    if trace.loss is not None:
        arrays.append(np.array(trace.loss))
    if grads is not None:
        arrays += [
            grads.z,
            grads.h,
            grads.logits,
            *(array for _, array in grads.parameters.items()),
        ]
    return all(bool(np.isfinite(array).all()) for array in arrays)
