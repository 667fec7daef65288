"""A run that is pinned beside what it was changed into."""

import base64

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.components.graph_view.payload import payload
from app.experiment import link
from app.experiment.pinned import Pinned, changes
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_if_any, gradients_of, trace_of
from app.experiment.value import Experiment
from app.figures.run import payload as charts_of
from app.figures.run.beside import PINNED, Other
from rnn_core import computational_graph
from rnn_core.graph import LEVELS
from tests.conftest import ROOT
from tests.experiments import six_steps

RELU = six_steps().replace(activation="relu")
LSTM = PRESETS["lstm_by_hand"].experiment
OTHER_LSTM = LSTM.replace(has_target=True, sample=0, activation="relu")


def sent(before: Experiment, now: Experiment, level: str) -> dict:
    data = payload(
        trace_of(now),
        gradients_if_any(now),
        level=level,
        sample=now.sample,
        pinned=Pinned(before, changes(before, now)),
    )
    return data["levels"][level]["held"]


def unpacked(text: str) -> list[float]:
    return np.frombuffer(base64.b64decode(text), "<f8").tolist()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("before", "now"), [(six_steps(), RELU), (LSTM, OTHER_LSTM)])
def test_each_node_has_the_numbers_of_the_pinned_run(
    before: Experiment, now: Experiment, level: str
) -> None:
    found = sent(before, now, level)
    trace, grads = trace_of(before), gradients_of(before)
    graph = computational_graph(trace, grads, level=level)
    assert (found["kind"], found["at"], found["loss"]) == ("pinned", [], trace.loss)
    for field in ("value", "grad"):
        numbers = [np.ravel(graph.nodes[name][field]) for name in graph]
        assert unpacked(found[field]) == np.concatenate(numbers).tolist()


def test_what_is_another_one_now_is_said() -> None:
    before = six_steps()
    assert changes(before, before) == ""
    assert changes(before, RELU) == "activation tanh → ReLU"
    longer = PRESETS["text"].experiment
    assert changes(before, longer).startswith("loss ")
    assert changes(before, longer).endswith(" more")
    weights = before.replace(activation="relu", initial=((1.0, 0.0),))
    assert changes(before, weights) == "activation tanh → ReLU, h_0"
    assert changes(LSTM, before).startswith("cell LSTM → Elman")
    assert sent(before, before, "step")["said"].startswith("nothing is different yet")


@pytest.mark.parametrize(
    "now", [PRESETS["first_look"].experiment, PRESETS["lstm_by_hand"].experiment]
)
def test_nodes_of_another_kind_of_run_are_not_compared_and_that_is_said(now: Experiment) -> None:
    found = sent(six_steps(), now, "operation")
    assert found["value"] is None
    assert found["grad"] is None
    assert "other nodes" in found["said"]


def test_lines_of_the_pinned_run_lie_over_those_of_the_run() -> None:
    before, now = six_steps(), RELU
    other = Other(trace_of(before), gradients_of(before), 0, PINNED)
    data = charts_of(trace_of(now), gradients_of(now), other=other)
    charts = {chart["id"]: chart for group in data["groups"] for chart in group["charts"]}
    view = next(view for view in charts["hidden"]["views"] if PINNED.over in view["notes"])
    assert " Pinned: " in view["text"]
    lines = [each for each in view["figure"]["data"] if each["name"].endswith(", pinned")]
    found = [np.frombuffer(base64.b64decode(each["y"]["bdata"]), "<f8") for each in lines]
    np.testing.assert_array_equal(np.transpose(found), trace_of(before).h[:, 0])


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)


def test_a_run_is_pinned_and_let_go_and_the_address_has_it(app: AppTest) -> None:
    app.query_params["e"] = link.encode(six_steps())
    app.run()
    button = app.button(key="pin-run")
    assert not button.disabled
    button.click().run()
    assert app.query_params["pin"] in (link.encode(six_steps()), [link.encode(six_steps())])
    assert app.button(key="pin-run").disabled  # nothing is different yet


def test_a_link_brings_a_pin(app: AppTest) -> None:
    app.query_params["e"] = link.encode(RELU)
    app.query_params["pin"] = link.encode(six_steps())
    app.run()
    loss = [f"{trace_of(each).loss:.4g}" for each in (six_steps(), RELU)]
    assert any(" → ".join(loss) in each.value for each in app.markdown)


def test_a_damaged_pin_is_said_in_a_sentence(app: AppTest) -> None:
    app.query_params["pin"] = "not a token"
    app.run()
    assert not app.exception
    assert any("Pin: link: expected an experiment" in each.value for each in app.warning)
