"""The sidebar's controls in a real browser; the address tells which experiment Python holds."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.experiment import changes, presets, sequences
from tests.browser import steps
from tests.browser.editing import PATIENCE_S, becomes, cell, choose, held, paste
from tests.experiments import six_steps

FADING = """() => {
  window.fading = [];
  document.addEventListener("transitionrun", ({ target, propertyName }) => {
    if (target.matches("[data-stale]")) window.fading.push(`${target.className} ${propertyName}`);
  });
}"""


def test_edit_a_cell(page: Page) -> None:
    before = choose(page, "by_hand")
    page.evaluate(FADING)
    weight = cell(page, "W_hh row 2 column 1")
    weight.click()
    expect(weight).to_have_value("-1")
    weight.fill("1/3")
    weight.press("Enter")
    becomes(page, changes.with_cell(before, "W_hh", 1, 0, 1 / 3))
    weight.press("Tab")
    expect(weight).to_have_value("0.3333")
    weight.click()
    expect(weight).to_have_value("0.3333333333333333")
    assert page.evaluate("() => window.fading") == []  # each would be painted once more


def test_focus_stays_through_the_rerun(page: Page) -> None:
    before = choose(page, "by_hand")
    cell(page, "x step 1 column 1").click()
    for text in ("0,5", "2e-1", "−3"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    after = changes.with_rows(before, "x", [[0.5], [0.2], [-3]])
    becomes(page, after)
    expect(cell(page, "x step 3 column 1")).to_be_focused()


def test_arrow_keys_walk_and_alt_arrows_nudge(page: Page) -> None:
    before = choose(page, "by_hand")
    cell(page, "W_hh row 1 column 1").click()
    for key, reached in (
        ("ArrowRight", "W_hh row 1 column 2"),
        ("ArrowDown", "W_hh row 2 column 2"),
        ("ArrowLeft", "W_hh row 2 column 1"),
        ("ArrowUp", "W_hh row 1 column 1"),
        ("Tab", "W_hh row 1 column 2"),
    ):
        page.keyboard.press(key)
        expect(cell(page, reached)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    becomes(page, changes.with_cell(before, "W_hh", 0, 1, 1.2))


def test_tab_leads_from_a_field_to_the_next(page: Page) -> None:
    before = choose(page, "by_hand")
    cell(page, "W_hh row 1 column 1").click()
    for text in ("1", "2", "3", "4", "5", "6"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    expect(cell(page, "h_0 row 1")).to_be_focused()
    after = changes.with_rows(before, "W_hh", [[1, 2], [3, 4]])
    becomes(page, changes.with_rows(after, "b_h", [[5], [6]]))
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("Copied h_0.")).to_be_visible()


def test_bad_cell_says_which_and_keeps_the_last_good_state(page: Page) -> None:
    before = choose(page, "by_hand")
    weight = cell(page, "W_hh row 2 column 1")
    weight.fill("abc")
    weight.press("Enter")
    said = page.get_by_text(
        "W_hh row 2 column 1: expected a number such as 0.5, 1/3 or -1e-3, got 'abc'"
    )
    expect(said).to_be_visible()
    expect(weight).to_have_attribute("aria-invalid", "true")
    expect(weight).to_have_value("abc")
    assert held(page) == before
    weight.fill("4")
    weight.press("Enter")
    becomes(page, changes.with_cell(before, "W_hh", 1, 0, 4))
    expect(said).to_be_hidden()
    expect(weight).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    "texts",
    [
        [
            "1\t0\t0\n0\t2\t0\n0\t0\t3",
            "array([[1., 0., 0.],\n       [0., 2., 0.],\n       [0., 0., 3.]])",
            "[1 0 0; 0 2 0; 0 0 3]",
            r"\begin{bmatrix}1 & 0 & 0\\ 0 & 2 & 0\\ 0 & 0 & \frac{6}{2}\end{bmatrix}",
        ]
    ],
)
def test_paste_a_matrix(page: Page, texts: list[str]) -> None:
    before = choose(page, "by_hand")
    for text in texts:
        paste(page, "W_hh row 1 column 1", text)
        becomes(page, changes.with_rows(before, "W_hh", [[1, 0, 0], [0, 2, 0], [0, 0, 3]]))
        expect(cell(page, "W_hh row 3 column 3")).to_have_value("3")
        expect(cell(page, "H, hidden units")).to_have_value("3")
        cell(page, "Undo").click()
        becomes(page, before)


def test_undo_and_redo_by_button_and_by_key(page: Page) -> None:
    first = six_steps()
    second = choose(page, "by_hand")
    third = choose(page, "parity")
    cell(page, "Undo").click()
    becomes(page, second)
    expect(cell(page, "Experiment")).to_have_value("by_hand")
    page.keyboard.press("Control+z")
    becomes(page, first)
    expect(cell(page, "Undo")).to_be_disabled()
    page.keyboard.press("Control+Shift+Z")
    becomes(page, second)
    cell(page, "Redo").click()
    becomes(page, third)


def test_back_and_forward(page: Page) -> None:
    first = choose(page, "by_hand")
    second = choose(page, "parity")
    page.go_back()
    expect(cell(page, "Experiment")).to_have_value("by_hand")
    becomes(page, first)
    page.go_forward()
    expect(cell(page, "Experiment")).to_have_value("parity")
    becomes(page, second)


def test_sizes_and_choices(page: Page) -> None:
    experiment = choose(page, "by_hand")
    cell(page, "Increase T steps").click()
    expect(cell(page, "x step 4 column 1")).to_have_value("0")
    cell(page, "Activation φ").select_option("tanh")
    expect(cell(page, "Experiment").locator("option:checked")).to_have_text("Own (from By hand)")
    cell(page, "Undo").click()
    cell(page, "Undo").click()
    becomes(page, experiment)
    expect(cell(page, "Activation φ")).to_have_value("relu")
    hidden = cell(page, "H, hidden units")
    hidden.fill("65")
    hidden.press("Enter")
    expect(page.get_by_text("H: expected a size from 1 to 64, got 65")).to_be_visible()
    expect(hidden).to_have_value("2")


def test_long_sequence_is_a_window(page: Page) -> None:
    choose(page, "by_hand")
    cell(page, "T, time steps").fill("5000")
    cell(page, "T, time steps").press("Enter")
    grid = page.locator("[data-field=x]")
    expect(grid.get_by_text("5000 × 1")).to_be_visible()
    assert grid.locator("input").count() < 40
    grid.locator(".ur-e-grid-scroller").evaluate("element => element.scrollTop = 1e6")
    last = cell(page, "x step 5000 column 1")
    last.fill("0.5")
    last.press("Enter")
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        now = held(page)
        if now is not None and now.x()[-1, 0, 0] == 0.5:
            break
        page.wait_for_timeout(50)
    assert now is not None
    assert now.x()[-1, 0, 0] == 0.5
    assert now.sizes[0] == 5000


def test_share_link_opens_the_same_in_a_fresh_profile(open_page: Callable[..., Page]) -> None:
    page = open_page()
    choose(page, "text")
    cell(page, "W_hh row 1 column 1").fill("1/7")
    cell(page, "W_hh row 1 column 1").press("Enter")
    wanted = changes.with_cell(presets.PRESETS["text"].experiment, "W_hh", 0, 0, 1 / 7)
    becomes(page, wanted)
    other = open_page(steps.address_of(page))
    expect(cell(other, "W_hh row 1 column 1")).to_have_value("0.1429")
    assert held(other) == wanted


def test_alphabet_is_edited_with_signs_for_blanks(page: Page) -> None:
    before = choose(page, "text")
    cell(page, "Alphabet").fill("tobe␣rnx")
    cell(page, "Alphabet").press("Enter")
    becomes(page, sequences.with_alphabet(before, "tobe rnx"))
    expect(page.get_by_text("One-hot over 8 characters: t o b e ␣ r n x.")).to_be_visible()
    cell(page, "Alphabet").fill("to")
    cell(page, "Alphabet").press("Enter")
    expect(page.get_by_text("text: expected characters of the alphabet, got ' '")).to_be_visible()
    expect(cell(page, "Alphabet")).to_have_attribute("aria-invalid", "true")
