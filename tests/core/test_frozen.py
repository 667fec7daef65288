"""A copy of a value is as closed to writing as the value, and its parts stay of one piece."""

import copy
import dataclasses
import importlib
import pickle
import pkgutil

import numpy as np
import pytest

import rnn_core
from rnn_core import (
    Parameters,
    Sweep,
    assemble_sweep,
    backward,
    computational_graph,
    forward,
    forward_padded,
    gradient_check,
    pad,
    principal_components,
    run_in_format,
    run_sweep_chunk,
    spectrum,
    sweep_chunks,
    truncation_loss,
)
from rnn_core.frozen import Frozen
from rnn_core.gradient_flow import flow_of
from rnn_core.training import Settings, begin, make_update, task_named, train


def pickled(value, protocol=pickle.HIGHEST_PROTOCOL):
    return pickle.loads(pickle.dumps(value, protocol))  # noqa: S301 - made in this process


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "replace": dataclasses.replace,
    **{
        f"pickle {protocol}": lambda value, p=protocol: pickled(value, p)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


def values():
    params = Parameters.random(2, 3, 2, seed=1)
    x = np.random.default_rng(0).normal(size=(5, 2, 2))
    trace = forward(params, x, [[0.0, 1.0], [1.0, 0.0]])
    every = forward(params, x, 0.5, readout="every")
    sweep = Sweep((params,), np.ones((4, 2)), (0.5, 1.0), (1, 4))
    chunks = sweep_chunks(sweep)
    task, settings = task_named("first_bit"), Settings(length=4, updates=2)
    at = begin(task, settings)
    padded, mask = pad([np.ones((3, 2)), np.ones((5, 2))])
    return {
        "Parameters": params,
        "float32": params.astype("float32"),
        "Trace": trace,
        "without target": forward(params, x),
        "Gradients": backward(trace),
        "of every step": backward(every, truncate=2),
        "from outside": backward(trace, upstream=np.ones_like(trace.z)),
        "gradient of the parameters": backward(trace).parameters,
        "GradientCheck": gradient_check(trace),
        "FormatRun": run_in_format(trace, dtype="float16"),
        "Flow": flow_of(backward(trace)),
        "Sweep": sweep,
        "SweepChunk": chunks[0],
        "SweepMap": assemble_sweep(
            sweep, chunks, {i: run_sweep_chunk(c) for i, c in enumerate(chunks)}
        ),
        "Cut": truncation_loss(trace, [2])[0],
        "PaddedRun": forward_padded(params, padded, mask, 0.5),
        "Principal": principal_components(np.array(trace.h[:, 0])),
        "Spectrum": spectrum(np.array(params.W_hh)),
        "Checkpoint": list(train(task, settings))[-1].checkpoint,
        "Update": make_update(task, settings, at),
    }


VALUES = values()


def arrays_of(value, path=""):
    """Every array that can be reached from a value, by its path."""
    if isinstance(value, np.ndarray):
        yield path, value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from arrays_of(getattr(value, field.name), f"{path}.{field.name}")
        for name in ("vector", "joint", "x", "h", "prediction", "joint_readout"):
            if hasattr(type(value), name):
                yield from arrays_of(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, (tuple, list)):
        for place, part in enumerate(value):
            yield from arrays_of(part, f"{path}[{place}]")
    elif hasattr(value, "items"):
        for name, part in value.items():
            yield from arrays_of(part, f"{path}[{name}]")


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("name", VALUES)
def test_a_copy_is_closed_and_equal_to_the_last_bit(name, way):
    value = VALUES[name]
    made = COPIES[way](value)
    found, expected = dict(arrays_of(made)), dict(arrays_of(value))
    assert found.keys() == expected.keys()
    for path, array in found.items():
        assert not array.flags.writeable, path
        assert array.dtype == expected[path].dtype, path
        assert array.tobytes() == expected[path].tobytes(), path


@pytest.mark.parametrize("way", COPIES)
def test_what_was_computed_from_a_copy_cannot_be_contradicted(way):
    params = Parameters.random(1, 2, seed=0)
    forward(params, [1.0, 2.0])
    made = COPIES[way](params)
    with pytest.raises(ValueError, match="read-only"):
        made.W_hh[0, 0] = 99
    again = forward(made, [1.0, 2.0], 1.0)
    assert again.params.W_hh.tobytes() == params.W_hh.tobytes()
    assert np.array_equal(again.z, forward(params, [1.0, 2.0]).z)


@pytest.mark.parametrize("name", ["Parameters", "gradient of the parameters"])
def test_a_replaced_array_is_in_what_is_computed(name):
    """The joint matrix of the original is not that of the copy."""
    params = VALUES[name]
    params.joint, params.vector  # noqa: B018 - asked for, so kept
    made = dataclasses.replace(params, b_h=[7.0, 8.0, 9.0])
    assert made.joint[-1].tolist() == [7, 8, 9]
    assert made.vector.tolist().count(8.0) == 1
    assert pickled(made).joint[-1].tolist() == [7, 8, 9]


def test_an_array_that_is_given_open_is_copied():
    z = np.array(VALUES["Trace"].z)
    made = dataclasses.replace(VALUES["Trace"], z=z)
    z[...] = 5
    assert np.array_equal(made.z, VALUES["Trace"].z)
    x = np.ones((4, 2))
    sweep = dataclasses.replace(VALUES["Sweep"], x=x)
    x[...] = 5
    assert (sweep.x == 1).all()
    assert x.flags.writeable


def test_gradients_with_another_dh_keep_it():
    grads = VALUES["Gradients"]
    made = dataclasses.replace(grads, h=np.ones_like(grads.h))
    assert (pickled(made).h == 1).all()


def test_a_pickled_run_holds_its_numbers_once():
    trace = forward(Parameters.random(4, 16, seed=0), np.ones((500, 4)), 1.0)
    grads = backward(trace)
    before = len(pickle.dumps((trace, grads)))
    trace.x, trace.h, trace.prediction, grads.x, grads.h  # noqa: B018 - asked for, so kept
    computational_graph(trace, grads, level="step", steps=(1, 2))
    assert len(pickle.dumps((trace, grads))) < before + 1000
    held = trace.x.nbytes + trace.h.nbytes + trace.z.nbytes + grads.z.nbytes
    assert before < 1.1 * held + 20_000


def test_every_value_of_the_core_with_arrays_is_of_this_kind():
    loose = []
    for module in pkgutil.walk_packages(rnn_core.__path__, "rnn_core."):
        for kind in vars(importlib.import_module(module.name)).values():
            if not (isinstance(kind, type) and dataclasses.is_dataclass(kind)):
                continue
            if not kind.__module__.startswith("rnn_core") or issubclass(kind, Frozen):
                continue
            types = [str(field.type) for field in dataclasses.fields(kind)]
            held = [text for text in types if "Callable" not in text]
            if any("ndarray" in text or "NDArray" in text for text in held):
                loose.append(kind)
    assert loose == []
