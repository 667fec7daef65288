"""The inspector follows the player until a node is pinned; keys reach the player from the page."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from app.experiment.link import encode
from app.experiment.presets import PRESETS
from tests.browser.steps import evaluate, graph, inspector, open_table, selected, settled

OpenPage = Callable[..., Page]


def heading(page: Page) -> Locator:
    return inspector(page).locator("h2 [role=img]")


def pin(page: Page) -> Locator:
    return inspector(page).get_by_role("button", name="Pin", exact=True)


def choose(page: Page, symbol: str) -> None:
    open_table(page).get_by_role("button", name=symbol, exact=True).click()


def position(page: Page) -> str:
    return page.locator(".ur-graph").get_attribute("data-at") or ""


FOUND_BY_POINTING = """(canvas, name) => {
  // All within the page: thousands of a mouse's moves would take a minute.
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const tip = canvas.closest(".ur-graph").querySelector(".ur-tip");
  const isThere = (x, y) => {
    const at = { clientX: x, clientY: y, bubbles: true };
    document.elementFromPoint(x, y)?.dispatchEvent(new PointerEvent("pointermove", at));
    return !tip.hidden && tip.querySelector(".ur-symbol").textContent === name;
  };
  for (let x = left + 8; x < left + width - 8; x += 9)
    for (let y = top + 8; y < top + height - 8; y += 12) {
      if (!isThere(x, y)) continue;
      let [right, bottom] = [x, y]; // from its rim on to its middle
      while (isThere(right + 3, y)) right += 3;
      while (isThere(x, bottom + 3)) bottom += 3;
      return [Math.round((x + right) / 2), Math.round((y + bottom) / 2)];
    }
  return null;
}"""


def point_at(page: Page, name: str) -> tuple[int, int]:
    """Move the mouse upon a node on the canvas, where the view says that it is: that place."""
    canvas = page.locator(".ur-canvas")
    canvas.scroll_into_view_if_needed()
    place = canvas.evaluate(FOUND_BY_POINTING, name)
    assert place, f"{name} is not on the canvas."
    page.mouse.move(*place)
    expect(page.locator(".ur-tip .ur-symbol")).to_have_text(name)
    return place[0], place[1]


def click_node(page: Page, name: str) -> None:
    page.mouse.click(*point_at(page, name))


def test_a_clicked_node_is_shown_and_the_next_step_moves_on(page: Page) -> None:
    graph(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    choose(page, "h_3")
    expect(heading(page)).to_have_attribute("aria-label", "h₃")
    expect(inspector(page)).to_contain_text("not computed yet")
    expect(pin(page)).to_have_attribute("aria-pressed", "false")
    graph(page).focus()
    page.keyboard.press("ArrowRight")
    expect(heading(page)).to_have_attribute("aria-label", "W_hh h₀")
    expect(selected(page)).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(heading(page)).to_have_attribute("aria-label", "z₁")
    expect(page).not_to_have_url(re.compile("sel="))


def test_a_node_clicked_on_the_canvas_gives_way_to_a_player_that_plays(page: Page) -> None:
    click_node(page, "h5")
    expect(heading(page)).to_have_attribute("aria-label", "h₅")
    expect(selected(page)).to_be_visible()
    assert evaluate(page) >= 2  # its equation, and its chain rule
    page.get_by_role("button", name="To the start").click()
    page.get_by_label("Speed").select_option("20")
    page.get_by_role("button", name="Run the network", exact=True).click()
    expect(heading(page)).not_to_have_attribute("aria-label", "h₅")
    expect(heading(page)).to_have_attribute("aria-label", "L")  # at the end


def test_a_pin_holds_the_node_until_escape_wherever_the_focus_is(page: Page) -> None:
    choose(page, "h_3")
    pin(page).click()
    expect(pin(page)).to_have_attribute("aria-pressed", "true")
    expect(pin(page)).to_be_focused()
    graph(page).focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(heading(page)).to_have_attribute("aria-label", "h₃")
    expect(page).to_have_url(re.compile(r"sel=h(\[|%5B)3"))
    box = page.get_by_role("textbox", name="W_hh row 1 column 2", exact=True)
    box.focus()
    page.keyboard.press("Escape")  # there it takes back what was typed
    expect(heading(page)).to_have_attribute("aria-label", "h₃")
    page.get_by_role("button", name="Zoom in").focus()
    page.keyboard.press("Escape")
    expect(heading(page)).to_have_attribute("aria-label", "z₁")
    expect(pin(page)).to_have_attribute("aria-pressed", "false")


def test_the_pin_is_a_key_too_and_passes_to_what_is_chosen_next(page: Page) -> None:
    graph(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("i")
    expect(pin(page)).to_have_attribute("aria-pressed", "true")
    expect(heading(page)).to_have_attribute("aria-label", "W_xh x₁")
    page.keyboard.press("Alt+ArrowRight")
    expect(pin(page)).to_have_attribute("aria-pressed", "true")
    held = heading(page).get_attribute("aria-label") or ""
    assert held != "W_xh x₁"
    page.keyboard.press("ArrowRight")
    expect(heading(page)).to_have_attribute("aria-label", held)
    page.keyboard.press("i")
    page.keyboard.press("ArrowRight")
    expect(heading(page)).not_to_have_attribute("aria-label", held)


def test_an_old_link_with_a_selection_opens_with_it_pinned(open_page: OpenPage) -> None:
    page = open_page("?at=f:h[1]&sel=h[3]")
    expect(heading(page)).to_have_attribute("aria-label", "h₃")
    expect(pin(page)).to_have_attribute("aria-pressed", "true")
    graph(page).focus()
    page.keyboard.press("ArrowRight")
    expect(heading(page)).to_have_attribute("aria-label", "h₃")


def test_the_list_of_keys_stays(page: Page) -> None:
    keys = inspector(page).locator(".ur-keys")
    expect(keys).to_contain_text("one step of the computation")
    choose(page, "W_hh")
    expect(keys).to_contain_text("one step of the computation")
    pin(page).click()
    expect(keys).to_have_count(1)


def test_an_edge_can_be_pinned(open_page: OpenPage) -> None:
    page = open_page("?sel=z[3]→h[3]%230&at=f:h[1]")
    expect(inspector(page)).to_contain_text("Local derivative")
    expect(pin(page)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(heading(page)).to_have_attribute("aria-label", "h₁")


def test_arrows_and_space_play_from_the_page_itself(page: Page) -> None:
    page.evaluate("document.activeElement?.blur()")
    graph(page).wait_for()
    for _ in range(40):  # so far from the end that it still plays when it is looked at
        page.keyboard.press("ArrowLeft")
    label = page.get_by_label("Position in the computation")
    end = int(label.get_attribute("max") or 0)
    expect(label).to_have_value(str(end - 40))
    page.keyboard.press("ArrowRight")
    expect(label).to_have_value(str(end - 39))
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    before = page.evaluate(scrolled)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert page.evaluate(scrolled) == before
    page.locator("[data-testid=stMain]").focus()
    at = label.input_value()
    page.keyboard.press("ArrowLeft")
    expect(label).to_have_value(str(int(at) - 1))


def test_keys_in_a_field_are_not_the_players_and_arrows_on_a_button_are(page: Page) -> None:
    at = position(page)
    page.get_by_role("textbox", name="x step 1 column 1", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Activation φ").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(200)
    assert position(page) == at
    page.get_by_role("button", name="Zoom in").focus()
    page.keyboard.press("ArrowLeft")
    assert position(page) != at


def test_arrows_and_space_play_from_the_page_of_pytorch(open_page: OpenPage) -> None:
    page = open_page("pytorch")
    label = page.get_by_label("Position in the computation")
    label.wait_for()
    settled(page)
    end = int(label.get_attribute("max") or 0)
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(label).to_have_value(str(end - 2))
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_on_the_page_of_pytorch_too_a_node_gives_way_unless_pinned(open_page: OpenPage) -> None:
    page = open_page("pytorch")
    frame = page.locator(".ur-autograd")
    expect(frame).to_have_attribute("data-position", re.compile(r"\d"))
    page.get_by_text("Nodes as a table").click()
    row = page.get_by_role("row", name="TanhBackward0 of h[3]")
    row.get_by_role("button").click()
    expect(frame).to_have_attribute("data-selected", re.compile("h.3"))
    page.get_by_role("application", name="Two graphs.").focus()
    page.keyboard.press("ArrowLeft")
    expect(frame).to_have_attribute("data-selected", "")
    row.get_by_role("button").click()
    button = frame.get_by_role("button", name="Pin", exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.get_by_role("application", name="Two graphs.").focus()
    page.keyboard.press("ArrowLeft")
    expect(frame).to_have_attribute("data-selected", re.compile("h.3"))
    page.get_by_role("button", name="Zoom in").focus()
    page.keyboard.press("Escape")
    expect(frame).to_have_attribute("data-selected", "")


def test_the_first_bad_number_of_numerics_leaves_the_player_where_it_was(page: Page) -> None:
    graph(page).focus()
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.includes('at=')")
    before = position(page)
    page.get_by_role("link", name="Numerics").click()
    section = page.get_by_role("radiogroup", name="Section")
    section.get_by_text("First non-finite number", exact=True).click()
    expect(inspector(page)).to_contain_text("Not a finite number")
    graph(page).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("link", name="Explore").click()
    expect(page.locator(".ur-plot-view")).to_have_count(1)
    settled(page)
    assert position(page) == before
    expect(inspector(page)).to_contain_text("W_xh")


def test_the_mark_of_the_players_step_is_explained_where_it_is_drawn(open_page: OpenPage) -> None:
    page = open_page(f"?e={encode(PRESETS['vanishing'].experiment)}&at=f:h[3]")
    said = page.get_by_text("the player’s step, t = 3.")
    said.scroll_into_view_if_needed()
    expect(page.locator(".ur-plots-band").first).to_be_visible()
    for name, section in (("Gradient flow", "Over time"), ("Without the loop", "Iterate")):
        page.get_by_role("link", name=name).click()
        sections = page.get_by_role("radiogroup", name="Section")
        sections.get_by_text(section, exact=True).click()
        chart = page.locator(".ur-plots-card .js-plotly-plot").first
        chart.wait_for()
        chart.click(position={"x": 200, "y": 80})
        page.wait_for_timeout(300)
        expect(page.locator(".ur-plots-band, .ur-plots-ring")).to_have_count(0)
    page.get_by_role("link", name="Explore").click()
    settled(page)
    expect(page.locator(".ur-graph")).to_have_attribute("data-at", "f:h[3]")
