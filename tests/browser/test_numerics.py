"""The page Numerics in the browser: its numbers, controls, address, graph, keyboard and axe."""

import ast
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app.experiment import link
from app.experiment.sources import Drawn, Numbers
from app.experiment.value import Experiment
from app.figures.words import short
from app.views.numerics import compute
from rnn_core.precision import outcomes
from tests.browser.steps import address_of, graph, inspector, lines_of_every_node, settled
from tests.browser.test_accessibility import grave_findings
from tests.experiments import six_steps

OpenPage = Callable[..., Page]


@pytest.fixture
def opened(open_page: OpenPage) -> Callable[..., Page]:
    def go(**options: object) -> Page:
        page = open_page("numerics", **options)
        page.get_by_role("heading", name="Why does the naive loss break").wait_for()
        return page

    return go


def choose(page: Page, section: str) -> None:
    page.get_by_role("radiogroup", name="Section").get_by_text(section, exact=True).click()


def test_opens_on_the_case_and_draws_where_it_fails(opened: OpenPage) -> None:
    page = opened()
    expect(page.get_by_text("The naive form gives ∞, the clamped one")).to_be_visible()
    card = page.locator("[data-chart=numerics-forms]")
    expect(card).to_contain_text("a ≤ −709.8: L = ±∞; a ≥ 36.74: L = NaN")
    expect(card.locator("svg.main-svg").first).to_be_visible()
    card.get_by_role("button", name="Stable").click()
    expect(card).to_contain_text("Stable in float64: L = 1000 at a = −1000")
    labels = card.locator(".annotation-text").filter(has_text=re.compile("^[^a]*a [≤≥]"))
    card.get_by_role("button", name="Clamped").click()
    expect(labels).to_have_count(13)
    expect(labels.filter(has_text="a ≥ 745.1")).to_have_count(1)
    assert grave_findings(page) == []


TEXTS_THAT_MEET = """card => {
  const texts = [...card.querySelectorAll(".annotation-text, .textpoint")]
    .filter((text) => text.textContent.trim()).map((text) => [text, text.getBoundingClientRect()]);
  const curves = [...card.querySelectorAll(".xy .js-line, .x2y2 .js-line")]
    .map((line) => [line, line.getBoundingClientRect()]);
  const above = Math.min(...curves.map(([, { top }]) => top));
  const lost = texts.filter(([{ textContent }]) => textContent.includes("="))
    .filter(([text]) => text.closest(".textpoint"));
  const meet = (a, b) => a.left < b.right && b.left < a.right &&
    a.top < b.bottom && b.top < a.bottom;
  return [lost.length, lost.every(([, { bottom }]) => bottom <= above + 1),
    texts.flatMap(([one, a], i) => texts.slice(i + 1).filter(([, b]) => meet(a, b))
      .map(([other]) => `${one.textContent} ${other.textContent}`))];
}"""
"""How many results that are no numbers are named, whether above all curves; which texts meet."""


def test_the_form_chosen_and_its_place_stay_from_loss_to_gradient(opened: OpenPage) -> None:
    page = opened()
    card = page.locator("[data-chart=numerics-forms]")
    stable = card.get_by_role("button", name="Stable")
    stable.click()
    before = stable.bounding_box()
    of = page.get_by_role("radiogroup", name="Quantity")
    of.get_by_text("Gradient ∂L/∂a").click()
    expect(card).to_contain_text("Stable in float64: ∂L/∂a = −1 at a = −1000")
    expect(stable).to_have_attribute("aria-pressed", "true")
    assert stable.bounding_box() == before


def test_on_a_phone_no_text_of_the_forms_touches_another_or_a_curve(opened: OpenPage) -> None:
    page = opened(viewport={"width": 390, "height": 844})
    page.get_by_text("Choose what is shown").click()
    card = page.locator("[data-chart=numerics-forms]")
    for quantity, lost in (("Loss L", "L = ∞"), ("Gradient ∂L/∂a", "∂L/∂a = NaN")):
        page.get_by_role("radiogroup", name="Quantity").get_by_text(quantity).click()
        card.scroll_into_view_if_needed()
        expect(card.locator(".textpoint").filter(has_text=lost)).to_have_count(1)
        assert card.evaluate(TEXTS_THAT_MEET) == [1, True, []]


def test_a_typed_logit_changes_the_stated_numbers_and_stays_in_the_address(
    opened: OpenPage, open_page: OpenPage
) -> None:
    page = opened(color_scheme="dark")
    page.get_by_role("radiogroup", name="Format").get_by_text("float32").click()
    box = page.get_by_role("textbox", name="Logit a")
    box.fill("-1/4")
    box.press("Enter")
    wanted = outcomes("loss", -0.25, 1.0, "float32")[2].value
    expect(page.get_by_text(f"the stable one {short(wanted)}.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]nu_a=-1(/|%2F)4(&|$)"))
    again = open_page(address_of(page), color_scheme="dark")  # the format is written last
    expect(again.get_by_text(f"the stable one {short(wanted)}.")).to_be_visible()
    choose(again, "Derivation")
    expect(again.get_by_text("All 5 lines give it in float32")).to_be_visible()
    assert grave_findings(again) == []


