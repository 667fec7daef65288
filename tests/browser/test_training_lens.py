"""One update, runs compared, and files of the page Training, in the browser."""

import re
from collections.abc import Callable
from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

from app.experiment import weights_file
from app.views.training.runs.plan import Plan
from app.views.training.tasks.offers import OFFERS, TaskChoice
from rnn_core.training import TASKS, Settings, make_update
from tests.browser.steps import address_of, cell, settled
from tests.browser.test_accessibility import grave_findings
from tests.browser.test_training import address, press, said

OpenPage = Callable[..., Page]
READS = {"sqrt": sqrt, "min": min, "max": max, "__builtins__": {}}


def plan(**changed: object) -> Plan:
    usual = Settings.of(TASKS["first_bit"])
    return Plan(TaskChoice("first_bit"), replace(usual, **changed))


def test_the_arithmetic_of_an_entry_is_that_of_the_core(open_page: OpenPage) -> None:
    page = open_page(address(tr="One update", tr_updates=6, tr_hidden=3))
    page.get_by_text("W_xh", exact=True).first.wait_for()
    page.get_by_role("radiogroup", name="Parameter").get_by_text("W_hh", exact=True).click()
    for name, value in (("Row", "2"), ("Column", "3")):
        field = page.get_by_role("spinbutton", name=name, exact=True)
        field.fill(value)
        field.press("Enter")
    expect(page.get_by_text("W_hh[2,3]")).to_be_visible()
    case = plan(seed=7, updates=6, hidden=3)
    update = make_update(case.task(), case.settings, case.begin())
    code = page.get_by_test_id("stCode")
    expect(code).to_contain_text(f"= {update.params.W_hh[1, 2]:.10g}")
    for line in code.inner_text().strip().splitlines():
        _, expression, value = line.split(" = ")
        assert abs(eval(expression, READS) - float(value)) <= 1e-7 * abs(float(value))  # noqa: S307
    page.locator("[data-chart=tr_lens_table]").get_by_text("Numbers:").click()
    rows = page.locator("[data-chart=tr_lens_table] tbody tr")
    expect(rows).to_have_count(9)
    again = open_page(address_of(page))
    expect(again.get_by_test_id("stCode")).to_have_text(code.inner_text())


def test_a_pinned_run_is_found_by_its_address_and_drawn_over_another(open_page: OpenPage) -> None:
    page = open_page(address(tr="Compare", tr_updates=40, tr_seed=31))
    press(page, "Start")
    expect(said(page)).to_contain_text("40 of 40 updates made.")
    press(page, "Pin this run")
    expect(page.get_by_role("button", name="Unpin A", exact=True)).to_be_visible()
    rate = page.get_by_role("spinbutton", name="Learning rate", exact=True)
    rate.fill("0.003")
    rate.press("Enter")
    differs = "A and this run differ only in learning rate (0.01 against 0.003)."
    expect(page.get_by_text(differs)).to_be_visible()
    press(page, "Start")
    expect(said(page)).to_contain_text("40 of 40 updates made.")
    loss = page.locator("[data-chart=tr_c_loss]")
    first, second = r"\(A: learning rate 0.01\)", r"\(this run: learning rate 0.003\)"
    expect(loss).to_contain_text(re.compile(rf"Last: \S+ {first}, \S+ {second}\."))
    assert grave_findings(page) == []
    again = open_page(address_of(page))
    expect(again.get_by_text(differs)).to_be_visible()
    expect(again.locator("[data-chart=tr_c_loss]")).to_contain_text("(A: learning rate 0.01)")
    press(again, "Unpin A")
    expect(again.get_by_text("Pin this run, then change one setting")).to_be_visible()
    expect(again).not_to_have_url(re.compile("tr_pins"))


def test_parameters_go_out_and_come_back_as_the_start_of_a_run(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(address(tr="Files", tr_updates=3, tr_hidden=3, tr_seed=32))
    press(page, "Start")
    expect(said(page)).to_contain_text("3 of 3 updates made.")
    with page.expect_download() as download:
        press(page, "Parameters as .safetensors")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    case = plan(seed=32, updates=3, hidden=3)
    at = case.begin()
    for _ in range(3):
        at = at.after(make_update(case.task(), case.settings, at), case.settings)
    found = weights_file.weights_in(path.read_bytes())
    assert np.array_equal(found.vector, at.params.vector)
    page.get_by_test_id("stExpandSidebarButton").click()  # it is folded beside this page
    with page.expect_file_chooser() as chooser:
        press(page, "Open weights")
    chooser.value.set_files(path)
    expect(cell(page, "W_hh", 3)).to_be_visible()
    settled(page)  # a run of the script closes a list that is open
    page.get_by_text("More settings: network").click()
    starts = page.get_by_role("combobox", name="Starts from")
    starts.click()
    page.get_by_role("option", name="The sidebar's weights").click()
    expect(said(page)).to_contain_text("Not begun.")
    settled(page)
    page.get_by_role("radiogroup", name="Section").get_by_text("One update", exact=True).click()
    arithmetic = page.get_by_test_id("stCode").filter(has_text=f"{at.params.W_hh[0, 0]:.10g}")
    expect(arithmetic).to_be_visible()  # while the section changes, its code is not the only one
    expect(starts).to_have_value("The sidebar's weights")
    page.get_by_role("combobox", name="Task").click()
    page.get_by_role("option", name=OFFERS["adding"].title).click()
    expect(starts).not_to_have_value("The sidebar's weights")  # a new task has its usual settings
    settled(page)
    starts.click()
    page.get_by_role("option", name="The sidebar's weights").click()
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("The sidebar's weights: expected D = 2 inputs and K = 1 outputs")
