"""The page "Practice": the pass by hand, marked by the learner's own numbers."""

import streamlit as st

from app.listings.worksheets.parts import blocks_of
from app.views.practice.sections import choosing, entries, given, take_away
from app.views.shared import heading, told


def render() -> None:
    """Draw the sheet that is chosen, its fields, and what to take away."""
    heading.page("Can I do it by hand?")
    st.markdown(
        "Work out each number on paper and type it: it is marked at once by your own earlier "
        "numbers, so that a slip costs once, and a well-known mistake is called by its name. "
        "Three digits are enough (1 %); `1/3` and `0,5` are numbers."
    )
    try:
        sheet = choosing.render()
    except ValueError as error:
        told.refuse(error)
        return
    given.render(sheet)
    entries.render(sheet, blocks_of(sheet))
    heading.part("Take it away")
    take_away.render(sheet)
