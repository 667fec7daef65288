"""The page Training in the browser: a run is started, left, found again and looked at."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from app.views.training.page import SECTIONS
from app.views.training.runs.reading import read_text
from app.views.training.tasks.offers import OFFERS, TaskChoice, task_of
from rnn_core import ACTIVATIONS
from rnn_core.training import OPTIMISERS, TASKS, Settings, begin
from scripts.serving import worker_processes
from tests.browser.steps import address_of, leave, numbers, settled
from tests.browser.test_accessibility import grave_findings
from tests.conftest import Server

OpenPage = Callable[..., Page]
BEGUN = re.compile(r"[1-9][\d,]* of 20,000 updates")


def address(**controls: object) -> str:
    return f"training?{urlencode({'tr_seed': 7} | controls)}"


def said(page: Page) -> Locator:
    """How far the run is."""
    return page.locator(".st-key-training-run")


def made(page: Page) -> int:
    found = re.search(r"([\d,]+) of [\d,]+ updates", said(page).inner_text())
    return int(found[1].replace(",", "")) if found else 0


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_task_is_learnt_and_any_moment_opens_elsewhere(open_page: OpenPage) -> None:
    page = open_page(address(tr_updates=300))
    expect(said(page)).to_contain_text("Not begun. 300 updates of 32 sequences")
    press(page, "One update")
    expect(said(page)).to_contain_text("1 of 300 updates made.")
    press(page, "Continue")
    expect(said(page)).to_contain_text("300 of 300 updates made.")
    measure = page.locator("[data-chart=tr_measure]")
    expect(measure).to_contain_text("Accuracy 1 after update 300.")
    expect(measure).to_contain_text("First solved after update")
    assert grave_findings(page) == []
    page.get_by_role("radiogroup", name="Section").get_by_text("Network").click()
    expect(page.get_by_role("heading", name="After 300 updates")).to_be_visible()
    page.get_by_role("slider", name="Moment").press("Home")
    expect(page.get_by_role("heading", name="After 0 updates")).to_be_visible()
    loss = page.get_by_text(re.compile("^Loss on it")).locator("strong").first.inner_text()
    press(page, "Open in Explore")
    settled(page)
    expect(page).to_have_url(re.compile("/explore|/\\?"))
    expect(numbers(page)).to_contain_text(loss)


def test_an_lstm_is_chosen_trained_and_opened_elsewhere(open_page: OpenPage) -> None:
    page = open_page(address(tr_updates=20, tr_hidden=3, tr_length=8))
    page.get_by_role("combobox", name=re.compile("Cell")).last.click()
    page.get_by_role("option", name="LSTM", exact=True).click()
    expect(page).to_have_url(re.compile("tr_cell=lstm"))
    press(page, "Start")
    expect(said(page)).to_contain_text("20 of 20 updates made.")
    page.get_by_role("radiogroup", name="Section").get_by_text("Network").click()
    expect(page.locator("[data-chart=line_f]")).to_contain_text("Forget gate")
    loss = page.get_by_text(re.compile("^Loss on it")).locator("strong").first.inner_text()
    press(page, "Open in Explore")
    settled(page)
    expect(numbers(page)).to_contain_text(loss)


def test_a_run_is_found_again_after_a_reload_in_the_middle(open_page: OpenPage) -> None:
    page = open_page(address(tr_updates=20_000))
    press(page, "Start")
    expect(said(page)).to_contain_text(BEGUN)
    reached = made(page)
    page.reload()
    settled(page)
    expect(page.get_by_role("button", name="Continue", exact=True)).to_be_visible()
    assert made(page) >= reached
    press(page, "Continue")
    while made(page) <= reached:  # until the test's time is over
        page.wait_for_timeout(100)
    below = page.get_by_role("radiogroup", name="Section")
    place = below.bounding_box()
    press(page, "Pause")
    expect(page.get_by_role("button", name="Continue", exact=True)).to_be_visible()
    assert made(page) > reached
    expect(page.get_by_role("slider", name="Moment")).to_be_visible()
    assert below.bounding_box() == place  # the timeline had its place while the run went on
    settled(page)  # Pause goes, and Reset takes its place
    press(page, "Reset")
    expect(said(page)).to_contain_text("Not begun.")


def test_a_run_is_its_visitors_own_until_he_shares_his_address(open_page: OpenPage) -> None:
    mine, other = open_page(address(tr_updates=200)), open_page(address(tr_updates=200))
    press(mine, "Start")
    expect(said(mine)).to_contain_text("200 of 200 updates made.")
    expect(mine.get_by_role("button", name="Run again", exact=True)).to_be_enabled()
    fresh = open_page(address(tr_updates=200))
    for page in (other, fresh):
        expect(said(page)).to_contain_text("Not begun. 200 updates")
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled()
        press(page, "One update")
        expect(said(page)).to_contain_text("1 of 200 updates made.")
    friend = open_page(address_of(mine))
    expect(said(friend)).to_contain_text("200 of 200 updates made.")
    press(friend, "Reset")
    expect(said(friend)).to_contain_text("Not begun.")
    mine.reload()
    settled(mine)
    expect(said(mine)).to_contain_text("200 of 200 updates made.")
    press(mine, "Run again")
    expect(said(mine)).to_contain_text(re.compile(r"\d+ of 200 updates"))
    expect(said(mine)).to_contain_text("200 of 200 updates made.")
    expect(said(other)).to_contain_text("1 of 200 updates made.")


def test_closing_the_tab_ends_the_work(open_page: OpenPage, server: Server) -> None:
    page = open_page(address(tr_updates=20_000, tr_seed=8))
    before = worker_processes(server.pid)
    press(page, "Start")
    expect(said(page)).to_contain_text(BEGUN)
    mine = worker_processes(server.pid) - before
    assert len(mine) == 1
    leave(page, server, mine)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_run_that_diverges_says_what_and_what_to_try(open_page: OpenPage, theme: str) -> None:
    controls = {
        "tr_task": TASKS["adding"].title,
        "tr_opt": OPTIMISERS["sgd"].title,
        "tr_act": ACTIVATIONS["identity"].symbol,
        "tr_rate": 10,
        "tr_clip": 0,
        "tr_seed": len(theme),  # a run of its own
    }
    page = open_page(address(**controls), color_scheme=theme)
    press(page, "Start")
    expect(said(page)).to_contain_text(re.compile("is not finite, so the run has stopped"))
    expect(said(page)).to_contain_text("Try a smaller learning rate")
    expect(page.locator("[data-chart=tr_prediction] svg").first).to_be_visible()
    loss = page.locator("[data-chart=tr_loss]")
    settled(page)  # or what stands above it grows, and it is out of sight again
    loss.scroll_into_view_if_needed()
    expect(loss.locator("svg").first).to_be_visible()
    assert grave_findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_section_is_accessible(open_page: OpenPage, theme: str) -> None:
    controls = {"tr_task": OFFERS["own_text"].title, "tr_updates": 40, "tr_seed": 60 + len(theme)}
    page = open_page(address(**controls), color_scheme=theme)
    press(page, "Start")
    expect(said(page)).to_contain_text("40 of 40 updates made.")
    for name, section in SECTIONS.items():
        of_page = page.get_by_role("radiogroup", name="Section")
        of_page.get_by_text(section.title, exact=True).click()
        if name != "watch":  # the first, which the address does not name
            page.wait_for_url(f"**tr={name}*")
        settled(page)
        expect(page.get_by_test_id("stAlert")).to_have_count(0)
        assert grave_findings(page) == [], section.title


def test_another_sentence_changes_what_is_read(open_page: OpenPage) -> None:
    page = open_page(address(tr=list(SECTIONS)[4], tr_task=OFFERS["names"].title))
    box = page.get_by_label("Sentence to read")
    box.fill("Romano")
    box.press("Enter")
    expect(page.locator("[data-chart=tr_unit]")).to_contain_text("character")
    expect(page).to_have_url(re.compile("tr_sentence_names=Romano"))
    table = page.locator("[data-chart=tr_expect]").get_by_text("Numbers:")
    table.click()
    expect(page.locator("[data-chart=tr_expect] tbody tr")).to_have_count(6)
    task = task_of(TaskChoice("names"))
    params = begin(task, replace(Settings.of(task), seed=7)).params
    found = read_text(task, params, "tanh", "romano").probabilities
    last = page.locator("[data-chart=tr_expect] tbody tr").last
    expect(last).to_contain_text(f"{found[-1, 0]:.4g}"[:5])
