"""What every page shows of a lesson: the scene's title and text, and the ways to the others."""

from collections.abc import Callable

import streamlit as st

from app import state
from app.experiment.run import trace_of
from app.figures import notation
from app.figures.palette import CAUTION
from app.state import controls
from app.views.lessons import built, following, live, prose, runs, words
from app.views.lessons.following import Following
from app.views.lessons.lesson import PARTS, Lesson, Scene
from app.views.shared import heading, presenting, styles, told

CONTENTS = "lesson-contents"


ALONE = ".ur-graph.ur-graph:not(.ur-sheet)"  # whose fields stand where the inspector would
WITHOUT_INSPECTOR = (
    f"{PARTS['inspector']} {{ display: none; }}"
    f"{ALONE} {{ grid-template-columns: minmax(0, 1fr); }}"
    f"{ALONE} .ur-side {{ height: auto; min-height: 0; }}"
)

Number = Callable[[str], str]


def render(title: str, page: str, *, hides_numbers: bool = False) -> None:
    """Draw the bar of the lesson that is open; without one the page's title in a show, or nothing.

    Above a page, by its address, that is not the scene's, it is one line. With `hides_numbers`,
    computed ones in it are question marks: the page asks for them.
    """
    now = following.following()
    if now.problem:
        told.warn(now.problem)
    lesson, scene = now.lesson, now.scene
    if lesson is None or scene is None:
        if now.presents:
            _own_show(title)
        return
    number = _hidden if hides_numbers else _number
    if page != scene.page and not now.presents and not now.problem:
        _elsewhere(now, lesson, scene, number)
        return
    _styles(now, scene)
    with st.container(key="lesson", border=True):
        _head(now, lesson, scene, number)
        words.draw(
            scene,
            lambda text: _shown(now, text, number),
            is_answered=now.is_answered,
            on_answer=_answer,
        )
        if scene is lesson.scenes[-1]:
            _go_on(now.name)


def _elsewhere(now: Following, lesson: Lesson, scene: Scene, number: Number) -> None:
    """Draw which scene of which lesson is open, and the ways to it and out of it."""
    with st.container(horizontal=True, vertical_alignment="center", key="lesson-elsewhere"):
        title = f"Lesson: {prose.escaped(lesson.title)}, {now.number} of {len(lesson.scenes)}"
        st.caption(f"{title}: {_shown(now, scene.title, number)}", width="content")
        st.button("Back to it", type="tertiary", on_click=following.go, args=(now.number,))
        st.button("Leave", type="tertiary", on_click=following.leave)


def _own_show(title: str) -> None:
    """Draw the title of what is shown without a lesson, and the way out."""
    st.html(f"<style>{WITHOUT_INSPECTOR}</style>")
    styles.apply("presenter")
    with st.container(horizontal=True, vertical_alignment="center", key="lesson"):
        with st.container(key="own-show"):
            heading.part(prose.escaped(title))
        _present_button(on=False)


def _present_button(*, on: bool) -> None:
    st.button(
        "Present" if on else "End the show",
        key="lesson-present",
        help=presenting.KEYS,
        on_click=following.present,
        args=(on,),
    )


def _styles(now: Following, scene: Scene) -> None:
    hidden = ", ".join(PARTS[part] for part in scene.hide if part in PARTS)
    lit = ", ".join(PARTS[part] for part in scene.lit)
    rules = f"{hidden} {{ display: none !important; }}" if hidden else ""
    if lit:
        rules += f"{lit} {{ outline: 3px solid {CAUTION}; outline-offset: 4px; }}"
    if "numbers" in scene.lit:
        rules += f"{PARTS['numbers']} {{ display: flex !important; }}"  # also on a low window
    if "inspector" in scene.hide or (now.presents and "inspector" not in scene.lit):
        rules += WITHOUT_INSPECTOR
    if rules:
        st.html(f"<style>{rules}</style>")
    if now.presents:
        styles.apply("presenter")


def _head(now: Following, lesson: Lesson, scene: Scene, number: Number) -> None:
    last = len(lesson.scenes)
    with st.container(horizontal=True, vertical_alignment="center", key="lesson-head"):
        with st.container(key="lesson-title"):
            heading.part(_shown(now, scene.title, number))
        st.button(
            "Back",
            key="lesson-back",
            disabled=now.number == 1,
            on_click=following.turn,
            args=(-1,),
        )
        st.button(
            "Next",
            type="primary",
            key="lesson-next",
            disabled=now.number == last,
            on_click=following.turn,
            args=(1,),
        )
        # Another one for each move: see `_chosen`.
        st.selectbox(
            "Scenes of this lesson",
            range(1, last + 1),
            format_func=lambda k: f"{k} of {last}: {_plain(now, lesson.scenes[k - 1].title)}",
            index=now.number - 1,
            key=f"{CONTENTS}-{now.moves}",
            label_visibility="collapsed",
            on_change=_chosen,
            args=(now.moves,),
            width=260,
        )
        _present_button(on=not now.presents)
        st.button("Leave", type="tertiary", on_click=following.leave)


def _chosen(moves: int) -> None:
    """Go to the scene that was chosen from the list that was drawn after so many moves.

    While the answer to a move is on its way, the browser still sends the scene of the list before;
    Streamlit takes that for a choice.
    """
    number = state.control(f"{CONTENTS}-{moves}")
    if isinstance(number, int) and moves == following.following().moves:
        following.go(number)


def _plain(now: Following, title: str) -> str:
    text = prose.plain(title)
    return notation.plain(text) if _is_built(now) else text


def _is_built(now: Following) -> bool:
    """Whether the lesson is one of the app's, whose symbols are those of the page."""
    return now.name in built.NAMES


def _shown(now: Following, text: str, number: Number) -> str:
    """Return the Markdown of a text; one's own is shown as it was written."""
    shown = prose.markdown(text, number)
    return shown if _is_built(now) else notation.kept_as_typed(shown)


def _go_on(name: str) -> None:
    """Lead from the end of a lesson to the next one, if there is one."""
    if then := built.GOES_ON.get(name):
        lesson = built.lesson_named(then)
        st.button(f"Go on: {lesson.title}", on_click=following.start, args=(then, lesson))


def _answer() -> None:
    following.following().is_answered = True


def _hidden(name: str) -> str:
    return _number(name) if live.is_given(trace_of(state.experiment()), name) else "?"


def _number(name: str) -> str:
    """Return a number of what the page shows now; a dash where that has none."""
    now = following.following()
    if now.scene is None:
        return "–"
    try:
        run = runs.of_scene(now.scene, state.experiment(), controls.coming)
        return live.number(run, name, turned=_is_built(now))
    except ValueError:
        return "–"
