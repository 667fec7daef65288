"""The sequence in chunks: the state is carried, the gradient is cut."""

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.figures.words import plural, short
from app.views.shared import no_target, told
from app.views.shared.bound import choice, whole_number
from app.views.without_the_loop.compute import cuts
from app.views.without_the_loop.figures import cuts as figures
from app.views.without_the_loop.sections.words import OVERFLOW, off
from rnn_core import Cut
from rnn_core.truncation import WHOLE

KINDS = {"chunks": "Between chunks", "window": "Before each loss"}


def render(experiment: Experiment) -> None:
    """Draw what carrying the state gives, and what cutting the gradient takes."""
    steps = experiment.sizes[0]
    if no_target.explains(experiment):
        return
    left, right = st.columns([1, 3])
    length = whole_number(left, "Steps between cuts", 1, max(1, steps), min(2, steps), key="wl_n")
    kind = choice("Cut the gradient", "wl_cut", KINDS, "chunks", place=right, look="buttons")
    size = min(length, steps)
    carried = cuts.carried_of(experiment, size)
    st.markdown(
        f"**Forward, nothing is lost.** {plural(carried.chunks, 'chunk')} of at most "
        f"{plural(size, 'step')}, each from the last state of the one before: loss "
        f"**{'no target' if carried.loss is None else short(carried.loss)}**, states off by at "
        f"most **{off(carried.difference)}**. Only one chunk has to be in memory."
    )
    if not np.isfinite(trace_of(experiment).h).all():
        told.inform(OVERFLOW)
        return
    try:
        lengths = tuple(sorted({*cuts.lengths_of(experiment, kind), size}))
        compared = cuts.cuts_of(experiment, lengths, kind)
    except ValueError as error:
        told.refuse(error)
        return
    chosen = next(cut for cut in compared if cut.length == size)
    st.markdown(_lost(chosen))
    graph = cuts.flow_of(experiment, size, kind)
    cut_edges = sum(1 for *_, cut in graph.edges(data="cut") if cut)
    reached = sum(1 for node, yes in graph.nodes(data="reached") if yes and node.startswith("∂"))
    chart_view(
        [
            figures.flow(graph, steps, _flow_sentence(kind, cut_edges, reached, steps)),
            figures.loss(compared, chosen),
        ],
        key="wl_chunks",
        columns=2,
    )
    if len(lengths) < steps:
        st.caption(f"{len(lengths)} of {steps} lengths are compared.")
    st.markdown(_table(chosen))


def _lost(cut: Cut) -> str:
    cosine, ratio = cut.cosine[WHOLE], cut.ratio[WHOLE]
    if np.isnan(cosine) or np.isnan(ratio):
        return (
            "**Backward, the cut gradient cannot be compared**: one of the two is zero or not "
            "finite."
        )
    if cosine == ratio == 1:
        return "**Backward, nothing is lost**: no gradient would have crossed a cut."
    angle = float(np.degrees(np.arccos(cosine)))
    return (
        f"**Backward, cutting turns the gradient by {short(angle, 3)}°** (cosine "
        f"**{short(cosine)}**) and makes it **{short(ratio)}** times as long, all "
        "parameters together."
    )


def _flow_sentence(kind: str, cut_edges: int, reached: int, steps: int) -> str:
    which = "" if kind == "chunks" else " Each loss has a cut of its own; the last one's is drawn."
    return (
        f"{plural(cut_edges, 'edge')} cut; the gradient reaches {reached} of the "
        f"{steps + 1} states h_0 … h_{steps}.{which}"
    )


def _table(cut: Cut) -> str:
    head = "| Gradient of | Cosine to the full one | ‖cut‖ / ‖full‖ |\n|:--|--:|--:|\n"
    names = {**{name: f"`{name}`" for name in cut.cosine}, WHOLE: "all together"}
    return head + "\n".join(
        f"| {names[name]} | `{_number(cut.cosine[name])}` | `{_number(cut.ratio[name])}` |"
        for name in cut.cosine
    )


def _number(value: float) -> str:
    return "undefined" if np.isnan(value) else short(value)
