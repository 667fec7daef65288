"""What a link asks to be looked at: an unknown node or position is said, a known one is shown."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from app.experiment.link import encode
from app.experiment.presets import PRESETS
from tests.browser.steps import graph, inspector, selected

OpenPage = Callable[..., Page]


def missing(page: Page) -> Locator:
    return page.locator(".ur-missing")


@pytest.mark.parametrize("level", ["operation", "rolled"])
def test_an_unknown_node_and_position_are_said(open_page: OpenPage, level: str) -> None:
    page = open_page(f"?level={level}&sel={quote('<b>h[99]</b>')}&at={quote('f:nonsense[3]')}")
    expect(missing(page)).to_have_text(
        "Position: no step of this graph is called “f:nonsense[3]”; all of it is shown. "
        "Selection: this graph has no “<b>h[99]</b>”; nothing is selected."
    )
    expect(selected(page)).to_have_count(0)
    graph(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(missing(page)).to_be_hidden()


@pytest.mark.parametrize(
    ("at", "sel"),
    [("f:h[99]", "h[2]"), ("b:W_zz", "h[2]"), ("f:h[2]", "h[7]"), ("end", "W_hh h[2]→z[99]#1")],
)
def test_only_what_is_unknown_is_said(open_page: OpenPage, at: str, sel: str) -> None:
    page = open_page(f"?at={quote(at)}&sel={quote(sel)}")
    unknown = at if sel == "h[2]" else sel
    expect(missing(page)).to_contain_text(f"“{unknown}”")
    expect(missing(page)).not_to_contain_text(f"“{sel if unknown == at else at}”")


@pytest.mark.parametrize(
    ("level", "at", "sel"),
    [
        ("operation", "f:h[2]", "W_hh h[2]"),
        ("operation", "b:h[2,1]", "h[2,1]"),
        ("scalar", "f:W_hh h[2]", "h[2]"),
        ("rolled", "f:h[3]", "h[3]"),
        ("operation", "start", "W_hh[1,2]"),
    ],
)
def test_what_is_known_by_this_or_another_level_is_shown(
    open_page: OpenPage, level: str, at: str, sel: str
) -> None:
    page = open_page(f"?level={level}&at={quote(at)}&sel={quote(sel)}")
    expect(selected(page)).to_have_count(1)
    expect(missing(page)).to_be_hidden()


def test_a_step_of_a_long_sequence_that_is_elsewhere_is_not_unknown(open_page: OpenPage) -> None:
    long = encode(PRESETS["sunspots"].experiment)
    page = open_page(f"?e={long}&at=f:h%5B2%5D&sel=h%5B90%5D")
    expect(inspector(page)).to_be_visible()
    expect(missing(page)).to_be_hidden()
