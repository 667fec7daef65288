"""The fast loops of gated cells compute what the cells' lines say, to the last few digits."""

import dataclasses
import pickle

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnn_core import ACTIVATIONS, CELLS, Parameters, backward, forward, kernels
from rnn_core.cells import Line
from rnn_core.cells.lstm import LSTM
from rnn_core.interpreter.forward import forward_cell
from rnn_core.interpreter.run import pull
from rnn_core.losses import loss_named

GATED = (*kernels.KERNELS,)
STEPS = kernels.through.STEPS


def problem(cell, steps, batch, inputs, hidden, outputs=2, *, seed=0, dtype="float64", scale=1.0):
    """Return parameters, x and the initial states by the arguments of `forward`."""
    rng = np.random.default_rng(seed)
    params = Parameters.random(inputs, hidden, outputs, seed=rng, cell=cell)
    params = Parameters.of(cell, {name: scale * a for name, a in params.items()}).astype(dtype)
    x = rng.normal(size=(steps, batch, inputs)).astype(dtype)
    names = [f"{state}0" for state in params.cell.states]
    return params, x, {name: rng.normal(size=(batch, hidden)).astype(dtype) for name in names}


def by_lines(params, x, initial, target=None, *, activation="tanh", readout="last"):
    """Return the trace that the interpreter makes."""
    with np.errstate(all="ignore"):
        return forward_cell(
            params,
            x,
            {name[0]: value for name, value in initial.items()},
            activation=activation,
            family=loss_named("squared_error"),
            readout=readout,
            target=target,
            by_lines=True,
        )


def both(case, *, activation="tanh", readout="last", upstream=None, truncate=None):
    """Return trace and gradients by the kernel, and those by the lines."""
    params, x, initial = case
    target = None if upstream is not None else 0.5
    trace = forward(
        params,
        x,
        target,
        loss="squared_error",
        activation=activation,
        readout=readout,
        **initial,
    )
    assert isinstance(trace.quantities, kernels.KernelRun)
    reference = by_lines(params, x, initial, target, activation=activation, readout=readout)
    assert not isinstance(reference.quantities, kernels.KernelRun)
    options = {"upstream": upstream, "truncate": truncate}
    return trace, backward(trace, **options), reference, backward(reference, **options)


def require_equal(found, within):
    """Require every number to be that of the lines, within a part of the array's largest.

    Of a sum over time that is a part of its largest term: where terms cancel, their digits do.
    """
    trace, grads, reference, wanted = found
    pairs = {name: (trace[name], reference[name]) for name in reference.quantities}
    pairs |= {f"d{name}": (grads[name], wanted[name]) for name in wanted.quantities}
    pairs |= {f"handed {s}": (grads.handed[s], wanted.handed[s]) for s in wanted.handed}
    sizes = {}
    for name, array in wanted.parameters.items():
        terms = wanted.contribution(name)
        pairs[f"d{name}"] = (grads.parameters[name], array)
        pairs[f"terms of {name}"] = (grads.contribution(name), terms)
        sizes[f"d{name}"] = np.abs(terms).max()
    assert list(trace.quantities) == list(reference.quantities)
    for name, (one, other) in pairs.items():
        assert one.dtype == other.dtype
        assert one.shape == other.shape, name
        assert not one.flags.writeable or name.startswith("terms"), name
        size = max(np.abs(other).max(), sizes.get(name, 0))
        np.testing.assert_allclose(one, other, rtol=0, atol=within * size, err_msg=name)


@settings(max_examples=60, deadline=None)
@given(
    cell=st.sampled_from(GATED),
    steps=st.integers(1, 9) | st.sampled_from([STEPS - 1, STEPS, STEPS + 1, 2 * STEPS + 3]),
    batch=st.integers(1, 4),
    inputs=st.integers(1, 3),
    hidden=st.integers(1, 10),
    activation=st.sampled_from([*ACTIVATIONS]),
    readout=st.sampled_from(["last", "every"]),
    dtype=st.sampled_from(["float64", "float32"]),
    seed=st.integers(0, 9),
)
@example("lstm", 64, 4, 1, 1, "relu", "last", "float64", 1)  # ∂L/∂W_xo is what two terms leave
def test_every_number_is_that_of_the_lines(
    cell, steps, batch, inputs, hidden, activation, readout, dtype, seed
):
    case = problem(cell, steps, batch, inputs, hidden, seed=seed, dtype=dtype)
    found = both(case, activation=activation, readout=readout)
    require_equal(found, 1e-12 if dtype == "float64" else 5e-5)


