"""What surrounds every page: page config, navigation and the sidebar that holds the experiment."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app import state
from app.components.plot_view.drawn import Drawn, collect
from app.experiment import presets
from app.server import handed
from app.server.browser import FRONT_PAGE
from app.server.pacing import PAGES
from app.state import controls
from app.views import sidebar
from app.views.explore import page as explore
from app.views.gradient_flow import page as gradient_flow
from app.views.lessons import bar, draft, following
from app.views.lessons import format as text_of
from app.views.lessons import page as lessons
from app.views.numerics import page as numerics
from app.views.practice import page as practice
from app.views.practice.sections import choosing
from app.views.pytorch import page as pytorch
from app.views.shared import non_finite, offline, predicting, presenting, styles, told
from app.views.shared.bound import Section
from app.views.training import page as training
from app.views.without_the_loop import page as without_the_loop

EXPLAIN_THEMSELVES = ("Explore", "Numerics")  # numbers that are not finite, and show where
ASKS = "Explore"  # for numbers, before it shows them
ICON = styles.ASSETS / "icon.svg"  # Streamlit's named icons are fetched from another host


def always() -> bool:
    """Return true."""
    return True


def never() -> bool:
    """Return false."""
    return False


@dataclass(frozen=True)
class Entry:
    """A page; one that `leads` to others is called with what opens one by its title.

    Its `sections` are titles by name, the first one what it opens with. The sidebar is folded while
    the page is not `of_the_experiment`. Its symbols are those of the experiment's run where it
    `tells` their numbers. Its `question` is its title where it is shown to a lecture hall without a
    lesson; a page that has none is not.
    """

    render: Callable[..., None]
    address: str
    question: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    leads: bool = False
    of_the_experiment: Callable[[], bool] = always
    tells: Callable[[], bool] = never


def _titles(sections: Mapping[str, Section]) -> dict[str, str]:
    return {name: section.title for name, section in sections.items()}


OFFERED: dict[str, Entry] = {
    "Explore": Entry(explore.render, FRONT_PAGE, explore.QUESTION, leads=True, tells=always),
    "Gradient flow": Entry(
        gradient_flow.render,
        "gradient-flow",
        gradient_flow.QUESTION,
        _titles(gradient_flow.SECTIONS),
        tells=gradient_flow.tells,
    ),
    "Training": Entry(
        training.render,
        "training",
        training.QUESTION,
        _titles(training.SECTIONS),
        leads=True,
        of_the_experiment=never,
    ),
    "Numerics": Entry(numerics.render, "numerics", numerics.QUESTION, _titles(numerics.SECTIONS)),
    "Without the loop": Entry(
        without_the_loop.render,
        "without-the-loop",
        without_the_loop.QUESTION,
        _titles(without_the_loop.SECTIONS),
        tells=without_the_loop.tells,
    ),
    "PyTorch": Entry(pytorch.render, "pytorch", pytorch.QUESTION, pytorch.SECTIONS, tells=always),
    "Practice": Entry(
        practice.render, "practice", practice.QUESTION, of_the_experiment=choosing.is_own
    ),
    "Lessons": Entry(lessons.render, "lessons", of_the_experiment=never),
}
"""By title, in their order."""


def names() -> dict[str, str]:
    """Return what pages are called by their addresses, and sections by `address/section`.

    The first section has no name in an address.
    """
    found = {}
    for title, entry in OFFERED.items():
        found[entry.address] = title
        for number, (name, words) in enumerate(entry.sections.items()):
            found[f"{entry.address}/{name}"] = f"{title} · {words}"
            if not number:
                found[f"{entry.address}/"] = f"{title} · {words}"
    return found


def run() -> None:
    """Draw the whole app once, in turn; Streamlit calls this at every rerun."""
    with PAGES.taken():
        _draw()


def _draw() -> None:
    _settle_memory()
    state.start()
    _take_handed()
    lesson = following.begin()
    pages = _pages()
    alone = lesson.presents or bool(st.context.is_embedded)  # what is around the page is left out
    page = st.navigation(list(pages.values()), position="hidden" if alone else "top")
    entry = OFFERED[page.title]
    if lesson.presents and lesson.scene is None and not entry.question:
        following.present(False)
        st.rerun()
    if entry.address != FRONT_PAGE:
        state.went_on()
    following.place(
        entry.address,
        {other.address: title for title, other in OFFERED.items()},
        _opener(pages),
    )
    st.set_page_config(
        page_title=f"{page.title} · Unrolled",
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state=("auto" if entry.of_the_experiment() and not alone else "collapsed"),
    )
    styles.apply("page")
    styles.apply("print")
    draft.draft().names = names()
    with st.sidebar:
        sidebar.render(
            draft.add,
            page=entry.address,
            tells=entry.tells(),
            show=following.show(entry.address, offered=bool(entry.question)),
            hear=following.hear,
        )
    if problem := state.problem():
        told.refuse(problem)
    if notice := state.notice():
        told.inform(notice)
    if state.swapped():
        with st.container(horizontal=True, vertical_alignment="center", key="swapped"):
            st.caption("This experiment stands in place of your own.", width="content")
            label = "Leave the lesson and bring mine back" if lesson.scene else "Bring mine back"
            st.button(label, type="tertiary", on_click=_bring_back)
    elif before := following.way_back():
        with st.container(horizontal=True, vertical_alignment="center", key="swapped"):
            st.caption("This is the network of the lesson.", width="content")
            label = f"Back to {told.plain(presets.called(before) or 'the one before')}"
            st.button(label, type="tertiary", on_click=following.go_back)
    shown = presets.called(state.experiment()) if entry.address == FRONT_PAGE else ""
    bar.render(
        shown or entry.question,
        entry.address,
        hides_numbers=page.title == ASKS and bool(predicting.kind(state.experiment())),
    )
    not_taken = st.container()
    if page.title not in EXPLAIN_THEMSELVES:
        non_finite.warn(state.experiment())
    drawn: Drawn = {}
    collect(drawn)
    if not alone and lesson.lesson is None and entry.question:
        presenting.offer()
    page.run()
    if not alone:
        _offer(page.title, drawn)
    with not_taken:
        if state.files().unsaid:
            told.warn(_lost(list(state.files().lost.values())))
        if sentences := controls.close(state.experiment()):
            told.warn(" ".join(sentences))


def _offer(title: str, drawn: Drawn) -> None:
    """Draw what else can be done with a page, below it."""
    with st.container(horizontal=True, vertical_alignment="center", key="page-foot"):
        if OFFERED[title].question:  # the editor of the sidebar hears it, where that is folded, too
            st.button(
                "Add as a scene",
                type="tertiary",
                key="add-scene",
                help="Make what this page shows a scene of your own lesson, on the page Lessons",
            )
        offline.offer(drawn, title)


def _bring_back() -> None:
    if following.following().lesson is not None:
        following.leave()  # its words are about another network
    state.bring_back()


def _take_handed() -> None:
    """Open what whoever started the server has named, where a session's first page asks for it."""
    if state.has_kept(handed.NAME):
        return  # the browser's address may be an older one
    secret = state.kept_in_session(handed.NAME, lambda: state.remembered(handed.NAME))
    if not secret:
        return
    state.remember(handed.NAME, "")
    try:
        files = handed.HAND.take(secret)
    except ValueError as error:
        state.report(f"{error}.")
        return
    state.led_elsewhere()
    sidebar.open_files(files)
    if files.lesson is not None:
        following.start_own(text_of.read(files.lesson.content))


