"""Numbers in the hand: what follows in the browser, before Python has heard of it, and after."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app.experiment import changes, presets
from app.experiment.link import encode
from app.experiment.run import gradients_of, trace_of
from tests.browser.steps import (
    cell,
    experiment_in_address,
    headline,
    open_table,
    selected,
    shown,
)

Opener = Callable[..., Page]
START = presets.PRESETS["spiral"].experiment
CHANGED = changes.with_cell(START, "W_hh", 0, 0, 1.2)  # from 0.9: 30 pixels up
AGREES = 1e-12


def opened(open_page: Opener, query: str = "", **options: object) -> Page:
    page = open_page(f"?e={encode(START)}{query}", **options)
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    return page


@contextmanager
def held(page: Page, *, up: int) -> Iterator[None]:
    """Hold W_hh[1,1] and move it up by some pixels; it is let go at the end."""
    box = cell(page, "W_hh", 1, 1)
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 4 * np.sign(up))  # from here on it is in the hand
    page.mouse.move(x, y - 4 * np.sign(up) - up, steps=5)
    yield
    page.mouse.up()


def every_number(page: Page) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return value and gradient of each node in the table, with all their digits."""
    page.evaluate("window.copied = ''")
    page.get_by_role("button", name="Copy table").evaluate("button => button.click()")
    page.wait_for_function("() => window.copied !== ''")
    lines = page.evaluate("window.copied").split("\n")[1:]
    found = {}
    for name, value, grad in (line.split("\t") for line in lines):
        numbers = [np.array(re.findall(r"[-\d.e+]+", text), float) for text in (value, grad)]
        found[name] = (numbers[0], numbers[1])
    return found


def test_what_follows_from_a_held_number_moves_with_it(open_page: Opener) -> None:
    page = opened(open_page)
    address = page.url
    after = trace_of(CHANGED)
    with held(page, up=30):
        expect(cell(page, "W_hh", 1, 1)).to_have_value("1.2")
        expect(page.locator(".ur-status")).to_contain_text(f"= {shown(after.loss)}.")
        said = headline(page)
        assert said["L"] == shown(after.loss)
        assert said["a"] == shown(after.logits.item())
        assert said["p"] == shown(after.prediction.item())
        assert page.url == address, "Python was asked before the hand let go"
        radius = np.abs(np.linalg.eigvals(CHANGED.parameters().W_hh)).max()
        expect(page.get_by_label("Spectral radius of W_hh")).to_have_attribute(
            "placeholder", shown(radius)
        )
        expect(page.locator(".stMarkdownBadge").first).to_be_hidden()  # "checked when you let go"
    assert experiment_in_address(page, other_than=encode(START)) == CHANGED
    expect(page.locator(".stMarkdownBadge").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    assert experiment_in_address(page, other_than=encode(CHANGED)) == START, "one edit, not many"


def test_python_agrees_with_what_stood_there(open_page: Opener) -> None:
    page = opened(open_page)
    open_table(page)
    graph = page.locator(".ur-graph")
    version = graph.get_attribute("data-version")
    with held(page, up=30):
        expect(cell(page, "W_hh", 1, 1)).to_have_value("1.2")
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
        live = every_number(page)
    expect(graph).not_to_have_attribute("data-version", version or "")
    sent = every_number(page)
    assert live.keys() == sent.keys()
    for name, pair in sent.items():
        for mine, theirs in zip(live[name], pair, strict=True):
            np.testing.assert_allclose(mine, theirs, atol=AGREES, err_msg=name)
    grads = gradients_of(CHANGED)
    np.testing.assert_allclose(live["W_hh"][1], grads.parameters.W_hh.ravel(), atol=AGREES)


def test_escape_gives_the_number_back_and_asks_nothing(open_page: Opener) -> None:
    page = opened(open_page)
    before = headline(page)
    address = page.url
    with held(page, up=-40):
        expect(cell(page, "W_hh", 1, 1)).to_have_value("0.5")
        expect(page.locator(".ur-status")).not_to_contain_text(f"= {before['L']}.")
        page.keyboard.press("Escape")
        expect(cell(page, "W_hh", 1, 1)).to_have_value("0.9")
        expect(page.locator(".ur-status")).to_contain_text(f"= {before['L']}.")
        assert headline(page) == before
    page.wait_for_timeout(300)
    assert page.url == address


def test_alt_and_arrows_move_a_number_and_send_it_once(open_page: Opener) -> None:
    page = opened(open_page)
    cell(page, "W_hh", 1, 1).click()
    page.keyboard.down("Alt")
    for key in ("ArrowUp", "ArrowUp", "ArrowDown", "Shift+ArrowUp", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    after = trace_of(CHANGED)
    expect(page.locator(".ur-status")).to_contain_text(f"= {shown(after.loss)}.")
    page.keyboard.up("Alt")
    assert experiment_in_address(page, other_than=encode(START)) == CHANGED
    # Stepped before the answer to Undo can be there: from 0.9, which it brings, not from 1.2.
    undo = page.get_by_role("button", name="Undo").element_handle()
    cell(page, "W_hh", 1, 1).evaluate(
        """(cell, undo) => {
            const key = { key: "ArrowUp", altKey: true, bubbles: true };
            undo.click();
            cell.dispatchEvent(new KeyboardEvent("keydown", key));
            cell.dispatchEvent(new KeyboardEvent("keyup", { key: "Alt", bubbles: true }));
        }""",
        undo,
    )
    stepped = encode(changes.with_cell(START, "W_hh", 0, 0, 1.0))
    page.wait_for_function("(wanted) => location.search.includes(wanted)", arg=stepped)
    page.get_by_role("button", name="Undo").click()
    assert experiment_in_address(page, other_than=stepped) == START


def test_what_python_refuses_is_given_back(open_page: Opener) -> None:
    """A probability may not leave 0 to 1: the target of a binary loss."""
    page = opened(open_page)
    before = headline(page)
    box = cell(page, "target", 6, 1)
    box.click()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_text(re.compile("expected .* from 0 to 1"))).to_be_visible()
    expect(page.locator(".ur-status")).to_contain_text(f"= {before['L']}.")
    assert headline(page) == before


def test_a_finger_takes_hold_of_the_cell_that_has_the_focus(open_page: Opener) -> None:
    page = opened(open_page)
    box = cell(page, "W_hh", 1, 1)
    assert box.evaluate("cell => getComputedStyle(cell).touchAction") == "manipulation"
    box.click()
    assert box.evaluate("cell => getComputedStyle(cell).touchAction") == "none"
    place = box.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *places: float) -> None:
        points = [{"x": x, "y": at} for at in places]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", y)
    touch("touchMove", y - 30)
    for moved in (40, 50, 60):
        touch("touchMove", y - moved)
    touch("touchEnd")
    changed = experiment_in_address(page, other_than=encode(START))
    assert changed.parameters()["W_hh"][0, 0] > 1


