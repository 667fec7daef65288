"""What the sidebar's commands do to the session."""

from typing import Any

import pytest
import streamlit as st

from app import state
from app.experiment import link, presets
from app.views import sidebar
from app.views.lessons import draft
from app.views.lessons import format as text_of


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", {})
    state.start()


def send(monkeypatch: pytest.MonkeyPatch, *wishes: Any, source: Any = "page") -> None:
    sent = {"source": source, "list": list(wishes)}
    monkeypatch.setattr(state, "sent", lambda key, name: sent)
    sidebar._on_commands(draft.add)


def weight() -> float:
    return float(state.experiment().parameters().W_hh[0, 1])


def edit(n: int, text: str) -> dict[str, Any]:
    return {"n": n, "do": "cell", "field": "W_hh", "row": 0, "column": 1, "text": text}


@pytest.mark.usefixtures("session")
def test_commands_are_done_in_order_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, edit(1, "1"), edit(2, "2"))
    send(monkeypatch, edit(1, "1"), edit(2, "2"), edit(3, "3"))
    assert weight() == 3
    send(monkeypatch, {"n": 4, "do": "undo"})
    assert weight() == 2
    send(monkeypatch, {"n": 5, "do": "redo"})
    assert weight() == 3
    assert state.handled_all() == {"page": 5}


@pytest.mark.usefixtures("session")
def test_fault_is_noted_where_it_belongs_and_the_others_still_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(monkeypatch, edit(1, "abc"), edit(2, "2"))
    assert weight() == 2
    fault = state.notes()["fault"]
    assert fault["sentence"].startswith("W_hh row 1 column 2: expected")
    assert (fault["n"], fault["field"], fault["row"], fault["column"]) == (1, "W_hh", 0, 1)
    assert fault["text"] == "abc"
    send(monkeypatch, edit(3, "4"))
    assert "fault" not in state.notes()


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("name", ["spiral", "vanishing"])  # the first is what is shown already
def test_another_experiment_leaves_no_refusal_of_an_earlier_wish(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    send(monkeypatch, edit(1, "abc"))
    assert state.swap(presets.PRESETS[name].experiment)
    assert "fault" not in state.notes()
    send(monkeypatch, edit(2, "2"), edit(3, "abc"))
    state.undo()
    assert "fault" not in state.notes()


@pytest.mark.usefixtures("session")
def test_what_the_core_refuses_is_told_at_the_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, {"n": 1, "do": "cell", "field": "target", "text": "2"})
    fault = state.notes()["fault"]
    assert fault["sentence"] == "target: expected probabilities from 0 to 1, got 2.0"
    assert fault["field"] == "target"
    assert state.experiment() == presets.default()


@pytest.mark.usefixtures("session")
def test_save_and_rows_are_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, {"n": 1, "do": "rows", "field": "x", "row": 40}, {"n": 2, "do": "save"})
    assert state.notes()["windows"] == {"x": 40}
    file = state.notes()["file"]
    assert (file["source"], file["n"], file["name"]) == ("page", 2, "First look.json")
    assert link.from_file(file["text"].encode()) == presets.default()


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    "sent", [None, "x", {}, {"list": 3}, {"source": "a", "list": [None, 3, {}]}]
)
def test_what_is_no_list_of_commands_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, sent: Any
) -> None:
    monkeypatch.setattr(state, "sent", lambda key, name: sent)
    sidebar._on_commands(draft.add)
    assert state.experiment() == presets.default()


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("ending", ["npz", "safetensors"])
def test_saved_weights_open_again(monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    send(monkeypatch, {"n": 1, "do": "save_weights", "field": ending})
    file = state.notes()["file"]
    assert (file["n"], file["name"]) == (1, f"First look weights.{ending}")
    send(
        monkeypatch,
        {"n": 2, "do": "draw", "field": "scheme", "text": "zeros"},
        {"n": 3, "do": "weights", "text": file["base64"]},
    )
    assert "fault" not in state.notes()
    assert state.experiment() == presets.default()
    send(monkeypatch, {"n": 4, "do": "undo"})
    assert weight() == 0


@pytest.mark.usefixtures("session")
def test_weights_are_saved_only_in_known_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, {"n": 1, "do": "save_weights", "field": "pkl"})
    fault = state.notes()["fault"]
    assert fault["sentence"] == "weights file: expected one of npz, safetensors, got 'pkl'"
    assert "file" not in state.notes()


@pytest.mark.usefixtures("session")
def test_a_view_becomes_a_scene_of_the_lesson_that_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = link.encode(presets.PRESETS["sine"].experiment)
    shown = f"http://localhost/numerics?e={token}&at=f:h[2]&sel=W_hh"
    send(monkeypatch, *({"n": n, "do": "scene", "text": shown} for n in (1, 2)))
    assert state.notes()["added"]["text"].startswith("Scene 2 of your lesson")
    first, second = text_of.read(state.control(draft.TEXT)).scenes
    assert (first.page, first.at, first.select) == ("numerics", "f:h[2]", "W_hh")
    assert (first.experiment, second.experiment) == (token, "")  # that of the scene before
    send(monkeypatch, {"n": 3, "do": "scene", "text": "http://localhost/numerics"})
    assert "address: expected that of a page here" in state.notes()["fault"]["sentence"]
    assert len(text_of.read(state.control(draft.TEXT)).scenes) == 2


@pytest.mark.usefixtures("session")
def test_scenes_change_places_and_each_keeps_its_experiment() -> None:
    tokens = [link.encode(presets.PRESETS[name].experiment) for name in ("sine", "vanishing")]
    for token in (tokens[0], tokens[0], tokens[1]):
        draft.add(f"http://localhost/?e={token}")

    def experiments() -> list[tuple[str, object]]:
        lesson = text_of.read(state.control(draft.TEXT))
        return [(scene.title, lesson.experiment(k)) for k, scene in enumerate(lesson.scenes, 1)]

    one, two, three = experiments()
    draft.move(2, 1)
    assert experiments() == [one, three, two]
    draft.move(0, None)
    assert experiments() == [three, two]
