"""The plots in a real browser: what is drawn, zoom, the marked step."""

import re
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, expect

from app.experiment.link import encode
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from tests.browser.charts import (
    GROUPS,
    TALL,
    Opener,
    band,
    chart,
    drawing,
    drawn,
    drawn_names,
    middle_of,
    near,
    plots,
    ranges,
    version,
)
from tests.browser.steps import choose_plots, enter, experiment_in_address, settled, token
from tests.experiments import six_steps


def test_what_is_drawn_is_what_the_core_computes(page: Page) -> None:
    trace, grads = trace_of(six_steps()), gradients_of(six_steps())
    np.testing.assert_array_equal(drawn(page, "input", 0, "y"), trace.x[:, 0, 0])
    np.testing.assert_array_equal(drawn(page, "hidden", 0, "z"), trace.h[:, 0].T)
    np.testing.assert_array_equal(drawn(page, "space", 0, "y"), trace.h[:, 0, 1])
    choose_plots(page, "Gradients")
    wanted = np.linalg.norm(grads.h[1:, 0], axis=1)
    np.testing.assert_allclose(drawn(page, "norms", 0, "y"), wanted, rtol=1e-14)


def test_every_group_of_every_kind_of_experiment_is_drawn(open_page: Opener) -> None:
    page = open_page(viewport=TALL)
    for name in ("by_hand", "text", "sunspots", "irnn"):
        page.goto(re.sub(r"\?.*", f"?e={encode(PRESETS[name].experiment)}", page.url))
        settled(page)
        for group in GROUPS:
            choose_plots(page, group)
            for found in plots(page).locator(".ur-plots-drawing").all():
                found.scroll_into_view_if_needed()
                expect(found.locator("svg.main-svg").first).to_be_visible()


def test_group_view_and_zoom_survive_an_edit(page: Page) -> None:
    chart(page, "hidden").get_by_role("button", name="Lines").click()
    drawing(page, "hidden")
    x, y = middle_of(page, "hidden", 2)
    to, _ = middle_of(page, "hidden", 5)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to, y + 2, steps=5)
    page.mouse.up()
    zoomed = ranges(page, "hidden")
    assert near(zoomed[0], 2, 0.1)
    assert near(zoomed[1], 5, 0.1)
    assert ranges(page, "input") == zoomed
    before = token(page)
    shown = int(version(page))
    enter(page, "x", 3, 1, "0.125")
    edited = experiment_in_address(page, other_than=before)
    expect(page.locator(".ur-plots")).not_to_have_attribute("data-version", str(shown))
    np.testing.assert_array_equal(drawn(page, "hidden", 0, "y"), trace_of(edited).h[:, 0, 0])
    assert ranges(page, "hidden") == zoomed
    page.mouse.dblclick(*middle_of(page, "hidden", 3))
    page.wait_for_function(
        "() => [...document.querySelectorAll('.ur-plots-drawing')]"
        ".slice(0, 2).every((plot) => plot.layout.xaxis.range[0] === -0.5)"
    )


def test_the_marked_step_follows_the_player_without_the_server(page: Page) -> None:
    drawing(page, "hidden")
    drawing(page, "input")
    count_messages(page)
    stage = page.locator(".ur-graph .ur-stage")
    stage.focus()
    page.keyboard.press("Home")
    for step in (1, 2, 3):
        while True:
            at = page.locator(".ur-graph").get_attribute("data-at") or ""
            if at == f"f:h[{step}]":
                break
            page.keyboard.press("ArrowRight")
        for name in ("input", "hidden"):
            x, _ = middle_of(page, name, step)
            box = band(page, name)
            assert near(box["x"] + box["width"] / 2, x)
    assert page.evaluate("window.sent") == 0
    ring: Any = chart(page, "space").locator(".ur-plots-ring").bounding_box()
    assert ring["width"] > 0


