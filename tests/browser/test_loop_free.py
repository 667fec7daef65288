"""The page "Without the loop" in the browser: numbers, controls, address, keyboard, axe."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from app.experiment.run import trace_of
from app.figures.words import short
from app.views.without_the_loop.compute import solve, ways
from rnn_core import forward
from rnn_core.truncation import WHOLE, truncation_loss
from tests.browser.steps import address_of
from tests.browser.test_accessibility import grave_findings
from tests.experiments import six_steps

OpenPage = Callable[..., Page]


@pytest.fixture
def opened(open_page: OpenPage) -> Callable[..., Page]:
    def go(**options: object) -> Page:
        page = open_page("without-the-loop", **options)
        page.get_by_role("heading", name="Can all steps be computed at once").wait_for()
        return page

    return go


def choose(page: Page, section: str) -> None:
    page.get_by_role("radiogroup", name="Section").get_by_text(section, exact=True).click()


def row(page: Page, name: str) -> Locator:
    """The cells of a table's row."""
    return page.get_by_role("row").filter(has_text=name).first.get_by_role("cell")


def chart(page: Page, key: str) -> Locator:
    return page.locator(f"[data-chart={key}]")


def test_the_table_and_every_drawing_are_there(opened: Callable[..., Page]) -> None:
    page = opened()
    loop = trace_of(six_steps()).loss
    for name, way in (("Loop, as written", "loop"), ("Newton (DEER)", "newton")):
        outcome = ways.result_of(six_steps(), way)
        cells = row(page, name)
        expect(cells.nth(2)).to_have_text(short(loop or 0.0, 6))
        assert outcome.cost is not None
        expect(cells.nth(5)).to_have_text(str(outcome.cost.depth))
    page.get_by_role("button", name="Measure now").click()  # a busy machine waits to be asked
    expect(row(page, "Loop, as written").last).to_have_text("1×")
    drawings = page.locator("[data-chart^=dependency_]")
    expect(drawings).to_have_count(2 + len(ways.WAYS) - 2)  # the point's; two are other loops
    for number in range(drawings.count()):
        drawings.nth(number).scroll_into_view_if_needed()
        expect(drawings.nth(number).locator(".js-plotly-plot, svg.main-svg").first).to_be_visible()
    assert grave_findings(page) == []


def test_cutting_states_the_cosine_that_the_core_computes(opened: Callable[..., Page]) -> None:
    page = opened()
    choose(page, "Chunks")
    box = page.get_by_role("spinbutton", name="Steps between cuts")
    trace = forward(six_steps().parameters(), six_steps().x(), six_steps().target())
    for length in (2, 3):
        box.fill(str(length))
        box.press("Enter")
        (cut,) = truncation_loss(trace, (length,))
        expect(row(page, "all together").nth(1)).to_have_text(short(cut.cosine[WHOLE], 4))
        expect(chart(page, "wl_flow")).to_contain_text(f"{-(-6 // length) - 1} edge")


def test_section_and_controls_come_back_with_the_address(
    opened: Callable[..., Page], open_page: OpenPage
) -> None:
    page = opened()
    choose(page, "Chunks")
    page.get_by_text("Before each loss").click()
    box = page.get_by_role("spinbutton", name="Steps between cuts")
    box.fill("4")
    box.press("Enter")
    expect(row(page, "all together").nth(1)).not_to_have_text("0.9027")
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("wl_n") == ["4"])
    said = row(page, "all together").all_inner_texts()
    again = open_page(address_of(page))
    expect(row(again, "all together").first).to_be_visible()
    assert row(again, "all together").all_inner_texts() == said


def test_iterations_are_stepped_by_keyboard_and_played(opened: Callable[..., Page]) -> None:
    page = opened()
    choose(page, "Iterate")
    played = solve.played_of(six_steps(), "fixed_point", 100, None)
    sentence = chart(page, "wl_iterate").locator(".ur-plots-sentence")
    expect(sentence).to_contain_text("Iteration 0: only the initial state agrees")
    page.get_by_role("slider", name="Iteration").focus()
    page.keyboard.press("ArrowRight")
    expect(sentence).to_contain_text(f"Iteration 1: steps 1 to {played.fronts[1]} agree")
    step = page.get_by_role("button", name="Step", exact=True)
    step.focus()
    page.keyboard.press("Enter")
    expect(sentence).to_contain_text(f"Iteration 2: steps 1 to {played.fronts[2]} agree")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(sentence).to_contain_text("Iteration 6: all 6 steps agree")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(step).to_be_disabled()


@pytest.mark.parametrize(
    ("scheme", "sections"),
    [
        ("light", {"Batch": "wl_padded", "Chunks": "wl_lost", "ReLU": "wl_slopes"}),
        ("dark", {"Linear": "wl_powers", "Iterate": "wl_residual"}),
    ],
)
def test_axe_finds_nothing_serious(
    opened: Callable[..., Page], scheme: str, sections: dict[str, str]
) -> None:
    page = opened(color_scheme=scheme)
    for section, key in sections.items():
        choose(page, section)
        chart(page, key).scroll_into_view_if_needed()
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        assert grave_findings(page) == []


def test_charts_side_by_side_are_drawn_at_one_height(opened: Callable[..., Page]) -> None:
    page = opened(viewport={"width": 1440, "height": 900})
    choose(page, "Linear")
    for left, right in (("wl_tangent", "wl_error"), ("wl_scan", "wl_toeplitz")):
        boxes = []
        for key in (left, right):
            frame = chart(page, key).locator(".ur-plots-frame")
            frame.scroll_into_view_if_needed()
            boxes.append((frame.bounding_box() or {}, chart(page, key).bounding_box() or {}))
        (one, first), (other, second) = boxes
        assert one["x"] != other["x"]
        assert one["y"] - first["y"] == other["y"] - second["y"]  # under words of unequal length
        assert one["height"] == other["height"]


SHADES = """part => getComputedStyle(part).boxShadow.match(/-?[\\d.]+px/g)
  .filter((_, place) => place % 4 === 0).map((length) => parseFloat(length) !== 0)"""
"""Whether a shade lies over the left edge, and over the right one."""


def test_a_table_wider_than_the_page_has_a_shade_where_there_is_more(
    opened: Callable[..., Page],
) -> None:
    page = opened(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    table = page.get_by_role("group", name="Table").filter(has_text="Loop, as written")
    expect(table).to_have_attribute("tabindex", "0")
    assert table.evaluate(SHADES) == [False, True]
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("part => part.scrollLeft > 0", arg=table.element_handle())
    assert table.evaluate(SHADES) == [True, True]
    table.evaluate("part => part.scrollLeft = part.scrollWidth")
    page.wait_for_function(f"part => !({SHADES})(part)[1]", arg=table.element_handle())
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(table).to_have_count(0)  # all of it is seen: no place to stop at
    whole = page.locator("[data-testid=stMarkdownContainer]:has(> table)").first
    page.wait_for_function(
        f"part => !String(({SHADES})(part)).includes(true)", arg=whole.element_handle()
    )
