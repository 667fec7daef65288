"""The strip of the run: the equations, the numbers that matter, and whether to trust them."""

from collections.abc import Callable
from math import floor, log10
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.experiment.value import Experiment
from app.figures import notation
from app.figures.words import NO_BREAK, short
from app.views.explore.compute.trust import (
    Verdict,
    checked_gradients,
    needs_permission,
    verdicts_of,
)
from app.views.shared import aside, told
from rnn_core import LOSSES, Trace

WIDE_SPACE = "\N{EN SPACE}"


def render_numbers(
    experiment: Experiment,
    trace: Trace,
    losses: tuple[float | None, ...],
    more: Callable[[], None] | None = None,
) -> DeltaGenerator:
    """Draw the line of numbers and return the trust badge's place, for `render_badge` to fill.

    The badge is the last thing of a rerun to be computed, so that it delays nothing else. `more`
    draws what stands at the end of the line.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="numbers"):
        st.markdown(
            f"{WIDE_SPACE} ".join(numbers(trace, experiment.sample, losses)), width="content"
        )
        # Not `empty`: a rerun would clear it until the badges are computed, and the page jump.
        place = st.container(horizontal=True, vertical_alignment="center", width="content")
        if more:
            more()
        return place


def render_hidden() -> None:
    """Draw what stands there instead, while the numbers are predicted."""
    with st.container(key="hidden-numbers"):
        st.caption(HIDDEN)


NO_TARGET = "no target"
LONGEST_LETTER = 2  # with an accent
HIDDEN = "Results, plots and downloads come back when you stop predicting."


def numbers(trace: Trace, sample: int, losses: tuple[float | None, ...]) -> list[str]:
    """Return the sizes and what came out; logit and probability only where they are one number.

    `losses` are the loss, or that before and that after what is held, or was changed. What came out
    is stressed: the page hides it until the player has come to it.
    """
    steps, batch, inputs = trace.x.shape
    hidden, outputs = trace.h.shape[-1], trace.logits.shape[-1]
    sizes = {"steps T": steps, "inputs D": inputs, "hidden units H": hidden, "outputs K": outputs}
    if batch > 1:
        sizes["sequences B"] = batch
    parts = {name: str(size) for name, size in sizes.items()}
    if trace.logits[:, sample].size == 1:
        parts["logit a"] = short(trace.logits[0, sample, 0])
        if LOSSES[trace.loss_name].prediction_latex != "a":
            parts["probability p"] = short(trace.prediction[0, sample, 0])
    parts["loss L"] = " → ".join(NO_TARGET if one is None else short(one) for one in losses)
    # Word, symbol and number stay in one line.
    known = {*sizes, *(name for name, number in parts.items() if number == NO_TARGET)}
    return [_together(name, number, is_known=name in known) for name, number in parts.items()]


def _together(name: str, number: str, *, is_known: bool) -> str:
    *words, symbol = name.split(" ")
    if len(notation.plain(symbol)) > LONGEST_LETTER:  # a name that says what it is
        words = []
    code = f"`{number}`" if is_known else f"*`{number}`*"
    return NO_BREAK.join((*words, f"**{symbol}**", code))


def render_badge(place: DeltaGenerator, experiment: Experiment) -> None:
    """Fill the badge's place: green, red with the culprit's name, or why nothing was checked.

    Without a target there is nothing to check, and the place stays empty.
    """
    if not experiment.has_target:
        return
    with place:
        # In the label, not in a tooltip: that would lie over the equations.
        asked = needs_permission(experiment) and st.toggle("Check all: seconds at each change")
        verdicts = verdicts_of(experiment)
        if asked:
            found = aside.computed("check", checked_gradients, experiment, what="checking all")
            verdicts = verdicts[1:] if found is None else (found, *verdicts[1:])
        else:
            aside.end("check")
        for verdict in verdicts:
            _badge(verdict)


def _badge(verdict: Verdict) -> None:
    colour, icon = _LOOKS[verdict.agrees]
    # Emphasis: what is alone in its element changes also where a translator has been.
    label = f"*{told.plain(_text(verdict))}*"
    st.badge(label, icon=icon, color=colour, help=told.plain(_figure(verdict)))


_LOOKS: dict[bool | None, tuple[Literal["green", "red", "gray"], str]] = {
    True: ("green", ":material/check:"),
    False: ("red", ":material/close:"),
    None: ("gray", ":material/remove:"),
}
MOST_DIGITS = 15  # of float64


def _text(verdict: Verdict) -> str:
    by_torch = verdict.witness == "PyTorch"
    if verdict.agrees is None:
        return f"{'PyTorch' if by_torch else 'gradient'} not checked: {verdict.reason}"
    if not verdict.agrees:
        return f"{verdict.witness}: {_where(verdict)} differs"
    size = f"to {digits(verdict.difference)} digits" if verdict.difference else "exactly"
    return f"{'PyTorch' if by_torch else 'gradient checked:'} agrees {size}"


def _where(verdict: Verdict) -> str:
    """Return which number differs most, as the page writes it."""
    return verdict.culprit.replace("dL/d", "∂L/∂")


def _figure(verdict: Verdict) -> str:
    """Say how large the difference is, and where, for whoever points at the badge."""
    what = {
        "finite differences": "Each gradient against central differences of the loss",
        "PyTorch": "Each gradient against PyTorch's own",
    }[verdict.witness]
    if verdict.agrees is None:
        return f"{what}: not checked, {verdict.reason}."
    size = short(verdict.difference, 2)
    left_out = f" Left out: {verdict.reason}." if verdict.reason else ""
    return f"{what}: the largest relative difference is {size}, at {_where(verdict)}.{left_out}"


def digits(difference: float) -> int:
    """Return to how many significant digits two numbers agree, by their relative difference."""
    return min(MOST_DIGITS, max(0, floor(-log10(difference))))
