"""A lesson of one's own: made of views, in any order, written, opened, started and saved."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from app import state
from app.components.link_button.component import link_button
from app.figures.notation import kept_as_typed
from app.views.lessons import draft, following, live, preview, prose, sharing
from app.views.lessons.lesson import MAX_BYTES, MAX_LINE, MAX_TEXT, Lesson
from app.views.shared import heading, told, written_lesson
from app.views.shared.written_lesson import TEXT

FILE, ADDRESS = "lesson-file", "lesson-address"
WORDS = (
    ("title", "Title of scene {}", MAX_LINE, ""),
    ("text", "Text", MAX_TEXT, "**strong**, *stressed*, $\\LaTeX$; `{h[2,1]}`: a number."),
    ("ask", "Question", MAX_LINE, "Asked below the text, if there is one."),
    ("answer", "Answer", MAX_LINE, "Shown when it is asked for."),
)
"""What of a scene is written: its field, name with its number, most signs, and help."""


def render() -> None:
    """Draw the reader's own lesson."""
    heading.part("Your own lesson")
    st.markdown(
        "On any page, **Add as a scene** (in the sidebar under Share, and at the foot of the page) "
        "makes a scene of what is shown. Then write its title and text here; a name in braces "
        "becomes its number: `{h[2,1]}`, `{L}`."
    )
    now, unread = draft.draft(), ""
    try:
        draft.mend_again()
        now.last = draft.current()
    except ValueError as error:
        unread = str(error)
    if now.problem:
        told.refuse(now.problem)
        now.problem = ""
    left, right = st.columns([2, 3])
    with left:
        if now.last.scenes:
            _scenes(now.last, is_idle=bool(unread))
        st.text_input("Address of a view", key=ADDRESS, placeholder="http://…/?e=…&at=…")
        st.button("Add this view as a scene", on_click=_try, args=(_add,))
        st.file_uploader(
            "Open a lesson", type=["md", "txt"], key=FILE, on_change=_try, args=(_open,)
        )
    with right:
        with st.container(key="lesson-words"):  # also an empty one: what follows stays in place
            if now.last.scenes and not unread:
                _words(now.last)
            if now.last.scenes:
                preview.render(now.last, is_to_mend=bool(unread or now.refused))
        now.opens_text |= bool(unread)  # and stays so: who mends it goes on in it
        with st.expander("The whole lesson as text", expanded=now.opens_text, key="lesson-whole"):
            st.text_area(
                "Text of the lesson",
                key=TEXT,
                height=320,
                max_chars=MAX_BYTES,
                persist_state="session",
                on_change=draft.retyped,
            )
        if unread:
            told.refuse(f"{unread}.")
        _ways_out(written_lesson.text(), is_idle=bool(unread or now.refused) or not now.last.scenes)


def _ways_out(text: str, *, is_idle: bool) -> None:
    with st.container(horizontal=True):
        st.button("Start it", type="primary", on_click=_try, args=(_start, 1), disabled=is_idle)
        if (number := draft.draft().chosen + 1) > 1:
            label = f"Start at scene {number}"
            st.button(label, on_click=_try, args=(_start, number), disabled=is_idle)
        st.download_button(
            "Save the lesson", text, "lesson.md", "text/markdown", disabled=not text.strip()
        )
        token = "" if is_idle else sharing.token(draft.current())
        is_short = len(token) <= sharing.MAX_TOKEN
        if token and is_short:
            link_button(
                "Copy the lesson’s link", {"lesson": token, "scene": "1"}, key="lesson-link"
            )
        if text.strip():
            with st.popover("Discard"):
                st.button("Discard the whole lesson", on_click=draft.discard)
    if not is_short:
        st.caption(
            f"It is too long for a link ({len(token):,} compressed characters, at most "
            f"{sharing.MAX_TOKEN:,}): **Save the lesson**, and who follows it opens that here."
        )
    if text.strip():
        st.caption(written_lesson.told())


