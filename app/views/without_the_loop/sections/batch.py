"""B sequences at once: the same numbers, more of them a second, and unequal lengths."""

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.figures.notation import sided
from app.figures.words import counted, plural, short
from app.views.shared import heading, no_target, told
from app.views.shared.bound import choice, text
from app.views.without_the_loop.compute import batches, times
from app.views.without_the_loop.figures import batch as figures
from app.views.without_the_loop.sections.measuring import times_asked_for
from app.views.without_the_loop.sections.words import OVERFLOW, off

BATCH = (
    r"Z_t = X_t\,W_{xh}^\top + H_{t-1}\,W_{hh}^\top + b_h",
    r"Z_t = W_{xh}\,X_t + W_{hh}\,H_{t-1} + b_h",  # of rows, products are turned on their way out
)
CHEAP = 2_000_000  # multiply-adds of one pass over all batch sizes


def render(experiment: Experiment) -> None:
    """Draw the proof, the throughput and the padded batch."""
    st.markdown(
        f"A step of $B$ sequences is one product, ${sided(*BATCH)}$ with a row for each sequence: "
        "the loop stays $T$ long, but each turn does more."
    )
    _throughput(experiment)
    _padding(experiment)


def _throughput(experiment: Experiment) -> None:
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    sizes = {size: str(size) for size in batches.SIZES}
    size = choice("Sequences at once, B", "wl_b", sizes, 8, place=left, look="slider")
    proof = batches.proof_of(experiment, size)
    st.markdown(
        f"**{size} at once against {size} runs of one**: the states differ by at most "
        f"**{off(proof.states)}**, the gradients of the weights by **{off(proof.gradients)}** of "
        f"their largest entry. Only the order in which products are summed can differ. "
        f"{proof.left_out}"
    )
    st.caption(
        "The first sequence is the one shown; the others are drawn with its mean and spread "
        "(seed 0). The gradients are of Σ h over all steps and units."
    )
    asked = right.button("Measure throughput", key="wl_rate")
    key = batches.throughput_key(experiment)
    measured = times_asked_for("wl_rate", key, batches.measure_throughput, experiment, asked=asked)
    if measured is None and not asked and _is_cheap(experiment):
        measured = batches.measure_throughput(experiment, times.UNASKED_S)
    if measured is None:
        st.caption("Throughput is measured only when you ask.")
        return
    st.caption(
        f"{measured.rounds} rounds through all sizes in turn, after a warm-up, {measured.threads}; "
        "bars reach to the quartiles."
    )
    chart = figures.throughput(measured.by_name, min(experiment.sizes[0], batches.MOST_STEPS))
    chart_view([chart], key="wl_throughput")


def _is_cheap(experiment: Experiment) -> bool:
    calls = min(experiment.sizes[0], batches.MOST_STEPS) * len(batches.SIZES)
    return batches.throughput_work(experiment) <= CHEAP and calls <= 700


def _padding(experiment: Experiment) -> None:
    heading.part("Unequal lengths: padding and a mask")
    if no_target.explains(experiment):
        return
    if not np.isfinite(trace_of(experiment).h).all():
        told.inform(OVERFLOW)
        return
    default = batches.default_lengths(experiment)
    typed = text(
        None,
        "Lengths of the sequences (prefixes of the one shown)",
        "",
        key="wl_len",
        max_chars=80,
        placeholder=", ".join(map(str, default)),
        width=420,
    )
    try:
        lengths = batches.checked_lengths(typed, experiment) if typed else default
        found = batches.padding_of(experiment, lengths)
    except ValueError as error:
        told.refuse(error)
        return
    run = found.run
    st.markdown(_table(lengths, found))
    st.markdown(
        f"Loss of the batch **{_shown(run.loss)}**, the mean of the separate losses to "
        f"**{off(found.loss)}**; states before each end differ by at most **{off(found.states)}**, "
        f"gradients of the weights by **{off(found.gradients)}** of their largest entry. "
        f"Without the mask, {plural(found.padding, 'step')} of padding would move the state on "
        "and be learned from."
    )
    st.caption(
        f"Each loss is read at its sequence's own last step; after it the state is held and no "
        f"gradient enters. {counted(found.padding)} of {counted(run.mask.size)} cells are padding."
    )
    lasting = run.mask.astype(float)
    chart = figures.padded(run.trace.h[:, :, 0], lasting, 0)
    chart_view([chart], key="wl_padded", steps=run.trace.steps)


def _table(lengths: tuple[int, ...], found: batches.Padding) -> str:
    head = "| | " + " | ".join(f"sequence {b + 1}" for b in range(len(lengths))) + " |"
    rule = "|:--" + "|--:" * len(lengths) + "|"
    last = found.run.last[:, 0]
    rows = {
        "length": [str(length) for length in lengths],
        "loss, run alone": [_shown(loss) for loss in found.losses],
        "h at its end, unit 1": [short(float(value)) for value in last],
    }
    body = [
        f"| {name} | " + " | ".join(f"`{cell}`" for cell in cells) + " |"
        for name, cells in rows.items()
    ]
    return "\n".join([head, rule, *body])


def _shown(loss: float | None) -> str:
    return "no target" if loss is None else short(loss)
