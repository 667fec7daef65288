"""The page "Training": how a network learns, update by update."""

from collections.abc import Mapping

import streamlit as st

from app import state
from app.figures import notation
from app.views.shared import handed_on, heading, told
from app.views.shared.bound import Section, section
from app.views.training.runs.plan import Plan
from app.views.training.runs.reading import READS
from app.views.training.sections import (
    compare,
    controls,
    data,
    files,
    lens,
    moment,
    own,
    text,
    visit,
    watch,
)
from app.views.training.sections.shown import OpenPage, Page

TITLE = "Training"
QUESTION = "How does the network learn, update by update?"

SECTIONS: Mapping[str, Section] = {
    "watch": Section("Watch", watch.render),
    "network": Section("Network", moment.render),
    "one_update": Section("One update", lens.render),
    "compare": Section("Compare", compare.render),
    "text": Section("Text", text.render),
    "data": Section("Data", data.render),
    "files": Section("Files", files.render),
}


def render(open_page: OpenPage) -> None:
    """Draw the controls, the run, and the section chosen."""
    heading.page(QUESTION)
    try:
        plan = controls.plan_of(state.experiment())
        page = None if plan is None else _page(plan, open_page)
    except ValueError as error:
        told.refuse(error)
        return
    finally:
        own.keep()
    compare.keep()
    visit.keep()
    if page is None:
        return
    notation.turn_to(page.plan.cell)
    is_to_begin = handed_on.begins(TITLE) and page.run is None
    if moment.hear(page) or is_to_begin:
        watch.go(page.plan)
        page = _page(page.plan, open_page)
    watch.buttons(page)
    moment.take(page)
    page = moment.timeline(page, watch.wanted(page))
    moment.keep(page)
    offered = _offered(page)
    offered[section("tr", offered)].render(page)


def _offered(page: Page) -> Mapping[str, Section]:
    """Return the sections that can work; say so where another one was asked for."""
    offered = {
        name: one for name, one in SECTIONS.items() if name != "text" or page.task.name in READS
    }
    asked = state.control("tr") or state.remembered("tr").lower()  # also an earlier link's label
    if asked in SECTIONS and asked not in offered:
        state.set_controls({"tr": next(iter(SECTIONS))})
        st.caption(f"This task reads no characters, so it has no section {SECTIONS[asked].title}.")
    return offered


def _page(plan: Plan, open_page: OpenPage) -> Page:
    run = visit.visitor().find(plan)
    begun = plan.begin() if run is None else run.checkpoint(0)
    return Page(plan, plan.task(), run, 0, begun, open_page)
