"""What a stranger sees: what this is, what to press, and a network that waits at its start."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.experiment import link, presets
from app.views.explore.sections.introduction import TASK
from tests.browser.steps import enter, experiment_in_address, graph, headline, settled, token

SIZES: list[ViewportSize] = [{"width": 1440, "height": 900}, {"width": 1024, "height": 768}]
CANVAS = "[role=application] canvas"
EDGE = f"""() => {{
  const canvas = document.querySelector('{CANVAS}');
  const {{ width, height }} = canvas;
  const {{ data }} = canvas.getContext("2d").getImageData(0, 0, width, height);
  let count = 0;
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) {{
    const near = x < 4 || y < 4 || x >= width - 4 || y >= height - 4;
    if (near && data[4 * (y * width + x) + 3]) count += 1;
  }}
  return count;
}}"""
"""How many pixels near the edge of the canvas are drawn on: none where all is in view."""
PICTURE = f"() => document.querySelector('{CANVAS}').toDataURL()"


@pytest.mark.parametrize("viewport", SIZES, ids=lambda size: str(size["width"]))
def test_a_first_visit_shows_the_whole_network_at_its_start_and_what_to_press(
    open_page: Callable[..., Page], viewport: ViewportSize
) -> None:
    page = open_page(first_visit=True, viewport=viewport)
    run = page.get_by_role("button", name="Run the network", exact=True)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_count(1)
    for part in (heading, run, graph(page)):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= viewport["height"]
    ways = page.locator(".st-key-ways button").all()
    assert len({way.bounding_box()["y"] for way in ways[:-1]}) == 1  # type: ignore[index]
    value = page.get_by_role("button", name="Value", exact=True)
    expect(value).to_have_attribute("aria-pressed", "true")
    expect(
        page.get_by_text("Start: only the inputs, the weights and the initial state")
    ).to_be_visible()
    page.wait_for_function(f"() => ({EDGE})() === 0")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function(f"() => ({EDGE})() > 0")
    page.get_by_role("button", name="Fit the whole graph").click()
    page.wait_for_function(f"() => ({EDGE})() === 0")
    before = page.evaluate(PICTURE)
    run.click()
    page.wait_for_function(f"before => ({PICTURE})() !== before", arg=before)


def test_a_first_visit_begins_at_the_start_however_late_python_asks_for_it(
    open_page: Callable[..., Page],
) -> None:
    at = open_page(unpacked=True).evaluate(
        """async () => {
          const path = "ui/components/shared/frontend/cursor.js?loaded-early";
          const { cursor } = await import(new URL(path, document.baseURI).href);
          history.replaceState(history.state, "", "/elsewhere?at=start");
          return cursor.get().at;
        }"""
    )
    assert at == "start"


def test_a_link_opens_where_it_points_without_an_introduction(
    open_page: Callable[..., Page],
) -> None:
    token = link.encode(presets.default())
    page = open_page(f"?e={token}&at=f:h[2]")
    expect(page.get_by_role("button", name="Skip the introduction")).to_have_count(0)
    expect(page.get_by_role("button", name="Run the network", exact=True)).to_have_count(0)
    expect(page.get_by_text("computed: state h2")).to_have_count(0)


def test_the_introduction_stays_through_an_edit_and_goes_when_skipped(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(first_visit=True)
    skip = page.get_by_role("button", name="Skip the introduction")
    before = token(page)
    enter(page, "W_hh", 1, 1, "0.5")
    experiment_in_address(page, other_than=before)
    settled(page)
    expect(skip).to_be_visible()
    expect(page.get_by_text(TASK)).to_be_visible()  # it does so with other numbers, too
    skip.click()
    expect(skip).to_have_count(0)
    assert headline(page)["T"] == "3"


def test_a_second_click_on_run_pauses_and_the_keys_of_the_graph_still_work(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(first_visit=True)
    run = page.get_by_role("button", name="Run the network", exact=True)
    place = run.bounding_box()
    assert place is not None
    middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.click(*middle)
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_focused()
    position = page.get_by_label("Position in the computation")
    expect(position).not_to_have_value("0")
    page.mouse.click(*middle)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()
    # What came out is a number there once it is computed.
    loss = page.locator(".st-key-numbers p").first.locator("em").last
    page.keyboard.press("End")
    expect(loss).to_be_visible()
    page.keyboard.press("Home")
    expect(position).to_have_value("0")
    expect(loss).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(position).to_have_value("1")
    page.keyboard.press("2")
    page.wait_for_function("() => new URLSearchParams(location.search).get('level') === 'step'")


def test_the_ways_on_lead_to_their_pages(open_page: Callable[..., Page]) -> None:
    page = open_page(first_visit=True)
    front = page.url
    page.get_by_role("button", name="Why do gradients vanish?").click()
    page.wait_for_url("**/gradient-flow*")
    settled(page)
    assert page.get_by_label("Experiment", exact=True).input_value() == "vanishing"
    page.goto(front)
    page.get_by_role("button", name="Watch one learn").click()
    page.wait_for_url("**/training*")
    expect(page.get_by_role("button", name=re.compile("^(Pause|Run again)$"))).to_be_visible()
    page.goto(front)
    page.get_by_role("button", name="Check my homework").click()
    page.wait_for_url("**/practice*")
    page.goto(front)
    page.get_by_role("button", name="Open my PyTorch weights").click()
    expect(page.get_by_text("save_file(model.state_dict()")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose the file").click()
    assert ".safetensors" in (chooser.value.element.get_attribute("accept") or "")
