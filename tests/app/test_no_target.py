"""An experiment without a target: the forward pass alone, on every page."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.components.editor import commands, opening
from app.components.editor.payload import payload
from app.components.graph_view.payload import payload as graph_payload
from app.experiment import link, presets
from app.experiment.run import gradients_if_any, gradients_of, graph_of, trace_of
from app.experiment.value import Experiment
from app.listings import numpy_script, torch_script
from app.views.explore.compute.trust import needs_permission, verdicts_of
from app.views.gradient_flow import page as gradient_flow
from app.views.numerics import page as numerics
from app.views.without_the_loop import page as without_the_loop
from rnn_core import forward
from tests.app.gradient_flow import overflowing

WITH = presets.default()
WITHOUT = WITH.replace(has_target=False)
SECTIONS = [
    ("explore", "", ""),
    ("pytorch", "", ""),
    *(("gradient_flow", "gf", section) for section in gradient_flow.SECTIONS),
    *(("numerics", "nu", section) for section in numerics.SECTIONS),
    *(("without_the_loop", "wl", section) for section in without_the_loop.SECTIONS),
]
NO_LOSS = "This experiment has no target, so there is no loss and no gradient to show."
SILENT = {
    ("pytorch", ""),
    ("without_the_loop", "batch"),
    ("without_the_loop", "chunks"),
    *(("gradient_flow", name) for name in gradient_flow.OF_THE_LOSS),
}


def page(name: str, experiment: Experiment, **controls: str) -> AppTest:
    leads = "lambda title: None" if name == "explore" else ""
    script = (
        f"from app import state\nfrom app.views.{name} import page\n"
        f"state.start()\npage.render({leads})"
    )
    app = AppTest.from_string(script, default_timeout=60)
    app.query_params["e"] = link.encode(experiment)
    for key, value in controls.items():
        app.query_params[key] = value
    return app.run()


def asked(do: str, text: str) -> commands.Command:
    return commands.read({"n": 1, "do": do, "text": text})


def test_states_are_the_same_and_there_is_no_loss() -> None:
    trace = trace_of(WITHOUT)
    assert WITHOUT.target() is None
    assert trace.loss is None
    np.testing.assert_array_equal(trace.h, forward(WITH.parameters(), WITH.x()).h)
    assert gradients_if_any(WITHOUT) is None
    assert verdicts_of(WITHOUT) == ()
    assert not needs_permission(WITHOUT)
    with pytest.raises(ValueError, match=r"^target: expected one, for a loss and its gradients"):
        gradients_of(WITHOUT)


@pytest.mark.parametrize("name", list(presets.PRESETS))
def test_link_and_file_keep_it_and_the_target_that_was(name: str) -> None:
    experiment = presets.PRESETS[name].experiment.replace(has_target=False)
    assert link.decode(link.encode(experiment)) == experiment
    assert link.from_file(link.to_file(experiment).encode()) == experiment
    back = commands.act(experiment, asked("target", "yes"))
    assert back == presets.PRESETS[name].experiment


def test_the_controls_can_take_it_away() -> None:
    assert commands.act(WITH, asked("target", "no")) == WITHOUT
    assert payload(WITHOUT, {})["has_target"] is False
    assert commands.act(WITHOUT, asked("next", "")).has_target
    with pytest.raises(ValueError, match=r"^target: expected yes or no, got 'maybe'"):
        commands.act(WITH, asked("target", "maybe"))


@pytest.mark.parametrize("has_target", [True, False])
def test_a_table_in_place_of_a_series_keeps_the_choice(has_target: bool) -> None:
    before = presets.PRESETS["sine"].experiment.replace(has_target=has_target)
    opened, _ = opening.opened_sequence(before, "table.csv", "1\n2\n4\n", {})
    np.testing.assert_array_equal(opened.x().ravel(), [1, 2])
    np.testing.assert_array_equal(opened.kept_target().ravel(), [2, 4])
    assert opened.has_target is has_target


@pytest.mark.parametrize(("field", "size"), [("T", "9"), ("B", "3"), ("D", "2"), ("K", "2")])
def test_sizes_change_without_it(field: str, size: str) -> None:
    command = commands.read({"n": 1, "do": "size", "field": field, "text": size})
    changed = commands.act(WITHOUT, command)
    assert changed == commands.act(WITH, command).replace(has_target=False)
    assert trace_of(changed).loss is None


@pytest.mark.parametrize("level", ["rolled", "step", "operation", "scalar"])
def test_the_graph_has_no_gradients_and_no_loss(level: str) -> None:
    made = graph_payload(trace_of(WITHOUT), None, level=level)
    assert all(one["grad"] is None for one in made["levels"].values())
    assert '"L"' not in made["levels"][level]["topology"]
    assert '"L"' in graph_payload(trace_of(WITH), None, level=level)["levels"][level]["topology"]
    assert "L" not in graph_of(WITHOUT, level, None)


@pytest.mark.parametrize(("name", "key", "section"), SECTIONS)
def test_every_page_says_so_where_it_matters(name: str, key: str, section: str) -> None:
    app = page(name, WITHOUT, **({key: section} if key else {}))
    assert not app.exception
    assert not app.error
    assert [said.value == NO_LOSS for said in app.info] == [True] * ((name, section) in SILENT)


def test_the_front_page_names_no_loss() -> None:
    app = page("explore", WITHOUT)
    said = " ".join(element.value for element in app.markdown)
    assert "loss\N{NO-BREAK SPACE}**L**\N{NO-BREAK SPACE}`no target`" in said
    assert re.search(r"\$L = ", said) is None
    assert "badge" not in said


def test_a_run_that_overflows_is_told_without_a_target_too() -> None:
    app = page("explore", overflowing("identity").replace(has_target=False))
    assert not app.exception
    (warning,) = app.warning
    assert warning.value.startswith("Not every number of this run is finite. The first is")


def test_one_click_gives_it_back() -> None:
    app = page("pytorch", WITHOUT)
    app.button(key="give-target").click().run()
    assert not app.exception
    assert not app.info
    assert app.session_state["unrolled"].experiment == WITH


@pytest.mark.parametrize("script", [numpy_script, torch_script])
def test_scripts_want_one(script: object) -> None:
    with pytest.raises(ValueError, match=r"^script: expected an experiment with a target"):
        script(WITHOUT)  # type: ignore[operator]
