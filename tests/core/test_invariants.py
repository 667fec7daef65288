"""What must hold for every network, on networks that hypothesis chooses."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core import PARAMETER_NAMES, Parameters, backward, forward
from tests.core.oracle import distance, problem

TIGHT = 1e-12
quick = settings(max_examples=40, deadline=None, derandomize=True)

problems = st.builds(
    problem,
    seed=st.integers(0, 10**6),
    steps=st.integers(1, 12),
    batch=st.integers(1, 4),
    inputs=st.integers(1, 3),
    hidden=st.integers(1, 6),
    outputs=st.integers(2, 3),
    activation=st.sampled_from(["tanh", "relu", "identity"]),
    loss=st.sampled_from(["binary_cross_entropy", "softmax_cross_entropy", "squared_error"]),
    readout=st.sampled_from(["last", "every"]),
)


def run(case, **changes):
    given_ = {"params": case.params, "x": case.x, "target": case.target, "h0": case.h0} | changes
    return forward(**given_, **case.settings)


def close(found, expected, scale):
    return np.abs(np.asarray(found) - expected).max() <= TIGHT * max(1.0, np.abs(scale).max())


@quick
@given(problems)
def test_contributions_add_up_to_the_gradient(case):
    grads = backward(run(case))
    for name in PARAMETER_NAMES:
        terms = grads.contribution(name)
        total = getattr(grads.parameters, name)
        assert terms.shape == (*case.x.shape[:2], *total.shape)
        assert close(terms.sum(axis=(0, 1)), total, np.abs(terms).sum(axis=(0, 1)))


@quick
@given(problems)
def test_a_batch_is_its_sequences_one_by_one(case):
    whole = run(case)
    whole_grads = backward(whole)
    batch = case.x.shape[1]
    losses = []
    sums = dict.fromkeys(PARAMETER_NAMES, 0.0)
    for b in range(batch):
        alone = run(case, x=case.x[:, b], target=case.target[:, b], h0=case.h0[b])
        grads = backward(alone)
        losses.append(alone.loss)
        assert distance(alone.h[:, 0], whole.h[:, b]) < TIGHT
        assert distance(alone.logits[:, 0], whole.logits[:, b]) < TIGHT
        assert distance(grads.h[:, 0] / batch, whole_grads.h[:, b]) < TIGHT
        assert distance(grads.x[:, 0] / batch, whole_grads.x[:, b]) < TIGHT
        for name in PARAMETER_NAMES:
            sums[name] = sums[name] + getattr(grads.parameters, name) / batch
    assert abs(np.mean(losses) - whole.loss) <= TIGHT * max(1.0, whole.loss)
    for name in PARAMETER_NAMES:
        assert close(sums[name], getattr(whole_grads.parameters, name), sums[name])


@quick
@given(problems, st.integers(1, 11))
def test_chunks_that_carry_the_state_are_the_whole(case, cut):
    steps = len(case.x)
    if cut >= steps:
        return
    whole = run(case)
    upstream = np.random.default_rng(0).normal(size=whole.z.shape)
    early = run(case, x=case.x[:cut], target=None)
    late = run(case, x=case.x[cut:], target=None, h0=early.h[-1])
    assert distance(np.concatenate([early.h, late.h[1:]]), whole.h) < TIGHT
    expected = backward(whole, upstream=upstream)
    late_grads = backward(late, upstream=upstream[cut:])
    entering = upstream[:cut].copy()
    entering[-1] += late_grads.h[0]
    early_grads = backward(early, upstream=entering)
    assert distance(np.concatenate([early_grads.z, late_grads.z]), expected.z) < TIGHT
    for name in ("W_xh", "W_hh", "b_h"):
        total = getattr(early_grads.parameters, name) + getattr(late_grads.parameters, name)
        assert close(total, getattr(expected.parameters, name), total)


@quick
@given(problems, st.integers(0, 3))
def test_truncating_at_the_length_changes_nothing(case, more):
    trace = run(case)
    full = backward(trace)
    same = backward(trace, truncate=len(case.x) + more)
    for name in PARAMETER_NAMES:
        assert np.array_equal(getattr(full.parameters, name), getattr(same.parameters, name))
    assert np.array_equal(full.h, same.h)


@quick
@given(problems)
def test_the_equations_hold_between_the_numbers(case):
    trace = run(case)
    grads = backward(trace)
    params = case.params
    products = trace.x @ params.W_xh.T + trace.h[:-1] @ params.W_hh.T + params.b_h
    assert close(trace.z, products, products)
    assert np.array_equal(trace.h[0], case.h0)
    assert np.array_equal(trace.x, case.x)
    arriving = grads.z @ params.W_hh
    assert close(grads.h[0], arriving[0], arriving)
    from_loss = np.zeros_like(trace.z)
    from_loss[-len(trace.logits) :] = grads.logits @ params.W_hy
    later = np.concatenate([arriving[1:], np.zeros_like(arriving[:1])])
    assert close(grads.h[1:], from_loss + later, grads.h)


@quick
@given(problems)
def test_the_same_call_gives_the_same_bits(case):
    first, second = run(case), run(case)
    run(case, x=case.x + 1)
    for name in ("x", "z", "h", "logits", "prediction"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert first.loss == second.loss


@quick
@given(st.integers(0, 10**9), st.integers(1, 4), st.integers(1, 6), st.integers(1, 3))
def test_the_same_seed_gives_the_same_arrays(seed, inputs, hidden, outputs):
    first = Parameters.random(inputs, hidden, outputs, seed=seed, spectral_radius=1.1)
    second = Parameters.random(inputs, hidden, outputs, seed=seed, spectral_radius=1.1)
    other = Parameters.random(inputs, hidden, outputs, seed=seed + 1)
    for name, array in first.items():
        assert np.array_equal(array, getattr(second, name))
    assert not np.array_equal(first.b_h, other.b_h)
    assert np.isclose(np.abs(np.linalg.eigvals(first.W_hh)).max(), 1.1)


@quick
@given(problems)
def test_one_vector_holds_all_parameters_and_their_gradient(case):
    params = case.params
    views = params.with_vector(params.vector.copy())
    for name, array in params.items():
        assert np.array_equal(getattr(views, name), array)
        assert not getattr(views, name).flags.writeable
        assert np.shares_memory(getattr(views, name), views.vector)
    assert views.vector.size == params.count
    assert views.layout == params.layout
    again = forward(views, case.x, case.target, h0=case.h0, **case.settings)
    assert np.array_equal(again.logits, run(case).logits)
    moved = backward(again).parameters
    step = views.with_vector(views.vector - 0.5 * moved.vector)
    for name, array in params.items():
        assert np.array_equal(getattr(step, name), array - 0.5 * getattr(moved, name))