def test_the_graph_goes_to_the_first_bad_number(opened: OpenPage) -> None:
    page = opened()
    choose(page, "First non-finite number")
    run = compute.format_run(six_steps(), "float16", "stable", 100.0, "identity")
    assert run.first is not None
    said = page.get_by_role("alert").filter(has_text="The first number that is not finite is")
    expect(said).to_contain_text(f"{run.first.symbol}, entry 1 at step {run.first.t}")
    graph(page).wait_for()
    expect(inspector(page)).to_contain_text("product, t = 4")
    expect(inspector(page)).to_contain_text("Not a finite number")
    expect(page.get_by_role("status").filter(has_text="no longer a finite number")).to_be_visible()
    page.get_by_role("radiogroup", name="Format").get_by_text("float32").click()
    expect(page.get_by_text("Every number of this run in float32 is finite")).to_be_visible()


def test_the_step_is_moved_with_the_keyboard(opened: OpenPage) -> None:
    page = opened()
    choose(page, "Finite differences")
    slider = page.get_by_role("slider", name="Step h")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    here = compute.quotient_at(1.5, 1.0, -3.3, "float64")
    error = short(float(here.central_error[0]))
    expect(page.get_by_text(f"off by {error} (estimates")).to_be_visible()
    expect(page.locator("[data-chart=numerics-differences]")).to_contain_text("∛ε = 6.055e−6")
    assert grave_findings(page) == []


def test_every_page_says_where_a_run_is_not_finite(open_page: OpenPage) -> None:
    weights = Drawn(scheme="identity", seed=1, hidden=2, spectral_radius=1000.0)
    one = Numbers(values=tuple(((1.0,),) for _ in range(150)), target=(((1.0,),),))
    exploding = Experiment(
        sequence=one, weights=weights, activation="identity", loss="squared_error"
    )
    page = open_page(f"?e={link.encode(exploding)}")
    said = page.get_by_text("Not every number of this run is finite. The first is")
    for name in ("Explore", "Gradient flow", "Without the loop", "PyTorch"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        expect(said).to_have_count(1)
        settled(page)
        expect(page.locator("[data-testid=stException]")).to_have_count(0)


@pytest.mark.parametrize(
    "address",
    ["gradient-flow?gf=Sweep&gs_radii=1e999", "without-the-loop?wl=Chunks&wl_n=inf"],
)
def test_a_number_beyond_all_in_the_address_is_left_out(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.get_by_role("spinbutton").first.wait_for()
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    assert not {"gs_radii", "wl_n"} & set(parse_qs(urlsplit(page.url).query))


class InAFormat(ast.NodeTransformer):
    """Makes numbers of an expression those of a format: NumPy then rounds every result to it."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:  # as ast calls it
        return ast.Call(ast.Name("number", ast.Load()), [node], [])


def evaluated(expression: str, dtype: str) -> float:
    """Return what NumPy gives for a printed line in a format."""
    number = np.dtype(dtype).type
    names: dict[str, Any] = {name: getattr(np, name) for name in ("exp", "log", "log1p", "tanh")}
    names |= {"number": number, "abs": np.abs, "max": np.maximum, "__builtins__": {}}
    names |= {"inf": number("inf"), "nan": number("nan")}
    tree = ast.fix_missing_locations(InAFormat().visit(ast.parse(expression, mode="eval")))
    with np.errstate(all="ignore"):
        return float(eval(compile(tree, "printed", "eval"), names))  # noqa: S307  # our own line


@pytest.mark.parametrize(
    ("form", "dtype", "level"),
    [
        ("naive", "float16", "operation"),
        ("clamped", "float32", "scalar"),
        ("stable", "float16", "scalar"),
    ],
)
def test_the_arithmetic_beside_a_run_is_that_of_its_format(
    open_page: OpenPage, form: str, dtype: str, level: str
) -> None:
    assert evaluated("0.1 + 0.2", "float16") == 0.2998046875  # in float64 it is 0.30000000000000004
    page = open_page(
        f"numerics?nu=First+non-finite+number&nu_rf={dtype}&nu_form={form}&nu_g=1.0&nu_phi=tanh"
    )
    graph(page).focus()
    page.keyboard.press({"operation": "3", "scalar": "4"}[level])
    expect(page.locator(".ur-graph")).to_have_attribute("data-level", level)
    checked, near = 0, []
    for symbol, lines in lines_of_every_node(page).items():
        for line in lines:
            if line.near:
                near.append(line.expression)
            else:
                found = evaluated(line.expression, dtype)
                assert short(found) == short(float(line.value)), f"{symbol}: {line.text}"
            checked += 1
    assert checked > 20
    assert len(near) <= checked / 10, near
