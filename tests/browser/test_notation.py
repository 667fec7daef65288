"""Whose names the symbols have, on the screen: graph, inspector, table, fields and tooltips."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from rnn_core import CELLS
from rnn_core.cells import NOTATIONS
from tests.app.test_notation_on_the_graph import left
from tests.browser.steps import inspector, open_table, settled
from tests.browser.test_symbols import UNSAID

OpenPage = Callable[..., Page]
FORMULAS = """() => Array.from(
  document.querySelectorAll('[data-testid=stMain] annotation[encoding="application/x-tex"]'),
  (each) => each.textContent,
)"""

SCROLLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def ours_in(page: Page, name: str) -> list[str]:
    """Return the symbols of ours that a page's formulas still have in a notation."""
    formulas = page.evaluate(FORMULAS)
    assert formulas
    return [each for latex in formulas for each in left(latex, CELLS["elman"], NOTATIONS[name])]


def test_all_of_explore_follows_the_notation_asked_for_and_the_other_pages_do(
    open_page: OpenPage,
) -> None:
    page = open_page("?notation=goodfellow&sel=W_hh&pinned=1")
    expect(inspector(page).get_by_role("heading", name="W", exact=True)).to_be_visible()
    expect(page.get_by_role("table", name="U", exact=True)).to_be_visible()
    assert ours_in(page, "goodfellow") == []
    count, unsaid = page.evaluate(UNSAID)
    assert count > 50
    assert unsaid == []
    settled(page)
    control = page.get_by_role("combobox", name="Notation")
    control.scroll_into_view_if_needed()
    page.evaluate(SCROLLED)  # which would close the list
    control.press("ArrowDown")
    page.get_by_role("option", name="d2l").click()
    page.wait_for_url(re.compile("notation=d2l"))
    expect(page.get_by_role("table", name="W_hhᵀ")).to_be_visible()
    settled(page)
    cells = open_table(page)
    row = page.get_by_role("row", name=re.compile(r"^W_hh "))
    expect(row).to_contain_text("[[0.9, 0.6], [−0.6, 0.9]]")
    expect(cells.first).to_be_visible()
    assert ours_in(page, "d2l") == []
    page.get_by_role("link", name="Practice").first.click()
    page.locator(".ur-sheet-formulas .katex").first.wait_for()
    page.wait_for_url(re.compile("notation=d2l"))
    assert ours_in(page, "d2l") == []
