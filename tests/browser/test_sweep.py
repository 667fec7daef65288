"""A sweep in a real browser: it starts, fills in, and is cancelled."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.experiment import link
from app.experiment.sources import Drawn
from app.views.gradient_flow.compute import sweep as compute
from app.views.gradient_flow.compute.sweep import Grid
from app.views.gradient_flow.figures.sweep_words import sweep_in_words
from rnn_core import run_sweep_chunk
from scripts.serving import Server, serving, worker_processes
from tests.browser.conftest import DESKTOP, Incidents
from tests.browser.steps import leave
from tests.experiments import six_steps

PAGE = Path(__file__).with_name("_sweep_page.py")
LARGE = six_steps().replace(weights=Drawn(scheme="orthogonal", hidden=64, seed=1))
GRID = Grid(0.5, 1.6, 60, 5000, 30, networks=2)  # ten seconds and more
ADDRESS = "gs_radii=60&gs_longest=5000&gs_lengths=30&gs_networks=2"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The section's own server, in place of the app's."""
    silent = ("--browser.gatherUsageStats", "false")  # the app's own settings lie beside its main
    with serving(PAGE, tmp_path_factory.mktemp("elsewhere"), *silent) as running:
        yield running
        printed = running.printed()
    assert "Traceback" not in printed, printed


@pytest.fixture
def page(profile: BrowserContext, server: Server, incidents: Incidents) -> Iterator[Page]:
    with incidents.watching(profile):
        opened = profile.new_page()
        opened.set_viewport_size(DESKTOP)
        opened.goto(f"{server.url}/?{ADDRESS}&e={link.encode(LARGE)}")
        yield opened
        opened.close()


def sentence_of(page: Page) -> str:
    return " ".join(page.locator(".ur-plots-sentence").inner_text().split())


def test_a_sweep_starts_fills_in_and_is_cancelled(page: Page) -> None:
    run, cancel = (page.get_by_role("button", name=name) for name in ("Run the sweep", "Cancel"))
    expect(page.locator(".ur-plots-sentence")).to_contain_text("At T = ")  # the first look
    run.click()
    expect(page.get_by_text(re.compile(r"^\d+ of \d+ chunks, .* left"))).to_be_visible()
    expect(page.locator(".ur-plots-sentence")).to_contain_text("So far, ")
    cancel.click()
    more = page.get_by_role("button", name="Continue the sweep")
    expect(more).to_be_visible()
    said = page.get_by_text(re.compile(r"^Cancelled after \d+ of \d+ chunks"))
    expect(said).to_be_visible()
    done = int(re.findall(r"\d+", said.inner_text())[0])
    parts = compute.parts_of(LARGE, GRID)
    assert 0 < done < len(parts)
    found = [(place, run_sweep_chunk(parts[place])) for place in range(done)]
    expected = sweep_in_words(compute.partial_map(LARGE, GRID, found))
    expect(page.locator(".ur-plots-sentence")).to_contain_text(expected[:20])  # "So far, n of 60 …"
    assert sentence_of(page).replace("\u200b", "") == re.sub(r"_([T0])", r"\1", expected)
    assert all(name in page.url for name in ADDRESS.split("&"))
    more.click()  # what was computed counts
    expect(
        page.get_by_text(re.compile(rf"^({done}|{done + 1}) of {len(parts)} chunks"))
    ).to_be_visible()
    cancel.click()
    expect(more).to_be_visible()


def test_leaving_ends_a_sweep_on_processes(profile: BrowserContext, server: Server) -> None:
    page = profile.new_page()
    page.goto(f"{server.url}/?{ADDRESS}&gs_where=processes&e={link.encode(LARGE)}")
    page.get_by_role("button", name="Run the sweep").click()
    expect(page.get_by_text(re.compile(r"^\d+ of \d+ chunks, .* left"))).to_be_visible()
    leave(page, server, worker_processes(server.pid))
