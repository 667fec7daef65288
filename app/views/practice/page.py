"""The page "Practice": the pass by hand, marked by the learner's own numbers."""

import streamlit as st

from app.figures import notation
from app.listings.worksheets.parts import blocks_of
from app.views.practice.sections import choosing, entries, given, take_away
from app.views.shared import heading, scene, told

QUESTION = "Can I do it by hand?"


def render() -> None:
    """Draw the sheet that is chosen on its graph, its fields, and what to take away."""
    heading.page(QUESTION)
    st.markdown(
        "Work out each **?** on paper and type it: it is marked as you go, from your own earlier "
        "numbers, so one slip counts once."
    )
    try:
        sheet, part = choosing.render()
    except ValueError as error:
        told.refuse(error)
        return
    notation.turn_to(sheet.network.cell)
    entries.render(sheet, part)
    if scene.is_large():
        return
    with st.expander("What is given, in full"):
        given.render(sheet)
    entries.render_results(sheet, blocks_of(sheet))
    heading.part("Take it away")
    take_away.render(sheet)
