"""What symbols mean: in words for every cell and loss, and with the numbers of the run."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from app.components.shared import meanings
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.figures import symbols
from app.figures.common import common
from app.figures.words import short
from app.views.shared import notations
from rnn_core import CELLS, LOSSES, Parameters, forward
from rnn_core.cells import NOTATIONS
from tests.app.in_node import answer
from tests.conftest import ROOT
from tests.experiments import six_steps

SCRIPT = ROOT / "tests" / "app" / "say_meanings.js"
Asked = tuple[str, int | None, bool]


def meant(
    experiment: Experiment, asked: list[Asked], page: str = ""
) -> list[dict[str, Any] | None]:
    """Return what the page says of each symbol at a step, None for the end."""
    trace, grads = trace_of(experiment), gradients_of(experiment)
    case = {
        "common": common(),
        "symbols": meanings.words_of(trace.cell, trace.loss_name, page),
        "numbers": meanings.numbers_of(trace, grads, 0),
        "asked": asked,
    }
    (found,) = answer(SCRIPT, [case])
    return list(found)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("cell", CELLS)
def test_every_quantity_and_parameter_has_words_of_its_own(cell: str, loss: str) -> None:
    kind = CELLS[cell]
    quantities, parameters = symbols.quantities(kind, loss), symbols.parameters(kind, loss)
    assert [*quantities] == ["x", *kind.line, "a", "p", "y", "l", "L"]
    assert [*parameters] == [*kind.parameters]
    words = [*quantities.values(), *parameters.values()]
    assert all(words)
    assert len({*words}) == len(words)


def test_a_symbol_is_told_in_words_with_its_numbers_where_the_player_is() -> None:
    experiment = six_steps()
    trace, grads = trace_of(experiment), gradients_of(experiment)
    hidden = [short(float(value)) for value in trace.h[3, 0]]
    slope = [short(float(value)) for value in grads.h[6, 0]]
    asked: list[tuple[Asked, str, str | None]] = [
        (("h_t", 3, True), "hidden state, at a step, here t = 3", f"[{', '.join(hidden)}]"),
        (("h_t−1", 4, True), "hidden state, at the step before, here t = 3", None),
        (("h_3,2", None, True), "hidden state, at step 3, unit 2", hidden[1]),
        (("h[3,1]", 1, True), "hidden state, at step 3, unit 1", hidden[0]),
        (
            ("∂L/∂h_t", None, True),
            "gradient of the loss by the hidden state",
            f"[{', '.join(slope)}]",
        ),
        (("δ_6", 1, True), "gradient of the loss by the pre-activation, at step 6", None),
        (("W_hh[2,1]", 2, True), "row 2, column 1", short(float(trace.params.W_hh[1, 0]))),
        (("W_hh,2,1", 2, True), "row 2, column 1", short(float(trace.params.W_hh[1, 0]))),
        (("b_h", 2, True), "bias of the pre-activation", None),
        (("L", 2, True), "loss of the run", short(float(trace.loss or 0))),
        (("η", 2, True), "learning rate", "nothing"),
        (("h_t", 3, False), "hidden state, at a step", "nothing"),  # while it is predicted
        (("h_t+1", 6, True), "hidden state, at the next step", "nothing"),
        (("W_hh[9,9]", 2, True), "weights from the hidden state before", "nothing"),
        (("h_k", 2, True), "at step k", "nothing"),
    ]
    found = meant(experiment, [each for each, _, _ in asked])
    for (each, words, numbers), said in zip(asked, found, strict=True):
        assert said is not None, each
        assert words in said["words"], each
        if numbers == "nothing":
            assert said["numbers"] is None, each
        elif numbers is not None:
            assert said["numbers"] == numbers, each
        else:
            assert said["numbers"], each
    assert "here" not in (found[11] or {})["words"]
    unknown: list[Asked] = [(text, 1, True) for text in ("snake", "q_t", "δ", "∂L/∂η", "")]
    assert [bool(each) for each in meant(experiment, unknown)] == [False, False, True, False, False]


def test_symbols_of_gates_are_those_of_the_cell() -> None:
    experiment = PRESETS["lstm_by_hand"].experiment
    trace, grads = trace_of(experiment), gradients_of(experiment)
    texts = ["i_t", "z_f,2", "W_hf", "∂L/∂c_2", "δ_o,3", "b_i"]
    said = [each or {} for each in meant(experiment, [(text, None, True) for text in texts])]
    assert [each["words"] for each in said] == [
        "input gate, at a step, here t = 3",
        "pre-activation of the forget gate, at step 2",
        "weights from the hidden state before to the pre-activation of the forget gate",
        "gradient of the loss by the cell state, at step 2",
        "gradient of the loss by the pre-activation of the output gate, at step 3",
        "bias of the pre-activation of the input gate",
    ]
    numbers = [trace["i"][2], trace["z_f"][1], trace.params["W_hf"], grads["c"][2]]
    numbers += [grads["z_o"][2], trace.params["b_i"]]
    assert [each["numbers"] for each in said] == [short(float(each.item())) for each in numbers]


def test_what_a_page_means_by_a_letter_of_its_own_goes_before_the_run() -> None:
    texts: list[Asked] = [(text, 3, True) for text in ("h", "h_t", "∂L/∂h_t", "L′")]
    step, state, gradient, slope = meant(six_steps(), texts, page="numerics")
    assert step == {
        "symbol": "h",
        "words": "a small step, of a difference",
        "numbers": None,
        "elsewhere": "",
    }
    assert "hidden state" in (state or {})["words"]
    assert "gradient of the loss by the hidden state" in (gradient or {})["words"]
    assert slope == {"symbol": "L′", "words": "slope of the loss", "numbers": None, "elsewhere": ""}


def test_symbols_of_other_cells_and_of_each_gate_in_turn_have_words() -> None:
    texts: list[Asked] = [(text, 2, True) for text in ("W_hh", "c_t", "W_xk", "∂L/∂b_k", "δ_k,t")]
    said = meant(PRESETS["gru_latch"].experiment, texts)
    assert [(each or {}).get("words") for each in said] == [
        "weights from the hidden state before to the pre-activation, in a cell of the kind Elman",
        "cell state, in a cell of the kind LSTM",
        "weights from the input, of gate k",
        "gradient of the loss by the bias of gate k",
        "gradient of the loss by the pre-activation of gate k",
    ]
    assert all((each or {})["numbers"] is None for each in said)


def test_a_symbol_says_what_others_call_it() -> None:
    (state, weight) = meant(six_steps(), [("h_t", 3, True), ("∂L/∂W_hh", 3, True)])
    assert state
    assert weight
    assert state["elsewhere"] == "Goodfellow h^(t) · d2l H_t"
    assert weight["elsewhere"] == (
        "PyTorch weight_hh_l0 · Goodfellow W · d2l W_hh, transposed · "
        "Keras recurrent_kernel, transposed"
    )
    lstm = PRESETS["lstm_by_hand"].experiment
    (gate, bias) = meant(lstm, [("i_t", 3, True), ("b_f", 3, True)])
    assert gate
    assert bias
    assert gate["elsewhere"] == "Goodfellow g^(t) · d2l I_t"
    assert "PyTorch b_if + b_hf of bias_ih_l0 + bias_hh_l0" in bias["elsewhere"]


@pytest.mark.parametrize("name", NOTATIONS)
def test_a_network_is_written_in_other_notations_with_the_slope_of_its_own_loss(name: str) -> None:
    for cell, loss in product(CELLS.values(), LOSSES):
        text = notations.written(cell, "relu", loss, name, every=True, terms=6)
        assert ("not written out" in text) != (r"\tfrac{1}{6}(" in text)
        assert "⟦" not in text
        assert text.count("$") % 2 == 0
    elman = CELLS["elman"]
    slope = {
        "pytorch": r"\sigma({\text{logits}_T})}-{y_T}",
        "goodfellow": r"{\hat{\boldsymbol{y}}^{(T)}}-{\boldsymbol{y}^{(T)}}",
        "d2l": r"{\hat{\mathbf{Y}}_T}-{\mathbf{Y}_T}",
        "keras": r"\sigma({\text{logits}_T})}-{\text{y}_T}",
    }
    text = notations.written(elman, "tanh", "binary_cross_entropy", name, every=False, terms=1)
    assert slope[name] in text
    assert (r"\partial \text{loss}}" in text) == (r"\partial L}" not in text) == (name == "keras")
    assert "backwards" not in notations.written(
        elman, "tanh", "squared_error", name, every=False, terms=0
    )


def test_of_a_long_run_only_the_words_are_sent() -> None:
    parameters = Parameters.random(2, 3, 1, seed=1)
    short_run, long_run = (forward(parameters, np.zeros((steps, 1, 2))) for steps in (100, 1000))
    assert meanings.numbers_of(short_run, None, 0)
    assert meanings.numbers_of(long_run, None, 0) is None
