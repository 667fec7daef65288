"""The gradient's length over time, with the theory beside the measurement."""

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.types import Chart, Steps, View
from app.figures.words import plural, short
from app.views.gradient_flow.compute import over_time as compute
from app.views.gradient_flow.compute.over_time import OverTime
from app.views.gradient_flow.figures import over_time as figures
from app.views.gradient_flow.figures.decades import power
from app.views.gradient_flow.sections import controls
from app.views.shared.bound import switch
from rnn_core import Extended
from rnn_core.cells import ELMAN

EXACT_DIGITS = 12
ROUNDING = 1e-12
ABOUT_THE_SAME = 0.5
"""Decades between the ends within which a gradient keeps its order of magnitude."""
ENOUGH = 10
"""Steps back over which a gradient that vanishes or explodes can be told from one that does not."""
THE_POINT = ("Vanishing", "Exploding")
"""Examples, of one length, that show what the page is about."""
NOT_IN_FLOAT = (-307.0, 307.0)


def render(experiment: Experiment) -> None:
    """Draw the point in one sentence, the chart, why it is so, and the numbers of the ends."""
    last_only = controls.last_only(experiment)
    with_norms = _with_norms(experiment)
    found = compute.over_time_of(experiment, last_only=last_only, with_norms=with_norms)
    point, reason = _point(found, experiment)
    st.markdown(point)
    _lead_on(found)
    steps = Steps(found.steps, experiment.labels())
    charts = [figures.chart(found.flow, found.bounds, steps)]
    if len(found.flow.sums) > 1:
        charts.append(figures.of_sums(found.flow, steps))
    chart_view(charts, key="gf_over_time", steps=found.steps, columns=len(charts))
    if reason:
        st.markdown(reason)
    st.markdown(_ends(found, experiment))
    st.caption(_reading(found))


def _with_norms(experiment: Experiment) -> bool:
    """Whether the norm of every Jacobian is taken: at once, or when asked where it takes long."""
    seconds = compute.norm_seconds(experiment)
    if seconds <= compute.FREE_SECONDS:
        return True
    return switch(
        None,
        f"Take the norm of each of {experiment.sizes[0]} Jacobians too (about {seconds:.1f} s)",
        key="gf_norms",
    )


def _point(found: OverTime, experiment: Experiment) -> tuple[str, str]:
    """State the point of the page with the current numbers, and its reason, if it has one."""
    h, count = found.flow.h, found.steps - 1
    whole = h.log10_ratio(1, found.steps) if count else np.nan
    if not count:
        return "With one step nothing flows back through time: set T to 2 or more.", ""
    if np.isnan(whole):
        if not np.isfinite(h.log10[found.steps]) and not np.isnan(h.log10[found.steps]):
            return "No gradient enters at the last step: the loss does not depend on its state.", ""
        return "The gradient is not finite: the Jacobians of this network are not.", ""
    a_step = power(whole / count)
    if found.summed:
        return (
            f"A loss enters at every step, so going back the gradient also grows by what is added: "
            f"at t = 1 it is **{_ratio(h, found.steps)} times** as long as at t = {found.steps}. "
            "Choose the last step's term to see how far one loss reaches.",
            _verdict(found, experiment),
        )
    overflow = ""
    if found.stands_in:
        overflow = (
            "**The states or the loss overflow, so the gradient that enters is not finite.** "
            "Shown is what becomes of a gradient of length 1 at the last step. "
        )
    others = "".join(
        f" By the {_title(experiment, state)} ${state}_t$ it {_becomes(one, found.steps)}."
        for state, one in _known_others(found)
    )
    by = " by $h_t$" if others else ""
    return (
        f"{overflow}Over {plural(count, 'step')} back the gradient{by} {_becomes(h, found.steps)}: "
        f"**× {a_step}** a step.{others}",
        _factor(experiment) + _verdict(found, experiment),
    )


