"""One sentence above everything where a run is not finite: the first bad number, and its cause."""

import numpy as np
import streamlit as st

from app.experiment.run import first_non_finite, gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.figures.precision_words import finding
from app.figures.words import in_full
from app.state import View
from app.views.shared import told
from rnn_core import Gradients, NonFinite, Trace
from rnn_core.cells.cell import INPUT
from rnn_core.graph import names


def explain(experiment: Experiment, trace: Trace, grads: Gradients | None) -> View | None:
    """Say which number of the run is the first that is not finite, and why; or nothing.

    Returns the view of the graph at that number while the user asks for it, None otherwise.
    """
    sentence = explanation(experiment, trace, grads)
    if not sentence:
        return None
    with st.container(key="non-finite"):
        told.warn(sentence)
        found = first_non_finite(experiment)
        if found is None or found.sample != experiment.sample:
            return None
        return focus(found) if st.button("Show it in the graph", key="show-non-finite") else None


def warn(experiment: Experiment) -> None:
    """Say the same on a page that does not show the graph; or nothing."""
    try:
        sentence = explanation(experiment, trace_of(experiment), gradients_if_any(experiment))
    except ValueError:
        return  # the page says itself what does not fit together
    if sentence:
        told.warn(sentence)


def explanation(experiment: Experiment, trace: Trace, grads: Gradients | None) -> str:
    """Return the sentence, empty where every number is finite."""
    if is_finite(trace, grads):
        return ""
    found = first_non_finite(experiment)
    if found is None:
        return f"Not every number of this run is finite: {_roughly(trace)}."
    said = finding(found, trace.batch)
    return f"Not every number of this run is finite. The first is {said}."


def _roughly(trace: Trace) -> str:
    """Say from where on the states are not finite, where only the order of a sum decides it."""
    bad = ~np.isfinite(trace.h[1:]).all(axis=(1, 2))
    dtype = trace.params.dtype
    largest = f"the largest {dtype.name}, {in_full(float(np.finfo(dtype).max), 5)}"
    if bad.any():
        return f"from t = {int(bad.argmax()) + 1} on the states grow beyond {largest}"
    return f"the loss or a gradient grows beyond {largest}"


def is_finite(trace: Trace, grads: Gradients | None) -> bool:
    """Whether the states, the logits, the loss and every gradient are finite."""
    arrays = [*trace.quantities.values(), trace.logits]
    if trace.loss is not None:
        arrays.append(np.array(trace.loss))
    if grads is not None:
        arrays += [*grads.quantities.values(), grads.logits]
        arrays += [array for _, array in grads.parameters.items()]
    return all(bool(np.isfinite(array).all()) for array in arrays)


def focus(found: NonFinite) -> View:
    """Return the view of the graph at the node, which the player has just computed.

    What is given and not computed is there from the start.
    """
    if found.phase == "input" and names.read(found.node, ()).quantity != INPUT:
        return View("operation", found.node, "start")
    letter = "b" if found.phase == "backward" else "f"
    return View("operation", found.node, f"{letter}:{found.node}")
