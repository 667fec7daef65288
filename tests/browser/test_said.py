"""What the graph says: in its nodes, in equations, in the live region, and when translated."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from app.experiment.changes import with_cell
from app.experiment.link import encode
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.figures.words import short
from tests.browser.steps import enter, evaluates_to, graph, inspector, open_table
from tests.browser.test_pinning import click_node, point_at
from tests.experiments import six_steps

OpenPage = Callable[..., Page]


def status(page: Page) -> Locator:
    return page.locator(".ur-graph .ur-status")


def at(page: Page, place: str) -> None:
    expect(page.locator(".ur-graph")).to_have_attribute("data-at", place)


def numbers(values: np.ndarray) -> str:
    return f"[{', '.join(short(float(value), 4) for value in values)}]"


def test_the_live_region_says_the_result_of_each_step_and_of_an_edit(page: Page) -> None:
    trace, grads = trace_of(six_steps()), gradients_of(six_steps())
    expect(status(page)).to_have_attribute("aria-live", "polite")
    expect(status(page)).to_contain_text(f"L = {short(trace.loss or 0.0, 4)}")
    graph(page).focus()
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    at(page, "f:h[1]")
    expect(status(page)).to_have_text(f"t = 1, forward: h1 = tanh(z1) = {numbers(trace.h[1, 0])}")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    while (page.locator(".ur-graph").get_attribute("data-at") or "") != "b:h[3]":
        page.keyboard.press("ArrowLeft")
    expect(status(page)).to_contain_text(f" = {numbers(grads.h[3, 0])}")
    page.keyboard.press("End")
    before = status(page).inner_text()
    enter(page, "x", 1, 1, "0.25")
    expect(status(page)).not_to_have_text(before)
    expect(status(page)).to_contain_text("L = ")


def test_a_player_that_plays_says_nothing_until_it_rests(page: Page) -> None:
    graph(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(status(page)).to_have_attribute("aria-live", "off")
    page.keyboard.press("Space")
    expect(status(page)).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("level", ["rolled", "step", "operation"])
def test_the_result_that_is_said_is_that_of_the_step(open_page: OpenPage, level: str) -> None:
    trace, grads = trace_of(six_steps()), gradients_of(six_steps())
    page = open_page(f"?level={level}&at=f:h[3]")
    expect(status(page)).to_contain_text(f" = {numbers(trace.h[3, 0])}")
    page = open_page(f"?level={level}&at=b:h[3]")
    expect(status(page)).to_contain_text(f" = {numbers(grads.h[3, 0])}")


def test_the_result_that_is_said_is_the_one_in_the_inspector(open_page: OpenPage) -> None:
    """The last number of every sentence, forward and back, of scalars."""
    page = open_page("?level=scalar")
    found = page.locator(".ur-graph").evaluate(SENTENCES)
    assert len(found) > 100
    for sentence, value in found:
        result, *answer = sentence.split(". The network says ")  # where the pass turns
        assert re.sub(r"\s", "", result).endswith(re.sub(r"\s", "", value)), (sentence, value)
        assert not answer or "forward: L = " in result


SENTENCES = """(root) => {
  const stage = root.querySelector(".ur-stage");
  const press = (key) => stage.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const seen = [];
  press("Home");
  for (let k = 0; k < 400; k += 1) {
    press("ArrowRight");
    const { at } = root.dataset;
    if (at === "end") break;
    press("Enter");
    const facts = [...root.querySelectorAll(".ur-inspector .ur-facts dd .ur-number")];
    const cell = facts[at.startsWith("f:") ? 0 : 1];
    const sentence = root.querySelector(".ur-status").textContent;
    if (cell && !/no longer|used|∂L\\/∂L/.test(sentence)) {
      const shown = Number(cell.textContent.replace("−", "-")).toPrecision(4);
      seen.push([sentence, String(Number(shown)).replace("-", "−")]);
    }
  }
  return seen.filter(([, value]) => !value.includes("e"));
}"""


def test_hovering_a_node_says_symbol_value_and_gradient(page: Page) -> None:
    trace, grads = trace_of(six_steps()), gradients_of(six_steps())
    place = point_at(page, "h5")
    tip = page.locator(".ur-tip")
    expect(tip).to_contain_text("hidden state")
    expect(tip).to_contain_text(numbers(trace.h[5, 0]))
    expect(tip).to_contain_text(numbers(grads.h[5, 0]))
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    point_at(page, "h5")
    page.mouse.click(*place)  # the inspector says it then, and its neighbours can be seen
    expect(tip).to_be_hidden()


def test_the_rolled_network_writes_the_step_that_each_node_shows(open_page: OpenPage) -> None:
    page = open_page(f"?level=rolled&at=f:h[3]&e={encode(PRESETS['text'].experiment)}")
    at(page, "f:h[3]")
    expect(inspector(page)).to_contain_text("hidden state, t = 3")
    for symbol in ("h3", "x3"):
        click_node(page, symbol)
        page.mouse.move(5, 5)
    expect(inspector(page)).to_contain_text("input, t = 3, “␣”")  # "to be or not to be"
    page.mouse.move(5, 5)
    graph(page).focus()
    while (page.locator(".ur-graph").get_attribute("data-at") or "") != "f:h[4]":
        page.keyboard.press("ArrowRight")
    click_node(page, "h4")


def test_a_character_is_written_in_its_input(open_page: OpenPage) -> None:
    page = open_page(f"?sel=x[2]&at=f:h[2]&e={encode(PRESETS['text'].experiment)}")
    expect(inspector(page)).to_contain_text("input, t = 2, “o”")


def of_every_step(steps: int, loss: str = "binary_cross_entropy") -> Experiment:
    parity = PRESETS["parity"].experiment
    sequence = parity.sequence
    values = (sequence.values * steps)[:steps]  # type: ignore[union-attr]
    target = (sequence.target * steps)[:steps]  # type: ignore[union-attr,operator]
    longer = sequence.model_copy(update={"values": values, "target": target})
    return parity.replace(sequence=longer, loss=loss)


@pytest.mark.parametrize("level", ["rolled", "operation"])
def test_the_loss_of_every_step_is_written_short_and_whole_on_demand(
    open_page: OpenPage, level: str
) -> None:
    page = open_page(f"?level={level}&sel=L&e={encode(of_every_step(40))}")
    line = inspector(page).locator(".ur-line").first
    brief = line.locator(".ur-line-brief")
    expect(brief).to_contain_text("…")
    assert len(brief.inner_text()) < 260
    expect(line.locator("code")).to_be_hidden()
    line.get_by_role("button", name="all terms").click()
    expect(line.locator("code")).to_be_visible()
    assert evaluates_to(*line.locator("code").inner_text().rsplit(" = ", 1))
    assert line.locator("code").inner_text().count("+") >= 39
    cut = inspector(page).evaluate(
        """(panel) => [...panel.querySelectorAll(".katex, .ur-line, dd")].filter((part) => {
          const scroller = part.closest(".ur-wide, .ur-scroll, dd") ?? panel;
          const room = scroller === panel || getComputedStyle(scroller).overflowX === "visible";
          return room && part.getBoundingClientRect().right > panel.getBoundingClientRect().right;
        }).map((part) => part.textContent.slice(0, 80))"""
    )
    assert cut == []


def test_every_symbol_fits_into_its_box(open_page: OpenPage) -> None:
    wide = open_page(unpacked=True).evaluate(
        """async () => {
          const at = (path) => new URL(path, document.baseURI).href;
          const { symbolWidth } = await import(at("ui/components/graph_view/frontend/symbol.js"));
          const { boxOf } = await import(at("ui/components/graph_view/frontend/boxes.js"));
          const names = ["W_{hh,12,10}\\\\,h_{100,10}", "W_{hh}\\\\,h_{5000}", "h_{12}", "L"];
          return names.map((latex) => [
            latex, symbolWidth(latex, 17), boxOf({ latex, shape: [] }).width,
          ]);
        }"""
    )
    for latex, symbol, box in wide:
        assert symbol + 6 <= box, latex


def test_equations_numbers_and_badges_are_not_translated(page: Page) -> None:
    translated = """() => {
      const kept = (node) => {
        for (let part = node; part; part = part.parentElement)
          if (part.translate === false) return true;
        return false;
      };
      const wanted = ".katex, .st-key-numbers code, .stMarkdownBadge, .ur-number, .ur-line code, " +
        ".ur-table td, .ur-e-grid input, .ur-plots-table td, .js-plotly-plot text, .ur-symbol";
      return [...document.querySelectorAll(wanted)].filter((node) => !kept(node))
        .map((node) => node.outerHTML.slice(0, 120));
    }"""
    open_table(page).get_by_role("button", name="W_hh", exact=True).click()
    expect(page.locator(".stMarkdownBadge")).not_to_have_count(0)
    page.locator(".ur-plots-drawing").first.scroll_into_view_if_needed()
    page.locator(".js-plotly-plot").first.wait_for()
    page.wait_for_function(f"() => ({translated})().length === 0")
    # As a translator does with what it may: each text goes into an element of its own.
    page.evaluate(TRANSLATE)
    enter(page, "x", 1, 1, "0.25")
    loss = trace_of(with_cell(six_steps(), "x", 0, 0, 0.25)).loss or 0.0
    expect(page.locator(".st-key-numbers")).to_contain_text(short(loss, 4))
    badge = page.locator(".stMarkdownBadge:visible").filter(has_text="PyTorch")
    expect(badge).to_have_count(1)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


TRANSLATE = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    let part = text.parentElement;
    if (/^(SCRIPT|STYLE|OPTION|TEXTAREA)$/.test(part.tagName) || !text.textContent.trim()) continue;
    while (part && part.translate) part = part.parentElement;
    if (part) continue;
    const font = document.createElement("font");
    font.textContent = `ü ${text.textContent}`;
    text.replaceWith(font);
  }
}"""