def _becomes(length: Extended, last: int) -> str:
    """Say what becomes of a length from the last step back to the first."""
    whole, ratio = length.log10_ratio(1, last), _ratio(length, last)
    if whole < -ABOUT_THE_SAME:
        return f"shrinks to **{ratio}** of its length"
    if whole > ABOUT_THE_SAME:
        return f"grows to **{ratio} times** its length"
    return f"keeps its order of magnitude (**× {ratio}**)"


def _known_others(found: OverTime) -> list[tuple[str, Extended]]:
    """Return the lengths by states beside h that enter at the last step."""
    return [
        (state, one)
        for state, one in found.flow.others.items()
        if not np.isnan(one.log10_ratio(1, found.steps))
    ]


def _title(experiment: Experiment, quantity: str) -> str:
    return experiment.kind.line[quantity].title or "quantity"


def _lead_on(found: OverTime) -> None:
    """Where the run is too short to answer what the page asks, show two that do, and open them."""
    count = found.steps - 1
    if count >= ENOUGH or not abs(found.flow.h.log10_ratio(1, found.steps)) <= ABOUT_THE_SAME:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="gf-on"):
        st.markdown(
            f"{plural(count, 'step')} back {'is' if count == 1 else 'are'} too few to see a "
            "gradient vanish or explode; these two networks show it.",
            width="content",
        )
        for title in THE_POINT:
            st.button(
                f"Open “{title}”",
                type="primary" if title == THE_POINT[0] else "secondary",
                key=f"gf-on-{title}",
                on_click=controls.open_example,
                args=(title,),
            )
    charts = []
    for title in THE_POINT:
        other = compute.over_time_of(controls.EXAMPLES[title][1], last_only=False, with_norms=True)
        charts.append(_at_a_glance(title, other))
    chart_view(charts, key="gf_the_point", steps=other.steps, columns=len(charts), close=True)


def _at_a_glance(title: str, found: OverTime) -> Chart:
    """Return the chart of another run, to be seen beside those of others: without notes."""
    made = figures.chart(found.flow, found.bounds, Steps(found.steps))
    views: list[View] = [{**one, "notes": []} for one in made["views"]]
    return {**made, "id": f"gf_{title.lower()}", "title": title, "views": views}


def _factor(experiment: Experiment) -> str:
    """Say what a step back multiplies the gradient by."""
    if experiment.kind is ELMAN:
        return (
            r"Each step multiplies it by $J_t^\top$, $J_t = \partial h_t/\partial h_{t-1} = "
            r"\operatorname{diag}(\varphi'(z_t))\,W_{hh}$. "
        )
    now, before = (_states(experiment, time) for time in ("t", "t-1"))
    return (
        rf"Each step multiplies it by $J_t^\top$, $J_t = \partial {now}/\partial {before}$, "
        "through all lines of the cell. "
    )


def _states(experiment: Experiment, time: str) -> str:
    """Return the states of a step in LaTeX, in brackets where there are several."""
    states = ", ".join(f"{state}_{{{time}}}" for state in experiment.kind.states)
    return states if len(experiment.kind.states) == 1 else f"[{states}]"


def _verdict(found: OverTime, experiment: Experiment) -> str:
    if found.spectrum is None:
        return _keeping(found, experiment)
    sigma, radius = found.spectrum.norm, found.spectrum.radius
    size = rf"Here $\sigma_{{max}} \cdot \max\varphi' = {short(sigma)}"
    if sigma < 1 - ROUNDING:
        return f"{size} < 1$: what enters at a step must vanish on its way back."
    if sigma <= 1 + ROUNDING:
        return f"{size}$, so it cannot grow; it keeps its length where $\\varphi' = 1$."
    return rf"{size} > 1$, so it may grow but need not; the spectral radius is {short(radius)}."


def _keeping(found: OverTime, experiment: Experiment) -> str:
    """Say what becomes of the gradient by other states, and which gate keeps a state."""
    others = [
        f"That by ${state}_t$ has at t = 1 **{_ratio(one, found.steps)} times** its length at "
        f"t = {found.steps}."
        for state, one in (_known_others(found) if found.summed else ())
    ]
    gates = [
        f"The {_title(experiment, gate)} ${gate}_t$ (mean "
        f"**{short(mean)}**) keeps ${state}_t$: on the straight way along ${state}$ a step back "
        f"multiplies the gradient by ${gate}_t$ alone."
        for state, (gate, mean) in found.kept.items()
    ]
    return " ".join(others + gates)


