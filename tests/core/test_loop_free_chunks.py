"""Chunks of time side by side, and when they give way to the loop."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core import Parameters, activation_named, chunked_jacobi, initialise
from rnn_core.loop_free._economy import TOO_SLOW, TOO_SMALL, ChunkSizes, Economy
from rnn_core.loop_free.chunks import Chunks
from rnn_core.recurrence import unroll
from tests.core.oracle import distance, problem

TIGHT = 1e-12
quick = settings(max_examples=60, deadline=None, derandomize=True)


def network(hidden, radius, scheme="uniform_pytorch"):
    return initialise(scheme, 1, hidden, seed=0, spectral_radius=radius)


def noise(steps, batch=1):
    return np.random.default_rng(0).normal(size=(steps, batch, 1))


def worst_step(params, x, h):
    """Return how far a step is from what its equation says, at the worst."""
    z = x @ params.W_xh.T + h[:-1] @ params.W_hh.T + params.b_h
    return np.abs(np.tanh(z) - h[1:]).max()


@quick
@given(
    seed=st.integers(0, 10**6),
    steps=st.integers(1, 60),
    chunk=st.integers(1, 60),
    batch=st.integers(1, 3),
    hidden=st.integers(1, 5),
    activation=st.sampled_from(["tanh", "relu", "identity"]),
)
def test_chunks_of_any_length_are_the_loop(seed, steps, chunk, batch, hidden, activation):
    case = problem(seed, steps, batch, 2, hidden, 1, activation, "squared_error", "last")
    z, h = unroll(case.params, case.x, case.h0, activation)
    chunk = min(chunk, steps)
    found = chunked_jacobi(case.params, case.x, chunk=chunk, h0=case.h0, activation=activation)
    assert found.converged
    assert found.chunk == chunk
    assert found.iterations <= -(-steps // chunk)
    assert distance(found.h, h) < TIGHT
    assert distance(found.z, z) < TIGHT


def test_a_network_that_forgets_needs_two_sweeps_of_long_chunks():
    params, x = network(4, 0.9), noise(2000)
    found = chunked_jacobi(params, x, chunk=400)
    assert found.iterations == 2
    short = chunked_jacobi(params, x, chunk=20)
    assert 4 < short.iterations < 30
    for solution in (found, short):
        assert solution.converged
        assert distance(solution.h, unroll(params, x, np.zeros((1, 4)), "tanh")[1]) < TIGHT


def test_a_sweep_ends_where_it_repeats_the_last_one():
    params, x = network(4, 0.5), noise(4000)

    class Counted(Chunks):
        steps_run = 0

        def _run(self, views):
            self.steps_run += len(views)
            super()._run(views)

    chunks = Counted(params, x, np.zeros((1, 4)), activation_named("tanh"), 1000)
    chunks.first_sweep()
    assert chunks.steps_run == 1000
    assert chunks.moved() > 0.1
    assert chunks.sweep(0.0, None)
    assert chunks.steps_run < 1100
    assert chunks.moved() == 0


def test_without_tolerance_every_bit_is_reproduced():
    params, x = network(4, 1.0), noise(1500)
    found = chunked_jacobi(params, x, chunk=100, tolerance=0, keep_iterates=True)
    assert found.converged
    assert found.iterations < 15
    one_more = chunked_jacobi(params, x, chunk=100, h0=found.h[0], tolerance=0)
    assert np.array_equal(one_more.h, found.h)
    assert worst_step(params, x, found.h) < 1e-15


def test_many_units_settle_within_the_rounding_of_a_step():
    params, x = network(32, 0.9), noise(4000)
    found = chunked_jacobi(params, x)
    assert found.converged
    assert found.iterations < 8
    assert worst_step(params, x, found.h) <= 34 * np.finfo(float).eps
    bits = chunked_jacobi(params, x, chunk=100, tolerance=0, max_iterations=30)
    assert bits.fell_back


@pytest.mark.parametrize("radius", [0.9, 1.0])
def test_long_and_narrow_goes_without_the_loop(radius):
    for hidden in (4, 8):
        params, x = network(hidden, radius), noise(10_000)
        found = chunked_jacobi(params, x, economical=True)
        assert found.converged
        assert distance(found.h, unroll(params, x, np.zeros((1, hidden)), "tanh")[1]) < TIGHT


def test_short_or_wide_is_left_to_the_loop_at_once():
    for steps, batch, hidden in ((50, 1, 4), (100, 32, 64), (500, 1, 128)):
        params, x = network(hidden, 0.9), noise(steps, batch)
        found = chunked_jacobi(params, x, economical=True)
        assert (found.iterations, found.final, found.reason) == (0, 0, TOO_SMALL)
        z, h = unroll(params, x, np.zeros((batch, hidden)), "tanh")
        assert np.array_equal(found.h, h)
        assert np.array_equal(found.z, z)


def test_chaos_is_left_to_the_loop_early():
    params, x = network(16, 3.0), noise(10_000)
    found = chunked_jacobi(params, x, economical=True)
    assert found.fell_back
    assert found.reason == TOO_SLOW
    assert found.iterations == 1
    assert found.final == found.chunk
    assert worst_step(params, x, found.h) < TIGHT
    alone = unroll(params, x[: found.chunk], np.zeros((1, 16)), "tanh")[1]
    assert worst_step(params, x[: found.chunk], alone) < TIGHT


def test_a_state_that_is_kept_for_ever_needs_a_sweep_for_each_chunk():
    latch = Parameters([[1.0]], [[3.0]], [0.0], [[1.0]], [0.0])
    x = np.zeros((60, 1, 1))
    x[0] = 5.0  # sets the latch; nothing later says which way it stands
    found = chunked_jacobi(latch, x, chunk=10)
    assert found.iterations == 6
    assert distance(found.h, unroll(latch, x, np.zeros((1, 1)), "tanh")[1]) < TIGHT


def test_what_is_worth_going_on_with():
    sizes = ChunkSizes(steps=10_000, batch=1, hidden=4, inputs=1)
    chunk = sizes.cheapest_chunk
    assert 100 < chunk < 300

    def verdicts(gaps, steps=32):
        economy = Economy(sizes, chunk, 1e-15)
        assert economy.promising
        economy.begin(1.0)
        return [economy.worth_going_on(gap, steps) for gap in gaps]

    assert verdicts([0.1, 0.01, 1e-3]) == [True] * 3
    assert verdicts([0.1, 1.0]) == [True, False]
    assert verdicts([0.5, np.nan]) == [True, False]
    assert verdicts([1.0, 0.999]) == [True, False]
    assert not all(verdicts([0.5 * 0.999**k for k in range(200)]))
    assert not Economy(ChunkSizes(50, 1, 4, 1), 12, 1e-15).promising
    assert ChunkSizes(1, 1, 1, 1).cheapest_chunk == 1


def test_differences_that_turn_to_nan_within_a_chunk():
    W_hh = [[40.0, -40.0], [40.0, 40.0]]
    params = Parameters(np.ones((2, 1)), W_hh, np.zeros(2), np.ones((1, 2)), [0.0])
    x = noise(2000)
    with np.errstate(all="ignore"):
        z, h = unroll(params, x, np.zeros((1, 2)), "identity")
    assert np.isnan(h).any()
    for economical in (False, True):
        found = chunked_jacobi(params, x, activation="identity", economical=economical)
        assert found.fell_back
        np.testing.assert_allclose(found.h, h, rtol=1e-9)
        np.testing.assert_allclose(found.z, z, rtol=1e-9)
