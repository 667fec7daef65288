"""An experiment whose target is taken away on the page, and given back."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.experiment.link import encode
from app.experiment.run import trace_of
from tests.browser.steps import (
    cell,
    expect_headline,
    experiment_in_address,
    numbers,
    open_table,
    shown,
    token,
)
from tests.experiments import six_steps

OpenPage = Callable[..., Page]


def test_without_a_target_there_is_the_forward_pass_alone(page: Page, open_page: OpenPage) -> None:
    box = page.get_by_label("With a target")
    expect(box).to_be_checked()
    before = token(page)
    box.focus()
    page.keyboard.press("Space")
    assert experiment_in_address(page, other_than=before) == six_steps().replace(has_target=False)
    opened = open_page(f"?e={token(page)}")
    for one in (page, opened):
        expect(numbers(one)).to_contain_text("no target")
        expect(one.get_by_label("With a target")).not_to_be_checked()
        expect(cell(one, "target", 6)).to_be_hidden()
        expect(cell(one, "x", 6)).to_be_visible()
        expect(one.get_by_role("button", name="Gradient", exact=True)).to_be_disabled()
        one.get_by_role("button", name="Gradients", exact=True).click()
        expect(one.get_by_text("There is no target, so there is no loss")).to_be_visible()
        rows = open_table(one)
        rows.first.wait_for()
        cells = rows.evaluate_all("rows => rows.map(({ cells }) => cells[2].textContent)")
        assert len(cells) > 20
        assert set(cells) <= {"", "·", "–", "—"}
    page.get_by_label("With a target").check()
    expect_headline(page, "L", shown(trace_of(six_steps()).loss or 0.0))
    assert token(page) == before


def test_another_page_offers_to_give_it_back(open_page: OpenPage) -> None:
    page = open_page(f"gradient-flow?e={encode(six_steps().replace(has_target=False))}")
    expect(page.get_by_text("This experiment has no target")).to_be_visible()
    page.get_by_role("button", name="Give it its target").click()
    expect(page.get_by_text("Over 5 steps back the gradient")).to_be_visible()
    expect(page.get_by_label("With a target")).to_be_checked()
