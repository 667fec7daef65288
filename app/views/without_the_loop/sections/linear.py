"""The network with φ replaced by a tangent, and the linear network solved without a loop."""

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.words import short
from app.views.shared import heading, told
from app.views.shared.bound import choice
from app.views.without_the_loop.compute import approximations
from app.views.without_the_loop.compute.approximations import AROUND, Tangent
from app.views.without_the_loop.figures import tangents as figures
from app.views.without_the_loop.sections.words import off
from rnn_core import ACTIVATIONS, scan_tree
from rnn_core.linear import SCANS

SOLVED = {
    "doubling": "Powers by doubling",
    "hillis_steele": "Prefix scan, fewest levels (Hillis and Steele)",
    "blelloch": "Prefix scan, fewest combinations (Blelloch)",
    "toeplitz": "One block-Toeplitz product",
}


def render(experiment: Experiment) -> None:
    """Draw how far off the tangents are, and how the linear network is solved."""
    steps = approximations.steps_of(experiment)
    around = choice("Tangent at", "wl_at", AROUND, "zero", look="buttons")
    if steps < experiment.sizes[0]:
        st.caption(f"Only the first {steps} of {experiment.sizes[0]} steps: each takes H² numbers.")
    tangents, refused = approximations.tangents_of(experiment)
    if "input" not in tangents:
        told.refuse(refused["input"])
        return
    chosen = tangents.get(around)
    if chosen is None:
        told.inform(_refusal(experiment, refused))
        chosen = tangents["input"]
    st.markdown(
        r"$\varphi(z) \approx \varphi(\bar z_t) + \varphi'(\bar z_t)(z - \bar z_t)$ turns the "
        r"recurrence into $h_t = A_t h_{t-1} + b_t$ with $A_t = \operatorname{diag}"
        r"(\varphi'(\bar z_t))\,W_{hh}$. " + _point(chosen)
    )
    charts = [figures.states(chosen), figures.errors(tangents)]
    chart_view(charts, key="wl_tangents", steps=steps, columns=2)
    heading.part("A linear network needs no loop")
    st.markdown(_solved(experiment, steps))
    scan, powers, toeplitz = figures.solutions(experiment)
    chart_view([scan, toeplitz], key="wl_solved", columns=2)
    chart_view([powers], key="wl_powers")


def _refusal(experiment: Experiment, refused: dict[str, str]) -> str:
    """Say why there is no tangent at z = 0; other refusals in the core's own sentence."""
    phi = ACTIVATIONS[experiment.activation]
    if 0.0 in phi.kinks:
        return f"{phi.symbol} has a kink at z = 0, so no tangent there: h = 0 is shown instead."
    return " ".join(refused.values())


WHERE = {
    "zero": "At z = 0 the tangent of tanh is z itself: the network without its φ.",
    "input": "At h = 0 each step has the tangent at its own input, $u_t = W_{xh}x_t + b_h$.",
    "trajectory": "At the trajectory each step has the tangent at its own $z_t$.",
}


def _point(tangent: Tangent) -> str:
    made = tangent.made
    worst = float(made.error.max())
    where = int(made.error[:, 0].argmax())
    if made.around == "trajectory":
        text = f"Taken at the states themselves, it gives them back to **{off(worst)}**"
        text += "; its test is a changed input."
    else:
        text = f"On this sequence the states are off by up to **{off(worst)}**, at t = {where}."
    if np.isfinite(tangent.order):
        text += f" For small s the error grows like s to the power **{short(tangent.order, 3)}**."
    elif not np.nan_to_num(tangent.errors, nan=1.0).any():
        text += " It is exact at every scale tried."
    return f"{WHERE[made.around]} {text}"


def _solved(experiment: Experiment, steps: int) -> str:
    head = (
        "| Way to solve $h_t = W_{hh}h_{t-1} + u_t$ | Off from its loop, relative | "
        "Levels |\n|:--|--:|--:|\n"
    )
    levels = {kind: str(scan_tree(steps, kind).depth) for kind in SCANS}
    levels |= {"doubling": levels["hillis_steele"], "toeplitz": "1, and those of the powers"}
    rows = []
    for one in approximations.solved_of(experiment):
        refused = told.plain(one.refused).replace("|", r"\|")
        value = refused or f"`{off(one.difference)}`"
        rows.append(f"| {SOLVED[one.name]} | {value} | `{levels[one.name]}` |")
    return head + "\n".join(rows)
