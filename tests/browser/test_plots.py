"""The plots in a real browser: what is drawn, zoom, the marked step, tables and choices."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, expect

from app.experiment.link import encode
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.experiment.sources import Numbers, Text, make
from app.experiment.value import Experiment
from tests.browser.steps import address_of, choose_plots, enter, experiment_in_address, token
from tests.experiments import six_steps

Opener = Callable[..., Page]
GROUPS = ("States", "Pre-activation", "Readout", "Gradients", "Parameters")
TALL = {"width": 1366, "height": 2400}


def plots(page: Page) -> Locator:
    return page.get_by_role("region", name="Plots", exact=True)


def chart(page: Page, name: str) -> Locator:
    return plots(page).locator(f'[data-chart="{name}"]')


def drawing(page: Page, name: str) -> Locator:
    """The drawing of a chart, scrolled to and up to date with the data."""
    found = chart(page, name).locator(".ur-plots-drawing")
    found.scroll_into_view_if_needed()
    expect(found).to_have_attribute("data-version", version(page))
    return found


def version(page: Page) -> str:
    root = page.locator(".ur-plots")
    expect(root).to_have_attribute("data-version", re.compile("."))
    return root.get_attribute("data-version") or ""


def drawn(page: Page, name: str, trace: int, field: str) -> np.ndarray:
    """The numbers that Plotly holds."""
    rows = drawing(page, name).evaluate(
        "(plot, [trace, field]) => { const found = plot.data[trace][field];"
        " return Array.from(found, (row) => row.length === undefined ? row : Array.from(row)); }",
        [trace, field],
    )
    return np.array(rows, dtype=float)


def ranges(page: Page, name: str) -> list[float]:
    found: list[float] = drawing(page, name).evaluate("plot => [...plot.layout.xaxis.range]")
    return found


def drawn_names(page: Page, name: str) -> list[str]:
    found: list[str] = drawing(page, name).evaluate("plot => plot.data.map(({ name }) => name)")
    return found


def band(page: Page, name: str) -> dict[str, float]:
    box: Any = chart(page, name).locator(".ur-plots-band").bounding_box()
    return box  # type: ignore[no-any-return]


def middle_of(page: Page, name: str, t: float) -> tuple[float, float]:
    """Where step t is on the page."""
    x, y = drawing(page, name).evaluate(
        """(plot, t) => {
          const { margin, width, height, xaxis } = plot.layout;
          const box = plot.getBoundingClientRect();
          const [from, to] = xaxis.range;
          const across = width - margin.l - margin.r;
          return [box.left + margin.l + ((t - from) / (to - from)) * across,
                  box.top + margin.t + (height - margin.t - margin.b) / 2];
        }""",
        t,
    )
    return float(x), float(y)


def near(found: float, wanted: float, within: float = 2) -> bool:
    return abs(found - wanted) <= within


def test_what_is_drawn_is_what_the_core_computes(page: Page) -> None:
    trace, grads = trace_of(six_steps()), gradients_of(six_steps())
    np.testing.assert_array_equal(drawn(page, "input", 0, "y"), trace.x[:, 0, 0])
    np.testing.assert_array_equal(drawn(page, "hidden", 0, "z"), trace.h[:, 0].T)
    np.testing.assert_array_equal(drawn(page, "space", 0, "y"), trace.h[:, 0, 1])
    choose_plots(page, "Gradients")
    wanted = np.linalg.norm(grads.h[1:, 0], axis=1)
    np.testing.assert_allclose(drawn(page, "norms", 0, "y"), wanted, rtol=1e-14)


def test_every_group_of_every_kind_of_experiment_is_drawn(open_page: Opener) -> None:
    for name in ("by_hand", "text", "sunspots", "irnn"):
        page = open_page(f"?e={encode(PRESETS[name].experiment)}", viewport=TALL)
        for group in GROUPS:
            choose_plots(page, group)
            for found in plots(page).locator(".ur-plots-drawing").all():
                found.scroll_into_view_if_needed()
                expect(found.locator("svg.main-svg").first).to_be_visible()
        page.close()


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
    expect(veil).to_have_count(0)
    expect(part.locator(".ur-plots-sentence")).to_have_text(re.compile("falls from"))


def test_the_choice_of_plots_is_in_the_address(page: Page, open_page: Opener) -> None:
    chart(page, "hidden").get_by_role("button", name="Lines").click()
    choose_plots(page, "Gradients")
    chart(page, "gradient_maps").get_by_role("button", name="∂L/∂x").click()
    before = token(page)
    enter(page, "x", 3, 1, "0.125")
    experiment_in_address(page, other_than=before)
    page.wait_for_function("() => location.search.includes('plots=Gradients')")
    again = open_page(address_of(page))
    pressed = plots(again).locator("button[aria-pressed=true]:visible")
    expect(pressed).to_have_text(["Gradients", "∂L/∂xt"])
    choose_plots(again, "States")
    expect(pressed).to_have_text(["States", "Lines"])
    again.wait_for_function("() => !location.search.includes('plots=')")


def test_plots_that_an_address_does_not_know_are_the_first(open_page: Opener) -> None:
    page = open_page("?plots=%3Cb%3E&views=hidden:nothing,,:x,space,slope:")
    pressed = plots(page).locator("button[aria-pressed=true]:visible")
    expect(pressed).to_have_text(["States", "Heat map"])
    page.goto(page.url.split("?")[0] + "without-the-loop?plots=Gradients")
    page.locator(".ur-plots-card").first.wait_for()
    expect(page.get_by_role("group", name="Plots of")).to_have_count(0)


def test_a_chart_out_of_view_is_not_drawn(open_page: Opener) -> None:
    page = open_page(viewport={"width": 1100, "height": 500})  # one column
    chart(page, "input").wait_for(state="attached")
    page.wait_for_timeout(500)
    plot = chart(page, "space").locator(".ur-plots-drawing")
    assert plot.get_attribute("data-version") is None
    plot.scroll_into_view_if_needed()
    expect(plot).to_have_attribute("data-version", re.compile("."))


def test_the_table_has_the_numbers_and_copies_all_their_digits(open_page: Opener) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    trace = trace_of(six_steps())
    part = chart(page, "hidden")
    part.get_by_text("Numbers: Hidden states").click()
    rows = part.locator("tbody tr")
    expect(rows).to_have_count(7)
    shown = rows.nth(2).locator("td").all_inner_texts()
    found = [float(text.replace("−", "-")) for text in shown]
    np.testing.assert_allclose(found, trace.h[2, 0], rtol=1e-5)
    part.get_by_role("button", name="Copy as TSV").click()
    expect(part.get_by_role("status")).to_have_text("Copied, all digits")
    text = page.evaluate("navigator.clipboard.readText()")
    lines = [line.split("\t") for line in text.splitlines()]
    assert lines[0] == ["t", "unit 1", "unit 2"]
    copied = np.array([[float(value) for value in line[1:]] for line in lines[1:]])
    np.testing.assert_array_equal(copied, trace.h[:, 0])


def test_the_terms_of_any_number_of_a_parameter_can_be_chosen(open_page: Opener) -> None:
    experiment = PRESETS["parity"].experiment
    grads = gradients_of(experiment)
    page = open_page(f"?e={encode(experiment)}")
    choose_plots(page, "Parameters")
    part = chart(page, "contributions")
    part.get_by_role("button", name="One number").click()
    for name, *index in (("W_hh", 2, 1), ("W_hy", 1, 2), ("b_h", 2), ("b_y", 1), ("W_xh", 1, 1)):
        part.get_by_label("parameter").select_option(name)
        for label, value in zip(("row", "column"), index, strict=False):
            part.get_by_label(label).select_option(str(value))
        place = tuple(i - 1 for i in index)
        wanted = grads.contribution(name)[(slice(None), 0, *place)]
        np.testing.assert_allclose(drawn(page, "contributions", 0, "y"), wanted, rtol=1e-14)
        total = getattr(grads.parameters, name)[place]
        said = f"= {total:.4g}." if abs(total) > 1e-15 else "is 0 up to rounding"
        expect(part.locator(".ur-plots-sentence")).to_contain_text(said.replace("-", "−"))


def test_the_units_of_the_path_can_be_chosen(open_page: Opener) -> None:
    experiment = PRESETS["vanishing"].experiment
    page = open_page(f"?e={encode(experiment)}")
    part = chart(page, "space")
    part.scroll_into_view_if_needed()
    part.get_by_label("across").select_option("3")
    part.get_by_label("up").select_option("0")
    h = trace_of(experiment).h[:, 0]
    np.testing.assert_array_equal(drawn(page, "space", 0, "x"), h[:, 3])
    np.testing.assert_array_equal(drawn(page, "space", 0, "y"), h[:, 0])


def test_the_theme_is_followed(open_page: Opener) -> None:
    lights = []
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        colour = drawing(page, "input").evaluate("plot => plot.layout.paper_bgcolor")
        ground = page.locator(".stApp").evaluate("app => getComputedStyle(app).backgroundColor")
        red = int(colour[1:3], 16)
        assert f"rgb({red}," in ground
        lights.append(red)
    assert lights[0] > 200 > 60 > lights[1]


def test_numbers_in_cells_stand_out_and_those_of_the_key_are_not_under_the_buttons(
    open_page: Opener,
) -> None:
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        for group, name in (("States", "hidden"), ("Pre-activation", "slope")):
            choose_plots(page, group)
            values = drawn(page, name, 1, "customdata")
            low, high, stops, inks = drawing(page, name).evaluate(
                "({ data: [cells, { textfont }] }) =>"
                " [cells.zmin, cells.zmax, cells.colorscale, textfont.color]"
            )
            places = [place for place, _ in stops]
            colours = np.array([rgb(colour) for _, colour in stops], dtype=float)
            at = (values - low) / (high - low)
            fills = np.stack([np.interp(at, places, part) for part in colours.T], axis=1)
            written = np.array([[int(ink[i : i + 2], 16) for i in (1, 3, 5)] for ink in inks])
            lights = np.sort([luminance(fills), luminance(written)], axis=0)
            assert ((lights[1] + 0.05) / (lights[0] + 0.05)).min() > 4.2
            covered = drawing(page, name).evaluate(
                "drawing => [...drawing.querySelectorAll('.cbaxis text')].map((text) => text"
                ".getBoundingClientRect().top - drawing.querySelector('.modebar')"
                ".getBoundingClientRect().bottom)"
            )
            assert covered, "numbers beside the key of colours, below Plotly's buttons"
            assert min(covered) > -1


def rgb(colour: str) -> list[int]:
    return [int(channel) for channel in re.findall(r"\d+", colour)]


def luminance(colours: np.ndarray) -> np.ndarray:
    """Relative luminance as in WCAG 2, of rows of red, green and blue from 0 to 255."""
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def test_characters_of_a_text_are_never_markup(open_page: Opener) -> None:
    hostile = Text(text="<img src=x onerror=alert(1)></script><a href=y>")
    experiment = PRESETS["text"].experiment.replace(sequence=hostile)
    assert isinstance(experiment, Experiment)
    page = open_page(f"?e={encode(experiment)}")
    labels = drawing(page, "input").locator(".xtick text").all_text_contents()
    assert labels[:5] == ["<", "i", "m", "g", "␣"]
    chart(page, "input").get_by_text("Numbers: Input").click()
    expect(chart(page, "input").locator("tbody th").first).to_have_text("1 (<)")
    assert plots(page).locator("img, script, a[href]:not(.modebar-btn)").count() == 0


def test_plotly_writes_numbers_as_everything_else_does(open_page: Opener) -> None:
    numbers = make(Numbers, values=[[[2.5e6]], [[-4e5]], [[0.0]]], target=[[[1.0]]])
    page = open_page(f"?e={encode(six_steps().replace(sequence=numbers))}", viewport=TALL)
    card = drawing(page, "input")
    ticks = card.locator(".ytick text").all_text_contents()
    assert {"0", "1e6", "2e6"} <= set(ticks), ticks
    page.mouse.move(*middle_of(page, "input", 1))
    x, top = middle_of(page, "input", 2)
    box = card.bounding_box()
    assert box is not None
    for y in range(round(top - 60), round(top + 80), 4):
        page.mouse.move(x, y)
        if card.locator(".hovertext").count():
            break
    expect(card.locator(".hovertext")).to_contain_text("−4e5")


def test_each_chart_has_its_sentence_as_its_name(page: Page) -> None:
    for group in GROUPS:
        choose_plots(page, group)
        for part in plots(page).locator(".ur-plots-card").all():
            picture = part.locator(".ur-plots-drawing")
            expect(picture).to_have_attribute("role", "figure")
            name = picture.get_attribute("aria-label") or ""
            assert name.startswith(part.get_attribute("aria-label") or "?")
            assert len(name) > 30
