"""The comparison with PyTorch: right numbers agree, wrong ones are found, both biases are told."""

import dataclasses

import numpy as np
import pytest

from app.experiment.presets import PRESETS
from app.experiment.sources import Series, make
from app.experiment.value import Experiment
from app.figures.words import short
from app.pytorch import torch_runs
from app.pytorch.torch_reference import normwise
from app.views.pytorch import compute
from app.views.pytorch.compute import Agreement
from app.views.pytorch.sections import numbers
from rnn_core import CELLS, to_torch
from tests.app.test_pytorch_scripts import CASES, batch, of_cell
from tests.experiments import six_steps

QUANTITIES = compute.quantities(CELLS["elman"])
LSTM = of_cell("lstm", batch("every", "binary_cross_entropy", "tanh"))


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_every_quantity_agrees_with_both_ways_of_running_it(case: Experiment) -> None:
    agreement = compute.agreement_of(case)
    assert agreement.agrees, agreement.worst
    known = compute.quantities(case.kind)
    assert [row.name for row in agreement.rows] == list(known)
    inside = {row.name for row in agreement.rows if row.module is None}
    layout = case.kind.torch
    if layout is None or case.activation not in layout.activations:
        assert inside == set(known)
    else:
        lines = set(case.kind.line)
        assert inside == lines - set(case.kind.states) | {f"dL/d{name}" for name in lines}


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_single_precision_agrees_as_far_as_it_reaches(name: str) -> None:
    agreement = compute.agreement_of(PRESETS[name].experiment, "float32")
    assert agreement.agrees, agreement.worst
    trace, _ = compute.run_in(PRESETS[name].experiment, "float32")
    assert trace.h.dtype == np.float32
    assert torch_runs.by_loop(trace)["h"].dtype == np.float32


def planted(name: str, case: Experiment) -> Agreement:
    """The comparison of a run in which PyTorch's first number of a quantity is 1 % off."""
    trace, grads = compute.run_in(case, "float64")
    loop = torch_runs.by_loop(trace)
    wrong = np.array(loop[name], dtype=float)
    wrong.flat[np.abs(wrong).argmax()] *= 1.01
    return compute.compare(trace, grads, {**loop, name: wrong}, torch_runs.by_module(trace))


@pytest.mark.parametrize("name", list(QUANTITIES))
def test_a_planted_error_is_found_and_named(name: str) -> None:
    agreement = planted(name, six_steps())
    assert not agreement.agrees
    assert agreement.worst[0].name == name
    assert agreement.worst[1].normwise == pytest.approx(0.01, rel=0.02)
    assert ":red-badge[:material/close: differs]" in numbers.sentence(agreement, "float64")
    assert numbers.table(agreement).count("differs") == 1


def test_the_table_states_the_numbers() -> None:
    agreement = compute.agreement_of(six_steps())
    lines = numbers.table(agreement).splitlines()[2:]
    assert len(lines) == len(QUANTITIES)
    assert all(":green-badge[" in line for line in lines)
    trace, grads = compute.run_in(six_steps(), "float64")
    theirs = torch_runs.by_module(trace)["dL/dW_xh"]
    largest = np.abs(grads.parameters.W_xh - theirs).max()
    relative = normwise(grads.parameters.W_xh, theirs)
    assert largest > 0
    row = next(line for line in lines if r"\partial L/\partial W_{xh}" in line)
    assert row.split(" | ")[4:6] == [f"`{short(number, 2)}`" for number in (largest, relative)]
    assert "0.460306043363224" in numbers.sentence(agreement, "float64")


def test_both_biases_get_the_gradient_of_ours() -> None:
    agreement = compute.agreement_of(six_steps())
    _, grads = compute.run_in(six_steps(), "float64")
    assert agreement.biases is not None
    for gradient in agreement.biases:
        np.testing.assert_allclose(gradient, grads.parameters.b_h, rtol=1e-12)
    told = " ".join(numbers.notes(six_steps(), agreement))
    assert "Where is the second bias?" in told
    assert "b_hh.grad" in told


def test_the_identity_has_no_nn_rnn_and_the_page_says_so() -> None:
    exploding = PRESETS["exploding"].experiment
    agreement = compute.agreement_of(exploding)
    assert agreement.biases is None
    assert "knows tanh and ReLU" in numbers.notes(exploding, agreement)[0]
    trace, _ = compute.run_in(exploding, "float64")
    with pytest.raises(ValueError, match="expected tanh or relu, got identity"):
        torch_runs.by_module(trace)


