"""Predict, then reveal: while a number is asked for, it stands nowhere on the page."""

import base64
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from app.components.graph_view.payload import payload
from app.experiment import changes, link, presets
from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from tests.browser.steps import graph, settled

OpenPage = Callable[..., Page]
ROUNDINGS = (3, 4, 5, 6)

EVERYTHING = """() => {
  const found = [document.title, location.href];
  const walk = (root) => {
    found.push(root.textContent ?? "");
    for (const node of root.querySelectorAll("*")) {
      const isDrawn = node instanceof SVGElement;
      for (const { name, value } of node.attributes)
        if (!isDrawn && !["class", "style"].includes(name)) found.push(value);
      if (node.shadowRoot) walk(node.shadowRoot);
      if (node._fullLayout) found.push(JSON.stringify([node.data, node.layout]));
      if (["INPUT", "TEXTAREA"].includes(node.tagName)) found.push(node.value);
    }
  };
  walk(document.body);
  return found.join("\\n");
}"""
"""All that stands in the page: texts, attributes, fields, and what Plotly holds."""
LINKS = """() => Promise.all([...document.querySelectorAll("a[download], a[href^='blob:']")].map(
  (link) => fetch(link.href).then((answer) => answer.text())))"""
PRESS = "button => button.click()"


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Predict", exact=True)


def said(page: Page) -> Locator:
    return panel(page).get_by_role("status")


def asked(page: Page, frame: str) -> None:
    expect(panel(page)).to_have_attribute("data-asked", frame)


def listen(page: Page) -> None:
    page.evaluate(
        "() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }"
    )


def copied(page: Page) -> str:
    """Return what “Copy table” copies, with all digits."""
    page.evaluate("() => { window.copied = ''; }")
    page.get_by_role("button", name="Copy table").evaluate(PRESS)
    page.wait_for_function("() => window.copied !== ''")
    text: str = page.evaluate("() => window.copied")
    return text


def forms(numbers: Iterable[float], roundings: Iterable[int] = ROUNDINGS) -> Iterator[str]:
    """Yield numbers as a page may write them, without signs; not what says next to nothing."""
    for number in numbers:
        for digits in roundings:
            form = f"{abs(number):.{digits}g}"
            if len(re.sub(r"e.*|^0?\.0*|\.|0+$", "", form)) >= 3:
                yield form


def begun(numbers: Iterable[float]) -> set[str]:
    """Return what numbers that may be seen begin with, at any rounding."""
    texts = set(forms(numbers, range(3, 18)))
    return {text[:length] for text in texts for length in range(3, len(text) + 1)}


def numbers_of(experiment: Experiment, level: str) -> tuple[dict[str, list[float]], list[float]]:
    """Return all numbers of a graph by what the player computes then, and those that are given."""
    trace, grads = trace_of(experiment), gradients_of(experiment)
    sent = payload(trace, grads, level=level)["levels"][level]
    topology = json.loads(sent["topology"])

    def column(name: str) -> list[Any]:
        values, places = topology["fields"][name]
        return [values[place] for place in places]

    arrays = {"forward": sent["value"], "backward": sent["grad"]}
    found, given = {}, []
    for phase, text in arrays.items():
        array, at = np.frombuffer(base64.b64decode(text), "<f8"), 0
        for name, op, shape, times in zip(
            topology["names"]["id"], column("op"), column("shape"), column("times"), strict=True
        ):
            size = math.prod(shape)
            steps = range(trace.steps - times + 1, trace.steps + 1) if times else [""]
            for step in steps:
                numbers = array[at : at + size].tolist()
                at += size
                if op is None and phase == "forward":
                    given += numbers
                else:
                    found[f"{phase} {name} {step}"] = numbers
    return found, given


LSTM = presets.PRESETS["lstm_by_hand"].experiment
PREDICTED = {
    "first_look": presets.PRESETS["first_look"].experiment,
    # Of x = (1, 0, −1) a term of one sum is another sum.
    "lstm": changes.with_cell(changes.with_cell(LSTM, "x", 1, 0, 0.7), "x", 2, 0, -0.6),
    "gru": presets.PRESETS["gru_latch"].experiment,
}


