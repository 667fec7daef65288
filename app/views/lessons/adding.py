"""A lesson of one's own: made of views, in any order, written, opened, started and saved."""

from dataclasses import replace

import streamlit as st

from app import state
from app.experiment import presets
from app.figures.notation import kept
from app.views.lessons import following, prose, sharing
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
        "On any page, **Add as a scene** (in the sidebar, under Share) makes a scene of what is "
        "shown. Then write its title and text here; a name in braces becomes its number: "
        "`{h[2,1]}`, `{L}`."
    )
    if problem := _problems().pop("sentence", ""):
        told.refuse(problem)
    left, right = st.columns([2, 3])
    with left:
        _scenes()
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


def _scenes() -> None:
    """Draw the scenes in their order, each with ways to move it or take it out."""
    try:
        scenes = _current().scenes
    except ValueError:  # it is being written, and told when it is started
        return
    for number, scene in enumerate(scenes):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"{number + 1}\\. {kept(prose.escaped(scene.title))}", width="stretch")
            ways = (
                ("↑", "Up", number - 1, number == 0),
                ("↓", "Down", number + 1, number == len(scenes) - 1),
                ("✕", "Take out", None, len(scenes) == 1),
            )
            for sign, name, to, is_idle in ways:
                st.button(
                    sign,
                    key=f"lesson-{name}-{number}",
                    help=f"{name}: scene {number + 1}",
                    disabled=is_idle,
                    type="tertiary",
                    on_click=_move,
                    args=(number, to),
                )


def _move(number: int, to: int | None) -> None:
    """Move a scene, from 0, to another place; nowhere takes it out."""
    try:
        lesson = _current()
        scenes = [_whole(lesson, k) for k in range(len(lesson.scenes))]
        scene = scenes.pop(number)
        if to is not None:
            scenes.insert(to, scene)
        made = replace(lesson, scenes=())
        for each in scenes:
            made = replace(made, scenes=(*made.scenes, _shortened(made, each)))
        text = _written(made)
    except ValueError as error:
        _problems()["sentence"] = f"{error}."
        return
    state.set_controls({TEXT: text})


def _whole(lesson: Lesson, place: int) -> Scene:
    """Return a scene with its own experiment, not that of the scene before."""
    named = [scene.experiment for scene in lesson.scenes[: place + 1] if scene.experiment]
    return replace(lesson.scenes[place], experiment=named[-1] if named else presets.DEFAULT)


def add(address: str) -> str:
    """Add what an address shows to the lesson that is written; return what was done, in words.

    Raises
    ------
    ValueError
        It shows nothing that can be a scene, or the lesson cannot have one more.
    """
    lesson = _current()
    number = len(lesson.scenes) + 1
    scene = sharing.scene_of(address, f"Scene {number}")
    text = _written(replace(lesson, scenes=(*lesson.scenes, _shortened(lesson, scene))))
    state.set_controls({TEXT: text})
    return f"Scene {number} of your lesson: write it on the page Lessons."


def _written(lesson: Lesson) -> str:
    """Return the text of a lesson, once it has been read."""
    text = text_of.write(lesson)
    text_of.read(text)
    return text


def _add() -> None:
    try:
        add(str(state.control(ADDRESS) or ""))
    except ValueError as error:
        _problems()["sentence"] = f"{error}."
        return
    state.set_controls({ADDRESS: ""})


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
