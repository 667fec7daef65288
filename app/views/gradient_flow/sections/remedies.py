"""Remedies side by side on the same sequence."""

from collections.abc import Mapping
from math import isnan

import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.types import Steps
from app.figures.words import plural, short
from app.views.gradient_flow.compute import sections
from app.views.gradient_flow.compute.over_time import FREE_SECONDS
from app.views.gradient_flow.figures import remedies as figures
from app.views.gradient_flow.figures.decades import power
from app.views.gradient_flow.sections import controls
from app.views.shared import aside
from app.views.shared.bound import slider, switch
from rnn_core import CELLS, REMEDIES, Cell, Cut, Treated
from rnn_core.graph import names
from rnn_core.remedies import GATED
from rnn_core.truncation import WHOLE

USABLE = ("orthogonal", "irnn", "relu", "gru", "lstm", "truncation")
SHORT_N = 3
CUT = "gf_cut"


def render(experiment: Experiment) -> None:
    """Draw the gradient's length with each remedy, and what each of them costs."""
    steps = experiment.sizes[0]
    last_only = controls.last_only(experiment)
    offered = sections.remedies_of(experiment)
    step, cut = _choices(steps, with_step="step" in offered)
    truncated = _truncated(experiment, cut, last_only=last_only)
    found = [
        truncated[0]
        if name == "truncation" and truncated
        else sections.treated_of(experiment, name, step, cut, last_only=last_only)
        for name in offered
        if name != "truncation" or truncated
    ]
    st.markdown(_point(found, experiment.kind))
    chart_view(
        [figures.chart(found, Steps(steps, experiment.labels()))], key="gf_remedy", steps=steps
    )
    st.markdown(_table(found, experiment.kind, step, cut))
    if truncated:
        st.markdown(_truncation(truncated[1], experiment.kind.leading, cut, steps))
    _use(experiment, cut)
    parts = ["Every line is a run of its own on the sequence shown, with its own loss."]
    if "step" in offered:
        parts.append(
            "A smaller step here means leaky integration, Euler’s method with step ε; a smaller "
            "learning rate would shorten the update but leave every gradient as it is."
        )
    if any(one.others for one in found):
        parts.append(
            "In an LSTM the gradient goes back along its cell state, too: the thin dotted line; "
            "$h_t$ alone says less of it."
        )
    remedies = [REMEDIES[name] for name in offered]
    parts += [f"{one.title}: {one.source}." for one in remedies if one.source]
    st.caption(" ".join(parts))


def _choices(steps: int, *, with_step: bool) -> tuple[float, int]:
    left, right = st.columns(2)
    if with_step:
        step = slider(
            left,
            "Step ε of the leaky network; 1 is the network as it is",
            0.05,
            1.0,
            0.25,
            0.05,
            key="gf_eps",
        )
    else:
        step, right = 1.0, left
    if steps == 1:
        return float(step), 1
    length = slider(right, "Truncate after n steps", 1, steps, min(SHORT_N, steps), key="gf_n")
    return float(step), int(length)


def _truncated(experiment: Experiment, cut: int, *, last_only: bool) -> tuple[Treated, Cut] | None:
    """Return what truncation does: at once, or when asked and there where it takes long."""
    seconds = sections.truncation_seconds(experiment, cut)
    if seconds <= FREE_SECONDS:
        aside.end(CUT)
        return sections.truncated_of(experiment, cut, last_only)
    if not switch(
        None,
        f"Truncate the gradient of every loss to {cut} steps (about {seconds:.1f} s)",
        key=CUT,
    ):
        aside.end(CUT)
        return None
    return aside.computed(CUT, sections.truncated_of, experiment, cut, last_only, what="truncating")