def test_truncation_is_told_and_kept() -> None:
    truncated = six_steps().replace(truncate=2)
    agreement = compute.agreement_of(truncated)
    assert agreement.agrees
    assert "Truncated to 2 steps" in numbers.notes(truncated, agreement)[-1]
    _, whole = compute.run_in(six_steps(), "float64")
    _, cut = compute.run_in(truncated, "float64")
    assert normwise(cut.parameters.W_hh, whole.parameters.W_hh) > 0.01


def test_large_work_is_estimated_and_refused() -> None:
    sine = make(Series, name="sine", length=1000, scaling="none")
    large = PRESETS["sine"].experiment.replace(sequence=sine, truncate=900)
    assert compute.seconds_to_compare(large) > 60
    assert compute.seconds_to_compare(six_steps()) < compute.FREE_SECONDS
    with pytest.raises(ValueError, match="comparison: expected less than 60 s of work"):
        compute.agreement_of(large)


def test_what_is_not_finite_never_agrees() -> None:
    trace, grads = compute.run_in(six_steps(), "float64")
    loop = {**torch_runs.by_loop(trace), "z": np.full_like(trace.z, np.nan)}
    agreement = compute.compare(trace, grads, loop, {})
    assert not agreement.agrees
    assert "not finite" in numbers.sentence(agreement, "float64")
    single = dataclasses.replace(agreement.rows[0].loop, largest=float("inf"))
    assert numbers._size(single.largest) == "`not finite`"


@pytest.mark.parametrize("name", list(compute.quantities(CELLS["lstm"])))
def test_a_planted_error_in_an_lstm_is_found_and_named(name: str) -> None:
    agreement = planted(name, LSTM)
    assert not agreement.agrees
    assert agreement.worst[0].name == name
    assert numbers.table(agreement).count("differs") == 1


@pytest.mark.parametrize("name", sorted({"h", "c", "dL/dW_hf", "dL/db_g", "dL/dc_0", "dL/dx"}))
def test_an_error_in_nn_lstm_alone_is_found_and_named(name: str) -> None:
    trace, grads = compute.run_in(LSTM, "float64")
    module = torch_runs.by_module(trace)
    wrong = np.array(module[name])
    wrong.flat[np.abs(wrong).argmax()] *= 1.01
    agreement = compute.compare(trace, grads, torch_runs.by_loop(trace), {**module, name: wrong})
    assert not agreement.agrees
    assert agreement.worst[0].name == name


@pytest.mark.parametrize("cell", [name for name, cell in CELLS.items() if cell.torch is not None])
def test_the_module_holds_what_is_compared_under_its_own_names(cell: str) -> None:
    experiment = of_cell(cell, batch("every", "binary_cross_entropy", "tanh"))
    trace, grads = compute.run_in(experiment, "float64")
    module = torch_runs.by_module(trace)
    for name, array in to_torch(grads).items():
        if name.startswith("rnn."):
            np.testing.assert_allclose(module[name], array, rtol=1e-12, atol=1e-15, err_msg=name)


def test_what_has_no_module_is_refused_in_a_sentence() -> None:
    leaky = of_cell("leaky", batch("last", "binary_cross_entropy", "tanh"))
    with pytest.raises(ValueError, match="a module: expected of PyTorch, got leaky"):
        torch_runs.by_module(compute.run_in(leaky, "float64")[0])
    told = numbers.notes(leaky, compute.agreement_of(leaky))
    assert "PyTorch has none for the cell" in told[0]
    relu = LSTM.replace(activation="relu")
    assert "It knows tanh" in numbers.notes(relu, compute.agreement_of(relu))[0]


def test_the_names_of_pytorch_are_told_for_gates() -> None:
    told = " ".join(numbers.notes(LSTM, compute.agreement_of(LSTM)))
    assert "in the order i, f, g, o" in told
    assert "`weight_ih_l0` are $W_{xi}$, $W_{xf}$, $W_{xg}$, $W_{xo}$" in told
    gru = of_cell("gru", batch("last", "binary_cross_entropy", "tanh"))
    told = " ".join(numbers.notes(gru, compute.agreement_of(gru)))
    assert "in the order r, u, n" in told
    assert "which is 0 here, but for $b_{hn}$" in told
