"""Who may ask the server, and from where: a name that is not its own is refused at every door."""

import http.client
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from app.server.hosts import is_known, is_same_origin
from scripts.serving import Server, serving
from tests.conftest import ROOT

DOORS = {
    "/": 200,
    "/explore": 307,  # to where the front page lives
    "/_stcore/health": 200,
    "/_stcore/host-config": 200,
    "/assets/icon.svg": 200,
    "/media/x": 404,
}
"""What each answers to a name of this machine."""


def status(server: Server, path: str, **headers: str) -> int:
    """The answer to a request that says what it likes of itself."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=10)
    connection.putrequest("GET", path, skip_host=True)
    for name, text in headers.items():
        connection.putheader(name.replace("_", "-"), text)
    connection.endheaders()
    answer = connection.getresponse()
    connection.close()
    return answer.status


def socket_status(server: Server, host: str, **headers: str) -> int:
    """The answer to a browser that wants to open the page's socket: 101 opens it."""
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec_WebSocket_Version": "13",
    }
    return status(server, "/_stcore/stream", Host=host, **upgrade, **headers)


@pytest.mark.parametrize("path", DOORS)
def test_a_name_of_another_is_refused_at_every_door(server: Server, path: str) -> None:
    assert status(server, path, Host="evil.example") == 421
    assert status(server, path, Host="localhost.evil.example:8501") == 421
    assert status(server, path, Host="localhost") == DOORS[path]


@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", "a b", "10.0.0.7", ""])
def test_sockets_are_refused_to_another_name(server: Server, host: str) -> None:
    assert socket_status(server, host) in {400, 403}


def test_sockets_are_opened_to_the_own_page_and_refused_to_pages_of_others(server: Server) -> None:
    host = urlsplit(server.url).netloc
    assert socket_status(server, host, Origin=server.url) == 101
    for origin in (
        "http://evil.example",
        "null",
        "http://localhost:1",
        f"http://{host}.evil.example",
    ):
        assert socket_status(server, host, Origin=origin) == 403
    assert "completing handshake" not in server.printed()


@pytest.mark.parametrize(
    ("host", "address", "named", "known"),
    [
        ("localhost", "localhost", (), True),
        ("LOCALHOST.:8501", "localhost", (), True),
        ("127.0.0.1:1", "localhost", (), True),
        ("[::1]:8501", "localhost", (), True),
        ("lab.example.org", "localhost", (), False),
        ("192.168.1.5", "localhost", (), False),
        ("192.168.1.5:8501", "192.168.1.5", (), True),
        ("192.168.1.6:8501", "192.168.1.5", (), False),
        ("lab.example.org", "192.168.1.5", (), False),
        ("192.168.1.5", "0.0.0.0", (), True),  # noqa: S104
        ("[2001:db8::1]:80", "::", (), True),
        ("evil.example", "0.0.0.0", (), False),  # noqa: S104
        ("lab.example.org:443", "0.0.0.0", ("lab.example.org",), True),  # noqa: S104
        ("a.example.org", "localhost", ("*.example.org",), True),
        ("example.org", "localhost", ("*.example.org",), False),
        ("evil-example.org", "localhost", ("*.example.org",), False),
        ("any.thing", "localhost", ("*",), True),
        ("a b", "localhost", ("*",), False),
        ("localhost/x", "localhost", (), False),
        ("user@localhost", "localhost", (), False),
        ("", "0.0.0.0", ("*",), False),  # noqa: S104
    ],
)
def test_a_server_knows_its_own_names_and_those_it_was_given(
    host: str, address: str, named: tuple[str, ...], known: bool
) -> None:
    assert is_known(host, address, named) is known


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://localhost:8501", "localhost:8501", True),
        ("https://lab.example.org", "lab.example.org", True),
        ("https://lab.example.org", "lab.example.org:443", True),
        ("http://Lab.Example.org", "lab.example.org:80", True),
        ("http://lab.example.org", "lab.example.org:443", False),
        ("http://localhost:8502", "localhost:8501", False),
        ("null", "localhost:8501", False),
    ],
)
def test_a_page_is_the_servers_own_by_name_and_port(origin: str, host: str, same: bool) -> None:
    assert is_same_origin(origin, host) is same


def test_unless_told_otherwise_the_server_listens_on_this_machine_alone(server: Server) -> None:
    listening = {
        each.laddr.ip
        for each in psutil.Process(server.pid).net_connections("tcp")
        if each.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}
    assert f"Unrolled: {server.url}/" in server.printed()


def test_named_hosts_and_frames_are_let_in_and_all_addresses_are_told(tmp_path: Path) -> None:
    told = (
        *("--server.address", "0.0.0.0", "--"),  # noqa: S104
        *("--allowed-hosts", "lab.example.org", "--frame-ancestors", "https://lms.example.org"),
    )
    with serving(ROOT / "app" / "main.py", tmp_path, *told) as server:
        host = urlsplit(server.url).netloc
        assert status(server, "/", Host="lab.example.org") == 200
        assert status(server, "/", Host="10.1.2.3:8501") == 200
        assert status(server, "/", Host="evil.example") == 421
        assert socket_status(server, "lab.example.org", Origin="https://lab.example.org") == 101
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request("GET", "/")
        headers = connection.getresponse().headers
        connection.close()
        assert (
            "frame-ancestors 'self' https://lms.example.org" in headers["Content-Security-Policy"]
        )
        assert headers["X-Frame-Options"] is None
        assert "of every address of this machine" in server.printed()


def test_an_option_that_cannot_be_used_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app" / "main.py")]
    command += ["--server.headless", "true", "--server.port", "0", "--", "--allowed-hosts", "a/b"]
    ran = subprocess.run(
        command,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode != 0
    sentence = "--allowed-hosts: expected hosts such as lab.example.org, got 'a/b'."
    assert ran.stderr.strip().splitlines()[-1] == sentence
    assert "Traceback" not in ran.stderr
