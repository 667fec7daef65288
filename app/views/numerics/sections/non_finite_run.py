"""Run the experiment in a small format, and show the first number that is not finite."""

import streamlit as st

from app import state
from app.components.graph_view.arithmetic import arithmetic
from app.components.graph_view.component import graph_view
from app.experiment.presets import PRESETS
from app.experiment.value import Experiment
from app.figures.precision_words import finding, link_line
from app.figures.words import listed, short
from app.state import View
from app.views.numerics import compute
from app.views.numerics.sections import controls
from app.views.shared import aside, told
from app.views.shared.bound import choice
from app.views.shared.non_finite import focus
from rnn_core import ACTIVATIONS, FormatRun, loss_named

FACTORS = (1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 100.0, 1e3, 1e4, 1e6, 1e12, 1e50, 1e100)
OWN = "own"
FAR = 0.01  # relative: more than rounding, even in float16
FREE_SECONDS = 0.3
SECONDS_A_STEP, SECONDS_A_PRODUCT = 3e-4, 4e-8
"""What a step of a run takes, and each product of it, on one core: roughly, to ask before."""


def render() -> None:
    """Draw controls, the finding in one sentence, and the graph at that place."""
    experiment = state.experiment()
    row = controls.row("nu_run_controls")
    dtype = controls.floating_format(row, "nu_rf", "float16")
    factors = {factor: short(factor) for factor in FACTORS}
    scaled = listed(list(compute.scaled_weights(experiment.kind)))
    factor = choice(f"{scaled} times", "nu_g", factors, 100.0, place=row, look="slider", width=220)
    activations = {OWN: "as it is", **{name: name for name in ACTIVATIONS}}
    activation = choice("Activation", "nu_phi", activations, "identity", place=row, width=150)
    form = _form(row, experiment)
    _presets()
    order = (experiment, dtype, form, factor, None if activation == OWN else activation)
    run: FormatRun | None
    if _is_large(experiment):
        pressed = st.button("Run", help="Takes seconds: every operation is computed by itself.")
        if pressed:
            aside.end("format")
        elif not aside.begun("format", *order):
            return
        run = aside.computed("format", compute.format_run, *order, what="running")
    else:
        try:
            run = compute.format_run(*order)
        except ValueError as error:
            told.refuse(error)
            return
    if run is not None:
        _show(run, experiment)


def _form(place: "st.delta_generator.DeltaGenerator", experiment: Experiment) -> str:
    known = loss_named(experiment.loss).forms.loss
    forms = {name: name for name in ("naive", "clamped", "stable") if name in known}
    return choice("Loss computed by", "nu_form", forms, "stable", place=place, look="buttons")


def _presets() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="nu_runs"):
        st.caption("Experiments:", width="content")
        for name in ("spiral", "exploding", "saturated"):
            preset = PRESETS[name]
            st.button(
                preset.title,
                key=f"nu_run_{name}",
                type="tertiary",
                on_click=_open,
                args=(preset.experiment,),
            )


def _open(experiment: Experiment) -> None:
    state.change(experiment)


def _is_large(experiment: Experiment) -> bool:
    steps, batch, inputs, hidden, _ = experiment.sizes
    products = len(experiment.kind.recurrent) * hidden * (hidden + inputs)
    each = SECONDS_A_STEP * len(experiment.kind.lines) / 2 + SECONDS_A_PRODUCT * batch * products
    return steps * each > FREE_SECONDS


def _show(run: FormatRun, experiment: Experiment) -> None:
    found = run.first
    if found is None:
        said = f"Every number of this run in {run.dtype} is finite, forward and backward."
        if run.trace.loss is None:
            told.confirm(said)
        elif wrong := _beside(run):
            told.warn(f"{said} But {wrong}")
        else:
            told.confirm(f"{said} The loss is {short(run.trace.loss)}.")
        view = View("operation", None, "end")
    else:
        with st.container(key="nu_finding"):
            said = finding(found, run.trace.batch)
            told.warn(f"The first number that is not finite is {said}.")
        if found.chain:
            lines = [
                f"{link_line(link)}{f'    ← {link.event}' if link.event else ''}"
                for link in found.chain
            ]
            st.code("\n".join(lines), language=None)
        view = focus(found)
    key = f"numerics_graph_{view.selected}_{view.at}"
    graph_view(
        run.trace,
        run.grads,
        sample=experiment.sample if found is None else found.sample,
        view=state.view(key, default=view),
        focus=None if found is None else view,
        arithmetic=arithmetic(run),
        labels=experiment.labels(),
        apart="numerics",
        key=key,
    )
    st.caption(
        f"The graph shows this run in {run.dtype}, not the one of the other pages: the lines "
        f"printed beside it round every operand and every result to {run.dtype}"
        + ("." if run.trace.loss is None else f", and the loss is that of the {run.form} form.")
        + " An ≈ stands where only the order of the sum, or the last place of a function, differs."
    )


def _beside(run: FormatRun) -> str:
    """Say what the stable form gives for the same logits, where this form is far from it."""
    trace = run.trace
    if run.form == "stable" or trace.target is None or trace.loss is None:
        return ""
    a, y = trace.logits.astype(float), trace.target.astype(float)
    true = loss_named(trace.loss_name).mean(a, y)
    if abs(trace.loss - true) <= FAR * abs(true):
        return ""
    return (
        f"the {run.form} form gives the loss {short(trace.loss)}, and for the same logits the "
        f"stable one gives {short(true)}."
    )
