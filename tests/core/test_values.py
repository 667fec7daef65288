"""The results are values: nothing a later call or caller does changes them."""

import dataclasses
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rnn_core import PARAMETER_NAMES, Parameters, backward, forward
from tests.core.oracle import distance


def arrays_of(trace, grads):
    found = {name: getattr(trace, name) for name in ("x", "z", "h", "logits", "prediction")}
    found |= {"target": trace.target}
    found |= {"d" + name: getattr(grads, name) for name in ("x", "z", "h", "logits")}
    found |= {"d" + name: getattr(grads.parameters, name) for name in PARAMETER_NAMES}
    return found | dict(trace.params.items())


@pytest.mark.parametrize("sizes", [(5, 1, 1, 3), (5, 2, 1, 3), (3, 40, 2, 50)])
@pytest.mark.parametrize("readout", ["last", "every"])
def test_arrays_are_closed_and_stay_what_they_were(sizes, readout):
    steps, batch, inputs, hidden = sizes
    rng = np.random.default_rng(0)
    params = Parameters.random(inputs, hidden, seed=0)
    x = rng.normal(size=(steps, batch, inputs))
    target = np.full((steps if readout == "every" else 1, batch, 1), 0.25)
    trace = forward(params, x, target, readout=readout)
    grads = backward(trace)
    before = {name: array.copy() for name, array in arrays_of(trace, grads).items()}
    other = forward(params, x + 1, target / 2, readout=readout)
    backward(other)
    x[...] = 9
    target[...] = 0.9
    for name, array in arrays_of(trace, grads).items():
        assert np.array_equal(array, before[name]), name
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    assert not grads.contribution("W_hh").flags.writeable


def test_fields_are_frozen():
    params = Parameters([[1]], [[1]], [0], [[1]], [0])
    trace = forward(params, [1.0], 1.0)
    for value, name in ((params, "W_hh"), (trace, "z"), (backward(trace), "z")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, 0)


def test_parameters_do_not_follow_the_arrays_they_were_made_from():
    W_hh = np.eye(2)
    params = Parameters(np.ones((2, 1)), W_hh, np.zeros(2), np.ones((1, 2)), np.zeros(1))
    W_hh[...] = 5
    assert np.array_equal(params.W_hh, np.eye(2))


def test_threads_do_not_share_a_workspace():
    params = Parameters.random(2, 6, seed=0)
    inputs = [np.random.default_rng(seed).normal(size=(60, 1, 2)) for seed in range(8)]
    expected = [backward(forward(params, x, 1.0)).parameters.W_hh.copy() for x in inputs]

    def work(i):
        return [backward(forward(params, inputs[i], 1.0)).parameters.W_hh for _ in range(60)]

    with ThreadPoolExecutor(8) as pool:
        for i, results in enumerate(pool.map(work, range(8))):
            for found in results:
                assert np.array_equal(found, expected[i])


def test_many_sizes_in_turn_give_what_each_gives_alone():
    first = {}
    for turn in range(2):
        for steps in range(1, 20):
            params = Parameters.random(1, 2, seed=steps)
            grads = backward(forward(params, np.linspace(-1, 1, steps), 1.0))
            if turn == 0:
                first[steps] = grads
            assert np.array_equal(grads.h, first[steps].h)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_dtype_follows_the_parameters(dtype):
    params = Parameters.random(1, 2, seed=0).astype(dtype)
    assert params.dtype == np.dtype(dtype)
    for x in (np.ones(3, np.float32), np.ones(3), [1, 2, 3]):
        trace = forward(params, x, 1)
        for array in arrays_of(trace, backward(trace)).values():
            assert array.dtype == np.dtype(dtype)
    assert isinstance(trace.loss, float)


