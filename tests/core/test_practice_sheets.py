"""Sheets to redo by hand: what is asked, what is answered, and that a hand gets there."""

import numpy as np
import pytest
import torch

from rnn_core.cells import CELLS
from rnn_core.losses import LOSSES
from rnn_core.practice import GRADES, Network, Sheet, questions_of, sheet_of, shortest, written
from rnn_core.practice.arithmetic import half_unit
from rnn_core.practice.reckoning import Reckoning, by_place
from rnn_core.practice.slack import slack
from tests.core.graph_cells import MIN_GRU
from tests.core.oracle import torch_answer

ALL = [(grade, seed) for grade in GRADES for seed in (0, 7, 123)]
HOMEWORK = {
    "W_xh": [[0.5], [-0.3]],
    "W_hh": [[0.1, 0.4], [-0.2, 0.3]],
    "W_hy": [[1, -1]],
}


def homework():
    network = Network.of("elman", HOMEWORK, [1, 0, -1], 1)
    return Sheet(network, questions_of(network))


def answers_of(sheet, of, quantity):
    return [
        answer
        for question, answer in zip(sheet.questions, sheet.answers, strict=True)
        if (question.of, question.quantity) == (of, quantity)
    ]


def test_the_homework_network_has_the_answers_worked_by_hand():
    sheet = homework()
    assert [float(f"{a:.4g}") for a in answers_of(sheet, "gradient", "W_hh")] == [
        -0.04682,
        0.1403,
        -0.04825,
        -0.1118,
    ]
    assert answers_of(sheet, "gradient", "a") == pytest.approx([-0.6849], abs=5e-5)  # .3151 − 1
    assert not answers_of(sheet, "gradient", "b_h")  # there are no biases


@pytest.mark.parametrize("grade", [1, 2, 3, 4])
def test_every_answer_is_that_of_torch(grade):
    sheet = sheet_of(grade, 11)
    network = sheet.network
    answer = torch_answer(
        network.parameters,
        network.x[:, None],
        network.y[:, None],
        activation=network.activation,
        loss=network.loss,
        readout="last",
        h0=np.zeros((1, network.parameters.hidden_size)),
    )
    asked = 0
    for question, found in zip(sheet.questions, sheet.answers, strict=True):
        source = answer.values if question.of == "value" else answer.gradients
        if question.quantity == "L":
            wanted = source["loss"]
        elif question.quantity == "p":
            wanted = 1 / (1 + np.exp(-answer.values["logits"][0, 0, 0]))
        elif question.quantity == "a":
            wanted = source["logits"][0, 0][question.index]
        elif question.t is None:
            wanted = source[question.quantity][question.index]
        else:
            at = question.t - (question.quantity == "z")
            wanted = source[question.quantity][at, 0][question.index]
        assert found == pytest.approx(float(wanted), rel=1e-12, abs=1e-15)
        asked += 1
    assert asked == len(sheet.questions) > 10


def test_the_gated_step_is_that_of_torch():
    network = sheet_of(5, 3).network
    p = {name: torch.tensor(array.copy()) for name, array in network.parameters.items()}
    leaves = {name: tensor.requires_grad_() for name, tensor in p.items()}
    x, h0 = torch.tensor(network.x[0].copy()), torch.tensor(network.h0.copy())
    r = torch.sigmoid(p["W_xr"] @ x + p["W_hr"] @ h0 + p["b_r"])
    u = torch.sigmoid(p["W_xu"] @ x + p["W_hu"] @ h0 + p["b_u"])
    n = torch.tanh(p["W_xn"] @ x + p["b_xn"] + r * (p["W_hn"] @ h0 + p["b_hn"]))
    h = (1 - u) * n + u * h0
    a = p["W_hy"] @ h + p["b_y"]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(a, torch.tensor(network.y[0]))
    loss.backward()
    sheet = sheet_of(5, 3)
    for name, leaf in leaves.items():
        if wanted := answers_of(sheet, "gradient", name):
            assert wanted == pytest.approx(leaf.grad.ravel().tolist(), rel=1e-12)
    assert answers_of(sheet, "value", "h") == pytest.approx(h.tolist(), rel=1e-12)
    assert answers_of(sheet, "value", "L") == pytest.approx([loss.item()], rel=1e-12)


@pytest.mark.parametrize(("grade", "seed"), ALL)
def test_given_numbers_have_at_most_three_digits_and_answers_need_no_exponent(grade, seed):
    sheet = sheet_of(grade, seed)
    network = sheet.network
    given = [*network.x.ravel(), *network.y.ravel(), *network.parameters.vector]
    assert all(len(shortest(number).strip("-0").replace(".", "")) <= 3 for number in given)
    sizes = np.abs(sheet.answers)
    assert sizes.max() < 100
    assert sizes[sizes > 0].min() >= 0.01
    if grade != 3:  # only a shut unit has zeros, and they are exact
        assert sizes.min() > 0
    assert all("e" not in written(answer, 3) for answer in sheet.answers)