@pytest.mark.parametrize(
    ("name", "level"),
    [("first_look", "operation"), ("lstm", "step"), ("gru", "rolled"), ("first_look", "scalar")],
)
def test_what_is_asked_and_all_that_follows_is_nowhere_on_the_page(
    open_page: OpenPage, name: str, level: str
) -> None:
    experiment = PREDICTED[name]
    page = open_page(f"?e={link.encode(experiment)}&predict=value&level={level}&at=start")
    expect(panel(page)).to_be_visible()
    expect(page.locator(".ur-plots, .st-key-numbers, .st-key-downloads")).to_have_count(0)
    listen(page)
    page.get_by_text("The graph as a table").click()
    numbers, given = numbers_of(experiment, level)
    texts: dict[str, str] = {}
    while frame := panel(page).get_attribute("data-asked"):
        text = page.evaluate(EVERYTHING)
        if len(texts) % 8 == 0:  # these are slow
            parts = [page.locator("body").aria_snapshot(), copied(page), *page.evaluate(LINKS)]
            text = "\n".join([text, *parts])
        texts[frame] = text.replace("\u2212", "-").replace("\u200b", "")
        panel(page).get_by_role("button", name="Show it").evaluate(PRESS)
    known = begun(given)
    later = list(texts)
    for frame, text in texts.items():
        hidden = {form for each in later for form in forms(numbers[each], (5, 6))}
        hidden |= set(forms(numbers[frame]))  # fewer digits of many are some other number's
        for form in hidden - known:
            found = form in text and re.search(rf".{{0,60}}(?<![\d.]){re.escape(form)}", text)
            assert not found, (frame, form, found and found[0])
        known |= begun(numbers[frame])
        later.remove(frame)
    assert {frame.split()[0] for frame in texts} == {"forward", "backward"}
    expect(panel(page)).to_contain_text(f"0 of {len(texts)} right")
    expect(page.locator(".ur-plots")).to_have_count(0)


def test_a_student_answers_in_the_player(open_page: OpenPage) -> None:
    experiment = presets.PRESETS["spiral"].experiment
    trace = trace_of(experiment)
    page = open_page(f"?e={link.encode(experiment)}")
    expect(page.locator(".ur-plots")).to_be_visible()
    switch = page.get_by_role("button", name="Predict", exact=True)
    hides = """button => { button.click();
      return [...document.querySelectorAll(".ur-plots, .st-key-numbers, .st-key-downloads")]
        .map((part) => part.getBoundingClientRect().height); }"""
    assert switch.evaluate(hides) == [0, 0, 0]  # before Python has heard of it
    expect(page.locator(".ur-plots, .st-key-numbers, .st-key-downloads")).to_have_count(0)
    page.wait_for_url("**predict=mixed**")
    kinds = panel(page).get_by_label("What is asked")
    kinds.select_option("value")
    page.wait_for_url("**predict=value**")

    asked(page, "forward W_xh x[1] ")
    fields = panel(page).get_by_role("textbox")
    graph(page).focus()
    for key in ("ArrowRight", "End", " "):  # none passes what is asked
        page.keyboard.press(key)
        asked(page, "forward W_xh x[1] ")
    expect(fields.nth(0)).to_be_focused()
    page.keyboard.type("0,8")
    fields.nth(1).fill("-1/2")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Right")
    asked(page, "forward W_hh h[0] ")
    expect(fields.nth(0)).to_be_focused()
    panel(page).get_by_role("button", name="Show it").click()
    expect(said(page)).to_contain_text("Shown")

    asked(page, "forward z[1] ")
    fields.nth(0).fill("0.8")
    fields.nth(1).fill("-0.5")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("entry 2: ✗ not yet, the bias is left out of the sum")
    expect(fields.nth(1)).to_be_focused()
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("expected a number such as −0.25")
    fields.nth(1).fill("-0.39")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("entry 2: ≈ near, 2.5 % too small in size")
    fields.nth(1).fill("-0.4")
    page.keyboard.press("Enter")
    expect(panel(page)).to_contain_text("2 of 3 right")

    asked(page, "forward h[1] ")
    fields.nth(0).fill("0.5")  # a slip, and it is shown
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("not yet")
    panel(page).get_by_role("button", name="Show it").click()
    asked(page, "forward W_xh x[2] ")
    panel(page).get_by_role("button", name="Show it").click()
    asked(page, "forward W_hh h[1] ")
    state = float(trace.h[1, 0, 1])
    fields.nth(0).fill(f"{0.9 * 0.5 - 0.6 * state:.4g}")
    fields.nth(1).fill(f"{0.6 * 0.5 + 0.9 * state:.4g}")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Right for your own earlier numbers")

    kinds.select_option("sign")
    asked(page, "forward z[2] ")
    page.locator(".ur-predict [data-key='+']").focus()
    page.keyboard.press("ArrowLeft")
    expect(panel(page)).to_contain_text("You look back")
    page.keyboard.press("ArrowRight")
    asked(page, "forward z[2] ")
    expect(page.locator(".ur-predict [data-key='-']")).to_be_focused()
    number = float(trace["z"][1, 0, 0 if "entry 1" in panel(page).inner_text() else 1])
    page.keyboard.press("+" if number > 0 else "-")
    expect(said(page)).to_contain_text("Right")
    asked(page, "forward h[2] ")

    page.wait_for_url("**predict=sign**")  # from Python
    page.wait_for_url(re.compile(r"at=f(:|%3A)z(\[|%5B)2"))
    page.reload()
    settled(page)
    asked(page, "forward h[2] ")
    page.locator(".ur-predict [data-key='+']").focus()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(page.locator(".ur-plots")).to_be_visible()
    expect(page).not_to_have_url(re.compile("predict="))
