"""One update and whole runs: PyTorch does the same, and runs go on bit for bit."""

import dataclasses
from itertools import islice

import numpy as np
import pytest
import torch

from rnn_core import PARAMETER_NAMES, Parameters
from rnn_core.training import (
    OPTIMISERS,
    SCHEDULES,
    TASKS,
    Clip,
    Settings,
    batch_of,
    begin,
    held_out,
    make_update,
    train,
    train_step,
)

QUICK = {"length": 6, "hidden": 5, "batch": 8, "updates": 12, "judge_every": 4}


def settings(**changed) -> Settings:
    return Settings(**{**QUICK, **changed})


def same(one: Parameters, other: Parameters) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in PARAMETER_NAMES)


def torch_run(task, chosen: Settings, updates: int) -> list[torch.Tensor]:
    """The same run, written out with torch's own parts."""
    tensors = [
        torch.tensor(np.array(array), requires_grad=True)
        for _, array in begin(task, chosen).params.items()
    ]
    optimiser = torch.optim.Adam(tensors, lr=chosen.learning_rate)
    for number in range(1, updates + 1):
        batch = batch_of(task, chosen, number)
        W_xh, W_hh, b_h, W_hy, b_y = tensors
        h = torch.zeros(chosen.batch, chosen.hidden, dtype=torch.float64)
        states = []
        for x_t in torch.tensor(batch.x):
            h = torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b_h)
            states.append(h)
        read = torch.stack(states if task.readout == "every" else states[-1:])
        logits = read @ W_hy.T + b_y
        wanted = torch.tensor(batch.target)
        if task.loss == "squared_error":
            loss = 0.5 * torch.nn.functional.mse_loss(logits, wanted)
        elif task.loss == "binary_cross_entropy":
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted)
        else:
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten())
        for group in optimiser.param_groups:
            factor = SCHEDULES[chosen.schedule].factor(number - 1, chosen.updates)
            group["lr"] = chosen.learning_rate * factor
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tensors, chosen.clip.norm)
        torch.nn.utils.clip_grad_value_(tensors, chosen.clip.value)
        optimiser.step()
    return tensors


@pytest.mark.parametrize("name", list(TASKS))
def test_a_run_is_that_of_torch(name: str) -> None:
    chosen = settings(clip=Clip(norm=0.5, value=0.2), schedule="cosine", initialiser="orthogonal")
    *_, last = train(TASKS[name], chosen)
    tensors = torch_run(TASKS[name], chosen, chosen.updates)
    for parameter, tensor in zip(PARAMETER_NAMES, tensors, strict=True):
        found, expected = getattr(last.checkpoint.params, parameter), tensor.detach().numpy()
        assert np.abs(found - expected).max() <= 1e-10 * max(1, np.abs(expected).max())


@pytest.mark.parametrize("optimiser", list(OPTIMISERS))
def test_a_run_goes_on_bit_for_bit_from_any_checkpoint(optimiser: str) -> None:
    chosen = settings(optimiser=optimiser, schedule="warm_up")
    task = TASKS["first_bit"]
    whole = list(train(task, chosen))
    for stopped in (0, 1, 7):
        checkpoint = whole[stopped].checkpoint
        rest = list(train(task, chosen, checkpoint))
        assert [record.number for record in rest] == list(range(stopped + 2, 13))
        for record, wanted in zip(rest, whole[stopped + 1 :], strict=True):
            assert record.loss == wanted.loss
            assert record.judged == wanted.judged
            assert same(record.checkpoint.params, wanted.checkpoint.params)


def test_a_record_says_what_its_update_did() -> None:
    chosen = settings(clip=Clip(norm=0.01), optimiser="sgd", learning_rate=0.5)
    task = TASKS["parity"]
    before = begin(task, chosen)
    for record in train(task, chosen):
        update = make_update(task, chosen, before)
        assert record.loss == update.loss
        gradient = np.concatenate([a.ravel() for _, a in update.gradients.parameters.items()])
        assert record.gradient_norm == pytest.approx(np.linalg.norm(gradient), rel=1e-14)
        assert record.gradient_norm > record.clipped_norm == pytest.approx(0.01, rel=1e-3)
        after = record.checkpoint.params
        numbers = np.concatenate([array.ravel() for _, array in after.items()])
        assert record.weight_norm == pytest.approx(np.linalg.norm(numbers), rel=1e-14)
        change = before.params.W_hh - 0.5 * update.clipped.W_hh
        assert np.array_equal(after.W_hh, change)
        assert (record.judged is not None) == (record.number % 4 == 0)
        before = record.checkpoint


def test_progress_is_judged_on_other_sequences() -> None:
    chosen = settings()
    exam = held_out(TASKS["adding"], chosen)
    for number in range(1, 13):
        batch = batch_of(TASKS["adding"], chosen, number)
        assert not (exam.x[0, :, 0][:, None] == batch.x[0, :, 0]).any()


def test_a_run_that_diverges_stops_and_says_where() -> None:
    chosen = settings(
        optimiser="sgd", learning_rate=1e200, activation="identity", clip=Clip(), updates=50
    )
    *_, last = train(TASKS["adding"], chosen)
    assert last.trouble is not None
    assert last.number < 50
    assert last.judged is None
    assert last.checkpoint.updates == last.number - 1
    assert all(np.isfinite(array).all() for _, array in last.checkpoint.params.items())


