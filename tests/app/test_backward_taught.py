"""The backward pass as it is taught: rows that multiply, matrices, and sums that fill up."""

import math
import re
from functools import cache
from typing import Any

import numpy as np
import pytest

from app.components.graph_view.extent import levels_offered
from app.components.graph_view.payload import payload
from app.experiment import presets
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.sources import Given, Numbers
from app.experiment.value import Experiment
from app.figures.common import common
from app.figures.equations import equations
from rnn_core import LOSSES, Parameters, backward, forward
from rnn_core.cells import CELLS, backward_equations, forward_equations
from tests.app.in_node import answer
from tests.conftest import ROOT

SCRIPT = ROOT / "tests" / "app" / "chain_rows.js"
FORMULAS = ROOT / "tests" / "app" / "write_formulas.js"
MOST_NEAR = 0.02  # of the rows, whose terms cancel below ten digits


def homework(**settings: Any) -> Experiment:
    """The network whose ∂L/∂W_hh a learner is to redo by hand."""
    every = settings.get("readout") == "every"
    return Experiment(
        sequence=Numbers(
            values=(((1,),), ((0,),), ((-1,),)), target=(((1,),),) * (3 if every else 1)
        ),
        weights=Given(
            W_xh=((0.5,), (-0.3,)),
            W_hh=((0.1, 0.4), (-0.2, 0.3)),
            b_h=(0, 0),
            W_hy=((1, -1),),
            b_y=(0,),
        ),
        **settings,
    )


def preset(name: str) -> Experiment:
    return presets.PRESETS[name].experiment


def told(experiment: Experiment) -> dict[str, Any]:
    """Return by level what the inspector prints of a run."""
    trace, grads = trace_of(experiment), gradients_if_any(experiment)
    return printed(trace, grads, experiment.sample)


def printed(trace: Any, grads: Any, sample: int = 0) -> dict[str, Any]:
    levels: dict[str, Any] = {}
    for level in levels_offered(trace):
        data = payload(trace, grads, level=level, sample=sample)
        levels |= data["levels"]
    (found,) = answer(SCRIPT, [common(), {**data, "levels": levels}])
    assert set(found) == set(levels_offered(trace))
    return dict(found)


@cache
def of_homework() -> dict[str, Any]:
    return told(homework())


def number(text: str) -> float:
    return float(text.removeprefix("≈ ").replace("−", "-").replace("∞", "inf"))


def rounds_to(value: float, text: str) -> bool:
    """Whether a number, rounded to the digits of a printed one, is that one."""
    wanted = number(text)
    if not math.isfinite(wanted) or not math.isfinite(value):
        return math.isnan(value) == math.isnan(wanted)
    digits = len(re.sub(r"e.*|[^\d]", "", text).lstrip("0")) or 1
    unit = 10.0 ** (math.floor(math.log10(abs(wanted))) - digits + 1) if wanted else 1e-300
    # A printed number may end in zeros that are left out.
    return abs(value - wanted) <= unit * 0.5000001 or abs(value - wanted) <= 1e-12 * abs(wanted)


def assert_rows_multiply(found: dict[str, Any]) -> None:
    """Evaluate each printed row, and each printed sum."""
    rows = near = 0
    for level, about in found.items():
        for chain in about["chains"]:
            for row in chain["rows"]:
                rows += 1
                near += row["near"]
                if row["factors"] is None or row["near"]:
                    continue
                factors = row["factors"]
                product = sum(
                    number(g) * number(local)
                    for g, local in zip(factors["upstream"], factors["local"], strict=True)
                )
                assert rounds_to(product, row["product"]), (level, chain["name"], row)
            if chain["total"].startswith("≈") or any(
                row["product"] == "–" for row in chain["rows"]
            ):
                continue
            total = sum(number(row["product"]) for row in chain["rows"]) + (chain["others"] or 0)
            assert rounds_to(total, chain["total"]), (level, chain)
    assert rows > 50
    assert near <= MOST_NEAR * rows, f"{near} of {rows}"


