"""A session without a browser, and what happens to it, for the tests of `app.state`."""

import pytest
import streamlit as st

from app import state
from app.experiment import link, presets
from app.experiment.presets import PRESETS
from app.state import controls


def plain_session(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A session and an address of plain dictionaries."""
    address: dict[str, str] = {}
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", address)
    return address


def travel(query: dict[str, str], monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """A rerun that Back or Forward caused."""
    query["e"] = token
    with monkeypatch.context() as patch:
        patch.setattr(controls, "travelled", lambda: True)
        state.start()


def name() -> str | None:
    return presets.name_of(state.experiment())


def show(preset: str) -> None:
    """A rerun that a control caused: its callback, then the script."""
    assert state.change(PRESETS[preset].experiment)
    state.start()


def token(preset: str) -> str:
    return link.encode(PRESETS[preset].experiment)