# Where the tip names a node and the pointer says that its number can be held: [x, y] in the page.
FIND = """(wanted) => {
  const canvas = document.querySelector(".ur-canvas");
  const frame = canvas.querySelector("canvas");
  const { left, top, width, height } = frame.getBoundingClientRect();
  const tip = document.querySelector(".ur-tip");
  for (let y = top + 4; y < top + height; y += 2) {
    for (let x = left + 4; x < left + width; x += 8) {
      const place = { clientX: x, clientY: y, bubbles: true, pointerType: "mouse" };
      frame.dispatchEvent(new PointerEvent("pointermove", place));
      const holds = canvas.style.cursor === "ns-resize";
      if (holds && tip.textContent.startsWith(wanted)) return [x, y];
    }
  }
  return null;
}"""


def place_of(page: Page, symbol: str) -> tuple[float, float]:
    page.get_by_role("button", name="Fit").click()
    found: list[float] = page.wait_for_function(FIND, arg=symbol, polling=200).json_value()
    return found[0], found[1]


@pytest.mark.parametrize("level", ["rolled", "operation", "scalar"])
def test_a_given_number_is_held_in_the_graph(open_page: Opener, level: str) -> None:
    page = opened(open_page, f"&level={level}")
    symbol = "W_xh" if level != "scalar" else "W_xh,1,1"
    x, y = place_of(page, symbol.replace("_", ""))
    before = headline(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 4)
    page.mouse.move(x, y + 54, steps=5)
    expect(cell(page, "W_xh", 1, 1)).to_have_value("0.3")
    after = trace_of(changes.with_cell(START, "W_xh", 0, 0, 0.3))
    expect(page.locator(".ur-status")).to_contain_text(f"= {shown(after.loss)}.")
    assert headline(page)["L"] == shown(after.loss) != before["L"]
    page.mouse.up()
    changed = experiment_in_address(page, other_than=encode(START))
    assert changed == changes.with_cell(START, "W_xh", 0, 0, 0.3)
    assert headline(page)["L"] == shown(after.loss)


def test_a_click_counts_however_long_the_button_is_down(open_page: Opener) -> None:
    page = opened(open_page)
    x, y = place_of(page, "Wxh")
    page.mouse.click(x, y, delay=400)
    expect(selected(page)).to_have_count(1)


def test_sideways_a_given_number_moves_the_picture(open_page: Opener) -> None:
    page = opened(open_page)
    x, y = place_of(page, "Wxh")
    picture = "canvas => canvas.toDataURL()"
    canvas = page.locator(".ur-canvas canvas").first
    before = canvas.evaluate(picture)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 3, steps=5)
    page.mouse.up()
    page.mouse.move(5, 5)
    page.wait_for_timeout(200)
    assert canvas.evaluate(picture) != before
    expect(cell(page, "W_xh", 1, 1)).to_have_value("0.8")


def test_a_selected_given_number_is_stepped_by_keys(open_page: Opener) -> None:
    page = opened(open_page, "&level=scalar&sel=W_hh%5B1%2C1%5D")
    page.locator(".ur-stage").focus()
    page.keyboard.down("Alt")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    after = trace_of(CHANGED)
    expect(page.locator(".ur-status")).to_contain_text(f"= {shown(after.loss)}.")
    page.keyboard.up("Alt")
    assert experiment_in_address(page, other_than=encode(START)) == CHANGED
    said = page.get_by_text("W_hh[1,1]: 0.9 → 1.2. Ctrl+Z takes it back.")
    expect(said).to_be_visible()
    page.keyboard.press("Control+z")
    assert experiment_in_address(page, other_than=encode(CHANGED)) == START
    expect(said).to_be_hidden()


def test_from_an_array_that_is_selected_as_a_whole_keys_go_on_to_a_neighbour(
    open_page: Opener,
) -> None:
    page = opened(open_page, "&sel=W_hh")
    heading = page.locator(".ur-inspector h2 [role=img]")
    page.locator(".ur-stage").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(heading).to_have_attribute("aria-label", "W_xh")
    page.keyboard.press("Alt+ArrowUp")
    expect(heading).to_have_attribute("aria-label", "W_hh")
    expect(cell(page, "W_hh", 1, 1)).to_have_value("0.9")
    # Of one entry that is chosen the keys change the number.
    page.get_by_label("entries").select_option("W_hh[1,1]")
    page.locator(".ur-stage").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(cell(page, "W_hh", 1, 1)).to_have_value("1")