def test_sliders_say_their_step_in_words(open_page: OpenPage) -> None:
    sine = PRESETS["sine"].experiment
    long = sine.replace(sequence=sine.sequence.model_copy(update={"length": 40}))
    page = open_page(f"?e={encode(long)}&at=f:h[3]")
    strip = page.get_by_role("slider", name="Time step shown")
    expect(strip).to_have_attribute("aria-valuetext", "step 3 of 40: h₃")
    scrub = page.get_by_label("Position in the computation")
    expect(scrub).to_have_attribute("aria-valuetext", re.compile("t = 3, forward: h₃ = "))


def test_the_live_region_of_pytorchs_graph_says_the_result(open_page: OpenPage) -> None:
    trace, grads = trace_of(six_steps()), gradients_of(six_steps())
    page = open_page("pytorch")
    said = page.locator(".ur-autograd .ur-status")
    said.wait_for()
    scrub = page.get_by_label("Position in the computation")
    scrub.fill("5")
    expect(said).to_contain_text("makes TanhBackward0 of h[1]")
    expect(said).to_contain_text(f"Result: {numbers(trace.h[1, 0])}.")
    page.get_by_text("Nodes as a table").click()
    for position in range(35, 79):
        scrub.fill(str(position))
        if "TanhBackward0 of h[3]" in said.inner_text():
            break
    expect(said).to_contain_text(f"Result: {numbers(grads.h[3, 0])}.")
