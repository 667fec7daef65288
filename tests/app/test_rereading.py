"""What was understood of what was read, said with buttons that read the same text otherwise."""

from typing import Any

import pytest
import streamlit as st

from app import state
from app.components.editor import commands
from app.components.editor.commands import Command
from app.components.editor.rereading import LARGEST_KEPT
from app.experiment import changes
from app.experiment.reading.notice import Choice, Understood, Unread
from app.experiment.value import Experiment
from app.views import sidebar
from tests.app.test_sidebar import edit, send

DOUBLED = Choice("twice", "factor", 2)


def _planted(experiment: Experiment, command: Command) -> tuple[Experiment, Understood]:
    """Read one number into the first cell of W_hh, as often as the options say."""
    if command.text.startswith("refused") and not command.options:
        raise Unread("W_hh: expected a number, got a word.", [DOUBLED])
    number = float(command.options.get("factor", 1)) * len(command.text)
    return changes.with_cell(experiment, "W_hh", 0, 0, number), Understood(("Read.",), (DOUBLED,))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", {})
    monkeypatch.setattr(commands, "READINGS", {"file": _planted})
    state.start()


def said() -> dict[str, Any] | None:
    return sidebar._said(state.experiment())


def first() -> float:
    return float(state.experiment().parameters().W_hh[0, 0])


@pytest.mark.usefixtures("session")
def test_a_button_reads_the_same_text_again_and_undo_takes_it_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(monkeypatch, {"n": 1, "do": "file", "text": "abc"})
    assert first() == 3
    assert said() == {"do": "file", "field": "", "text": "Read.", "choices": ["twice"]}
    send(monkeypatch, {"n": 2, "do": "reread", "text": "twice"})
    assert first() == 6
    send(monkeypatch, {"n": 3, "do": "undo"})
    assert first() == 3
    assert said() == {"do": "file", "field": "", "text": "Read.", "choices": ["twice"]}
    send(monkeypatch, {"n": 4, "do": "reread", "text": "twice"})
    assert first() == 6


@pytest.mark.usefixtures("session")
def test_a_refusal_can_be_read_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, {"n": 1, "do": "file", "text": "refused"})
    assert state.notes()["fault"]["sentence"] == "W_hh: expected a number, got a word."
    assert said() == {"do": "file", "field": "", "text": "", "choices": ["twice"]}
    send(monkeypatch, {"n": 2, "do": "reread", "text": "twice"})
    assert first() == 14
    assert "fault" not in state.notes()


@pytest.mark.usefixtures("session")
def test_the_line_goes_with_the_next_change_and_unknown_buttons_do_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(monkeypatch, {"n": 1, "do": "file", "text": "abc"})
    send(monkeypatch, {"n": 2, "do": "reread", "text": "thrice"})
    assert first() == 3
    send(monkeypatch, edit(3, "9"))
    assert said() is None
    send(monkeypatch, {"n": 4, "do": "reread", "text": "twice"})
    assert first() == 3


@pytest.mark.usefixtures("session")
def test_undo_and_redo_bring_back_the_line_of_the_experiment_that_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fresh = first()
    send(monkeypatch, {"n": 1, "do": "file", "text": "abc"})
    send(monkeypatch, edit(2, "9"))
    send(monkeypatch, {"n": 3, "do": "file", "text": "abcde"})
    seen = []
    for n, do in enumerate(("undo", "undo", "undo", "redo", "redo", "redo"), 4):
        send(monkeypatch, {"n": n, "do": do})
        seen.append((first(), said() is not None))
    assert seen == [(3, False), (3, True), (fresh, False), (3, True), (3, False), (5, True)]


@pytest.mark.usefixtures("session")
def test_texts_are_kept_up_to_their_limit_and_lines_without_buttons(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(monkeypatch, {"n": 1, "do": "file", "text": "a" * (LARGEST_KEPT - 10)})
    send(monkeypatch, {"n": 2, "do": "file", "text": "a" * 20})
    assert (said() or {})["choices"] == ["twice"]
    send(monkeypatch, {"n": 3, "do": "undo"})
    assert said() == {"do": "file", "field": "", "text": "Read.", "choices": []}


@pytest.mark.usefixtures("session")
def test_a_long_text_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, {"n": 1, "do": "file", "text": "a" * (LARGEST_KEPT + 1)})
    assert said() == {"do": "file", "field": "", "text": "Read.", "choices": []}


@pytest.mark.usefixtures("session")
def test_the_browser_sets_no_options(monkeypatch: pytest.MonkeyPatch) -> None:
    wish = {"n": 1, "do": "file", "text": "abc", "options": {"factor": 5}}
    send(monkeypatch, wish)
    assert first() != 15
    assert (state.problem() or "").startswith("command: options")
