"""The way to another page: by links, and by Back and Forward in quick succession."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, ViewportSize, expect

from app.experiment import link
from app.experiment.presets import PRESETS
from tests.browser.steps import cell, enter, experiment_in_address, settled, token
from tests.experiments import six_steps

AN_EDIT_ON_THE_WAY = """async () => {
  // Both in one moment: until the page has come, Streamlit would ask for the one before again.
  [...document.querySelectorAll("a")].find((link) => link.textContent === "Training").click();
  document.querySelector("[aria-label='Increase T steps']").click();
}"""


def test_what_is_told_on_the_way_to_another_page_neither_stops_it_nor_is_lost(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("")
    known = token(page)
    page.evaluate(AN_EDIT_ON_THE_WAY)
    expect(page.get_by_role("heading", level=1)).to_contain_text("How does the network learn")
    settled(page)
    assert experiment_in_address(page, other_than=known).sizes[0] == six_steps().sizes[0] + 1


TABS = 4
TIMES = 10  # in each: forty in all
LOW: ViewportSize = {"width": 1024, "height": 240}  # charts out of sight are not drawn
BACK_AND_FORWARD = """async () => {
  // The second step may be lost to the first: one more back from there would leave the app.
  if (location.pathname.endsWith("numerics")) {
    history.back();
    await new Promise((go) => setTimeout(go, 30));
  }
  history.forward();
}"""
SHOWS_WHERE_IT_IS = """() => {
  const heads = { "gradient-flow": "Why do gradients vanish", numerics: "Why does the naive loss" };
  const app = document.querySelector("[data-testid=stApp]");
  const head = document.querySelector("h1")?.textContent ?? "";
  const page = location.pathname.split("/").at(-1);
  return app.dataset.testScriptState === "notRunning" && head.startsWith(heads[page]);
}"""


def test_back_and_forward_in_quick_succession_leave_every_tab_alive(
    open_page: Callable[..., Page],
) -> None:
    tabs = [open_page("gradient-flow", viewport=LOW) for _ in range(TABS)]
    for tab in tabs:
        tab.get_by_role("link", name="Numerics").click()
        tab.wait_for_url("**/numerics*")
    for _ in range(TIMES):
        for tab in tabs:
            tab.wait_for_function(SHOWS_WHERE_IT_IS)
            tab.evaluate(BACK_AND_FORWARD)
        for tab in tabs:
            tab.wait_for_function(SHOWS_WHERE_IT_IS)
            assert tab.get_by_test_id("stException").count() == 0
    for number, tab in enumerate(tabs, start=1):
        settled(tab)
        before = token(tab)
        enter(tab, "x", 1, 1, str(number / 8))
        edited = experiment_in_address(tab, other_than=before)
        assert edited.x()[0, 0, 0] == number / 8
        expect(cell(tab, "x", 1)).to_have_value(f"{number / 8:g}")


def test_the_level_stays_while_another_page_is_looked_at(open_page: Callable[..., Page]) -> None:
    page = open_page(f"?e={link.encode(PRESETS['gates'].experiment)}&at=start")
    step = page.get_by_role("button", name="Step", exact=True)
    step.click()
    expect(page).to_have_url(re.compile("level=step"))
    page.get_by_role("link", name="Gradient flow").click()
    expect(page).to_have_title("Gradient flow · Unrolled")
    page.get_by_role("link", name="Explore").click()
    expect(step).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("at=start.*level=step"))