@pytest.mark.parametrize("cell", GATED)
@pytest.mark.parametrize("shape", [(70, 40, 2, 30), (5, 300, 1, 70), (130, 1, 3, 200)])
def test_large_networks_work_in_their_own_arrays_with_the_same_numbers(cell, shape):
    require_equal(both(problem(cell, *shape), readout="every"), 1e-12)


@pytest.mark.parametrize("cell", GATED)
def test_gradients_from_outside_are_carried_back_alike(cell):
    upstream = np.random.default_rng(1).normal(size=(2 * STEPS + 5, 3, 4))
    require_equal(both(problem(cell, len(upstream), 3, 2, 4), upstream=upstream), 1e-12)


@pytest.mark.parametrize("cell", GATED)
@pytest.mark.parametrize("truncate", [1, 3, 20])
def test_windows_are_left_to_the_lines(cell, truncate):
    found = both(problem(cell, 20, 2, 2, 3), readout="every", truncate=truncate)
    require_equal(found, 1e-12)


@pytest.mark.parametrize("cell", GATED)
def test_a_run_that_leaves_the_numbers_does_so_by_kernel_as_by_lines(cell):
    params, x, initial = problem(cell, 150, 2, 2, 3)
    opens = {name: 10.0 * name.startswith("b_") + 0 * array for name, array in params.items()}
    new = "W_hg" if cell == "lstm" else "W_hn"
    params = Parameters.of(cell, {**opens, "b_u": -opens["b_r"]} if "b_u" in opens else opens)
    params = params.replace(**{new: 1e3 * np.ones((3, 3)), "W_hy": np.ones((2, 3))})
    found = both((params, x, initial), activation="relu", readout="every")
    trace, grads, reference, wanted = found
    for name in reference.quantities:
        np.testing.assert_array_equal(np.isfinite(trace[name]), np.isfinite(reference[name]))
        np.testing.assert_array_equal(np.isnan(grads[name]), np.isnan(wanted[name]))
    assert not all(np.isfinite(array).all() for _, array in wanted.parameters.items())
    for name, array in wanted.parameters.items():
        np.testing.assert_array_equal(np.isfinite(grads.parameters[name]), np.isfinite(array))


@pytest.mark.parametrize("cell", GATED)
def test_gates_keep_their_digits_where_they_are_almost_shut_or_open(cell):
    params, x, initial = problem(cell, 4, 1, 1, 3)
    biases = ("b_i", "b_f", "b_o") if cell == "lstm" else ("b_r", "b_u")
    for bias in (-300.0, -40.0, 25.0):
        arrays = dict(params.items()) | {name: np.full(3, bias) for name in biases}
        found = both((Parameters.of(cell, arrays), x, initial))
        for name in biases:
            gate = name[-1]
            for z, value in zip(found[0][f"z_{gate}"].flat, found[0][gate].flat, strict=True):
                with mpmath.workdps(200):
                    exact = 1 / (1 + mpmath.exp(-mpmath.mpf(float(z))))
                    assert abs(mpmath.mpf(float(value)) - exact) < 4e-16 * exact
        for name, wanted in found[3].parameters.items():
            np.testing.assert_allclose(
                found[1].parameters[name], wanted, rtol=1e-9, atol=1e-320, err_msg=name
            )


@pytest.mark.parametrize("cell", GATED)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch", [1, 2])
def test_gradients_that_vanish_are_carried_as_normal_numbers(cell, dtype, batch, monkeypatch):
    params, x, initial = problem(cell, 40 * STEPS, batch, 1, 4, dtype=dtype, scale=0.1)
    seen = []
    kernel = kernels.KERNELS[cell]

    def watched(loop):
        def run(*given):
            views = next(each for each in given if isinstance(each, list))
            loop(*given)
            rows = np.abs(np.array([view[0] for view in views]))
            seen.append(np.count_nonzero((rows > 0) & (rows < np.finfo(dtype).tiny)))

        return run

    through = kernels.through
    monkeypatch.setattr(type(kernel), "loop_back", watched(type(kernel).loop_back))
    monkeypatch.setattr(through, "loop_by_jacobians", watched(through.loop_by_jacobians))
    _, grads, _, wanted = both((params, x, initial))
    assert max(seen) == 0
    assert 2 < len(seen) < 50  # what has vanished altogether is not carried on
    smallest = np.finfo(dtype).smallest_subnormal
    # Of each step's largest: beside it a number of many steps may have lost its own digits.
    largest = np.abs(wanted.h).max(axis=2, keepdims=True)
    assert (np.abs(grads.h - wanted.h) <= 1e-5 * largest + 20 * smallest).all()
    assert (grads.h[1 : STEPS * 5] == 0).all()