def test_a_click_on_a_step_moves_the_player_there(page: Page) -> None:
    page.mouse.click(*middle_of(page, "hidden", 3))
    expect(page.locator(".ur-graph")).to_have_attribute("data-at", "f:h[3]")
    choose_plots(page, "Gradients")
    covered(page, "norms").click()
    page.mouse.click(*middle_of(page, "norms", 2))
    expect(page.locator(".ur-graph")).to_have_attribute("data-at", "b:h[2]")


def covered(page: Page, name: str) -> Locator:
    """The button on the cover of a chart of gradients."""
    return chart(page, name).get_by_role("button", name="To the end")


def go(page: Page, *keys: str) -> None:
    page.locator(".ur-graph .ur-stage").focus()
    for key in keys:
        page.keyboard.press(key)


def count_messages(page: Page) -> None:
    """From now on `window.sent` counts what the page sends to the server."""
    page.evaluate(
        """() => {
          const send = WebSocket.prototype.send;
          window.sent = 0;
          WebSocket.prototype.send = function (...data) {
            window.sent += 1;
            return send.apply(this, data);
          };
        }"""
    )


def test_no_gradient_is_visible_before_the_loss(open_page: Opener) -> None:
    page = open_page("?at=f:h[2]", viewport=TALL)
    choose_plots(page, "Readout")
    sentence = chart(page, "readout").locator(".ur-plots-sentence")
    expect(sentence).to_contain_text("the loss is")
    expect(sentence).not_to_contain_text("∂")
    assert drawn_names(page, "readout").count("slope") == 0
    for group, names in (
        ("Gradients", ("norms", "gradient_maps")),
        ("Parameters", ("parameters", "contributions")),
    ):
        choose_plots(page, group)
        for name in names:
            part = chart(page, name)
            expect(covered(page, name)).to_be_visible()
            for hidden in (".ur-plots-sentence", ".ur-plots-drawing", "summary"):
                expect(part.locator(hidden)).to_be_hidden()
    page.locator("[data-chart=contributions] .ur-plots-drawing[data-version]").wait_for(
        state="attached"
    )
    count_messages(page)
    covered(page, "contributions").click()
    expect(page.locator(".ur-graph")).to_have_attribute("data-at", "end")
    expect(chart(page, "contributions").locator(".ur-plots-drawing")).to_be_visible()
    expect(covered(page, "parameters")).to_be_hidden()
    assert page.evaluate("window.sent") == 0
    choose_plots(page, "Readout")
    expect(sentence).to_contain_text("at slope ∂l/∂a")
    assert drawn_names(page, "readout").count("slope") == 1


def test_on_the_way_back_only_the_steps_reached_are_shown(page: Page) -> None:
    choose_plots(page, "Gradients")
    part = chart(page, "norms")
    drawing(page, "norms")
    part.get_by_text("Numbers: Length of the gradient").click()
    veil = part.locator(".ur-plots-veil")
    expect(veil).to_have_count(0)
    expect(part.locator("tbody tr")).to_have_count(6)
    page.mouse.click(*middle_of(page, "norms", 4))
    expect(page.locator(".ur-graph")).to_have_attribute("data-at", "b:h[4]")
    expect(part.locator(".ur-plots-sentence")).to_have_text(re.compile("so far: t ≥ 4"))
    expect(part.locator("tbody th")).to_have_text(["4", "5", "6"])
    box: Any = veil.bounding_box()
    x, _ = middle_of(page, "norms", 3.5)
    assert near(box["x"] + box["width"], x)
    go(page, "End")
    part.scroll_into_view_if_needed()  # the graph's focus has moved it away, where it rests
    expect(veil).to_have_count(0)
    expect(part.locator(".ur-plots-sentence")).to_have_text(re.compile("falls from"))


def test_a_chart_out_of_view_is_not_drawn(open_page: Opener) -> None:
    page = open_page(viewport={"width": 1100, "height": 500})  # one column
    chart(page, "input").wait_for(state="attached")
    page.wait_for_timeout(500)
    plot = chart(page, "space").locator(".ur-plots-drawing")
    assert plot.get_attribute("data-version") is None
    plot.scroll_into_view_if_needed()
    expect(plot).to_have_attribute("data-version", re.compile("."))
