"""Fifty updates of each optimiser, and whole schedules, against those of PyTorch."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import torch

from rnn_core import PARAMETER_NAMES, Parameters, backward, forward
from rnn_core.training import OPTIMISERS, SCHEDULES, optimiser_named, schedule_named

UPDATES = 50
RATE = 0.02
LAMBDA = 0.1


THEIRS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "momentum": partial(torch.optim.SGD, momentum=0.9),
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}


def problem() -> tuple[Parameters, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    return Parameters.random(2, 4, seed=5), rng.normal(size=(6, 3, 2)), rng.integers(0, 2, (3, 1))


@pytest.mark.parametrize("name", list(OPTIMISERS))
def test_fifty_updates_are_those_of_torch(name: str) -> None:
    params, x, target = problem()
    optimiser = OPTIMISERS[name]
    state = optimiser.start(params)
    tensors = [torch.tensor(np.array(array), requires_grad=True) for _, array in params.items()]
    other = THEIRS[name](tensors, lr=RATE)
    for _ in range(UPDATES):
        gradient = backward(forward(params, x, target)).parameters
        params, state = optimiser.step(params, gradient, state, RATE)
        other.zero_grad()
        W_xh, W_hh, b_h, W_hy, b_y = tensors
        h = torch.zeros(3, 4, dtype=torch.float64)
        for x_t in torch.tensor(x):
            h = torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b_h)
        logits = h @ W_hy.T + b_y
        wanted = torch.tensor(target, dtype=torch.float64)
        torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted).backward()
        other.step()
    assert state.updates == UPDATES
    for parameter, tensor in zip(PARAMETER_NAMES, tensors, strict=True):
        found, expected = getattr(params, parameter), tensor.detach().numpy()
        assert np.abs(found - expected).max() <= 1e-10 * max(1.0, np.abs(expected).max())


def test_a_setting_changes_the_step_and_an_unknown_one_is_refused() -> None:
    params, x, target = problem()
    gradient = backward(forward(params, x, target)).parameters
    adamw = OPTIMISERS["adamw"]
    plain, _ = adamw.step(params, gradient, adamw.start(params), RATE, weight_decay=0.0)
    adam, _ = OPTIMISERS["adam"].step(params, gradient, adamw.start(params), RATE)
    decayed, _ = adamw.step(params, gradient, adamw.start(params), RATE, weight_decay=LAMBDA)
    for name in PARAMETER_NAMES:
        assert np.array_equal(getattr(plain, name), getattr(adam, name))
        shrunk = RATE * LAMBDA * getattr(params, name)
        assert np.allclose(getattr(adam, name) - getattr(decayed, name), shrunk, atol=1e-15)
    with pytest.raises(ValueError, match="sgd: expected a setting among none, got 'momentum'"):
        OPTIMISERS["sgd"].step(params, gradient, OPTIMISERS["sgd"].start(params), 1, momentum=1)


def test_a_step_changes_nothing_that_it_was_given() -> None:
    params, x, target = problem()
    gradient = backward(forward(params, x, target)).parameters
    for optimiser in OPTIMISERS.values():
        state = optimiser.start(params)
        once, after = optimiser.step(params, gradient, state, RATE)
        again, _ = optimiser.step(params, gradient, state, RATE)
        assert state.updates == 0
        assert all(not moment.any() for moment in state.moments)
        assert len(after.moments) == len(optimiser.moments)
        for name in PARAMETER_NAMES:
            assert np.array_equal(getattr(once, name), getattr(again, name))
            assert not getattr(once, name).flags.writeable


def rates(scheduler: "torch.optim.lr_scheduler.LRScheduler", total: int) -> list[float]:
    found = []
    for _ in range(total):
        found.append(scheduler.get_last_lr()[0])
        scheduler.optimizer.step()
        scheduler.step()
    return found


@pytest.mark.parametrize("total", [10, 31, 100])
def test_schedules_are_those_of_torch(total: int) -> None:
    schedulers = torch.optim.lr_scheduler

    def fresh() -> torch.optim.Optimizer:
        return torch.optim.SGD([torch.zeros(1)], lr=1.0)

    expected = {
        "constant": rates(schedulers.ConstantLR(fresh(), factor=1), total),
        "linear": rates(schedulers.LinearLR(fresh(), 1, 0, total_iters=total), total),
        "cosine": rates(schedulers.CosineAnnealingLR(fresh(), total), total),
        "step": rates(
            schedulers.MultiStepLR(fresh(), [math.ceil(total / 3), math.ceil(2 * total / 3)]), total
        ),
    }
    rise = round(total / 10)
    expected["warm_up"] = [(done + 1) / rise for done in range(rise)] + rates(
        schedulers.CosineAnnealingLR(fresh(), total - rise), total - rise
    )
    assert set(expected) == set(SCHEDULES)
    for name, wanted in expected.items():
        found = [SCHEDULES[name].factor(done, total) for done in range(total)]
        assert found == pytest.approx(wanted, abs=1e-12)


def test_unknown_names_are_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"optimiser: expected one of sgd, .*, got 'lion'"):
        optimiser_named("lion")
    with pytest.raises(ValueError, match=r"schedule: expected one of constant, .*, got 'none'"):
        schedule_named("none")