@pytest.mark.parametrize("cell", GATED)
def test_a_pickled_run_goes_on_by_its_lines(cell):
    trace = forward(*problem(cell, 6, 2, 1, 3)[:2], 1.0)
    grads = backward(trace)
    again, grads_again = pickle.loads(pickle.dumps((trace, grads)))  # noqa: S301
    assert trace.is_same_run(again)
    for name in trace.quantities:
        np.testing.assert_array_equal(grads_again[name], grads[name])
    for name, array in backward(again).parameters.items():
        np.testing.assert_allclose(array, grads.parameters[name], rtol=1e-12, atol=1e-16)


def test_two_threads_at_once_and_sizes_in_turn_do_not_share_numbers():
    from concurrent.futures import ThreadPoolExecutor

    cases = [problem(cell, 70, 1, 1, 5, seed=seed) for cell in GATED for seed in range(4)]
    wanted = [backward(by_lines(*case, 0.5)) for case in cases]

    def run(number):
        params, x, initial = cases[number % len(cases)]
        return number, backward(forward(params, x, 0.5, loss="squared_error", **initial))

    with ThreadPoolExecutor(4) as pool:
        for number, grads in pool.map(run, range(80)):
            for name, array in wanted[number % len(cases)].parameters.items():
                np.testing.assert_allclose(grads.parameters[name], array, rtol=1e-10, atol=1e-14)


def test_another_cell_of_the_name_runs_by_its_own_lines():
    lines = tuple(Line("h", "mul", ("o", "c")) if line.name == "h" else line for line in LSTM.lines)
    other = dataclasses.replace(LSTM, lines=lines)
    assert kernels.kernel_of(other) is None
    assert kernels.kernel_of(pickle.loads(pickle.dumps(LSTM))) is kernels.KERNELS["lstm"]  # noqa: S301
    params = Parameters.random(1, 3, seed=0, cell=other)
    trace = forward(params, np.ones((5, 1, 1)))
    np.testing.assert_allclose(trace.h[1:], trace["o"] * trace["c"][1:], rtol=1e-14)


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_by_the_lines_are_pulled_once(cell, monkeypatch):
    trace = forward(Parameters.random(1, 3, seed=0, cell=cell), np.ones((5, 1, 1)), 1.0)
    calls = []

    def counted(*arguments, **options):
        calls.append(options)
        return pull(*arguments, **options)

    monkeypatch.setattr("rnn_core.interpreter.gradients.pull", counted)
    grads = backward(trace)
    for _ in range(2):
        assert grads.h.shape == (6, 1, 3)
        assert set(grads.handed) == set(trace.cell.states)
        assert grads.uses
    assert len(calls) == (0 if cell == "elman" else 1)


@pytest.mark.parametrize("cell", ["leaky", "gru_reset_before"])
def test_units_that_are_shut_at_every_step_pass_nothing_on_by_the_lines(cell):
    arrays = dict(Parameters.random(1, 3, 1, seed=0, cell=cell).items())
    bias = {"leaky": "b_h", "gru_reset_before": "b_xn"}[cell]
    params = Parameters.of(cell, arrays | {bias: np.full(3, -50.0)})
    x = np.random.default_rng(0).normal(size=(7, 2, 1))
    trace = forward(params, x, 1.0, activation="relu")
    grads = backward(trace)
    # With φ′ = 0 the states keep their own share alone: ∂h_t/∂h_{t-1} is ½, or u and what u gets.
    shut = {"leaky": "z", "gru_reset_before": "z_n"}[cell]
    assert (grads[shut] == 0).all()
    if cell == "leaky":
        np.testing.assert_allclose(grads.h[:-1], 0.5 * grads.h[1:], rtol=1e-14)
    assert np.isfinite(grads.parameters.vector).all()
