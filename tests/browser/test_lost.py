"""Nothing is lost in silence: answers on a cut connection, long experiments, the way back."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from app.experiment import link
from app.experiment.presets import default
from tests.browser.steps import address_of, cell, enter, experiment_in_address, settled, token
from tests.experiments import six_steps

CELL = {"do": "cell", "field": "x", "row": 0, "column": 0}
LONG = 900  # steps of numbers that differ: far beyond an address


class Wire:
    """The connection of a page, which can lose what comes from the server, or go to it."""

    def __init__(self) -> None:
        self.answers, self.questions = True, True
        self.opened = 0
        self.ends: list[WebSocketRoute] = []

    def route(self, page_end: WebSocketRoute) -> None:
        self.opened += 1
        server_end = page_end.connect_to_server()
        self.ends = [page_end, server_end]
        page_end.on_message(lambda sent: server_end.send(sent) if self.questions else None)
        server_end.on_message(lambda sent: page_end.send(sent) if self.answers else None)

    def cut(self) -> None:
        self.answers = self.questions = True  # of the next connection
        for end in self.ends:
            end.close()


@pytest.fixture
def wired(open_page: Callable[..., Page]) -> Iterator[tuple[Page, Wire]]:
    wire = Wire()
    page = open_page(prepared=lambda tab: tab.route_web_socket("**/_stcore/stream", wire.route))
    yield page, wire
    page.close()  # the route stays with it


@pytest.mark.parametrize("lost", ["answers", "questions"])
@pytest.mark.parametrize("after_ms", [100, 3000])
def test_an_edit_whose_answer_is_lost_stands(
    wired: tuple[Page, Wire], lost: str, after_ms: int
) -> None:
    page, wire = wired
    before = token(page)
    setattr(wire, lost, False)
    enter(page, "x", 1, 1, "0.25")
    page.wait_for_timeout(after_ms)
    wire.cut()
    edited = experiment_in_address(page, other_than=before)
    assert wire.opened == 2
    assert edited.x()[0, 0, 0] == 0.25
    expect(cell(page, "x", 1)).to_have_value("0.25")
    page.get_by_role("button", name="Undo").click()
    assert experiment_in_address(page, other_than=token(page)) == six_steps()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()  # it was done once


@pytest.mark.parametrize("lost", ["answers", "questions"])
def test_an_edit_without_an_answer_is_done_after_a_reload(
    wired: tuple[Page, Wire], lost: str
) -> None:
    page, wire = wired
    before = token(page)
    setattr(wire, lost, False)
    enter(page, "x", 1, 1, "0.25")
    enter(page, "x", 2, 1, "0.75")  # waits until the first is answered
    assert token(page) == before
    wire.answers = wire.questions = True  # of the next connection
    page.reload()
    edited = experiment_in_address(page, other_than=before)
    expect(cell(page, "x", 1)).to_have_value("0.25")
    expect(cell(page, "x", 2)).to_have_value("0.75")
    page.wait_for_function("() => sessionStorage.getItem('unrolled.unconfirmed') === null")
    edited = experiment_in_address(page, other_than=before)
    assert edited.x()[:2, 0, 0].tolist() == [0.25, 0.75]


def test_an_edit_that_the_address_holds_is_not_done_again_after_a_reload(page: Page) -> None:
    settled(page)
    before = token(page)
    enter(page, "x", 1, 1, "0.25")
    experiment_in_address(page, other_than=before)
    quarter = token(page)
    page.wait_for_function("() => sessionStorage.getItem('unrolled.unconfirmed') === null")
    left = {"before": before, "sent": [CELL | {"text": "0.5"}], "unsent": []}
    keep = "left => sessionStorage.setItem('unrolled.unconfirmed', JSON.stringify(left))"
    page.evaluate(keep, left)
    page.reload()
    expect(cell(page, "x", 1)).to_have_value("0.25")
    page.evaluate(keep, left | {"unsent": [CELL | {"text": "0.75"}]})
    page.reload()
    expect(cell(page, "x", 1)).to_have_value("0.75")
    experiment_in_address(page, other_than=quarter)
    page.evaluate(keep, left | {"unsent": [CELL | {"text": "0.125"}]})
    page.goto(page.url)  # another visit of the address, not a reload
    settled(page)
    expect(cell(page, "x", 1)).to_have_value("0.75")
    page.evaluate("() => sessionStorage.setItem('unrolled.unconfirmed', '{damaged')")
    page.reload()
    expect(cell(page, "x", 1)).to_have_value("0.75")


def lengthen(page: Page) -> None:
    """Open a sequence that is too long for the address."""
    numbers = "\n".join(f"{(step * 0.618034) % 1:.16f}" for step in range(LONG))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open sequence").click()
    chooser.value.set_files(
        {"name": "long.csv", "mimeType": "text/csv", "buffer": numbers.encode()}
    )
    expect(page.locator("[data-field=x]").get_by_text(f"{LONG} × 1")).to_be_visible()


def test_an_experiment_too_long_for_the_address_survives_a_reload(page: Page) -> None:
    lengthen(page)
    enter(page, "x", 1, 1, "0.125")
    quiet = page.get_by_text("Save file is the way to share it. This tab keeps")
    expect(quiet).to_be_visible()
    expect(page.get_by_role("button", name="Copy link")).to_be_disabled()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)  # on no page
    page.get_by_role("link", name="Numerics").click()
    expect(page.get_by_text("Why does the naive loss break")).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    assert link.is_mark(token(page))
    page.reload()
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "This experiment is too long for the address: this tab has kept it, and it is restored."
    )
    expect(page.locator("[data-field=x]").get_by_text(f"{LONG} × 1")).to_be_visible()
    expect(cell(page, "x", 1)).to_have_value("0.125")
    enter(page, "x", 2, 1, "0.5")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_an_edit_made_before_the_address_names_a_long_experiment_is_kept_too(
    wired: tuple[Page, Wire],
) -> None:
    page, wire = wired
    lengthen(page)
    page.wait_for_function(f"() => location.search.includes('e={link.MARK}')")
    named = page.url
    point = "address => history.replaceState(history.state, '', address)"
    page.evaluate(point, "/?e=earlier")  # as it is until Streamlit has written there
    wire.questions = False
    enter(page, "x", 1, 1, "0.375")
    page.evaluate(point, named)
    wire.questions = True
    page.reload()
    expect(cell(page, "x", 1)).to_have_value("0.375")


def test_an_edit_just_before_a_reload_is_kept_too(page: Page) -> None:
    lengthen(page)
    before = token(page)
    enter(page, "x", 1, 1, "0.375")
    page.wait_for_function(  # the address is written by Streamlit, the tab's own by the controls
        """before => {
          const mark = new URLSearchParams(location.search).get("e");
          const kept = JSON.parse(sessionStorage.getItem("unrolled") ?? "null");
          return mark !== before && kept?.mark === mark;
        }""",
        arg=before,
    )
    page.reload()
    expect(page.get_by_test_id("stAlert")).to_contain_text("this tab has kept it")
    expect(cell(page, "x", 1)).to_have_value("0.375")


def test_what_is_said_of_a_reload_outlasts_an_edit_that_it_repeats(page: Page) -> None:
    lengthen(page)
    expect(page.get_by_text("This tab keeps it")).to_be_visible()
    settled(page)
    page.evaluate(
        "left => sessionStorage.setItem('unrolled.unconfirmed', JSON.stringify(left))",
        {"before": token(page), "sent": [CELL | {"text": "0.125"}], "unsent": []},
    )
    page.reload()
    expect(cell(page, "x", 1)).to_have_value("0.125")
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    expect(page.get_by_test_id("stAlert")).to_contain_text("this tab has kept it")


def test_who_leaves_before_it_is_kept_is_asked_to_stay(page: Page) -> None:
    leaving = """() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }))"""
    assert not page.evaluate(leaving)
    lengthen(page)
    expect(page.get_by_text("This tab keeps it")).to_be_visible()
    assert not page.evaluate(leaving)
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    enter(page, "x", 1, 1, "0.125")
    expect(page.get_by_text("for this tab to keep: Save file")).to_be_visible()
    assert page.evaluate(leaving)
    page.get_by_role("button", name="Undo").click()  # to what the tab has kept
    expect(page.get_by_text("This tab keeps it")).to_be_visible()
    assert not page.evaluate(leaving)


def test_another_tab_says_that_it_does_not_have_it(
    page: Page, open_page: Callable[..., Page]
) -> None:
    lengthen(page)
    page.wait_for_function(
        "() => new URLSearchParams(location.search).get('e').startsWith('kept.')"
    )
    other = open_page(address_of(page))
    expect(other.get_by_test_id("stAlert")).to_contain_text(
        "expected an experiment that this tab keeps, since it is too long for the address"
    )
    assert experiment_in_address(other, other_than=token(page)) == default()


def test_back_and_forward_go_through_choices_and_experiments(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("gradient-flow?gf=Spectrum")
    expect(page).to_have_url(re.compile("gf=spectrum"))
    page.get_by_role("radio", name="ReLU", exact=True).click()
    expect(page).to_have_url(re.compile("gf_phi=relu"))
    page.get_by_role("radio", name="Clipping").click()
    expect(page).to_have_url(re.compile("gf=clipping"))
    page.go_back()
    expect(page.get_by_role("radio", name="Spectrum")).to_be_checked()
    expect(page.get_by_role("radio", name="ReLU", exact=True)).to_be_checked()
    page.go_back()
    expect(page.get_by_role("radio", name="as it is")).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="ReLU", exact=True)).to_be_checked()
    page.get_by_role("link", name="Training").click()
    expect(page.get_by_role("combobox", name="Task")).to_be_visible()
    page.get_by_role("link", name="Gradient flow").click()
    expect(page.get_by_role("radio", name="ReLU", exact=True)).to_be_checked()
    expect(page).to_have_url(re.compile("gf_phi=relu"))


def test_an_unknown_name_in_a_link_is_said(open_page: Callable[..., Page]) -> None:
    page = open_page("training?tr_opt=<b>nonsense</b>&tr_hidden=1e999")
    alerts = page.get_by_test_id("stAlert")
    expect(alerts).to_have_count(1)
    expect(alerts).to_contain_text("Optimiser: expected one of sgd, ")
    expect(alerts).to_contain_text("got '<b>nonsense</b>' in the address; Adam is used.")
    expect(alerts).to_contain_text("Hidden units H: expected a whole number from 1 to 64")
