"""The page opens by itself where somebody sits before the machine, and nowhere else."""

import asyncio
import re
from typing import Any

import pytest
import streamlit as st

from app.server import browser, handed
from app.server.handed import Files, Hand


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    chosen = {
        "server.headless": False,
        "server.address": "localhost",
        "server.port": 8501,
        "server.baseUrlPath": "",
        "server.sslCertFile": None,
        "browser.serverAddress": "localhost",
    }
    monkeypatch.setattr(st, "get_option", chosen.__getitem__)
    monkeypatch.setattr(browser, "LISTENING_AFTER_S", 0)
    return chosen


def opened(monkeypatch: pytest.MonkeyPatch, *, is_there: bool = True) -> list[str]:
    """What is opened while a server starts, and stays up until something is or nothing will be."""
    seen: list[str] = []
    monkeypatch.setattr(browser.webbrowser, "open", lambda url: seen.append(url) or is_there)

    async def live() -> None:
        async with browser.announced(None):
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*others)

    asyncio.run(live())
    return seen


def test_opens_the_page_that_the_server_gives(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened(monkeypatch) == ["http://localhost:8501/"]
    options |= {"server.port": 9000, "server.baseUrlPath": "/rnn/", "server.sslCertFile": "a.pem"}
    assert opened(monkeypatch) == ["https://localhost:9000/rnn"]


def test_without_a_browser_the_address_is_printed_and_a_sentence_says_so(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(monkeypatch)
    assert "No browser" not in capsys.readouterr().out
    opened(monkeypatch, is_there=False)
    printed = capsys.readouterr().out
    assert "Unrolled: http://localhost:8501/\n" in printed
    assert "No browser was found: open that address in one." in printed


def test_files_that_are_held_out_stand_in_the_address(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hand = Hand()
    hand.hold_out(Files())
    monkeypatch.setattr(handed, "HAND", hand)
    options["server.address"] = "0.0.0.0"  # noqa: S104
    (url,) = opened(monkeypatch)
    assert re.fullmatch(r"http://localhost:8501/\?files=[\w-]{20,}", url)
    assert f"Unrolled: {url} and port 8501" in capsys.readouterr().out
    hand.take(url.partition("=")[2])
    assert opened(monkeypatch) == ["http://localhost:8501/"]


def test_opens_nothing_where_nobody_looks(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    options["server.headless"] = True
    assert opened(monkeypatch) == []


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("localhost", "Unrolled: http://localhost:8501/\n"),
        ("127.0.0.1", "Unrolled: http://localhost:8501/\n"),
        ("192.168.1.5", "Unrolled: http://192.168.1.5:8501/\n"),
        ("fe80::1", "Unrolled: http://[fe80::1]:8501/\n"),
        (
            "0.0.0.0",  # noqa: S104
            "Unrolled: http://localhost:8501/ and port 8501 of every address of this machine\n",
        ),
    ],
)
def test_what_is_printed_is_where_the_server_listens(
    options: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str,
    printed: str,
) -> None:
    options |= {"server.headless": True, "server.address": address}
    opened(monkeypatch)
    assert capsys.readouterr().out.strip() + "\n" == printed
