"""The page "Lessons": those that come with the app, and how to open one's own."""

import streamlit as st

from app.figures.notation import kept_as_typed
from app.views.lessons import adding, following, prose
from app.views.lessons.built import lessons
from app.views.shared import heading, presenting

COLUMNS = 3


def render() -> None:
    """Draw a card for each lesson."""
    heading.page("Which lesson do you want to be led through?")
    st.caption(f"Keys of a lesson: {presenting.KEYS_OF_A_LESSON}")
    _offer_again()
    cards = list(lessons().items())
    for first in range(0, len(cards), COLUMNS):
        row = cards[first : first + COLUMNS]
        for column, (name, lesson) in zip(st.columns(COLUMNS), row, strict=False):
            with column.container(border=True, height="stretch", key=f"lesson-card-{name}"):
                heading.part(prose.escaped(lesson.title))
                st.markdown(prose.markdown(lesson.about, lambda name: name))
                count = len(lesson.scenes)
                st.button(
                    f"Start ({count} scenes)",
                    key=f"lesson-{name}",
                    on_click=following.start,
                    args=(name, lesson),
                )
    adding.render()


def _offer_again() -> None:
    """Lead back to a lesson of the reader's, or of a link, that was left."""
    now = following.following()
    if now.own is None or now.lesson is not None:
        return
    title = kept_as_typed(prose.escaped(now.own.title))
    with st.container(horizontal=True, vertical_alignment="center", key="lesson-left"):
        st.markdown(f"You have left “{title}”.", width="content")
        st.button("Open it again", on_click=following.start_own, args=(now.own,))
