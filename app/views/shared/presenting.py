"""The button that shows a page to a lecture hall; key P does the same."""

from typing import Literal

import streamlit as st

from app.views.shared import scene


def offer(of: str, look: Literal["secondary", "tertiary"] = "secondary") -> None:
    """Draw the button; `of` says what is seen in large letters."""
    st.button(
        "Present",
        key="present",
        type=look,
        help=f"{of} in large letters. Key P; P or Esc ends it.",
        on_click=scene.want_show,
    )
