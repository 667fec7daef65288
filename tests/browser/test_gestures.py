"""Wheel and fingers over the graphs scroll the page; with Ctrl, or with two fingers, they zoom."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawn import boxes_on, is_whole, watch
from tests.browser.steps import cell, expect_headline, graph, selected

OpenPage = Callable[..., Page]
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
CANVAS = {"": ".ur-graph .ur-canvas", "pytorch": ".ur-autograd-canvas"}
WATCH_TOP = """() => {
  window.tops = new Set();
  const look = () => {
    window.tops.add(document.querySelector(".ur-stage canvas").getBoundingClientRect().top);
    requestAnimationFrame(look);
  };
  look();
}"""
"""Take note, at each frame, of where the graph stands on the screen."""
PICTURE = "(canvas) => canvas.querySelector('canvas').toDataURL()"


def middle(page: Page, selector: str) -> tuple[float, float]:
    found = page.locator(selector).first
    found.locator("canvas").wait_for()
    page.wait_for_timeout(800)  # the first look at the graph
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"], 500) / 2


def picture(page: Page, selector: str) -> str:
    page.wait_for_timeout(150)  # the frame that draws it
    drawn: str = page.locator(selector).first.evaluate(PICTURE)
    return drawn


@pytest.mark.parametrize("path", ["", "pytorch"])
def test_the_wheel_scrolls_the_page_and_with_ctrl_it_zooms(open_page: OpenPage, path: str) -> None:
    page = open_page(path, viewport={"width": 1024, "height": 600})
    x, y = middle(page, CANVAS[path])
    page.mouse.move(x, y)  # at no node, which would be framed
    before = picture(page, CANVAS[path])
    page.mouse.wheel(0, 200)
    page.wait_for_function(f"() => {SCROLLED} >= 199")
    assert picture(page, CANVAS[path]) == before
    page.mouse.wheel(0, -200)
    page.wait_for_function(f"() => {SCROLLED} === 0")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    assert picture(page, CANVAS[path]) != before
    assert page.evaluate(SCROLLED) == 0
    assert page.evaluate("window.visualViewport.scale") == 1


@pytest.mark.parametrize("path", ["", "pytorch"])
def test_a_mouse_that_drags_moves_the_graph_and_selects_nothing(
    open_page: OpenPage, path: str
) -> None:
    page = open_page(path)
    x, y = middle(page, CANVAS[path])
    before = picture(page, CANVAS[path])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 40, steps=6)
    page.mouse.up()
    page.mouse.move(5, 5)
    moved = picture(page, CANVAS[path])
    assert moved != before
    if not path:
        expect(selected(page)).to_have_count(0)
    page.mouse.move(x, y)
    page.mouse.move(x + 50, y + 50, steps=3)
    page.mouse.move(5, 5)
    assert picture(page, CANVAS[path]) == moved


def touches(session: Any, kind: str, *points: tuple[float, float]) -> None:
    session.send(
        "Input.dispatchTouchEvent",
        {
            "type": kind,
            "touchPoints": [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(points)],
        },
    )


@pytest.mark.parametrize("path", ["", "pytorch"])
def test_one_finger_scrolls_the_page_and_two_pan_and_zoom(open_page: OpenPage, path: str) -> None:
    page = open_page(path, viewport={"width": 390, "height": 844})
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    page.locator(CANVAS[path]).first.scroll_into_view_if_needed()
    x, y = middle(page, CANVAS[path])
    before, start = picture(page, CANVAS[path]), page.evaluate(SCROLLED)
    touches(session, "touchStart", (x, y))
    for k in range(1, 11):
        touches(session, "touchMove", (x, y - 12 * k))
        page.wait_for_timeout(16)
    touches(session, "touchEnd")
    page.wait_for_function(f"() => {SCROLLED} > {start} + 60")
    page.wait_for_timeout(300)
    assert picture(page, CANVAS[path]) == before
    x, y = middle(page, CANVAS[path])
    still = page.evaluate(SCROLLED)
    touches(session, "touchStart", (x - 30, y), (x + 30, y))
    for k in range(1, 7):
        touches(session, "touchMove", (x - 30 - 6 * k, y - 5 * k), (x + 30 + 6 * k, y - 5 * k))
        page.wait_for_timeout(16)
    touches(session, "touchEnd")
    assert picture(page, CANVAS[path]) != before
    assert page.evaluate(SCROLLED) == still
    assert page.evaluate("window.visualViewport.scale") == 1
    session.detach()


def test_what_is_typed_into_a_clicked_cell_replaces_its_number(page: Page) -> None:
    box = cell(page, "W_hh", 1, 1)
    for typed, way in enumerate(("click", "Tab, click", "Tab", "click twice, slowly")):
        if way.startswith("Tab"):
            cell(page, "W_xh", 2, 1).focus()
            page.keyboard.press("Tab")
            expect(box).to_be_focused()
        if "click" in way:
            box.click()
        if "twice" in way:
            page.wait_for_timeout(700)
            box.click()
        page.keyboard.type(f"{typed}")
        expect(box).to_have_value(f"{typed}")
        page.keyboard.press("Enter")
        expect(box).to_have_value(f"{typed}")


def test_a_double_click_places_the_caret(page: Page) -> None:
    box = cell(page, "W_hh", 1, 2)
    box.dblclick()
    at = box.evaluate("box => [box.selectionStart, box.selectionEnd, box.value.length]")
    assert at[0] == at[1]
    page.keyboard.press("End")
    page.keyboard.type("5")
    expect(box).to_have_value("-0.65")
    box.click()  # while it is edited a click places the caret
    at = box.evaluate("box => [box.selectionStart, box.selectionEnd]")
    assert at[0] == at[1]
    page.keyboard.press("Escape")
    expect(box).to_have_value("-0.6")


def test_a_clicked_size_is_replaced_by_what_is_typed(page: Page) -> None:
    size = page.get_by_label("T, time steps")
    size.click()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect_headline(page, "T", "9")
    graph(page).wait_for()


def test_a_click_anywhere_on_a_box_selects_its_node(open_page: OpenPage) -> None:
    page = open_page("?at=end", first_visit=True)  # all of it is seen: nothing moves
    heading = page.locator(".ur-inspector h2 [role=img]")
    canvas = page.locator(CANVAS[""]).locator("canvas").first
    watch(page)
    page.get_by_role("button", name="Both", exact=True).click()  # other sizes, other places
    boxes = [box for box in boxes_on(page) if is_whole(box)][::3]
    assert len(boxes) >= 9
    page.evaluate(WATCH_TOP)
    near_corners = []
    for share in (0.06, 0.94):
        for box in boxes:
            x, y = (
                box[first] + share * (box[last] - box[first])
                for first, last in (("left", "right"), ("top", "bottom"))
            )
            before = heading.get_attribute("aria-label") or ""
            canvas.click(position={"x": x, "y": y})
            expect(heading).not_to_have_attribute("aria-label", before)
            near_corners.append(heading.get_attribute("aria-label"))
    one, other = near_corners[: len(boxes)], near_corners[len(boxes) :]
    assert one == other
    assert len(set(one)) == len(boxes)
    tops = page.evaluate("window.tops.size")
    assert tops == 1, "the graph jumps while Python looks at what was selected"
    page.close()  # it draws otherwise than others