@pytest.mark.parametrize(
    "experiment",
    [
        homework(),
        homework(activation="relu", loss="squared_error"),
        homework(readout="every", loss="mean_squared_error"),
        homework(readout="every", truncate=2),
        *(preset(name) for name in ("spiral", "lstm_by_hand")),
    ],
    ids=["homework", "relu", "every step", "truncated", "spiral", "lstm"],
)
def test_every_row_of_every_chain_rule_multiplies_as_printed_at_every_level(
    experiment: Experiment,
) -> None:
    assert_rows_multiply(told(experiment))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "softmax_cross_entropy"])
def test_rows_of_every_cell_multiply_as_printed(cell: str, loss: str) -> None:
    rng = np.random.default_rng(len(cell))
    outputs = 2
    params = Parameters.random(1, 2, outputs, seed=4, cell=cell)
    target = np.eye(outputs)[[1, 0, 1]][:, np.newaxis]
    trace = forward(params, rng.normal(size=(3, 1, 1)), target=target, loss=loss, readout="every")
    assert_rows_multiply(printed(trace, backward(trace)))


def test_no_norm_stands_for_a_vector_in_a_row() -> None:
    for about in of_homework().values():
        for chain in about["chains"]:
            for row in chain["rows"]:
                assert row["factors"] is not None, chain["name"]
                assert not any("‖" in text for text in row["factors"]["upstream"])


def test_the_gradient_of_the_recurrent_weights_fills_up_to_what_is_done_by_hand() -> None:
    # ∂L/∂W_hh = Σ_t δ_t h_{t−1}ᵀ, from the last step back; by hand, and by torch in other tests.
    by_hand = [-0.04682, 0.1403, -0.04825, -0.1118]
    for level in ("rolled", "step", "operation"):
        filling = of_homework()[level]["fillings"]["W_hh"]
        assert filling["steps"] == [3, 2, 1]
        sums = [each["sum"] for each in filling["sums"]]
        np.testing.assert_allclose(sums[-1], by_hand, rtol=5e-4)
        np.testing.assert_allclose(sums[-1], filling["grad"], rtol=1e-12)
        np.testing.assert_allclose(sums[0], [0.03501, 0.08873, -0.04495, -0.1139], rtol=5e-4)
        # h_0 is zero, so that the first step adds nothing.
        assert filling["sums"][2]["term"] == [0, 0, 0, 0]


def test_the_delta_of_a_step_stands_in_vectors_with_its_numbers() -> None:
    formulas = of_homework()["operation"]["formulas"]
    delta = formulas["z[2]"]
    assert delta["symbols"].startswith(r"\delta_{2} = \frac{\partial L}{\partial z_{2}} = ")
    assert r"\odot \frac{\partial L}{\partial h_{2}}" in delta["symbols"]
    assert r"\begin{bmatrix}" in delta["numeric"]
    assert delta["result"] == r"= \begin{bmatrix}-0.1771\\-0.007147\end{bmatrix}"
    state = formulas["h[2]"]
    plainly = re.sub(r"\{(\d)\}", r"\1", state["symbols"])
    assert plainly == r"\frac{\partial L}{\partial h_2} = W_{hh}^{\top}\delta_3"
    assert state["numeric"].startswith(
        r"= \begin{bmatrix}0.1 & 0.4\\-0.2 & 0.3\end{bmatrix}^{\top}"
    )


def formulas_in(told: Any) -> set[str]:
    """All LaTeX of what the inspector prints, however deep it lies."""
    if isinstance(told, dict):
        return set().union(*map(formulas_in, told.values()))
    return {told} if isinstance(told, str) and ("\\" in told or "_" in told) else set()


@pytest.mark.parametrize("name", presets.PRESETS)
def test_every_formula_of_the_inspector_is_one_that_can_be_written(name: str) -> None:
    found = told(preset(name))
    parts = [about[part] for about in found.values() for part in ("formulas", "equations")]
    formulas = set().union(*map(formulas_in, parts))
    assert len(formulas) > 20
    planted = r"\begin{bm\hat{y}trix}2\end{bmatrix}"
    assert answer(FORMULAS, [*sorted(formulas), planted]) == [planted]


