"""Predict, then reveal: what is asked, and how it is marked."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.components.graph_view import asking
from app.components.graph_view.extent import levels_offered
from app.components.graph_view.payload import payload
from app.experiment import link, presets
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.figures.common import common
from app.views.explore.sections import header
from rnn_core import Gradients, Parameters, Trace, backward, forward
from rnn_core.practice import MISTAKES
from tests.app.in_node import answer
from tests.conftest import ROOT
from tests.core.test_practice_sheets import homework

SCRIPT = ROOT / "tests" / "app" / "mark_predictions.js"
KINDS = list(asking.KINDS)


def in_the_browser(cases: list[dict[str, Any]]) -> list[Any]:
    found: list[Any] = answer(SCRIPT, [common(), *cases])
    return found


def case(trace: Trace, grads: Gradients | None, level: str, **more: Any) -> dict[str, Any]:
    data = payload(trace, grads, level=level)
    return {"data": data, "level": level, "told": asking.told(trace, "value"), **more}


def of_experiment(experiment: Experiment, level: str, **more: Any) -> dict[str, Any]:
    return case(trace_of(experiment), gradients_if_any(experiment), level, **more)


def predicted(experiment: Experiment) -> bool:
    return not asking.why_not(trace_of(experiment))


SMALL = [name for name, preset in presets.PRESETS.items() if predicted(preset.experiment)]
CELLS = ("elman", "lstm", "gru", "gru_reset_before", "leaky")


def every_run() -> list[tuple[Trace, Gradients | None]]:
    """Runs of every cell, loss and readout, of one sequence and of more, also truncated."""
    of_presets = [presets.PRESETS[name].experiment for name in SMALL]
    runs = [(trace_of(each), gradients_if_any(each)) for each in of_presets]
    rng = np.random.default_rng(3)
    losses = ("binary_cross_entropy", "softmax_cross_entropy", "squared_error")
    for seed, (cell, readout) in enumerate(product(CELLS, ("last", "every"))):
        loss = losses[seed % 3]
        params = Parameters.random(2, 2, 2, seed=seed, cell=cell)
        x = rng.normal(size=(3, 2, 2))
        y = np.eye(2)[rng.integers(0, 2, (3 if readout == "every" else 1, 2))]
        for target in (y, None):
            trace = forward(params, x, target, loss=loss, readout=readout)
            truncate = 2 if seed % 2 else None
            runs.append((trace, None if target is None else backward(trace, truncate=truncate)))
    return runs


def test_right_numbers_rounded_to_three_digits_are_right_and_name_no_mistake() -> None:
    cases = [
        case(trace, grads, level, do="all", on=False, kinds=KINDS)
        for trace, grads in every_run()
        for level in levels_offered(trace)
    ]
    found = [mark for marks in in_the_browser(cases) for mark in marks]
    assert len(found) > 20_000
    wrong = [mark for mark in found if mark["status"] != "right" or mark["says"]]
    assert not wrong, wrong[:3]


def test_who_rounds_each_number_and_goes_on_with_it_is_never_wrong() -> None:
    cases = []
    for k, (trace, grads) in enumerate(every_run()):
        level = levels_offered(trace)[k % 4]  # each level with some
        cases.append(case(trace, grads, level, do="all", on=True, kinds=[]))
    found = [mark for marks in in_the_browser(cases) for mark in marks]
    wrong = [mark for mark in found if mark["status"] not in ("right", "follows")]
    assert not wrong, wrong[:3]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def planted_in_the_homework() -> dict[str, list[tuple[str, int, float]]]:
    """By mistake: frames of the operation level, a component, and what it gives, by hand."""
    W_hh, W_hy = np.array([[0.1, 0.4], [-0.2, 0.3]]), np.array([1.0, -1.0])
    z1 = np.array([0.5, -0.3])
    h1 = np.tanh(z1)
    z2 = W_hh @ h1
    h2 = np.tanh(z2)
    z3 = W_hh @ h2 + np.array([-0.5, 0.3])
    h3 = np.tanh(z3)
    a = W_hy @ h3
    p = sigmoid(a)
    by_a = p - 1
    by_h3 = W_hy * by_a
    by_z3 = by_h3 * (1 - h3**2)
    by_h2 = W_hh.T @ by_z3
    by_z2 = by_h2 * (1 - h2**2)
    by_h1 = W_hh.T @ by_z2
    by_z1 = by_h1 * (1 - h1**2)
    terms = {2: np.outer(by_z2, h1), 3: np.outer(by_z3, h2)}
    total = terms[2] + terms[3]
    later = np.outer(by_z1, h1) + np.outer(by_z2, h2) + np.outer(by_z3, h3)
    W = "backward W_hh "
    return {
        "state_not_carried": [("forward W_hh h[1] ", 0, 0.0)],
        "input_before": [("forward W_xh x[3] ", 0, 0.0)],
        "columns_for_rows": [("forward W_hh h[1] ", 0, (W_hh.T @ h1)[0])],
        "function_left_out": [("forward h[1] ", 0, z1[0]), ("forward p[3] ", 0, a)],
        "other_function": [("forward h[2] ", 1, sigmoid(z2[1])), ("forward p[3] ", 0, np.tanh(a))],
        "other_class": [("forward l[3] ", 0, -np.log(1 - p))],
        "common_logarithm": [("forward l[3] ", 0, -np.log10(p))],
        "target_minus": [("backward a[3] ", 0, 1 - p)],
        "target_forgotten": [("backward a[3] ", 0, p)],
        "slope_of_prediction": [("backward a[3] ", 0, by_a * p * (1 - p))],
        "no_transpose": [("backward h[2] ", 0, (W_hh @ by_z3)[0])],
        "slope_forgotten": [("backward z[3] ", 1, by_h3[1])],
        "slope_at_value": [("backward z[3] ", 0, by_h3[0] * (1 - np.tanh(h3[0]) ** 2))],
        "slope_of_input": [("backward z[1] ", 0, by_h1[0] * (1 - z1[0] ** 2))],
        "last_step_only": [(W, 0, terms[3][0, 0])],
        "no_sum": [(W, 1, terms[2][0, 1])],
        "mean_for_sum": [(W, 1, total[0, 1] / 3)],
        "state_after": [(W, 1, later[0, 1])],
        "outer_turned": [(W, 1, total[1, 0])],
    }


def test_a_known_mistake_is_called_by_its_name() -> None:
    network = homework().network
    planted = planted_in_the_homework()
    numbers = [
        {"frame": frame, "k": k, "number": float(f"{number:.3g}"), "before": []}
        for plants in planted.values()
        for frame, k, number in plants
    ]
    told = asking.told(network.trace, "value")
    asked = case(network.trace, network.gradients, "operation", do="some", numbers=numbers)
    (marks,) = in_the_browser([asked])
    names = [name for name, plants in planted.items() for _ in plants]
    assert told["mistakes"].keys() == MISTAKES.keys()
    for name, number, mark in zip(names, numbers, marks, strict=True):
        assert mark["status"] == "wrong", (name, number, mark)
        assert mark["says"] == MISTAKES[name].says, (name, number, mark)


def asked_of(
    trace: Trace, numbers: list[tuple[str, int, float, list[tuple[str, int, float]]]]
) -> list[dict[str, str]]:
    """Return the marks of numbers of the operation level, each with what was written before."""
    keys = ("frame", "k", "number", "before")
    listed = [dict(zip(keys, each, strict=True)) for each in numbers]
    (marks,) = in_the_browser(
        [case(trace, backward(trace), "operation", do="some", numbers=listed)]
    )
    found: list[dict[str, str]] = marks
    return found


def test_mistakes_with_biases_gates_and_losses_at_every_step_are_named_too() -> None:
    params = Parameters.random(1, 2, 1, seed=4, cell="gru").replace(b_r=[0.5, -0.25])
    x, y = np.array([[0.5], [-1.0]]), np.array([[[1.0]], [[0.0]]])
    trace = forward(params, x[:, None], y, readout="every", loss="squared_error")
    grads = backward(trace)
    u, r, n, z_r, h = (trace[name][1, 0] for name in ("u", "r", "n", "z_r", "h"))
    by_a, by_h = grads.logits[0, 0] * params.W_hy[0], grads["h"][1, 0]
    planted = {
        "bias_forgotten": ("forward z_r[2] ", 0, (z_r - params["b_r"])[0]),
        "gates_swapped": ("forward u[2]⊙h[1] ", 1, r[1] * h[1]),
        "gate_turned": ("forward (1−u[2])⊙n[2] ", 0, u[0] * n[0]),
        "half_forgotten": ("forward l[1] ", 0, float((trace.logits[0, 0, 0] - 1) ** 2)),
        "later_forgotten": ("backward h[1] ", 0, by_a[0]),
        "now_forgotten": ("backward h[1] ", 1, (by_h - by_a)[1]),
    }
    marks = asked_of(trace, [(*each, []) for each in planted.values()])
    for name, mark in zip(planted, marks, strict=True):
        assert MISTAKES[name].says in mark["says"], (name, mark)


def test_a_slip_costs_once_and_what_follows_from_it_is_right() -> None:
    network = homework().network
    trace = network.trace
    truth = float(trace["z"][0, 0, 0])
    p = float(trace.prediction[0, 0, 0])
    by_h = float(network.gradients["h"][1, 0, 0])
    slip, guess = [("forward z[1] ", 0, 0.8)], [("forward p[3] ", 0, 0.4)]
    numbers = [
        ("forward z[1] ", 0, 0.8, []),
        ("forward h[1] ", 0, float(np.tanh(0.8)), slip),
        ("forward h[1] ", 0, float(np.tanh(truth)), slip),
        ("forward W_hh h[1] ", 0, 0.1 * np.tanh(0.8) + 0.4 * np.tanh(-0.3), slip),
        ("forward h[1] ", 1, float(np.tanh(0.8)), slip),
        ("backward z[1] ", 0, by_h * (1 - np.tanh(0.8) ** 2), [*slip, ("backward h[1] ", 0, by_h)]),
        ("forward l[3] ", 0, -float(np.log(0.4)), guess),
        ("backward a[3] ", 0, 0.4 - 1, guess),
        ("backward a[3] ", 0, p - 1, guess),
        ("forward z[1] ", 0, truth * 1.04, []),
        ("forward z[1] ", 0, -truth, []),
    ]
    marks = asked_of(trace, numbers)
    statuses = " ".join(mark["status"] for mark in marks)
    assert statuses == (
        "wrong follows right follows wrong follows follows follows right near wrong"
    )
    assert marks[-2]["says"] == "4.0 % too large in size"
    assert marks[-1]["says"] == "the size is right, the sign is not"


def test_each_kind_asks_what_fits_and_nothing_that_only_repeats() -> None:
    network = homework().network
    asked = case(network.trace, network.gradients, "operation", do="asked", kinds=KINDS)
    (found,) = in_the_browser([asked])
    by_frame = {each["frame"]: dict(zip(KINDS, each["asked"], strict=True)) for each in found}
    assert {kinds["value"] for kinds in by_frame.values()} == {"value"}
    assert by_frame["forward p[3] "]["sign"] == "larger"  # it is positive
    assert by_frame["forward h[2] "]["larger"] == "larger"
    assert by_frame["forward h[1] "]["larger"] == "sign"  # nothing stands before it
    assert by_frame["forward z[2] "]["stronger"] == "stronger"
    assert by_frame["backward W_hh "]["stronger"] == "stronger"
    assert by_frame["backward a[3] "]["mixed"] == "value"
    plain = {each["frame"] for each in found if each["plain"]}
    assert "backward W_hh h[1] " in plain  # it is that of z_2
    assert "backward x[2] " not in by_frame  # what is given is not asked for
    assert "backward z[2] " not in plain


def test_only_small_finite_runs_are_predicted_and_the_reason_is_a_sentence() -> None:
    small, large = presets.PRESETS["by_hand"].experiment, presets.PRESETS["vanishing"].experiment
    assert asking.why_not(trace_of(small)) == ""
    trace = trace_of(large)
    size = trace.steps * trace.h.shape[-1]
    assert asking.why_not(trace) == (
        f"Predict: expected at most 60 hidden numbers, T · H, got {size}."
    )
    params = Parameters.random(1, 1, 1, seed=0)
    infinite = forward(
        params.replace(W_xh=[[1e200]], W_hy=[[1e200]]), [[1e200]], 1, activation="identity"
    )
    assert asking.why_not(infinite).endswith("got ±∞ or NaN.")


def page_of(experiment: Experiment, **parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    app.query_params["e"] = link.encode(experiment)
    for name, text in parameters.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    return app


def test_while_it_is_on_python_draws_nothing_of_the_run_around_the_graph() -> None:
    experiment = presets.PRESETS["by_hand"].experiment
    app = page_of(experiment, predict="value", lesson="tour", scene="2")
    keys = {element.proto.component_name for element in app.get("bidi_component")}
    assert not any("plot" in key for key in keys)
    popovers = [each.proto.popover.label for each in app.get("popover")]
    assert "Download" not in popovers
    assert not app.get("badge")
    texts = " ".join(element.value for element in app.markdown)
    assert "**L**" not in texts
    assert texts.count("`?`") == 2, "a lesson's live numbers of z_1 and h_1"
    assert "`(0, 0)`" in texts, "what is given stays"
    assert [each.value for each in app.caption] == [header.HIDDEN]
    assert app.query_params["predict"] in ("value", ["value"])


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("by_hand", "guess", "Predict: expected one of mixed, value, sign, larger, stronger"),
        ("vanishing", "value", "Predict: expected at most 60 hidden numbers"),
    ],
)
def test_what_cannot_be_predicted_is_one_sentence_and_the_run_is_shown(
    name: str, kind: str, sentence: str
) -> None:
    app = page_of(presets.PRESETS[name].experiment, predict=kind)
    (warning,) = app.warning
    assert sentence in warning.value
    assert "**L**" in " ".join(element.value for element in app.markdown)
    assert "predict" not in app.query_params
