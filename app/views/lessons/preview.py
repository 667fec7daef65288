"""A scene that is being written, as its audience is going to see it."""

import streamlit as st

from app.figures.notation import kept_as_typed
from app.views.lessons import draft, live, prose, runs, words
from app.views.lessons.lesson import Lesson
from app.views.shared import heading

AS_SHOWN = "As it is shown"
AS_BEFORE = "As it is shown, without what is to be mended"


def render(lesson: Lesson, *, is_to_mend: bool) -> None:
    """Draw the scene that is open, with the numbers of its own experiment.

    Words that the lesson cannot have are not in it: what is drawn is the last that could be read.
    """
    now = draft.draft()
    scene = lesson.scenes[now.chosen]
    experiment = lesson.experiment(now.chosen + 1)

    def number(name: str) -> str:
        return live.number(runs.of_scene(scene, experiment), name)

    def shown(text: str) -> str:
        return kept_as_typed(prose.markdown(text, number))

    st.caption(AS_BEFORE if is_to_mend else AS_SHOWN)
    with st.container(border=True, key="lesson-preview"):
        heading.part(shown(scene.title))
        words.draw(
            scene,
            shown,
            is_answered=now.is_answered,
            on_answer=_answer,
            key="lesson-preview",
        )


def _answer() -> None:
    draft.draft().is_answered = True
