"""A lesson of one's own: opened, written, made of views, started and saved."""

from dataclasses import replace

import streamlit as st

from app import state
from app.views.lessons import following, sharing
from app.views.lessons import format as text_of
from app.views.lessons.lesson import MAX_BYTES, Lesson, Scene
from app.views.shared import heading, told

TEXT, FILE, ADDRESS = "lesson-text", "lesson-file", "lesson-address"
PROBLEM = "lesson-problem"
NEW = "My lesson"


def render() -> None:
    """Draw the reader's own lesson."""
    heading.part("Your own lesson")
    st.markdown(
        "On any page, copy the address when it shows what a scene is to show; paste it here, and "
        "it becomes a scene. Then write its title and text; a name in braces becomes its number: "
        "`{h[2,1]}`, `{L}`."
    )
    if problem := _problems().pop("sentence", ""):
        told.refuse(problem)
    left, right = st.columns([2, 3])
    with left:
        st.text_input("Address of a view", key=ADDRESS, placeholder="http://…/?e=…&at=…")
        st.button("Add this view as a scene", on_click=_add)
        st.file_uploader("Open a lesson", type=["md", "txt"], key=FILE, on_change=_open)
    with right:
        st.text_area(
            "Text of the lesson",
            key=TEXT,
            height=320,
            max_chars=MAX_BYTES,
            persist_state="session",
        )
    text = str(state.control(TEXT) or "")
    with right, st.container(horizontal=True):
        st.button("Start it", type="primary", on_click=_start, disabled=not text.strip())
        st.download_button(
            "Save as a file", text, "lesson.md", "text/markdown", disabled=not text.strip()
        )


def _problems() -> dict[str, str]:
    return state.kept_in_session(PROBLEM, dict)


def _current() -> Lesson:
    """Return the lesson that is written; one without scenes if there is none yet."""
    text = str(state.control(TEXT) or "")
    return text_of.read(text) if text.strip() else Lesson(NEW, ())


def _add() -> None:
    try:
        lesson = _current()
        title = f"Scene {len(lesson.scenes) + 1}"
        scene = sharing.scene_of(str(state.control(ADDRESS) or ""), title)
        made = replace(lesson, scenes=(*lesson.scenes, _shortened(lesson, scene)))
        text = text_of.write(text_of.read(text_of.write(made)))
    except ValueError as error:
        _problems()["sentence"] = f"{error}."
        return
    state.set_controls({TEXT: text, ADDRESS: ""})


def _shortened(lesson: Lesson, scene: Scene) -> Scene:
    """Leave the experiment out where it is that of the scene before."""
    before = [each.experiment for each in lesson.scenes if each.experiment]
    return replace(scene, experiment="") if before[-1:] == [scene.experiment] else scene


def _open() -> None:
    """Take the file that was opened; one that is no lesson leaves the text as it is."""
    file = state.control(FILE)
    if file is None:
        return
    try:
        text = text_of.write(text_of.read(file.read(MAX_BYTES + 1)))
    except ValueError as error:
        _problems()["sentence"] = f"{error}."
        return
    state.set_controls({TEXT: text})


def _start() -> None:
    try:
        following.start_own(_current())
    except ValueError as error:
        _problems()["sentence"] = f"{error}."