def test_each_thing_that_is_not_finite_is_named() -> None:
    chosen = settings(activation="identity", clip=Clip())
    update = make_update(TASKS["adding"], chosen, begin(TASKS["adding"], chosen))
    assert update.trouble() is None
    nan = Parameters.trusted(
        **{n: np.full_like(a, np.nan if n == "b_h" else 1) for n, a in update.params.items()}
    )
    assert dataclasses.replace(update, params=nan).trouble() == "b_h"
    spoilt = dataclasses.replace(update.gradients, parameters=nan)
    assert dataclasses.replace(update, gradients=spoilt).trouble() == "∂L/∂b_h"
    trace = dataclasses.replace(update.trace, loss=float("inf"))
    assert dataclasses.replace(update, trace=trace).trouble() == "loss"


def test_carried_states_are_truncated_back_propagation() -> None:
    """Torch with the state detached between pieces of one long sequence."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(12, 2, 1)), rng.normal(size=(12, 2, 1))
    params = Parameters.random(1, 3, seed=1)
    sgd = OPTIMISERS["sgd"]
    state, h = sgd.start(params), np.zeros((2, 3))
    tensors = [torch.tensor(np.array(a), requires_grad=True) for _, a in params.items()]
    other, carried = torch.optim.SGD(tensors, lr=0.1), torch.zeros(2, 3, dtype=torch.float64)
    for start in range(0, 12, 4):
        piece = slice(start, start + 4)
        update = train_step(
            params,
            state,
            x[piece],
            y[piece],
            optimiser=sgd,
            learning_rate=0.1,
            loss="squared_error",
            readout="every",
            h0=h,
        )
        params, state, h = update.params, update.state, update.carried
        W_xh, W_hh, b_h, W_hy, b_y = tensors
        carried = carried.detach()
        loss = 0.0
        for x_t, y_t in zip(torch.tensor(x[piece]), torch.tensor(y[piece]), strict=True):
            carried = torch.tanh(x_t @ W_xh.T + carried @ W_hh.T + b_h)
            loss = loss + 0.5 * ((carried @ W_hy.T + b_y - y_t) ** 2).mean() / 4
        other.zero_grad()
        loss.backward()
        other.step()
        assert update.loss == pytest.approx(loss.item(), rel=1e-12)
    for name, tensor in zip(PARAMETER_NAMES, tensors, strict=True):
        assert np.abs(getattr(params, name) - tensor.detach().numpy()).max() < 1e-12


def test_a_run_in_chunks_carries_the_state_through_each_sequence() -> None:
    """Seven steps in chunks of three: updates of 3, 3 and 1 steps, then the next sequence."""
    task = TASKS["parity"]
    chosen = settings(length=7, chunk=3)
    at, lengths, h = begin(task, chosen), [], None
    params, state = at.params, at.state
    for number in range(8):
        batch, part = batch_of(task, chosen, number // 3 + 1), number % 3
        steps = slice(3 * part, 3 * part + 3)
        by_hand = train_step(
            params,
            state,
            batch.x[steps],
            batch.target[steps],
            optimiser=OPTIMISERS[chosen.optimiser],
            learning_rate=chosen.learning_rate,
            clip=chosen.clip,
            readout="every",
            h0=h if part else None,
        )
        update = make_update(task, chosen, at)
        assert np.array_equal(update.params.vector, by_hand.params.vector)
        at, lengths = at.after(update, chosen), [*lengths, update.trace.steps]
        params, state, h = by_hand.params, by_hand.state, by_hand.carried
    assert lengths == [3, 3, 1, 3, 3, 1, 3, 3]


def test_a_run_in_chunks_goes_on_from_the_middle_of_a_sequence() -> None:
    task = TASKS["copy"]
    chosen = settings(length=5, chunk=4)
    whole = list(train(task, chosen))
    again = list(train(task, chosen, whole[7].checkpoint))
    assert [record.loss for record in again] == [record.loss for record in whole[8:]]
    with pytest.raises(ValueError, match="chunk: expected a task that is read at every step"):
        next(train(TASKS["adding"], settings(chunk=4)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"updates": 0}, "updates: expected a whole number from 1 to"),
        ({"batch": 10**9}, "batch: expected a whole number from 1 to"),
        ({"learning_rate": 0.0}, "learning_rate: expected a finite number above 0, got 0.0"),
        (
            {"learning_rate": float("nan")},
            "learning_rate: expected a finite number above 0, got nan",
        ),
        ({"optimiser": "lion"}, "optimiser: expected one of"),
        ({"initialiser": "ones"}, "initialiser: expected one of"),
        ({"schedule": "never"}, "schedule: expected one of"),
        ({"activation": "gelu"}, "activation: expected one of"),
    ],
)
def test_settings_that_make_no_sense_are_refused(changed, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        settings(**changed)


def test_other_refusals() -> None:
    with pytest.raises(ValueError, match="norm: expected a finite number above 0, got -1"):
        Clip(norm=-1)
    with pytest.raises(ValueError, match="value: expected a finite number above 0, got inf"):
        Clip(value=float("inf"))
    with pytest.raises(ValueError, match="length: expected at least 2 for adding, got 1"):
        next(train(TASKS["adding"], settings(length=1)))


@pytest.mark.parametrize("name", ["first_bit", "parity", "sine"])
def test_the_task_is_solved_with_its_own_settings(name: str) -> None:
    chosen = Settings.of(TASKS[name])
    records = train(TASKS[name], chosen)
    assert any(r.judged.solved for r in islice(records, chosen.updates) if r.judged is not None)
