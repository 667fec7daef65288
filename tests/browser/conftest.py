"""A real browser on the app's own server, which records everything that should not happen."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from scripts import chromium
from tests.browser.steps import settled
from tests.conftest import Server

PATIENCE_MS = 20_000
ASKED_BELOW_A_PAGE = re.compile(r"//[^/]+/[a-z-]+/_stcore/(health|host-config)$")
"""Where Streamlit's own page looks for its server first, when it is opened at a page's address."""
DESKTOP = {"width": 1366, "height": 900}

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Incidents:
    """What a page did that it must not do."""

    allowed_host: str
    seen: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"page error: {error.error}"))
        context.on("request", lambda request: self._request(request.url))
        context.on("dialog", self._dialog)
        context.on("page", lambda page: page.on("websocket", lambda ws: self._request(ws.url)))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not ASKED_BELOW_A_PAGE.search(message.location["url"]):
            self.seen.append(f"console: {message.text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self.allowed_host:
            self.seen.append(f"request to another host: {url}")

    def _dialog(self, dialog: Any) -> None:
        self.seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for the browser tests of one worker; without it they fail, and say why."""
    with sync_playwright() as playwright:
        running = chromium.launch(playwright)
        yield running
        running.close()


@pytest.fixture
def incidents(server: Server) -> Iterator[Incidents]:
    """What went wrong in any page of the test: at its end there may be nothing."""
    record = Incidents(urlsplit(server.url).netloc)
    yield record
    assert not record.seen, "\n".join(record.seen)


@pytest.fixture
def open_page(
    browser: Browser, server: Server, incidents: Incidents
) -> Iterator[Callable[..., Page]]:
    """Open an address of the app in a fresh profile: `open_page("?e=…", color_scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def opened(address: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        incidents.watch(context)
        page = context.new_page()
        page.goto(f"{server.url}/{address}")
        settled(page)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """The front page as a first visit shows it."""
    return open_page()
