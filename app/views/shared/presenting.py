"""The button that shows a page to a lecture hall; key P does the same."""

import streamlit as st

from app.views.shared import scene

KEYS = "P begins and ends a show, Esc ends it; ↓ and ↑ lead to what does not fit on the screen."
"""The keys of a show, in words."""

KEYS_OF_A_LESSON = f"Page Down and Page Up turn its scenes, A shows an answer. {KEYS}"
"""Those of a lesson, too."""


def offer() -> None:
    """Draw the button in the line of the pages' names, where it takes no room from the page."""
    with st.container(key="present-beside"):
        st.button(
            "Present",
            key="present",
            help=f"This page in large letters. {KEYS}",
            on_click=scene.want_show,
        )