def test_parameters_are_float64_unless_all_are_float32():
    single = [np.ones(shape, np.float32) for shape in ((2, 1), (2, 2), (2,), (1, 2), (1,))]
    assert Parameters(*single).dtype == np.float32
    assert Parameters(*single, dtype=np.float64).dtype == np.float64
    assert Parameters(*single[:4], [1]).dtype == np.float64
    assert Parameters(*single[:4], [1], dtype="float32").dtype == np.float32


def test_shapes_that_are_taken():
    params = Parameters.random(1, 2, seed=0)
    x = np.linspace(-1, 1, 4)
    traces = [forward(params, shape, 1.0) for shape in (x, x[:, None], x[:, None, None], list(x))]
    for trace in traces:
        assert trace.x.shape == (4, 1, 1)
        assert trace.loss == traces[0].loss
    for h0 in ([0.1, 0.2], [[0.1, 0.2]]):
        assert forward(params, x, h0=h0).h[0].tolist() == [[0.1, 0.2]]
    pair = forward(params, np.ones((4, 3, 1)), h0=[0.1, 0.2])
    assert np.array_equal(pair.h[0], np.tile([0.1, 0.2], (3, 1)))
    assert pair.loss is None
    assert pair.target is None


@pytest.mark.parametrize(
    ("readout", "batch", "outputs", "shapes"),
    [
        ("last", 1, 1, [(), (1,), (1, 1), (1, 1, 1)]),
        ("last", 1, 2, [(2,), (1, 2), (1, 1, 2)]),
        ("last", 3, 2, [(3, 2), (1, 3, 2)]),
        ("every", 1, 1, [(4,), (4, 1), (4, 1, 1)]),
        ("every", 3, 1, [(4, 3), (4, 3, 1)]),
        ("every", 3, 2, [(4, 3, 2)]),
    ],
)
def test_target_shapes_that_are_taken(readout, batch, outputs, shapes):
    params = Parameters.random(1, 2, outputs, seed=0)
    x = np.ones((4, batch, 1))
    numbers = np.random.default_rng(0).uniform(size=shapes[-1])
    expected = forward(params, x, numbers, readout=readout)
    for shape in shapes:
        found = forward(params, x, numbers.reshape(shape), readout=readout)
        assert np.array_equal(found.target, numbers)
        assert found.loss == expected.loss


def test_class_indices_are_one_hot_rows():
    params = Parameters.random(1, 2, 3, seed=0)
    x = np.ones((4, 2, 1))
    every = np.array([[0, 1], [2, 2], [1, 0], [0, 0]])
    found = forward(params, x, every, loss="softmax_cross_entropy", readout="every")
    assert np.array_equal(found.target, np.eye(3)[every])
    last = forward(params, x, [0, 2], loss="softmax_cross_entropy")
    assert np.array_equal(last.target, np.eye(3)[[[0, 2]]])
    one = forward(params, np.ones(4), 2, loss="softmax_cross_entropy")
    assert np.array_equal(one.target, np.eye(3)[[[2]]])
    assert one.loss == forward(params, np.ones(4), [0, 0, 1], loss="softmax_cross_entropy").loss


@pytest.mark.parametrize(("steps", "batch"), [(12_000, 4), (60_000, 1)])
def test_memory_is_a_few_arrays_of_states(steps, batch):
    params = Parameters.random(1, 32, seed=0)
    x = np.zeros((steps, batch, 1))
    tracemalloc.start()
    try:
        grads = backward(forward(params, x, 1.0))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4.5 * grads.z.nbytes


def test_a_long_sequence_runs():
    params = Parameters.random(1, 32, seed=0, spectral_radius=0.99)
    x = np.random.default_rng(0).normal(size=(100_000, 1, 1))
    trace = forward(params, x, 1.0)
    grads = backward(trace, truncate=50)
    cut = forward(params, x[-50:], 1.0, h0=trace.h[-51])
    assert distance(grads.parameters.W_hh, backward(cut).parameters.W_hh) < 1e-12
    assert backward(trace).z.shape == (100_000, 1, 32)
