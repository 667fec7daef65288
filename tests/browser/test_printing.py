"""What is printed: the page without what it is run by, and the graph as it is on the screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import graph

DRAWN = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((_, place) => place % 4 === 3).reduce((sum, opaque) => sum + opaque, 0);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_printed_page_has_the_graph_and_nothing_to_press(
    open_page: Callable[..., Page], scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).to_be_visible()
    expect(page.locator(".ur-printed")).to_have_count(0)
    shown = graph(page).locator(".ur-canvas canvas")
    on_screen = shown.evaluate(DRAWN)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme=scheme)  # in this order, as a browser does it
    copy = graph(page).locator(".ur-printed")
    expect(copy).to_be_visible()
    assert copy.evaluate(DRAWN) >= 0.9 * on_screen > 0  # pictures of nodes may come meanwhile
    expect(sidebar).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    dark = page.locator("[data-ur-dark]")
    expect(dark).to_have_count(int(scheme == "dark"))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen", color_scheme=scheme)
    expect(page.locator(".ur-printed")).to_have_count(0)
    expect(sidebar).to_be_visible()