def _point(found: list[Treated], own_cell: Cell) -> str:
    """Name the remedy that keeps the gradient nearest to its length; a gated cell is one itself."""
    last = len(found[0].h) - 1
    ratios = {one.name: one.h.log10_ratio(1, last) for one in found}
    own = ratios.pop("none")
    near = {name: abs(value) for name, value in ratios.items() if not isnan(value)}
    if isnan(own) or not near or last == 1:
        return "The same sequence and loss, with one remedy at a time:"
    best = min(near, key=lambda name: near[name])
    if own_cell.name in GATED:
        return _of_gates(found[0], own_cell, last, best if near[best] < abs(own) else "", ratios)
    without = (
        f"Without a remedy, the gradient has at t = 1 **{power(own)}** times its length at "
        f"t = {last}. "
    )
    if near[best] >= abs(own):
        return f"{without}No remedy brings it nearer to 1."
    return (
        f"{without}The remedy nearest to 1 is **{REMEDIES[best].title}**, with "
        f"**{power(ratios[best])}**."
    )


def _of_gates(
    found: Treated, cell: Cell, last: int, better: str, ratios: Mapping[str, float]
) -> str:
    """Say what the gates of the network itself do, and which other cell would do more, if one."""
    through_h = power(found.h.log10_ratio(1, last))
    said = f"This network is a remedy itself, {'an' if cell.name == 'lstm' else 'a'} "
    said += f"{REMEDIES[cell.name].title}: going back from t = {last} to t = 1, "
    for state, length in found.others.items():
        said += (
            f"the gradient keeps **{power(length.log10_ratio(1, last))}** of its length along its "
            f"cell state ${state}_t$, through $h_t$ alone {through_h}. "
        )
    if not found.others:
        said += f"the gradient keeps **{through_h}** of its length through $h_t$. "
    if better and not found.others:
        said += f"Nearer to 1 is **{REMEDIES[better].title}**, with **{power(ratios[better])}**. "
    return (
        said + "The other lines are networks of other cells with drawn weights, or cut gradients."
    )


def _table(found: list[Treated], own: Cell, step: float, cut: int) -> str:
    last = len(found[0].h) - 1
    head = (
        r"| | what is changed | $\lVert\partial L/\partial h_1\rVert\,/\,\lVert\partial L/\partial "
        rf"h_{{{last}}}\rVert$ | mean $\varphi'$ | largest state | loss |" + "\n"
        "|:--|:--|--:|--:|--:|--:|\n"
    )
    settings = {"step": f" = {short(step)}", "truncation": f" = {cut}"}
    return head + "\n".join(
        f"| {REMEDIES[one.name].title}{settings.get(one.name, '')} | {REMEDIES[one.name].change} "
        f"| `{power(one.h.log10_ratio(1, last))}` | {_slope(one, own)} | "
        f"`{short(one.largest)}` | `{short(one.loss)}` |"
        for one in found
    )


def _slope(found: Treated, own: Cell) -> str:
    """Return the mean slope of a network with that cell; one with several sums has not one."""
    cell = CELLS.get(found.name, own)
    return "—" if len(cell.sums) > 1 else f"`{short(found.slope)}`"


def _truncation(cut: Cut, weight: str, length: int, steps: int) -> str:
    if length >= steps:
        return f"Truncation to n = {length} ≥ T is the full gradient."
    cosine, ratio = cut.cosine[weight], cut.ratio[weight]
    symbol = names.latex_parameter(weight)
    if isnan(cosine):
        return f"The gradient of ${symbol}$ is zero or not finite with this truncation."
    return (
        f"Truncation does not lengthen a gradient, it leaves out what comes from more than "
        rf"{plural(length, 'step')} back: $\partial L/\partial {symbol}$ then has cosine "
        f"**{short(cosine)}** to the full one and **{short(ratio)}** of its length (all "
        f"parameters together: {short(cut.cosine[WHOLE])} and "
        f"{short(cut.ratio[WHOLE])})."
    )


def _use(experiment: Experiment, cut: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="gf-use-row"):
        st.markdown("Use in the sidebar:", width="content")
        for name in (one for one in USABLE if one in sections.remedies_of(experiment)):
            made = sections.remedied(experiment, name, cut)
            st.button(
                REMEDIES[name].title.removesuffix(" to n"),
                key=f"gf-use-{name}",
                on_click=controls.use,
                args=(made,),
                disabled=made == experiment,
            )