def _scenes(lesson: Lesson, *, is_idle: bool) -> None:
    """Draw the scenes in their order; one is open, and can be moved or taken out.

    The ways to do so stay where they are when it goes to another place: pressed again, they move
    the same scene. Where words are still to be mended, the scenes keep their places.
    """
    last = len(lesson.scenes) - 1
    chosen = draft.draft().chosen = min(draft.draft().chosen, last)
    to_mend = {scene for scene, _ in draft.draft().refused}
    with st.container(horizontal=True, vertical_alignment="center", key="lesson-moves"):
        st.markdown(f"**Scene {chosen + 1} of {last + 1}**", width="content")
        ways = (
            ("↑ Up", "lesson-up", -1, chosen == 0),
            ("↓ Down", "lesson-down", 1, chosen == last),
            ("✕ Take out", "lesson-out", None, last == 0),
        )
        for name, key, by, is_end in ways:
            st.button(
                name,
                key=key,
                disabled=bool(is_idle or is_end or to_mend),
                on_click=_try,
                args=(_move, by),
            )
    with st.container(key="lesson-rows", gap="xsmall"):
        for number, scene in enumerate(lesson.scenes):
            title = f"{number + 1}\\. {kept_as_typed(prose.escaped(scene.title))}"
            title += " (to mend)" if number in to_mend else ""
            st.button(
                f"**{title}**" if number == chosen else title,
                key=f"lesson-scene-{number}",
                disabled=is_idle,
                type="tertiary",
                width="stretch",
                on_click=_choose,
                args=(number,),
            )


def _words(lesson: Lesson) -> None:
    """Draw the words of the lesson, and of the scene that is open, each in a field of its own."""
    number = draft.draft().chosen
    _field("Title of the lesson", None, "title", lesson.title, MAX_LINE)
    for name, label, most, help_ in WORDS:
        words = getattr(lesson.scenes[number], name)
        _field(label.format(number + 1), number, name, words, most, help_)
        if name == "text":
            with st.expander("What can stand in braces"):
                st.markdown(kept_as_typed("\n".join(map(_example, live.NAMES))))


def _example(names: tuple[tuple[str, ...], str]) -> str:
    written, what = names
    return f"- {', '.join(f'`{{{name}}}`' for name in written)}: {what}"


def _field(
    label: str, number: int | None, name: str, words: str, most: int, help_: str = ""
) -> None:
    now = draft.draft()
    key = f"lesson-{name}-{'' if number is None else number}-{now.version}"
    refused = now.refused.get((number, name))
    words = refused.words if refused else words
    common: dict[str, Any] = {
        "key": key,
        "max_chars": most,
        "help": help_ or None,
        "on_change": _reword,
        "args": (number, name, key),
    }
    if name == "text":
        st.text_area(label, words, height=160, **common)
    else:
        st.text_input(label, words, **common)
    if refused:
        told.refuse(refused.why)


def _try(act: Callable[..., None], *arguments: object) -> None:
    """Do what was pressed; what cannot be done is said, and the lesson is as before."""
    try:
        act(*arguments)
    except ValueError as error:
        draft.draft().problem = f"{error}."


def _move(by: int | None) -> None:
    """Move the scene that is open by so many places; by none takes it out.

    Presses come faster than reruns: so this knows a direction, and no number.
    """
    now = draft.draft()
    number, last = now.chosen, len(now.last.scenes) - 1
    to = None if by is None else min(max(number + by, 0), last)
    draft.move(number, to)
    done = "is taken out" if to is None else f"is scene {to + 1} now"
    state.say(f"Scene {number + 1} {done}.")


def _choose(number: int) -> None:
    draft.choose(number)


def _reword(number: int | None, name: str, key: str) -> None:
    draft.reword(number, name, str(state.control(key) or ""))


def _add() -> None:
    draft.add(str(state.control(ADDRESS) or ""))
    state.set_controls({ADDRESS: ""})


def _open() -> None:
    """Take the file that was opened; one that is no lesson leaves the text as it is."""
    file = state.control(FILE)
    if file is not None:
        draft.take(file.read(MAX_BYTES + 1))


def _start(number: int) -> None:
    following.start_own(draft.current())
    following.go(number)