@pytest.mark.parametrize("seed", range(5))
def test_a_sheet_of_whole_numbers_has_a_shut_unit_but_no_unit_at_its_kink(seed):
    trace = sheet_of(3, seed).network.trace
    assert (trace["z"] != 0).all()
    assert (trace["z"] < 0).any()
    assert (trace["z"] > 0).any()
    assert all(array.any() for _, array in sheet_of(3, seed).network.gradients.parameters.items())


@pytest.mark.parametrize(("grade", "seed"), ALL)
def test_every_sum_keeps_its_digits_when_its_terms_are_rounded(grade, seed):
    sheet = sheet_of(grade, seed)
    written = by_place(dict(zip(sheet.questions, sheet.key, strict=True)))
    by_hand, exact = Reckoning(sheet.network, written), Reckoning(sheet.network, {})
    for question, answer in zip(sheet.questions, sheet.answers, strict=True):
        assert abs(by_hand.expected(question) - answer) <= 0.005 * abs(answer)
        assert slack(exact, question) <= 0.01 * abs(answer)


def test_a_sum_that_cancels_is_known_to_lose_its_digits():
    sheet = homework()  # ∂L/∂h_2 of unit 2 is 0.4 · −0.499 + 0.3 · 0.640, of terms near 0.2
    lost = {
        (question.quantity, question.t, question.unit)
        for question, answer in zip(sheet.questions, sheet.answers, strict=True)
        if slack(Reckoning(sheet.network, {}), question) > 0.05 * abs(answer)
    }
    assert lost == {("h", 2, (2,))}
    assert half_unit([0.1403, 0.14, 12, 12.34, 0]).tolist() == pytest.approx(
        [0.0005, 0, 0, 0.05, 0]
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("grade", [3, 4])
def test_a_forgotten_transpose_shows(grade, seed):
    W_hh = sheet_of(grade, seed).network.parameters["W_hh"]
    assert W_hh.shape == (2, 2)
    assert not np.array_equal(W_hh, W_hh.T)


def test_a_seed_is_a_sheet_for_good():
    first, again = sheet_of(4, 7), sheet_of(4, 7)
    assert first.questions == again.questions
    assert first.answers == again.answers
    assert first.answers != sheet_of(4, 8).answers
    assert sheet_of(1, 0).network.parameters.vector.tolist() == GRADE_1_SEED_0


GRADE_1_SEED_0 = [-2.0, 0.5, -2.0, 1.0, 0.0]


@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("cell", CELLS)
def test_the_formulas_applied_to_nobodys_numbers_are_the_answers(cell, loss, readout):
    rng = np.random.default_rng(0)
    outputs = 3 if loss == "softmax_cross_entropy" else 2
    sizes = {"H": 2, "D": 3, "K": outputs}
    drawn = {
        name: rng.normal(size=[sizes[axis] for axis in shape])
        for name, shape in CELLS[cell].shapes.items()
    }
    y = np.eye(3)[[0, 2, 1, 1]] if outputs == 3 else rng.random((4, 2))
    network = Network.of(
        cell,
        drawn,
        rng.normal(size=(4, 3)),
        (y if readout == "every" else y[:1])[:, None],
        loss=loss,
        readout=readout,
        h0=rng.normal(size=2),
        c0=rng.normal(size=2) if cell == "lstm" else None,
    )
    sheet, reckoning = Sheet(network, questions_of(network)), Reckoning(network, {})
    found = [reckoning.expected(question) for question in sheet.questions]
    assert found == pytest.approx(list(sheet.answers), rel=1e-9, abs=1e-12)


def test_numbers_are_written_with_the_digits_asked_for():
    wanted = {0.1403: "0.140", 12.04: "12.0", 123.4: "123", 2.0: "2", -0.5: "-0.5", 0.0: "0"}
    assert {value: written(value, 3) for value in wanted} == wanted


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sheet_of(6, 0), "grade: expected a whole number from 1 to 5, got 6"),
        (lambda: sheet_of(1, -1), "seed: expected a whole number"),
        (lambda: sheet_of("two", 1), "grade: expected a whole number"),
        (lambda: Network.of("elman", HOMEWORK, [1] * 7, 1), "T: expected at most 6 steps"),
        (lambda: Network.of("elman", HOMEWORK, [[1] * 9], 1), "expected"),
    ],
)
def test_what_is_no_sheet_is_refused_in_a_sentence(call, said):
    with pytest.raises(ValueError, match="expected") as refusal:
        call()
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_biases_that_are_left_out_are_zero_in_a_cell_without_a_recurrent_matrix():
    given = {"W_xu": [[0.5], [-0.3]], "W_xn": [[1.0], [2.0]], "W_hy": [[1, -1]]}
    network = Network.of(MIN_GRU, given, [1, 0, -1], 1)
    assert np.array_equal(network.trace.params["b_u"], np.zeros(2))
    share = 1 / (1 + np.exp([-0.5, 0.3]))
    assert np.allclose(network.trace["h"][1, 0], share * [1, 2], rtol=1e-15, atol=0)
