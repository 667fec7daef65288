"""The session: opening links, changes with undo and redo, and what the address says."""

from collections.abc import Callable
from typing import Any

import pytest

from app import state
from app.experiment import link, presets
from app.experiment.presets import PRESETS
from app.state import past
from tests.app.session import name, plain_session, show, token, travel


@pytest.fixture
def query(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    return plain_session(monkeypatch)


def test_first_visit_shows_the_default_and_puts_it_into_the_address(query: dict[str, str]) -> None:
    state.start()
    assert state.experiment() == presets.default()
    assert query == {"e": token(presets.DEFAULT)}
    assert state.problem() is None
    assert state.is_first_visit()
    assert query == {"at": "start", "e": token(presets.DEFAULT)}
    assert state.is_first_visit()
    state.went_on()
    assert not state.is_first_visit()


@pytest.mark.parametrize("asked", [{"at": "end"}, {"sel": "h[1]"}, {"level": "scalar"}])
def test_who_asks_for_something_is_not_sent_to_the_start(
    query: dict[str, str], asked: dict[str, str]
) -> None:
    query.update(asked)
    state.start()
    assert not state.is_first_visit()
    assert {name: query.get(name) for name in ("at", *asked)} == {"at": None} | asked


@pytest.mark.parametrize("away", [state.introduced, state.went_on])
def test_the_introduction_stays_through_edits_until_it_is_put_away(
    query: dict[str, str], away: Callable[[], None]
) -> None:
    state.start()
    assert state.is_first_visit()
    show("sine")
    assert state.is_first_visit()
    away()
    assert not state.is_first_visit()


def test_who_begins_on_another_page_is_introduced_later(query: dict[str, str]) -> None:
    state.start()
    state.went_on()
    assert state.is_first_visit()


def test_an_own_experiment_that_is_put_aside_can_be_brought_back(query: dict[str, str]) -> None:
    state.start()
    assert state.swap(PRESETS["vanishing"].experiment)
    assert not state.swapped()  # a preset is one press away as it is
    own = state.experiment().model_copy(update={"loss": "squared_error"})
    assert state.change(own)
    assert not state.swapped()
    assert state.swap(PRESETS["sine"].experiment)
    assert state.swapped()
    state.undo()
    assert state.experiment() == own
    assert not state.swapped()
    for preset in ("sine", "vanishing", "sine"):  # as a lesson does, scene after scene
        assert state.swap(PRESETS[preset].experiment)
        assert state.swapped()
    state.bring_back()
    assert state.experiment() == own
    assert not state.swapped()
    state.bring_back()
    assert state.experiment() == own


def test_link_opens_its_experiment_and_leaves_the_rest_of_the_address(
    query: dict[str, str],
) -> None:
    query.update(e=token("parity"), at="f:h[2]", sel="W_hh", level="scalar")
    before = dict(query)
    state.start()
    assert name() == "parity"
    assert query == before
    assert state.view() == state.View(level="scalar", selected="W_hh", at="f:h[2]")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "inf", "nan", "NaN", "-Infinity"])
def test_a_control_out_of_range_is_forgotten(query: dict[str, str], number: str) -> None:
    query.update(gs_radii=number, wl_n="3", sel="nan", gf="Sweep")
    state.start()
    assert "gs_radii" not in query
    assert (query["wl_n"], query["sel"], query["gf"]) == ("3", "nan", "Sweep")


def test_another_page_has_the_same_experiment_in_its_address(query: dict[str, str]) -> None:
    state.start()
    show("parity")
    query.clear()  # as Streamlit does when the reader goes to another page
    state.start()
    assert name() == "parity"
    assert query == {"e": token("parity")}


@pytest.mark.parametrize(
    "bad", ["x", "%00", "</script><img src=x onerror=alert(1)>", "A" * 100_000, "\0", ""]
)
def test_malformed_link_is_said_and_the_default_opens(query: dict[str, str], bad: str) -> None:
    query["e"] = bad
    state.start()
    assert state.experiment() == presets.default()
    problem = state.problem()
    assert problem is not None
    assert problem.startswith("link: ")
    assert problem.endswith("The default experiment is shown instead.")
    assert "<" not in problem
    assert query["e"] == token(presets.DEFAULT)


