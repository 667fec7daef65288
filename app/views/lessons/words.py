"""The words of a scene as its audience has them: above its page, and where they are written."""

from collections.abc import Callable

import streamlit as st

from app.views.lessons.lesson import Scene

Shown = Callable[[str], str]
"""Returns the Markdown of a text of the scene, its numbers among its words."""


def draw(
    scene: Scene,
    shown: Shown,
    *,
    is_answered: bool,
    on_answer: Callable[[], None],
    key: str = "lesson",
) -> None:
    """Draw the text of a scene and its question; the answer once it was asked for."""
    if scene.text:
        st.markdown(shown(scene.text))
    if not scene.ask:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-question"):
        st.markdown(f"**{shown(scene.ask)}**", width="content")
        if scene.answer and not is_answered:
            st.button("Show the answer", key=f"{key}-answer", help="Key A", on_click=on_answer)
    if scene.answer and is_answered:
        st.markdown(shown(scene.answer))
