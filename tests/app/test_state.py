"""The session: opening links, changes with undo and redo, and what the address says."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from app import state
from app.experiment import link, presets
from app.experiment.presets import PRESETS
from app.state import controls, past, session
from app.state.own_files import OwnFiles


@pytest.fixture
def query(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
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
    for name in ("sine", "vanishing", "sine"):  # as a lesson does, scene after scene
        assert state.swap(PRESETS[name].experiment)
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


def test_names_of_files_are_those_of_this_session_or_of_the_tab_before() -> None:
    files = OwnFiles()
    assert files.known() is None  # the tab keeps what it has
    files.lose("own_data", "mine.csv")
    assert files.unsaid
    assert files.known() == {"own_data": "mine.csv"}
    files.hold("own_data", "again.csv")
    files.lose("own_data", "mine.csv")
    assert (files.known(), files.lost) == ({"own_data": "again.csv"}, {})
    files.let_go("own_data")
    assert files.known() == {}
    for place in range(1000):
        files.lose(str(place), "a.csv")
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
