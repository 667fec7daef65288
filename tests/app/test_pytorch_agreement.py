"""The comparison with PyTorch: right numbers agree, wrong ones are found, both biases are told."""

import dataclasses

import numpy as np
import pytest

from app.experiment.presets import PRESETS, default
from app.experiment.sources import Series, make
from app.experiment.value import Experiment
from app.figures.words import short
from app.pytorch import torch_runs
from app.pytorch.torch_reference import normwise
from app.views.pytorch import compute
from app.views.pytorch.compute import Agreement
from app.views.pytorch.sections import numbers
from tests.app.test_pytorch_scripts import CASES


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_every_quantity_agrees_with_both_ways_of_running_it(case: Experiment) -> None:
    agreement = compute.agreement_of(case)
    assert agreement.agrees, agreement.worst
    assert [row.name for row in agreement.rows] == list(compute.QUANTITIES)
    inside = {row.name for row in agreement.rows if row.rnn is None}
    if case.activation == "identity":
        assert inside == set(compute.QUANTITIES)
    else:
        assert inside == {"z", "dL/dz", "dL/dh"}


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_single_precision_agrees_as_far_as_it_reaches(name: str) -> None:
    agreement = compute.agreement_of(PRESETS[name].experiment, "float32")
    assert agreement.agrees, agreement.worst
    trace, _ = compute.run_in(PRESETS[name].experiment, "float32")
    assert trace.z.dtype == np.float32
    assert torch_runs.by_loop(trace)["z"].dtype == np.float32


def planted(name: str, case: Experiment) -> Agreement:
    """The comparison of a run in which PyTorch's first number of a quantity is 1 % off."""
    trace, grads = compute.run_in(case, "float64")
    loop = torch_runs.by_loop(trace)
    wrong = np.array(loop[name], dtype=float)
    wrong.flat[np.abs(wrong).argmax()] *= 1.01
    return compute.compare(trace, grads, {**loop, name: wrong}, torch_runs.by_rnn(trace))


@pytest.mark.parametrize("name", list(compute.QUANTITIES))
def test_a_planted_error_is_found_and_named(name: str) -> None:
    agreement = planted(name, default())
    assert not agreement.agrees
    assert agreement.worst[0] == name
    assert agreement.worst[1].normwise == pytest.approx(0.01, rel=0.02)
    assert ":red-badge[:material/close: differs]" in numbers.sentence(agreement, "float64")
    assert numbers.table(agreement).count("differs") == 1


def test_the_table_states_the_numbers() -> None:
    agreement = compute.agreement_of(default())
    lines = numbers.table(agreement).splitlines()[2:]
    assert len(lines) == len(compute.QUANTITIES)
    assert all(":green-badge[" in line for line in lines)
    trace, grads = compute.run_in(default(), "float64")
    theirs = torch_runs.by_rnn(trace)["dL/dW_xh"]
    largest = np.abs(grads.parameters.W_xh - theirs).max()
    relative = normwise(grads.parameters.W_xh, theirs)
    assert largest > 0
    row = next(line for line in lines if r"\partial L/\partial W_{xh}" in line)
    assert row.split(" | ")[4:6] == [f"`{short(number, 2)}`" for number in (largest, relative)]
    assert "0.460306043363224" in numbers.sentence(agreement, "float64")


def test_both_biases_get_the_gradient_of_ours() -> None:
    agreement = compute.agreement_of(default())
    _, grads = compute.run_in(default(), "float64")
    assert agreement.biases is not None
    for gradient in agreement.biases:
        np.testing.assert_allclose(gradient, grads.parameters.b_h, rtol=1e-12)
    told = " ".join(numbers.notes(default(), agreement))
    assert "Where is the second bias?" in told
    assert "b_hh.grad" in told


def test_the_identity_has_no_nn_rnn_and_the_page_says_so() -> None:
    exploding = PRESETS["exploding"].experiment
    agreement = compute.agreement_of(exploding)
    assert agreement.biases is None
    assert "knows tanh and ReLU" in numbers.notes(exploding, agreement)[0]
    trace, _ = compute.run_in(exploding, "float64")
    with pytest.raises(ValueError, match="expected tanh or relu, got identity"):
        torch_runs.by_rnn(trace)


def test_truncation_is_told_and_kept() -> None:
    truncated = default().replace(truncate=2)
    agreement = compute.agreement_of(truncated)
    assert agreement.agrees
    assert "Truncated to 2 steps" in numbers.notes(truncated, agreement)[-1]
    _, whole = compute.run_in(default(), "float64")
    _, cut = compute.run_in(truncated, "float64")
    assert normwise(cut.parameters.W_hh, whole.parameters.W_hh) > 0.01


def test_large_work_is_estimated_and_refused() -> None:
    sine = make(Series, name="sine", length=1000, scaling="none")
    large = PRESETS["sine"].experiment.replace(sequence=sine, truncate=900)
    assert compute.seconds_to_compare(large) > 60
    assert compute.seconds_to_compare(default()) < compute.FREE_SECONDS
    with pytest.raises(ValueError, match="comparison: expected less than 60 s of work"):
        compute.agreement_of(large)


def test_what_is_not_finite_never_agrees() -> None:
    trace, grads = compute.run_in(default(), "float64")
    loop = {**torch_runs.by_loop(trace), "z": np.full_like(trace.z, np.nan)}
    agreement = compute.compare(trace, grads, loop, {})
    assert not agreement.agrees
    assert "not finite" in numbers.sentence(agreement, "float64")
    single = dataclasses.replace(agreement.rows[0].loop, largest=float("inf"))
    assert numbers._size(single.largest) == "`not finite`"
