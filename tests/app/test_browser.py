"""The page opens by itself where somebody sits before the machine, and nowhere else."""

import asyncio
from typing import Any

import pytest
import streamlit as st

from app import browser


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    chosen = {
        "server.headless": False,
        "server.port": 8501,
        "server.baseUrlPath": "",
        "server.sslCertFile": None,
        "browser.serverAddress": "localhost",
    }
    monkeypatch.setattr(st, "get_option", chosen.__getitem__)
    monkeypatch.setattr(browser, "LISTENING_AFTER_S", 0)
    return chosen


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is opened while a server starts, and stays up until something is or nothing will be."""
    seen: list[str] = []
    monkeypatch.setattr(browser.webbrowser, "open", seen.append)

    async def live() -> None:
        async with browser.opened(None):
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


def test_opens_nothing_where_nobody_looks(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    options["server.headless"] = True
    assert opened(monkeypatch) == []
