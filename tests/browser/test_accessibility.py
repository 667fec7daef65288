"""The page for those who use no mouse, or no screen."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.experiment.changes import with_cell
from app.experiment.run import trace_of
from tests.browser.steps import (
    cell,
    expect_headline,
    graph,
    inspector,
    open_table,
    selected,
    shown,
)
from tests.experiments import six_steps

OpenPage = Callable[..., Page]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
GRAVE = {"serious", "critical"}
MOST_TABS = 250


AT_REST = """() =>
  document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning" &&
  !document.querySelector("[data-stale=true]") &&
  !document.getAnimations().some((one) => one instanceof CSSTransition)"""


def grave_findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical, with the elements concerned.

    Not while a run draws anew or what it has drawn fades in, and once more where another may have
    begun meanwhile.
    """
    return _findings(page) and _findings(page)


def _findings(page: Page) -> list[str]:
    page.wait_for_function(AT_REST)
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{found['id']}: {found['help']}: "
        + "; ".join(str(node["html"])[:200] for node in found["nodes"][:5])
        for found in result["violations"]
        if found["impact"] in GRAVE
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    assert grave_findings(page) == []
    open_table(page).get_by_role("button", name="W_hh", exact=True).click()
    cell(page, "W_hh", 1, 1).fill("abc")
    cell(page, "W_hh", 1, 1).press("Enter")
    expect(page.get_by_role("alert").filter(has_text="W_hh row 1")).to_be_visible()
    assert grave_findings(page) == []
    page.get_by_role("button", name="Predict", exact=True).click()
    asking = page.get_by_role("region", name="Predict", exact=True)
    asking.get_by_label("What is asked").select_option("value")
    asking.get_by_role("textbox").first.fill("77")
    asking.get_by_role("button", name="Answer").click()
    expect(asking.get_by_role("status")).to_contain_text("not yet")
    assert grave_findings(page) == []


def test_a_planted_fault_is_found(page: Page) -> None:
    page.evaluate("document.querySelector('main, body').append(document.createElement('button'))")
    assert any(finding.startswith("button-name") for finding in grave_findings(page))


FOCUSABLE = """() => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 1;
  const wanted = "button, input:not([type=file]), select, textarea, summary, [tabindex='0']";
  return [...document.querySelectorAll(`.ur-graph, .ur-editor, .ur-plot-view`)]
    .flatMap((part) => [...part.querySelectorAll(wanted)])
    .filter((element) => seen(element) && !element.disabled && element.tabIndex >= 0)
    .map((element) => (element.dataset.wanted ??= String(Math.random())));
}"""
NAME = """() => {
  const element = document.activeElement;
  return element?.dataset?.wanted ?? null;
}"""


def test_tab_reaches_every_control(page: Page) -> None:
    wanted = set(page.evaluate(FOCUSABLE))
    assert len(wanted) > 40
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        wanted.discard(page.evaluate(NAME))
        if not wanted:
            break
    left = page.evaluate(
        "ids => [...document.querySelectorAll('[data-wanted]')]"
        ".filter(e => ids.includes(e.dataset.wanted)).map(e => e.outerHTML.slice(0, 200))",
        list(wanted),
    )
    assert left == []


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement?.getAttribute('aria-label') ?? ''")
        if name.startswith(label):
            return
    pytest.fail(f"Tab did not reach {label!r}.")


def test_a_run_is_started_and_paused_and_the_sidebar_folded_by_keys(open_page: OpenPage) -> None:
    page = open_page("training?tr_updates=20000")
    page.get_by_role("button", name="Start", exact=True).focus()
    paused = re.compile("^(Start|Continue)$")  # before the first update, or after it
    for now, told in (("Pause", "The run goes on, to 20,000 updates."), (paused, "Paused. ")):
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=now)).to_be_focused()
        expect(page.get_by_role("status").filter(has_text=told)).to_be_attached()
    page.get_by_role("button", name="Reset", exact=True).press("Enter")
    expect(page.get_by_role("status").filter(has_text="Reset: no update")).to_be_attached()
    expect(page.get_by_role("button", name="Start")).to_be_focused()  # Reset is off
    page.get_by_role("button", name="Expand sidebar").focus()
    for now in ("Collapse sidebar", "Expand sidebar"):
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=now)).to_be_focused()
    page.keyboard.press("Shift+Tab")  # over what is folded
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()


def test_editing_stepping_and_inspecting_need_no_mouse(page: Page) -> None:
    tab_to(page, "W_hh row 1 column 2")
    page.keyboard.press("Control+A")
    page.keyboard.type("0.25")
    page.keyboard.press("Enter")
    changed = with_cell(six_steps(), "W_hh", 0, 1, 0.25)
    expect_headline(page, "L", shown(trace_of(changed).loss or 0.0))
    page.keyboard.press("Control+Z")
    expect_headline(page, "L", shown(trace_of(six_steps()).loss or 0.0))

    tab_to(page, "Computational graph.")
    position = page.get_by_label("Position in the computation")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(position).to_have_value("1")
    page.keyboard.press("Enter")
    expect(selected(page)).to_be_visible()
    first = inspector(page).inner_text()
    page.keyboard.press("Alt+ArrowRight")
    expect(inspector(page)).not_to_have_text(first)
    expect(
        page.get_by_role("status").filter(has_text="Selected: W_hh h₁, product, t = 2.")
    ).to_be_attached()
    page.keyboard.press("Escape")
    expect(selected(page)).to_have_count(0)
    for key, level in (("1", "Rolled"), ("2", "Step"), ("4", "Scalar"), ("3", "Operation")):
        page.keyboard.press(key)
        pressed = page.get_by_role("group", name="Level of detail").locator("[aria-pressed=true]")
        expect(pressed).to_have_text(level)
        expect(graph(page)).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("status").filter(has_text="Done")).to_be_visible()


def test_space_plays_and_pauses(page: Page) -> None:
    graph(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_label("Position in the computation")).not_to_have_value("0")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.parametrize("key", ["r", "c", "Escape"])
def test_keys_in_the_graph_do_not_reach_streamlits_own(page: Page, key: str) -> None:
    graph(page).focus()
    page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(graph(page)).to_be_focused()


def test_the_number_in_the_graph_is_also_in_a_table(page: Page) -> None:
    region = page.get_by_role("region", name="Nodes of the graph as a table")
    rows = open_table(page)
    expect(region.get_by_role("columnheader")).to_have_text(["symbol", "value", "gradient"])
    expect(rows.nth(10)).to_be_visible()
