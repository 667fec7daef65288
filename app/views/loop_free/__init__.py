"""The page "Without the loop": ways to make the time loop go away or shrink, and their price."""

import streamlit as st

from app import compute, state
from app.views import heading, told
from app.views.loop_free import batch, chunks, compare, iterate, linear, relu

SECTIONS = {
    "Compare": compare.render,
    "Batch": batch.render,
    "Chunks": chunks.render,
    "ReLU": relu.render,
    "Linear": linear.render,
    "Iterate": iterate.render,
}


def render() -> None:
    """Draw the section chosen, for the current experiment."""
    experiment = state.experiment()
    heading.page("How can the time loop go away or shrink, and what does it cost?")
    try:
        compute.trace_of(experiment)
    except ValueError as error:
        told.refuse(error)
        return
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        default="Compare",
        key="wl",
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
    )
    SECTIONS.get(section or "Compare", compare.render)(experiment)
