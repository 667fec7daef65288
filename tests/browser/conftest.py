"""A real browser on the app's own server, which records everything that should not happen."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    ViewportSize,
    WebSocket,
    expect,
    sync_playwright,
)

from app.experiment import link
from scripts import chromium
from tests.browser.steps import settled
from tests.browser.tabs import Tabs
from tests.conftest import Server
from tests.experiments import six_steps

PATIENCE_MS = 20_000
ASKED_BELOW_A_PAGE = re.compile(r"//[^/]+/[a-z-]+/_stcore/(health|host-config)$")
"""Where Streamlit's own page looks for its server first, when it is opened at a page's address."""
DESKTOP: ViewportSize = {"width": 1366, "height": 900}
USUAL_MEDIA = {
    "media": "null",
    "color_scheme": "light",
    "reduced_motion": "null",
    "forced_colors": "null",
    "contrast": "null",
}

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Incidents:
    """What a page did that it must not do."""

    allowed_host: str
    seen: list[str] = field(default_factory=list)

    @contextmanager
    def watching(self, context: BrowserContext) -> Iterator[None]:
        """Take note of what the context's pages do."""
        notes: dict[Any, Callable[..., None]] = {
            "console": self._console,
            "weberror": lambda error: self.seen.append(f"page error: {error.error}"),
            "request": lambda request: self._request(request.url),
            "dialog": self._dialog,
            "page": lambda page: page.on("websocket", self.connected),
        }
        for event, note in notes.items():
            context.on(event, note)
        yield
        for event, note in notes.items():
            context.remove_listener(event, note)

    def connected(self, connection: WebSocket) -> None:
        """Take note of where a page has opened a connection to."""
        self._request(connection.url)

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


def with_experiment(address: str) -> str:
    """Return the address with `six_steps` in it, if it names no experiment itself."""
    path, _, query = address.partition("?")
    if any(part.startswith("e=") for part in query.split("&")):
        return address
    return f"{path}?e={link.encode(six_steps())}{'&' if query else ''}{query}"


def as_modules(route: Route) -> None:
    """Answer with the modules where the page asks for the file that they are packed into."""
    route.fulfill(
        content_type="text/javascript",
        body='export * from "../../ui/components/shared/frontend/ui.js";',
    )


@pytest.fixture
def incidents(server: Server) -> Iterator[Incidents]:
    """What went wrong in any page of the test: at its end there may be nothing."""
    record = Incidents(urlsplit(server.url).netloc)
    yield record
    assert not record.seen, "\n".join(record.seen)


@pytest.fixture(scope="package")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One Chromium for the browser tests of one worker; without it they fail, and say why.

    It keeps the app's files to save time, and nothing else from one page to the next.
    """
    with sync_playwright() as playwright:
        context = chromium.open_profile(playwright, tmp_path_factory.mktemp("profile"))
        context.set_default_timeout(PATIENCE_MS)
        yield context
        context.close()


@pytest.fixture(scope="package")
def tabs(profile: BrowserContext, server: Server) -> Tabs:
    """The tabs of that Chromium."""
    return Tabs(profile, server.url)


@pytest.fixture
def open_page(
    profile: BrowserContext, tabs: Tabs, server: Server, incidents: Incidents
) -> Iterator[Callable[..., Page]]:
    """Open an address as a new visitor: `open_page("?e=…", color_scheme="dark")`.

    One that names no experiment opens `six_steps`, but for a `first_visit`, which has nothing. An
    `unpacked` one runs the front ends' modules, not the file that they are packed into: what a test
    imports of them there is the page's own. What is `prepared` is done to the tab before.
    """
    pages: list[Page] = []

    def opened(
        address: str = "",
        *,
        viewport: ViewportSize = DESKTOP,
        first_visit: bool = False,
        unpacked: bool = False,
        prepared: Callable[[Page], None] = lambda page: None,
        **media: Any,
    ) -> Page:
        page = tabs.take()
        pages.append(page)
        prepared(page)
        page.on("websocket", incidents.connected)
        page.set_viewport_size(viewport)
        page.emulate_media(**{**USUAL_MEDIA, **media})
        if unpacked:
            page.route("**/assets/bundle/ui.js", as_modules)
        page.goto(f"{server.url}/{address if first_visit else with_experiment(address)}")
        settled(page)
        return page

    with incidents.watching(profile):
        yield opened
    for page in pages:
        page.remove_listener("websocket", incidents.connected)
        tabs.give_back(page)
    profile.clear_permissions()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """The front page with `six_steps`, all computed."""
    return open_page()
