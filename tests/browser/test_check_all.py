"""Check all: it is said while it lasts, gives its verdict, and ends with the page."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from app.experiment import link
from app.experiment.sources import Drawn, Series, make
from scripts.serving import worker_processes
from tests.browser.steps import leave
from tests.conftest import Server
from tests.experiments import six_steps

OpenPage = Callable[..., Page]


def address(hidden: int, length: int) -> str:
    experiment = six_steps().replace(
        sequence=make(Series, name="sine", length=length, scaling="none"),
        weights=Drawn(scheme="orthogonal", hidden=hidden, seed=1),
        loss="squared_error",
    )
    return f"?e={link.encode(experiment)}"


def strip(page: Page) -> Locator:
    """The numbers and, beside them, the badges."""
    return page.locator(".st-key-numbers")


def ask(page: Page) -> None:
    strip(page).get_by_text("Check all").click()


def test_all_gradients_are_checked_beside_the_page(open_page: OpenPage) -> None:
    page = open_page(address(12, 400))
    expect(strip(page)).to_contain_text("gradient not checked")
    ask(page)
    expect(strip(page)).to_contain_text(re.compile(r"gradient checked: agrees to \d+ digits"))
    ask(page)
    expect(strip(page)).to_contain_text("gradient not checked")


def test_leaving_ends_it(open_page: OpenPage, server: Server) -> None:
    page = open_page(address(64, 1000))
    before = worker_processes(server.pid)
    ask(page)
    expect(strip(page)).to_contain_text(re.compile(r"checking all: \d+ s"))
    mine = worker_processes(server.pid) - before
    assert len(mine) == 1
    leave(page, server, mine)
