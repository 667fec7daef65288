"""The page "Numerics": why the naive loss breaks, and why the stable one is right."""

import streamlit as st

from app.views import heading
from app.views.numerics import derivation, differences, loss, non_finite_run, softmax

SECTIONS = {
    "Loss and gradient": loss.render,
    "Derivation": derivation.render,
    "Finite differences": differences.render,
    "Softmax": softmax.render,
    "First non-finite number": non_finite_run.render,
}
FIRST = next(iter(SECTIONS))


def render() -> None:
    """Draw the section chosen."""
    heading.page("Why does the naive loss break, and why is the stable one right?")
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        default=FIRST,
        key="nu",
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
    )
    SECTIONS.get(section or FIRST, SECTIONS[FIRST])()
