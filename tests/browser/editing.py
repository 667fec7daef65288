"""What a user does in the sidebar; the address tells which experiment Python holds."""

import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page

from app.experiment import link, presets
from app.experiment.value import Experiment
from tests.browser import steps

PATIENCE_S = 15


def held(page: Page) -> Experiment | None:
    """Return the experiment in the address."""
    token = parse_qs(urlsplit(page.url).query).get("e")
    return link.decode(token[0]) if token else None


def becomes(page: Page, wanted: Experiment) -> None:
    """Wait until the address holds the experiment."""
    until = time.monotonic() + PATIENCE_S
    while held(page) != wanted and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert held(page) == wanted


def cell(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def choose(page: Page, preset: str) -> Experiment:
    experiment = presets.PRESETS[preset].experiment
    cell(page, "Experiment").select_option(preset)
    becomes(page, experiment)
    steps.settled(page)
    return experiment


def paste(page: Page, name: str, text: str) -> None:
    """Paste into a cell as the clipboard would."""
    cell(page, name).click()
    cell(page, name).evaluate(
        """(input, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const bubbles = { bubbles: true, cancelable: true };
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, ...bubbles }));
        }""",
        text,
    )
