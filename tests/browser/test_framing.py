"""Who may show the app in a frame: a page of the same origin, and no page of another host."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import Server

FRAMES = """
<!doctype html><title>Another page</title>
<iframe title="framed" src="{url}" width="900" height="700"></iframe>
"""


class Another(ThreadingHTTPServer):
    """A server on this machine that shows the app's page in a frame of its own."""

    def __init__(self, framed: str) -> None:
        body = FRAMES.format(url=framed).encode()

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name that the library calls
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Answer)


@pytest.fixture
def another(server: Server) -> Iterator[str]:
    """The address of a page, on another port, that frames the app."""
    serving = Another(server.url)
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield f"//127.0.0.1:{serving.server_port}/"
    serving.shutdown()
    serving.server_close()
    thread.join()


@pytest.fixture
def fresh(profile: BrowserContext) -> Iterator[Page]:
    page = profile.new_page()
    yield page
    page.close()


def framed(page: Page) -> list[str]:
    """The addresses of what is shown in the page's frames."""
    return [frame.url for frame in page.frames if frame.parent_frame is not None]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_of_another_origin_cannot_frame_the_app(
    fresh: Page, another: str, host: str, server: Server
) -> None:
    refused: list[str] = []
    fresh.on("console", lambda message: refused.append(message.text))
    port = urlsplit(another).port
    fresh.goto(f"http://{host}:{port}/")
    expect(fresh.get_by_title("framed")).to_be_visible()
    fresh.wait_for_timeout(1500)  # in which it would have been there
    assert all(not url.startswith(server.url) for url in framed(fresh))
    assert any("frame-ancestors" in note for note in refused), refused


def test_a_page_of_the_app_itself_can_frame_it(fresh: Page, server: Server) -> None:
    fresh.goto(f"{server.url}/_stcore/health")
    fresh.evaluate(
        """url => {
          const frame = document.createElement("iframe");
          frame.title = "framed";
          frame.src = url;
          document.body.append(frame);
        }""",
        server.url,
    )
    inside = fresh.frame_locator("[title=framed]")
    pages = inside.get_by_test_id("stSidebarNavLink").filter(has_text="Numerics")
    pages.wait_for(state="attached")
    expect(inside.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    fresh.get_by_title("framed").evaluate(
        "(frame, url) => { frame.src = url; }", f"{server.url}/?embed"
    )
    expect(inside.get_by_role("application")).to_be_visible()  # the graph, and nothing around it
    expect(inside.get_by_role("link", name="Numerics")).to_have_count(0)
    expect(inside.get_by_test_id("stSidebar")).not_to_be_in_viewport()
