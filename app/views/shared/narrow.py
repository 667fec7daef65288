"""On a phone the picture comes first: what is chosen before it is folded to one line."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

LABEL = "Choose what is shown"


def switch(key: str, label: str = LABEL) -> None:
    """Draw the switch that unfolds the page's controls; a page with room has none, and all of them.

    A page has one switch at a time. Its style sheet does the folding: Python knows no widths.
    """
    st.toggle(label, key=f"unfold-{key}")


def folded(key: str) -> DeltaGenerator:
    """Return a place, one control below the other, that is folded while the switch is off."""
    return st.container(key=f"folded-{key}")
