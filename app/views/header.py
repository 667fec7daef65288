"""The strip above everything: the equations, the numbers that matter, and whether to trust them."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import compute
from app.compute import Verdict
from app.experiment import Experiment
from rnn_core import ACTIVATIONS, LOSSES, Trace


def render(experiment: Experiment, trace: Trace) -> DeltaGenerator:
    """Draw the strip and return the place of the trust badge, for `render_badge` to fill.

    The badge is the last thing of a rerun to be computed, so that it delays nothing else.
    """
    with st.container(key="equations"):
        st.markdown(" &emsp; ".join(f"${equation}$" for equation in equations(trace)))
    with st.container(horizontal=True, vertical_alignment="center", key="numbers"):
        st.markdown(" &ensp; ".join(numbers(trace, experiment.sample)), width="content")
        return st.empty()


def equations(trace: Trace) -> list[str]:
    """Return the network's equations in LaTeX, as this experiment uses them."""
    index = "T" if trace.readout == "last" else "t"
    phi, loss = ACTIVATIONS[trace.activation], LOSSES[trace.loss_name]
    used = [
        r"z_t = W_{xh}\,x_t + W_{hh}\,h_{t-1} + b_h",
        rf"h_t = {phi.latex}(z_t)",
        rf"a = W_{{hy}}\,h_{index} + b_y",
        f"p = {loss.prediction_latex}",
    ]
    return used if trace.loss is None else [*used, f"L = {loss.latex}"]


def numbers(trace: Trace, sample: int) -> list[str]:
    """Return the sizes and what came out; logit and probability only where they are one number."""
    steps, batch, inputs = trace.x.shape
    hidden, outputs = trace.h.shape[-1], trace.logits.shape[-1]
    parts = [f"**T** `{steps}`", f"**D** `{inputs}`", f"**H** `{hidden}`", f"**K** `{outputs}`"]
    if batch > 1:
        parts.append(f"**B** `{batch}`")
    if trace.logits[:, sample].size == 1:
        parts.append(f"**a** `{shown(trace.logits[0, sample, 0])}`")
        parts.append(f"**p** `{shown(trace.prediction[0, sample, 0])}`")
    parts.append(f"**L** `{'no target' if trace.loss is None else shown(trace.loss)}`")
    return parts


def shown(value: float) -> str:
    """Format a number to four significant digits, with the words for what is not one."""
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.4g}".replace("-", "−")


def render_badge(place: DeltaGenerator, experiment: Experiment) -> None:
    """Fill the badge's place: green, red with the culprit's name, or why nothing was checked.

    Without a target there is nothing to check, and the place stays empty.
    """
    if not experiment.has_target:
        return
    with place.container(horizontal=True, vertical_alignment="center"):
        asked = compute.needs_permission(experiment) and st.toggle(
            "Check all", help="Finite differences of this many numbers take seconds at each change."
        )
        verdicts = compute.verdicts_of(experiment, at_any_cost=asked)
        st.markdown(" ".join(_badge(verdict) for verdict in verdicts), width="content")


_LOOKS = {True: ("green", "check"), False: ("red", "close"), None: ("gray", "remove")}


def _badge(verdict: Verdict) -> str:
    colour, icon = _LOOKS[verdict.agrees]
    return f":{colour}-badge[:material/{icon}: {_text(verdict)}]"


def _text(verdict: Verdict) -> str:
    if verdict.agrees is None:
        return f"{verdict.witness}: not checked, {verdict.reason}"
    if verdict.agrees:
        size = f"{verdict.difference:.0e}" if verdict.difference else "exactly"
        return f"{verdict.witness} {size}"
    return f"{verdict.witness}: {verdict.culprit} differs by {verdict.difference:.0e}"
