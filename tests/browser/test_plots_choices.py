"""What can be chosen of the plots, their tables, and how they look."""

import re

import numpy as np
from playwright.sync_api import Page, expect

from app.experiment.link import encode
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.experiment.sources import Numbers, Text, make
from app.experiment.value import Experiment
from tests.browser.charts import (
    GROUPS,
    TALL,
    Opener,
    chart,
    drawing,
    drawn,
    middle_of,
    plots,
)
from tests.browser.steps import address_of, choose_plots, enter, experiment_in_address, token
from tests.experiments import six_steps


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
