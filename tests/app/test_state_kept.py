"""Experiments too long for an address: the tab keeps them, and what it has not is said."""

import base64
import json
from collections.abc import Callable

import pytest
import streamlit as st

from app import state
from app.experiment import link, presets
from app.experiment.presets import PRESETS
from app.state import session
from app.state.own_files import Kept, OwnFiles
from tests.app.session import name, plain_session, show, token, travel


@pytest.fixture
def query(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    return plain_session(monkeypatch)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address with room for the default alone."""
    monkeypatch.setattr(link, "MAX_TOKEN", len(token(presets.DEFAULT)))


@pytest.mark.usefixtures("short")
def test_the_address_names_an_experiment_too_long_for_it(
    query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state.start()
    assert state.mark() is None
    query["sel"] = "h[1]"
    show("sine")
    assert query == {"sel": "h[1]", "e": state.mark()}
    assert state.problem() is None
    state.start()
    assert name() == "sine"
    long = query["e"]
    travel(query, monkeypatch, token(presets.DEFAULT))
    assert name() == presets.DEFAULT
    travel(query, monkeypatch, long)
    assert name() == "sine"


def reloaded(query: dict[str, str], mark: str) -> None:
    """The page loaded anew at an address that names an experiment."""
    st.session_state.clear()
    query.clear()
    query["e"] = mark
    state.start()


@pytest.mark.usefixtures("short")
def test_what_the_browser_has_kept_is_restored_and_said(query: dict[str, str]) -> None:
    state.start()
    show("sine")
    mark, text = query["e"], link.encode(state.experiment())
    reloaded(query, mark)
    assert state.is_missing()
    assert query["e"] == mark
    state.restore(text)
    assert name() == "sine"
    assert not state.is_missing()
    assert state.notice() == state.RESTORED
    assert query["e"] == mark
    show("parity")
    assert state.notice() is None


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    "text", ["", "{}", "[" * 100_000, link.encode(PRESETS["parity"].experiment)]
)
def test_what_the_browser_does_not_have_is_said(query: dict[str, str], text: str) -> None:
    state.start()
    show("sine")
    reloaded(query, query["e"])
    state.restore(text)
    assert state.experiment() == presets.default()
    assert (state.problem() or "").startswith("link: expected an experiment that this tab keeps")
    assert query["e"] == token(presets.DEFAULT)
    assert not state.is_missing()


@pytest.mark.usefixtures("short")
def test_the_tab_is_given_a_long_experiment_with_the_edit_and_once(
    query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state.start()
    assert state.take_unkept() is None or link.is_mark(query["e"])
    show("sine")
    assert state.take_unkept() == {"mark": query["e"], "text": link.encode(state.experiment())}
    assert state.take_unkept() is None
    monkeypatch.setattr(session, "AT_ONCE", 10)
    show("parity")
    assert state.take_unkept() is None  # the tab asks for it once the editing rests


def test_files_are_those_of_this_session_and_what_the_tab_has_kept_of_the_one_before() -> None:
    files, mine = OwnFiles(), Kept("mine.csv", b"a\xff\n" * 9, '{"answers":"classes"}')
    assert files.sent() is None  # the tab keeps what it has
    files.hold("own_data", mine)
    told = files.sent() or {}
    assert base64.urlsafe_b64decode(told["own_data"]["content"] + "==")[:1] == b"x"  # zlib
    assert (files.sent() or {})["own_data"] == told["own_data"] | {"content": ""}  # sent once
    files.hear("ask", "own_data", "")
    assert files.sent() == told
    files.read_as("own_data", "")
    assert (files.sent() or {})["own_data"] == told["own_data"] | {"content": "", "read": ""}

    anew = OwnFiles(asks=True)
    anew.hear("kept", "", json.dumps(told | {"own_text": {"name": "b.txt", "mark": "1"}}))
    assert anew.held == {"own_data": mine}
    assert (anew.lost, anew.unsaid, anew.asks) == ({"own_text": "b.txt"}, True, False)
    assert (anew.sent() or {})["own_text"] == {"name": "b.txt", "mark": ""}
    anew.hold("own_data", Kept("again.csv", b"c"))
    anew.hear("kept", "", json.dumps(told))
    assert (anew.held or {})["own_data"].name == "again.csv"
    anew.hear("cannot", "own_data", "")
    assert anew.unkept == {"own_data"}
    anew.let_go("own_data")
    assert (anew.held, anew.unkept) == ({}, set())


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "[" * 100_000,
        "[1]",
        '{"a": 1}',
        '{"own_data": null}',
        json.dumps({"own_data": {"name": "a", "content": "eJw" + "A" * 99}}),
        json.dumps({str(place): {"name": "a", "content": ""} for place in range(1000)}),
    ],
)
def test_what_the_tab_brings_is_checked_and_bounded(hostile: str) -> None:
    files = OwnFiles()
    files.hear("kept", "", hostile)
    assert files.held == {}
    assert len(files.lost) <= 10


@pytest.mark.parametrize("nothing_missing", [state.lost, lambda: state.restore("{}")])
def test_nothing_is_restored_over_an_experiment(
    query: dict[str, str], nothing_missing: Callable[[], None]
) -> None:
    state.start()
    show("sine")
    nothing_missing()
    assert name() == "sine"
    assert state.problem() is None
