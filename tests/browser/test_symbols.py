"""Pointing at a symbol, or coming to it with the keyboard, tells what it means and its numbers."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from app.components.shared.bundle import address
from app.experiment.run import gradients_of, trace_of
from app.figures.words import short
from tests.browser.steps import cell, graph
from tests.experiments import six_steps

OpenPage = Callable[..., Page]
UNSAID = """async () => {
  const url = "ADDRESS";
  const { meaningOf, symbolsIn } = await import(new URL(url, document.baseURI).href);
  const main = document.querySelector("[data-testid=stMain]");
  const found = symbolsIn(main).filter(({ text }) => text);
  const unsaid = found.filter(({ text }) => !meaningOf(text, { t: 1, tells: true }));
  return [found.length, [...new Set(unsaid.map(({ text }) => text))]];
}""".replace("ADDRESS", address())
"""How many symbols a page shows, and those that it has no words for."""
A_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
TIP_IS_BELOW = """(part) => {
  const tip = document.querySelector("[role=tooltip]").getBoundingClientRect();
  const down = tip.top - part.getBoundingClientRect().bottom;
  return 0 < down && down < 20;
}"""
FOCUS = "part => part.focus({ focusVisible: true })"


def tip(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def symbol(within: Locator, text: str) -> Locator:
    """What stands for a symbol in a formula: with its subscript, without what is around it."""
    return (
        within.locator(".katex-html .mord:has(> .msupsub)")
        .filter(has_text=re.compile(rf"^{text}\u200b?"))
        .first
    )


def walked(page: Page) -> dict[str, str]:
    """Go through all symbols of the part that has the focus; what is said of each."""
    found = {}
    for _ in range(60):
        name, words, numbers = tip(page).evaluate(
            """tip => ["dt", "dd", ".ur-explain-numbers"].map((part) => {
              const text = tip.querySelector(part);
              const sub = text?.querySelector("sub");
              return (sub ? `${text.firstChild.data}_${sub.textContent}` : text?.textContent) ?? "";
            })"""
        )
        if name in found:
            break
        found[name] = words if numbers else f"No number: {words}"
        page.keyboard.press("ArrowRight")
    return found


def test_symbols_explain_themselves_to_pointer_and_keyboard(open_page: OpenPage) -> None:
    trace, grads = trace_of(six_steps()), gradients_of(six_steps())
    page = open_page("?at=f:h[3]")
    strip = page.get_by_role("group", name="Equations of the forward pass")
    symbol(strip, "h").hover()
    hidden = ", ".join(short(float(value)) for value in trace.h[3, 0])
    before = ", ".join(short(float(value)) for value in trace.h[2, 0])
    expect(tip(page)).to_contain_text("hidden state")
    said = tip(page).inner_text()
    assert f"[{hidden}]" in said or f"[{before}]" in said
    page.keyboard.press("Escape")
    expect(tip(page)).to_be_hidden()

    strip.evaluate(FOCUS)
    expect(tip(page)).to_contain_text(f"hidden state, at a step, here t = 3 [{hidden}]")  # is lit
    assert f"[{hidden}]" in walked(page)["h_t"]
    assert strip.get_attribute("aria-describedby") == tip(page).get_attribute("id")
    page.keyboard.press("Escape")
    expect(tip(page)).to_be_hidden()
    assert strip.get_attribute("aria-describedby") is None

    page.locator(".ur-e-symbol").filter(has_text="Whh").first.hover()
    row = "], [".join(
        ", ".join(short(float(value)) for value in each) for each in trace.params.W_hh
    )
    expect(tip(page)).to_contain_text("weights from the hidden state before")
    expect(tip(page)).to_contain_text(f"[[{row}]]")

    cell(page, "W_xh", 2).focus()
    page.keyboard.press("Tab")
    expect(tip(page)).to_contain_text("weights from the hidden state before")
    page.keyboard.press("Escape")
    expect(tip(page)).to_be_hidden()
    page.keyboard.press("Tab")
    expect(cell(page, "W_hh", 1, 2)).to_be_focused()
    expect(tip(page)).to_be_hidden()  # of one field it is said once

    graph(page).focus()
    page.keyboard.press("End")
    backward = page.get_by_role("group", name="Equations of the backward pass")
    backward.evaluate(FOCUS)
    slope = "], [".join(
        ", ".join(short(float(value)) for value in each) for each in grads.parameters["W_hh"]
    )
    assert f"[[{slope}]]" in walked(page)["∂L/∂W_hh"]

    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.locator(".ur-plots")).to_have_count(0)
    strip.evaluate(FOCUS)
    assert all(text.startswith("No number") for text in walked(page).values())


def test_what_streamlit_and_plots_write_is_explained_too(open_page: OpenPage) -> None:
    page = open_page("gradient-flow?gf=spectrum", viewport={"width": 1366, "height": 700})
    formula = page.locator("[data-testid=stMarkdownContainer] [tabindex='0']:has(.katex)")
    formula = formula.filter(visible=True).first.element_handle()
    page.wait_for_function("part => part.getBoundingClientRect().bottom > innerHeight", arg=formula)
    formula.evaluate(FOCUS)
    scrolled = "top => document.querySelector('[data-testid=stMain]').scrollTop > top"
    page.wait_for_function(scrolled, arg=0)
    page.evaluate(A_FRAME)
    expect(tip(page)).to_be_visible()  # it goes along with what is scrolled into view
    page.mouse.move(700, 400)
    page.mouse.wheel(0, 150)
    page.wait_for_function(scrolled, arg=100)
    page.wait_for_function(TIP_IS_BELOW, arg=formula)
    page.keyboard.press("Escape")
    expect(tip(page)).to_be_hidden()
    count, unsaid = page.evaluate(UNSAID)
    assert count > 5
    assert unsaid == []

    page.get_by_role("button", name="Other notations").click()
    for name, equation in {
        "PyTorch": "weight_hh_l0",
        "Goodfellow": "And backwards",
        "d2l": "transposed",
        "Keras": "recurrent_kernel",
    }.items():
        page.get_by_role("tab", name=name).click()
        panel = page.get_by_role("tabpanel", name=name)
        expect(panel).to_contain_text(equation)
        expect(panel.locator(".katex-error")).to_have_count(0)
