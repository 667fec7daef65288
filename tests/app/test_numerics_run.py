"""Where a run stops being finite: on the page Numerics, in the graph, on other pages."""

import base64
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.experiment.sources import Drawn, Numbers
from app.experiment.value import Experiment
from app.views.numerics import compute
from app.views.shared import non_finite
from rnn_core import precision
from tests.app.numerics import page, shown
from tests.app.topologies import nodes_of
from tests.experiments import six_steps


def exploding(activation: str) -> Experiment:
    """One that leaves float64 after some hundred steps."""
    return Experiment(
        sequence=Numbers(values=tuple(((1.0,),) for _ in range(150)), target=(((1.0,),),)),
        weights=Drawn(scheme="identity", seed=1, hidden=2, spectral_radius=1000.0),
        activation=activation,
        loss="squared_error",
    )


def graph_data(app: AppTest) -> str:
    return "".join(str(found.proto) for found in app.get("bidi_component"))


def test_the_first_bad_number_is_named_and_focused_in_the_graph() -> None:
    app = page("First non-finite number")
    (warning,) = app.warning
    run = compute.format_run(six_steps(), "float16", "stable", 100.0, "identity")
    assert run.first is not None
    assert run.first.node == "W_hh h[3]"
    assert "W_hh h_3" in warning.value
    assert "90 · 7960 overflows, the largest float16 is 65504" in warning.value
    assert "f:W_hh h[3]" in graph_data(app)


def test_a_finite_run_is_told() -> None:
    app = page("First non-finite number", nu_g="1", nu_phi="as it is", nu_rf="float32")
    assert not app.warning
    assert "Every number of this run in float32 is finite" in app.success[0].value


def test_a_naive_loss_is_traced_to_its_exponential() -> None:
    far = six_steps().model_copy(
        update={"weights": six_steps().weights.model_copy(update={"b_y": (-1000.0,)})}
    )
    app = page(
        "First non-finite number",
        far,
        nu_g="1",
        nu_phi="as it is",
        nu_rf="float64",
        nu_form="naive",
    )
    (warning,) = app.warning
    assert "l_6" in warning.value
    assert "(overflow) → p rounds to 0 → log(0) = −∞" in warning.value


@pytest.mark.parametrize(("form", "loss"), [("clamped", 100.0), ("stable", 1000.0)])
def test_the_graph_beside_a_run_holds_the_loss_of_its_form(form: str, loss: float) -> None:
    """At the logit −1000 the clamped form is finite and wrong, with the slope 0, not −1."""
    weights = six_steps().weights.model_copy(update={"W_hy": ((0.0, 0.0),), "b_y": (-1000.0,)})
    far = six_steps().model_copy(update={"weights": weights})
    controls = {"nu_g": "1", "nu_phi": "as it is", "nu_rf": "float64", "nu_form": form}
    app = page("First non-finite number", far, **controls)
    sent = json.loads(app.get("bidi_component")[0].proto.bytes)
    nodes = nodes_of(sent["levels"]["operation"]["topology"])
    names = [node["id"] for node in nodes if node["id"] in ("l[6]", "L")]
    values = np.frombuffer(base64.b64decode(sent["levels"]["operation"]["value"]))
    assert names == ["l[6]", "L"]
    assert values[-2:].tolist() == [loss, loss]
    assert sent["arithmetic"]["dtype"] == "float64"
    told = "the clamped form gives the loss 100, and for the same logits the stable one gives 1000."
    assert (told in shown(app)) == (form == "clamped")


def test_a_long_run_is_explained_as_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "first_of_run", None)  # nothing is run operation by operation
    short_run = exploding("identity")
    assert isinstance(short_run.sequence, Numbers)
    sequence = short_run.sequence.model_copy(update={"values": (((1.0,),),) * 5000})
    experiment = short_run.model_copy(update={"sequence": sequence})
    trace, grads = trace_of(experiment), gradients_of(experiment)
    sentence = non_finite.explanation(experiment, trace, grads)
    said = non_finite.explanation(short_run, trace_of(short_run), gradients_of(short_run))
    assert sentence == said
    assert "overflows, the largest float64 is 1.7977e308." in sentence


@pytest.mark.parametrize("activation", ["relu", "identity"])
def test_a_run_that_explodes_is_explained_on_the_front_page(activation: str) -> None:
    experiment = exploding(activation)
    trace, grads = trace_of(experiment), gradients_of(experiment)
    sentence = non_finite.explanation(experiment, trace, grads)
    run = compute.format_run(experiment, "float64")
    assert run.first is not None
    assert f"at step {run.first.t} of the forward pass" in sentence
    assert "overflows, the largest float64 is 1.7977e308." in sentence
    bad = int(np.argmin(np.isfinite(trace.z).all(axis=(1, 2)))) + 1
    assert run.first.t in (bad, bad - 1)
    script = (
        "from app import state\nfrom app.views.explore import page\n"
        "state.start()\npage.render(lambda title: None)"
    )
    app = AppTest.from_string(script, default_timeout=60)
    app.query_params["e"] = link.encode(experiment)
    app.run()
    assert not app.exception
    assert [element.value for element in app.warning] == [sentence]
    app.button(key="show-non-finite").click().run()
    assert f"f:{run.first.node}" in graph_data(app)


def test_other_pages_say_the_same_sentence() -> None:
    script = "from app import state\nfrom app.views.shared import non_finite\nstate.start()\n"
    script += "non_finite.warn(state.experiment())"
    for experiment in (exploding("relu"), six_steps()):
        app = AppTest.from_string(script, default_timeout=60)
        app.query_params["e"] = link.encode(experiment)
        app.run()
        sentence = non_finite.explanation(
            experiment, trace_of(experiment), gradients_of(experiment)
        )
        assert [element.value for element in app.warning] == ([sentence] if sentence else [])


def test_a_finite_run_needs_no_explanation() -> None:
    for preset in PRESETS.values():
        trace, grads = trace_of(preset.experiment), gradients_of(preset.experiment)
        assert non_finite.explanation(preset.experiment, trace, grads) == ""