def test_good_change_clears_the_problem(query: dict[str, str]) -> None:
    query["e"] = "x"
    state.start()
    show("sine")
    assert state.problem() is None


def test_undo_and_redo(query: dict[str, str]) -> None:
    state.start()
    assert not state.can_undo()
    show("sine")
    show("parity")
    state.undo()
    assert name() == "sine"
    assert query["e"] == token("sine")
    assert state.can_redo()
    state.redo()
    assert name() == "parity"
    state.undo()
    state.undo()
    assert name() == presets.DEFAULT
    assert not state.can_undo()
    show("text")
    assert not state.can_redo()


def test_undo_is_bounded_and_unchanged_is_no_change(query: dict[str, str]) -> None:
    state.start()
    for steps in range(past.KEPT_STEPS + 20):
        show("sine" if steps % 2 else "parity")
        show("sine" if steps % 2 else "parity")
    undone = 0
    while state.can_undo():
        state.undo()
        undone += 1
    assert undone == past.KEPT_STEPS


def test_experiment_the_core_refuses_is_reported_and_not_shown(query: dict[str, str]) -> None:
    state.start()
    before = dict(query)
    sine = PRESETS["sine"].experiment
    refused = sine.replace(loss="binary_cross_entropy")  # targets below 0
    assert not state.change(refused)
    assert (state.problem() or "").startswith("target: expected probabilities from 0 to 1, got -")
    assert state.experiment() == presets.default()
    assert query == before


def test_link_that_the_core_refuses_is_malformed(query: dict[str, str]) -> None:
    query["e"] = link.encode(PRESETS["sine"].experiment.replace(loss="binary_cross_entropy"))
    state.start()
    assert state.experiment() == presets.default()
    assert (state.problem() or "").startswith("target: ")


def test_back_and_forward(query: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    state.start()
    show("sine")
    show("parity")
    travel(query, monkeypatch, token("sine"))
    assert name() == "sine"
    travel(query, monkeypatch, token("parity"))
    assert name() == "parity"
    state.undo()
    assert name() == "sine"


def test_an_older_address_does_not_undo_the_edit(
    query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state.start()
    show("sine")
    query["e"] = token(presets.DEFAULT)  # sent before the answer came, or as it was lost
    state.start()
    assert name() == "sine"
    assert query["e"] == token("sine")
    travel(query, monkeypatch, token(presets.DEFAULT))
    assert name() == presets.DEFAULT


def test_who_goes_back_before_the_run_of_an_edit_has_begun_goes_back(
    query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state.start()
    show("sine")
    assert state.change(PRESETS["parity"].experiment)  # the callback; then Back ends its run
    travel(query, monkeypatch, token("sine"))
    assert name() == "sine"


def test_travelling_to_a_bad_link_changes_nothing(
    query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state.start()
    show("sine")
    travel(query, monkeypatch, "nonsense")
    assert name() == "sine"
    assert (state.problem() or "").endswith("The experiment stays as it was.")
    assert query["e"] == token("sine")


@pytest.mark.parametrize("hostile", ["x" * 1000, "\0", "a\nb", "\u202e"])
def test_view_is_bounded(query: dict[str, str], hostile: str) -> None:
    query.update(level=hostile, sel=hostile, at=hostile)
    assert state.view() == state.View(level="operation", selected=None, at="end")


def test_commands_count_once(query: dict[str, str]) -> None:
    state.start()
    taken: list[Any] = [state.is_first("a", n) for n in (1, 2, 2, 1, 3)]
    assert taken == [True, True, False, False, True]
    for source in range(20):
        state.is_first(f"page {source}", 1)
    assert len(state.handled_all()) <= state.KEPT_SOURCES
