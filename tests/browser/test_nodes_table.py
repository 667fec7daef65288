"""The graph's table is written where something changed, so whoever is in it stays there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import graph, open_table, selected, table

OpenPage = Callable[..., Page]

# What is written in the rows since the table was watched: rows that came or went, and cells.
WATCH = """rows => {
  const body = rows[0].parentElement;
  const seen = { rows: 0, cells: 0 };
  const watch = new MutationObserver(all => {
    for (const one of all) seen[one.target === body ? "rows" : "cells"] += 1;
  });
  watch.observe(body, { childList: true, characterData: true, subtree: true });
  body.ownerDocument.defaultView.written = () => {
    const found = { ...seen };
    seen.rows = seen.cells = 0;
    return found;
  };
}"""


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


def test_selecting_a_node_writes_nothing_and_leaves_the_focus_where_it_is(page: Page) -> None:
    button = open_table(page).get_by_role("button", name="W_hh", exact=True)
    open_table(page).evaluate_all(WATCH)
    button.focus()
    page.keyboard.press("Enter")
    expect(selected(page)).to_be_visible()
    expect(button).to_be_focused()
    assert page.evaluate("written()") == {"rows": 0, "cells": 0}


def test_a_step_writes_the_cells_that_it_reaches(page: Page) -> None:
    graph(page).focus()
    page.keyboard.press("Home")
    expect(page.get_by_label("Position in the computation")).to_have_value("0")
    before = table(page)
    open_table(page).evaluate_all(WATCH)
    graph(page).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => (window.counts = written()).cells > 0")
    after = table(page)
    assert [*after] == [*before]
    changed = {name for name in after if after[name] != before[name]}
    assert 0 < len(changed) < len(after) / 2
    assert page.evaluate("counts") == {"rows": 0, "cells": len(changed)}
