"""The losses and their gradients to the last digits, against mpmath."""

import mpmath
import numpy as np
import pytest
import torch

from rnn_core import LOSSES, Parameters, backward, forward, loss_named

mpmath.mp.dps = 60
BINARY = LOSSES["binary_cross_entropy"]
SOFTMAX = LOSSES["softmax_cross_entropy"]
THEIRS = {
    "squared_error": lambda a, y: torch.nn.functional.mse_loss(a, y) / 2,
    "mean_squared_error": torch.nn.functional.mse_loss,
    "huber": torch.nn.functional.huber_loss,
}
"""Of all real numbers; the others are compared with mpmath."""


def logits():
    rng = np.random.default_rng(0)
    sizes = np.concatenate(
        [
            10.0 ** rng.uniform(-308, 308, 400),
            rng.uniform(0, 40, 2000),
            rng.uniform(600, 760, 100),
            [0.0, 1e308, 1.7e308, 5e-324, 36.7, 36.8, 708.3, 708.4, 709.8, 745.1, 745.2],
        ]
    )
    return np.concatenate([sizes, -sizes])


def exact_term(a, y):
    a, y = mpmath.mpf(a), mpmath.mpf(y)
    return (1 - y) * max(a, 0) + y * max(-a, 0) + mpmath.log1p(mpmath.exp(-abs(a)))


def exact_parts(a, y):
    a, y = mpmath.mpf(a), mpmath.mpf(y)
    p = 1 / (1 + mpmath.exp(-a))
    q = 1 / (1 + mpmath.exp(a))
    return (1 - y) * p, y * q


def ulps(found, exact, scale=None):
    spacing = np.spacing(abs(float(exact if scale is None else scale)))
    return float(abs(mpmath.mpf(float(found)) - exact) / mpmath.mpf(float(spacing)))


def column(values):
    return np.asarray(values, np.float64).reshape(1, -1, 1)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_hard_labels_are_right_within_two_ulp(y):
    a = logits()
    with np.errstate(all="ignore"):
        terms = BINARY.terms(column(a), column(np.full(a.size, y))).ravel()
        delta = BINARY.delta(column(a), column(np.full(a.size, y))).ravel()
    for i, value in enumerate(a):
        above, below = exact_parts(value, y)
        assert ulps(terms[i], exact_term(value, y)) <= 2, value
        assert ulps(delta[i], above - below) <= 2, value
        assert ulps(BINARY.single_term(value, y), exact_term(value, y)) <= 2, value
        assert ulps(BINARY.single_delta(value, y), above - below) <= 2, value


def test_soft_labels_stay_within_the_stated_bound():
    a = logits()
    y = np.random.default_rng(1).uniform(size=a.size)
    with np.errstate(all="ignore"):
        terms = BINARY.terms(column(a), column(y)).ravel()
        delta = BINARY.delta(column(a), column(y)).ravel()
    for i, (value, label) in enumerate(zip(a, y, strict=True)):
        above, below = exact_parts(value, label)
        assert ulps(terms[i], exact_term(value, label)) <= 2, (value, label)
        assert ulps(delta[i], above - below, max(above, below)) <= 3, (value, label)
        single = BINARY.single_delta(value, label)
        assert ulps(single, above - below, max(above, below)) <= 3, (value, label)


def test_soft_labels_near_their_prediction_stay_within_the_stated_bound():
    """The worst of 5·10⁷ pairs, where (1 − y) σ(a) − y σ(−a) as it stands is off by 4 ulp."""
    known = [(1.2165095941859896, 0.7129443367591348), (-2.739659741387065, 0.03091949732265249)]
    known += [(-0.6142460069159199, 0.36115559716685824), (1.9645766522982, 0.93806341)]
    rng = np.random.default_rng(4)
    a = rng.uniform(-4, 4, 3000)
    y = np.clip(rng.uniform(0.5, 1.5, 3000) / (1 + np.exp(-a)), 0, 1)
    for value, label in [*known, *zip(a.tolist(), y.tolist(), strict=True)]:
        above, below = exact_parts(value, label)
        found = BINARY.delta(column([value]), column([label])).item()
        assert ulps(found, above - below, max(above, below)) <= 3, (value, label)


@pytest.mark.parametrize("loss", list(LOSSES))
def test_logits_and_twice_those_logits_have_the_same_loss_in_single_precision(loss):
    rng = np.random.default_rng(3)
    outputs = 3 if loss.startswith("softmax") else 1
    for _ in range(200):
        a = rng.normal(scale=3, size=(1, 1, outputs)).astype(np.float32)
        y = np.eye(outputs, dtype=np.float32)[:1, np.newaxis]
        one, two, three = (
            LOSSES[loss].mean(np.repeat(a, count, axis=1), np.repeat(y, count, axis=1))
            for count in (1, 2, 3)
        )
        assert one == two == three == float(np.float32(one))


def test_the_forms_that_lose_digits_would_be_caught():
    a = column([800.0, 40.0])
    y = column([1.0, 1.0])
    with np.errstate(all="ignore"):
        unstable = np.logaddexp(0, a) - y * a
    assert ulps(unstable.ravel()[1], exact_term(40.0, 1.0)) > 1e10
    assert not np.isfinite(BINARY.naive(-a, y)).all()


