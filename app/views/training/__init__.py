"""The page "Training": how a network learns, update by update."""

from collections.abc import Callable, Mapping

import streamlit as st

from app import state
from app.figures.training.curves import measure_text
from app.training.plan import Plan
from app.training.run import STORE
from app.views.training import controls, moment, watch
from app.views.training.page import Page

SECTIONS: Mapping[str, Callable[[Page], None]] = {"Watch": watch.render}
FIRST = next(iter(SECTIONS))


def render(open_page: Callable[[str], None]) -> None:
    """Draw the controls, the run, and the section chosen; `open_page` goes to a page by title."""
    st.markdown("### How does the network learn, update by update?")
    try:
        plan = controls.plan_of(state.experiment())
        page = _page(plan)
    except ValueError as error:
        st.error(str(error))
        return
    _say(page)
    page = moment.timeline(page, watch.wanted(page))
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        default=FIRST,
        key="tr",
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
    )
    SECTIONS[section or FIRST](page)
    moment.render(page, open_page)


def _page(plan: Plan) -> Page:
    run = STORE.find(plan)
    begun = plan.begin() if run is None else run.checkpoint(0)
    return Page(plan, plan.task(), run, 0, begun)


def _say(page: Page) -> None:
    """State what the task asks and how far the run is."""
    points = page.run.points() if page.run is not None else []
    st.markdown(f"{page.task.title}: {measure_text(points, page.task, page.plan.settings.length)}")
