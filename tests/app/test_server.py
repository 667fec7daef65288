"""The static files and the headers that the server adds, asked for as a browser would."""

import http.client
import re
import tomllib
import urllib.error
import urllib.request
from contextlib import closing
from email.message import Message

import pytest

from app.server.asgi import INLINE_SCRIPT, content_security_policy, inline_script_hashes
from tests.conftest import ROOT, Server

PAGES = (
    "/",
    "/explore",
    "/assets/icon.svg",
    "/ui/components/shared/frontend/cursor.js",
    "/_stcore/health",
)


def get(server: Server, path: str, **headers: str) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(
        server.url + path, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:  # an answer, too, which has to be closed
            return error.code, error.headers, error.read()


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split("; ")]
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_other_hosts(server: Server, path: str) -> None:
    status, headers, _ = get(server, path)
    assert status == 200
    assert headers["X-Content-Type-Options"] == "nosniff"
    host = server.url.removeprefix("http://")
    allowed = {
        source
        for group in directives(headers["Content-Security-Policy"]).values()
        for source in group
    }
    policy = directives(headers["Content-Security-Policy"])
    assert policy["frame-ancestors"] == ["'self'"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    hosts = {source for source in allowed if not source.startswith("'")}
    assert hosts == {"data:", "blob:", f"ws://{host}", f"wss://{host}"}


@pytest.mark.parametrize("query", ["", "?e=abc&at=f:h%5B2%5D&sel=b_h", "?a=//evil.example"])
@pytest.mark.parametrize("name", ["/explore", "/explore/"])
def test_the_front_page_is_found_by_its_name_with_what_the_link_says(
    server: Server, name: str, query: str
) -> None:
    with urllib.request.urlopen(server.url + name + query, timeout=10) as answer:
        assert answer.status == 200
        assert answer.url == f"{server.url}/{query}"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/?embed", "/?embed=true"),
        ("/numerics?a=embed&embed=&e=x%26embed", "/numerics?a=embed&embed=true&e=x%26embed"),
        ("/?embed=false&embedded", "/?embed=false&embedded"),
    ],
)
def test_embed_alone_means_that_it_is_true(server: Server, asked: str, found: str) -> None:
    with urllib.request.urlopen(server.url + asked, timeout=10) as answer:
        assert answer.url == server.url + found


def test_embed_leads_to_no_other_host(server: Server) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    with closing(connection):
        connection.request("GET", "//evil.example/?embed")
        assert connection.getresponse().headers["Location"] == "?embed=true"


def test_scripts_are_only_ours_and_the_one_of_streamlits_own_page(server: Server) -> None:
    _, headers, page = get(server, "/")
    script_sources = directives(headers["Content-Security-Policy"])["script-src"]
    assert "'unsafe-inline'" not in script_sources
    assert "'unsafe-eval'" not in script_sources
    inline = INLINE_SCRIPT.findall(page.decode())
    assert len(inline) == len(inline_script_hashes()) > 0
    assert all(source in script_sources for source in inline_script_hashes())


@pytest.mark.parametrize("host", ["evil.example; script-src *", "a b", "x\r\ny", "'unsafe-inline'"])
def test_a_hostile_host_header_does_not_get_into_the_policy(host: str) -> None:
    assert content_security_policy(host) == content_security_policy("")


@pytest.mark.parametrize("host", ["localhost:8501", "lab.example.org", "[::1]:8501", "10.0.0.7"])
def test_web_sockets_of_the_same_host_are_allowed(host: str) -> None:
    sources = directives(content_security_policy(host))["connect-src"]
    assert sources == ["'self'", f"ws://{host}", f"wss://{host}"]


def test_files_are_asked_for_again_and_not_sent_twice(server: Server) -> None:
    status, headers, body = get(server, "/ui/components/shared/frontend/cursor.js")
    assert (status, headers["Cache-Control"]) == (200, "no-cache")
    assert body == (ROOT / "app" / "components" / "shared" / "frontend" / "cursor.js").read_bytes()
    assert re.search("javascript", headers["Content-Type"])
    status, _, body = get(
        server, "/ui/components/shared/frontend/cursor.js", If_None_Match=headers["ETag"]
    )
    assert (status, body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/ui/components/graph_view/frontend/../payload.py",
        "/ui/components/graph_view/frontend/%2e%2e/payload.py",
        "/ui/components/shared/frontend/..%2f..%2frequirements.txt",
        "/assets/../requirements.txt",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets//etc/passwd",
        "/app/main.py",
        "/requirements.txt",
    ],
)
def test_nothing_outside_the_served_folders_is_given(server: Server, path: str) -> None:
    status, _, body = get(server, path)
    streamlits_page = b"<title>Streamlit</title>" in body  # its answer to unknown addresses
    assert status in {400, 403, 404} or streamlits_page
    assert b"root:" not in body
    assert b"streamlit>=" not in body
    assert b"import " not in body


def test_no_message_is_left_to_the_browsers_memory_of_it() -> None:
    """Back and Forward in quick succession lose one that is: the tab is dead then."""
    config = tomllib.loads((ROOT / "app" / ".streamlit" / "config.toml").read_text("utf-8"))
    largest = config["server"]["maxMessageSize"] * 2**20
    assert config["global"]["minCachedMessageSize"] > largest
