"""The page Practice in the browser: graph, marks, hints, address, download, keyboard and axe."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from rnn_core.practice import sheet_of, shortest, written
from tests.browser.test_accessibility import grave_findings

OpenPage = Callable[..., Page]
SHEET = sheet_of(4, 5)
PLACES = {(q.of, q.quantity, q.t, q.unit): k for k, q in enumerate(SHEET.questions)}


@pytest.fixture
def opened(open_page: OpenPage) -> Callable[..., Page]:
    def go(query: str = "practice", **options: object) -> Page:
        page = open_page(query, **options)
        page.get_by_role("heading", level=1, name="Can I do it by hand?").wait_for()
        return page

    return go


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def top(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"]


def key(of: Any, quantity: str, t: int | None, *unit: int) -> float:
    return SHEET.answers[PLACES[of, quantity, t, unit]]


def answers_on(page: Page) -> list[str]:
    """Return the answers that stand somewhere on the page, and were not given with the sheet."""
    network = SHEET.network
    arrays = [network.x, network.y, *(array for _, array in network.parameters.items())]
    given = {shortest(abs(number)) for array in arrays for number in array.ravel().tolist()}
    texts = {written(abs(answer), 3) for answer in SHEET.answers}
    values: str = page.evaluate(
        "() => document.documentElement.outerHTML +"
        " [...document.querySelectorAll('input, textarea')].map((each) => each.value).join(' ')"
    )
    said = values + page.locator("body").aria_snapshot()
    wanted = {text for text in texts - given if len(text) > 3}
    return sorted(text for text in wanted if re.search(rf"(?<![\d.]){text}(?!\d)", said))


def test_a_sheet_is_worked_on_by_keyboard_on_its_graph(opened: OpenPage) -> None:
    page = opened("practice?pr=4&pr_seed=5", color_scheme="dark")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()  # nothing of it is read here
    first = field(page, "z_1, entry 1")
    expect(first).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("img", name="computational graph")).to_be_in_viewport(ratio=1)
    assert answers_on(page) == []
    # Right numbers, by the keyboard alone.
    first.focus()
    page.keyboard.type(written(key("value", "z", 1, 1), 3).replace(".", ","))
    page.keyboard.press("Enter")
    expect(field(page, "z_1, entry 2")).to_be_focused()
    expect(page.get_by_text("1 of 36 right")).to_be_visible()
    # A known mistake is named once the field is left, with the formula; what follows is right.
    logit = field(page, "gradient by a_3")
    by_comma = written(-key("gradient", "a", 3, 1), 3).replace(".", ",")
    logit.fill(by_comma)
    expect(page.get_by_text("y − p stands")).to_have_count(0)
    logit.press("Enter")
    expect(page.get_by_text("✗ not yet: y − p stands in place of p − y")).to_be_visible()
    expect(logit).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[aria-live=polite]").filter(has_text="y − p stands")).to_be_attached()
    row = page.locator(".ur-sheet-row", has=logit)
    expect(row.get_by_label("Formula", exact=True)).to_contain_text("p")
    by_h = field(page, "gradient by h_3, entry 1")
    by_h.fill(written(-key("gradient", "h", 3, 1), 3))
    expect(page.get_by_text("entry 1: ✓ follows from your own earlier numbers")).to_be_visible()
    # A hint has the learner's numbers as they were written.
    by_h_3 = page.locator(".ur-sheet-row", has=by_h)
    by_h_3.get_by_role("button", name="Hint").click()
    by_h_3.get_by_role("button", name="With my numbers").click()
    with_numbers = by_h_3.get_by_label("With your numbers").locator(".katex-mathml")
    expect(with_numbers).to_contain_text(by_comma.replace("-", "\N{MINUS SIGN}"))
    # What is said above a field does not move it, and where the list goes on is seen.
    slip, beside = field(page, "h_2, entry 1"), field(page, "z_3, entry 1")
    slip.fill("9")
    beside.scroll_into_view_if_needed()
    before = top(beside)
    beside.click()
    expect(
        page.locator(".ur-sheet-row", has=slip).get_by_label("Formula", exact=True)
    ).to_be_visible()
    assert abs(top(beside) - before) < 1
    expect(page.get_by_text(re.compile(r"↓ \d+ more below"))).to_be_visible()
    slip.fill("")
    # No number: the gradient is named. Hints: the formula, what is missing for it, the answer.
    weight = field(page, "gradient by W_xh, row 1, column 1")
    weight.fill("<b>")
    weight.press("Enter")
    expect(page.get_by_text("∂L/∂W_xh, row 1, column 1: expected a number")).to_be_visible()
    page.get_by_role("button", name="Hint: z_2", exact=True).click()
    page.get_by_role("button", name="With my numbers: z_2", exact=True).click()
    expect(page.get_by_text("For this, work out h_1 first.")).to_be_visible()
    page.get_by_role("button", name="Hint: gradient by W_hh", exact=True).click()
    page.get_by_role("button", name="With my numbers: gradient by W_hh", exact=True).click()
    in_order = "h_1, h_2, ∂L/∂z_3, ∂L/∂z_2 and ∂L/∂z_1"  # as one works them out
    expect(page.get_by_text(f"For this, work out {in_order} first.")).to_be_visible()
    page.get_by_role("button", name="Give up: z_2", exact=True).press("Enter")
    expect(field(page, "h_2, entry 1")).to_be_focused()  # the button is gone
    expect(field(page, "z_2, entry 2")).to_have_value(written(key("value", "z", 2, 2), 3))
    expect(page.get_by_text("2 of 36 right, 1 not yet, 2 given up")).to_be_visible()
    # Where the keyboard is, the graph is; and from a node to its field.
    stage = page.get_by_role("img", name="computational graph")
    field(page, "h_1, entry 1").focus()
    expect(stage).to_have_attribute("data-at", "h[1]")
    page.keyboard.press("Tab")
    box = stage.bounding_box()
    assert box is not None
    hits = [
        (x, y)
        for x in range(20, int(box["width"]), 45)
        for y in range(int(box["height"]) // 3, int(box["height"]), 60)
    ]
    field(page, "h_1, entry 2").press("Shift+Tab")
    field(page, "h_1, entry 1").blur()
    for x, y in hits:
        stage.click(position={"x": x, "y": y})
        if page.evaluate("() => document.activeElement.matches('.ur-sheet-field')"):
            break
    expect(page.locator(".ur-sheet-field:focus")).to_have_count(1)
    assert grave_findings(page) == []
    page.reload()
    expect(page.get_by_text("2 of 36 right, 1 not yet, 2 given up")).to_be_visible()


def test_the_sheet_is_downloaded_with_its_key(opened: OpenPage) -> None:
    page = opened("practice?pr=0")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()  # with the network that is asked about
    page = opened("practice?pr=4&pr_seed=7")
    download = page.get_by_role("button", name="Download")
    with page.expect_download() as waiting:
        download.press("Enter")
    assert waiting.value.suggested_filename == "worksheet-two-units-tanh-three-steps-7.pdf"
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")
    expect(download).to_be_focused()  # it was off meanwhile
    page.get_by_role("button", name="Next sheet").press("Enter")
    expect(page.get_by_role("status").filter(has_text="sheet of seed 8")).to_be_attached()


def test_from_a_part_that_is_right_a_button_leads_to_the_next(opened: OpenPage) -> None:
    page = opened("practice?pr=4&pr_seed=5&pr_part=loss")
    texts = {k: written(answer, 4) for k, answer in enumerate(SHEET.answers)}
    asked = [k for q, k in PLACES.items() if q[0] == "value" and q[1] in ("a", "p", "L")]
    fields = page.locator(".ur-sheet-field")
    expect(fields).to_have_count(len(asked))
    for place, k in enumerate(asked):
        fields.nth(place).fill(texts[k])
    page.get_by_role("button", name="Next: Backward").press("Enter")
    expect(field(page, "gradient by a_3")).to_be_focused()
    expect(page).to_have_url(re.compile("pr_part=backward"))
    # What is chosen by hand is seen from its beginning, too.
    page.locator(".ur-sheet-list").evaluate("list => { list.scrollTop = 200; }")
    page.get_by_role("combobox", name="Asked for").click()
    page.get_by_role("option", name="Forward").click()
    expect(field(page, "z_1, entry 1")).to_be_in_viewport()
    assert page.locator(".ur-sheet-list").evaluate("list => list.scrollTop") == 0