def test_softmax_keeps_its_digits():
    rng = np.random.default_rng(2)
    for scale in (1e-3, 1.0, 30.0, 300.0):
        a = scale * rng.normal(size=(1, 50, 4))
        classes = rng.integers(0, 4, (1, 50))
        y = np.eye(4)[classes]
        terms, delta = SOFTMAX.terms(a, y), SOFTMAX.delta(a, y)
        for b in range(50):
            row = [mpmath.mpf(value) for value in a[0, b]]
            total = mpmath.fsum(mpmath.exp(value) for value in row)
            others = mpmath.fsum(
                mpmath.exp(value - row[classes[0, b]])
                for k, value in enumerate(row)
                if k != classes[0, b]
            )
            assert abs(terms[0, b, 0] / mpmath.log1p(others) - 1) < 1e-13
            for k, value in enumerate(row):
                p = mpmath.exp(value) / total
                exact = -others / (1 + others) if k == classes[0, b] else p
                if abs(exact) > 1e-300:
                    assert abs(delta[0, b, k] / exact - 1) < 1e-12


def test_huge_logits_do_not_overflow():
    params = Parameters([[0.0]], [[0.0]], [0.0], [[0.0]], [1e308])
    trace = forward(params, [0.0], 0.0)
    assert trace.loss == 1e308
    assert backward(trace).logits.item() == 1
    two = Parameters([[0.0]], [[0.0]], [0.0], [[0.0], [0.0]], [1e308, 1e308])
    assert forward(two, [0.0], [0.0, 0.0]).loss == 1e308
    pair = Parameters([[0.0]], [[0.0]], [0.0], [[0.0], [0.0]], [8e307, -8e307])
    assert forward(pair, [0.0], 1, loss="softmax_cross_entropy").loss == 1.6e308


def test_published_values():
    """log 2 at a = 0 for either label, and log(1 + e⁻²) = 0.126928 at a = 2, y = 1."""
    for y in (0.0, 1.0):
        assert BINARY.single_term(0.0, y) == pytest.approx(np.log(2), rel=1e-15)
    assert BINARY.single_term(2.0, 1.0) == pytest.approx(0.12692801104297252, rel=1e-15)
    assert BINARY.predict(np.array([2.0]))[0] == pytest.approx(0.8807970779778825, rel=1e-15)


@pytest.mark.parametrize(("name", "outputs"), [("binary_cross_entropy", 2), ("squared_error", 2)])
def test_mean_is_over_all_that_is_read_out(name, outputs):
    rng = np.random.default_rng(4)
    params = Parameters.random(1, 3, outputs, seed=0)
    x, y = rng.normal(size=(5, 4, 1)), rng.uniform(size=(5, 4, outputs))
    trace = forward(params, x, y, loss=name, readout="every")
    terms = LOSSES[name].terms(trace.logits, y)
    assert terms.shape == (5, 4, outputs)
    assert trace.loss == pytest.approx(terms.mean(), rel=1e-15)
    np.testing.assert_allclose(backward(trace).logits, (trace.prediction - y) / terms.size, 1e-12)


def test_naive_forms_agree_where_they_work():
    rng = np.random.default_rng(5)
    a, y = rng.normal(size=(2, 3, 2)), rng.uniform(size=(2, 3, 2))
    y /= y.sum(axis=-1, keepdims=True)
    for loss in LOSSES.values():
        np.testing.assert_allclose(loss.naive(a, y), loss.terms(a, y), rtol=1e-12)


@pytest.mark.parametrize("name", THEIRS)
def test_a_loss_of_numbers_is_torchs_and_so_are_its_gradients(name: str) -> None:
    rng = np.random.default_rng(5)
    a, y = rng.normal(size=(3, 2, 4)), rng.normal(size=(3, 2, 4))
    logits, target = torch.tensor(a, requires_grad=True), torch.tensor(y, requires_grad=True)
    theirs = THEIRS[name](logits, target)
    theirs.backward()
    loss = loss_named(name)
    assert loss.mean(a, y) == pytest.approx(theirs.item(), rel=1e-15)
    np.testing.assert_allclose(loss.gradient(a, y), logits.grad.numpy(), rtol=1e-15)
    np.testing.assert_allclose(loss.by_target(a, y) / a.size, target.grad.numpy(), rtol=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_the_forms_of_an_entry_are_what_the_loss_computes(name: str) -> None:
    """Printed lines, scripts and the browser follow from the forms, the core from its kernels."""
    rng, loss = np.random.default_rng(6), LOSSES[name]
    for size in (1.0, 30.0, 1000.0):
        a, y = size * rng.normal(size=(3, 2, 4)), rng.uniform(size=(3, 2, 4))
        if loss.spans_outputs:
            y = np.eye(4)[rng.integers(0, 4, (3, 2))]
        for form, kernel in (
            (loss.forms.term, loss.terms),
            (loss.forms.by_logit, loss.delta),
            (loss.forms.by_target, loss.by_target),
        ):
            np.testing.assert_allclose(form.of(a=a, y=y), kernel(a, y), rtol=1e-10)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_written_as_one_expression(name: str) -> None:
    """With its numbers in it stands before its value: … = 0.5."""
    assert "=" not in LOSSES[name].latex