def _lost(names: list[str]) -> str:
    was = "was" if len(names) == 1 else "were"
    quoted = " and ".join(f"“{name}”" for name in names)
    return (
        f"{quoted} {was} open in Training, but this tab had no room to keep what was opened from a "
        "file: open it there again to go on."
    )


def _pages() -> dict[str, StreamlitPage]:
    """Return the pages in their order; one that leads to others is given a way to them."""
    made: dict[str, StreamlitPage] = {}
    open_page = _opener(made)
    for title, entry in OFFERED.items():
        render = _leading(entry.render, open_page) if entry.leads else entry.render
        made[title] = st.Page(render, title=title, url_path=entry.address, default=not made)
    return made


def _opener(pages: Mapping[str, StreamlitPage]) -> Callable[[str], None]:
    """Return what opens one of the pages by its title."""

    def open_page(title: str) -> None:
        # Without `query_params`, Streamlit refuses to leave a page that keeps controls in them.
        st.switch_page(pages[title], query_params={})

    return open_page


def _leading(render: Callable[..., None], open_page: Callable[[str], None]) -> Callable[[], None]:
    def page() -> None:
        render(open_page)

    return page


@cache
def _settle_memory() -> None:
    """Take what the imports left out of the garbage collector's sight.

    Streamlit collects all generations after each rerun, which costs about 100 ms with pandas and
    plotly loaded and finds nothing: frozen objects are skipped.
    """
    gc.collect()
    gc.freeze()