def test_the_prediction_of_a_squared_error_is_written_in_symbols_and_in_numbers() -> None:
    formula = told(preset("by_hand"))["operation"]["formulas"]["a[3]"]
    assert "{ŷ_{3}}-{y_{3}}" in formula["symbols"]
    assert formula["numeric"].count("bmatrix") % 2 == 0
    assert "ŷ" not in formula["numeric"]


def test_the_gradient_by_a_bias_that_is_used_once_has_the_name_of_the_bias() -> None:
    formula = told(preset("by_hand"))["operation"]["formulas"]["b_y"]
    assert formula["symbols"].startswith(r"\frac{\partial L}{\partial b_{y}} = ")


def test_the_loss_is_written_as_in_a_textbook_and_how_it_is_computed_comes_second() -> None:
    loss = of_homework()["operation"]["equations"]["l[3]"]
    assert re.sub(r"[{} ]", "", loss["latex"]) == r"l_3=-y_3\logp_3-(1-y_3)\log(1-p_3)"
    assert "0.3151" in loss["numeric"]
    assert "bmatrix" not in loss["numeric"]  # y, a vector of one, is a number in it
    assert r"\max" in loss["stable"]


def test_the_mean_of_one_loss_says_its_number_once() -> None:
    shown = of_homework()["operation"]["equations"]
    assert "=" in shown["L"]["latex"]
    assert shown["L"]["numeric"] == shown["l[3]"]["numeric"].rpartition(" = ")[2]


def test_p_minus_y_is_written_with_the_two_numbers() -> None:
    (chain,) = [
        each for each in of_homework()["operation"]["chains"] if each["name"].startswith("a[3]")
    ]
    assert chain["rows"][0]["product"] == "−0.6849"
    pulled = of_homework()["operation"]["formulas"]["a[3]"]
    assert "p" in pulled["symbols"]
    assert "0.3151" in pulled["numeric"]
    assert "exp" not in pulled["numeric"]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("every", [False, True])
def test_the_backward_equations_name_every_line_and_every_weight(cell: str, every: bool) -> None:
    kind = CELLS[cell]
    found = backward_equations(kind, "tanh", every=every, by_logit="g", by_logit_latex="p-y")
    named = {name for equation in found for name in equation.names}
    assert named == {"a", *kind.line, *kind.parameters}
    forwards = {name for equation in forward_equations(kind, "tanh") for name in equation.names}
    assert forwards == set(kind.line)


def test_the_backward_equations_of_the_plain_network_are_those_of_a_lecture() -> None:
    trace = trace_of(homework())
    lines = [equation.latex for equation in equations(trace, None)["backward"]]
    by_h, by_z = r"\frac{\partial L}{\partial h_t}", r"\frac{\partial L}{\partial z_t}"
    assert lines[0] == r"\frac{\partial L}{\partial a} = p-y"
    assert rf"{by_h} = W_{{hh}}^{{\top}}\delta_{{t+1}}" in lines
    assert rf"\delta_t = {by_z} = (1 - {{h_t}}^2) \odot {by_h}" in lines
    whole = r"\frac{\partial L}{\partial W_{hh}} = \textstyle\sum_t \delta_t\,h_{t-1}^{\top}"
    assert whole in lines


def test_the_equations_say_the_mean_over_steps_and_the_truncation() -> None:
    trace = trace_of(homework(readout="every", truncate=2))
    lines = [equation.latex for equation in equations(trace, 2)["backward"]]
    assert lines[0] == r"\frac{\partial L}{\partial a_t} = \tfrac{1}{3}(p-y)"
    assert "2 steps" in lines[-1]


@pytest.mark.parametrize("name", LOSSES)
def test_how_a_loss_is_written_is_what_it_is(name: str) -> None:
    loss = LOSSES[name]
    assert ("log p" in loss.latex.replace("\\", "")) == ("cross_entropy" in name)
    if loss.stable_latex:  # which has one, and is not what a textbook writes
        assert "max" in loss.stable_latex
        assert "max" not in loss.latex