def _ratio(found: Extended, last: int) -> str:
    """Return the first length over the last: all its digits if they are few."""
    log = found.log10_ratio(1, last)
    if NOT_IN_FLOAT[0] < log < NOT_IN_FLOAT[1]:
        value = found.ratio(1, last)
        exact = f"{value:.{EXACT_DIGITS}g}"
        if float(exact) == value and "e" not in exact:
            return exact
        return short(value)
    return power(log)


def _ends(found: OverTime, experiment: Experiment) -> str:
    """Return the table of the ends, measured and in theory."""
    last, count = found.steps, found.steps - 1
    if not count:
        return ""
    summed = ", and what enters on the way" if found.summed else ""
    rows = [("measured", _over(state, last), one) for state, one in found.flow.states.items()]
    theory = {
        "product": ("upper bound", rf"$\prod_t \lVert J_t\rVert_2$, $t = 2 \ldots {last}$"),
        "bound": (
            "upper bound", r"$(\sigma_{max}(W_{hh}) \cdot \max\varphi')^{" + f"{count}}}$"
        ),
        "rate": ("estimate", r"$\rho(W_{hh})^{" + f"{count}}}$"),
    }  # fmt: skip
    rows += [
        (kind, what + summed, found.bounds[name])
        for name, (kind, what) in theory.items()
        if name in found.bounds
    ]
    head = f"| | from t = {last} back to t = 1 | factor | for each step |\n|:--|:--|--:|--:|\n"
    lines = [
        f"| {kind} | {what} | `{_ratio(one, last)}` | `{power(one.log10_ratio(1, last) / count)}` |"
        for kind, what, one in rows
    ]
    return head + "\n".join(lines) + _exactly(found, experiment)


def _over(state: str, last: int) -> str:
    return rf"$\lVert\partial L/\partial {state}_1\rVert$ over that at $t = {last}$"


def _exactly(found: OverTime, experiment: Experiment) -> str:
    """State w^(T−1) for a single identity unit, if the measured ratio is that to the last bit."""
    plain = experiment.kind is ELMAN and experiment.activation == "identity"
    if experiment.hidden > 1 or not plain or found.summed:
        return ""
    w = abs(float(experiment.parameters().W_hh.item()))
    count = found.steps - 1
    if not w or found.flow.h.ratio(1, found.steps) != w**count:
        return ""
    exact = f"{w**count:.{EXACT_DIGITS}g}"
    return (
        f"\n\nOne unit with the identity: every factor is |w| = {short(w)}, so all four are "
        rf"$\,{short(w)}^{{{count}}} =$ **{exact}**, equal to the last bit."
    )


def _reading(found: OverTime) -> str:
    source = "Bounds: Pascanu, Mikolov and Bengio (2013), section 2.1. "
    if found.spectrum is None:
        parts = [
            f"{source}J_t is of all states of the cell together, so the product of its norms "
            "bounds the gradient by h_t. No bound follows from the weights alone, as one does from "
            "those of an Elman network."
        ]
    else:
        parts = [
            f"{source}With φ′ ≤ 1 for tanh, ReLU and the identity, σ_max(W_hh) < 1 is sufficient "
            "for vanishing and σ_max(W_hh) > 1 necessary for exploding. ρ is the rate of W_hh "
            "alone, reached in the long run while φ′ stays near 1."
        ]
    if found.summed:
        parts.append(
            "The loss enters at several steps, so bounds and estimate are sums over all of them."
        )
    if found.truncated is not None:
        parts.append(
            f"The experiment cuts gradients after {plural(found.truncated, 'step')} back: the "
            "measured lengths are cut there, the bounds are not."
        )
    return " ".join(parts)
