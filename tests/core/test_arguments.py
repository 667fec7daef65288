"""Every public function: array-likes and NumPy's numbers are taken, the rest is one sentence.

Each call below is right. Each of its arguments is then replaced by what nobody means.
"""

import inspect
from decimal import Decimal

import numpy as np
import pytest

import rnn_core
from rnn_core import (
    Parameters,
    Sizes,
    Sweep,
    backward,
    computational_graph,
    dependency_graph,
    forward,
    forward_padded,
    pad,
    sweep_chunks,
    to_torch,
)
from rnn_core import precision as precise
from rnn_core import training as learn
from rnn_core.precision import QUANTITIES

PARAMS = Parameters.random(2, 3, 2, seed=0)
CHARS = Parameters.random(4, 3, 4, seed=0)
X = np.random.default_rng(0).normal(size=(4, 2, 2))
TRACE = forward(PARAMS, X, 1.0)
GRADS = backward(TRACE)
GRAPH = computational_graph(TRACE, GRADS, level="scalar")
PADDED, MASK = pad([np.ones((3, 2)), np.ones((2, 2))])
RUN = forward_padded(PARAMS, PADDED, MASK, np.ones((2, 2)))
SWEEP = Sweep((PARAMS,), X[:, 0], (0.5, 1.0), (1, 4))
CHUNKS = sweep_chunks(SWEEP)
SLOPES = np.full((4, 3), 0.5)
A, DRIVE = 0.5 * np.eye(3), np.ones((4, 1, 3))
TASK = learn.TASKS["parity"]
SETTINGS = learn.Settings(length=4, updates=3, hidden=3, batch=2)
START = learn.begin(TASK, SETTINGS)
SETUP = learn.Setup(length=3, hidden=2, updates=3)
EXAM = learn.batch_of(TASK, SETTINGS, 1)
FORM = QUANTITIES["loss"]["stable"]
SGD = learn.OPTIMISERS["sgd"]
SIZES = Sizes(4, 2, 3)

GOOD = {
    "activation_named": {"name": "tanh"},
    "activation_slopes": {"trace": TRACE, "sample": 1},
    "apply_remedy": {"trace": TRACE, "name": "step", "sample": 1, "step": 0.5, "truncate": 1},
    "assemble_sweep": {"sweep": SWEEP, "parts": CHUNKS, "results": {}},
    "backward": {"trace": TRACE, "upstream": np.ones((4, 2, 3)), "truncate": 2},
    "backward_padded": {"run": RUN},
    "block_toeplitz": {"A": A, "b": DRIVE, "h0": np.ones(3)},
    "chunked_jacobi": {
        "params": PARAMS, "x": X, "chunk": 2, "h0": np.ones(3), "activation": "tanh",
        "tolerance": 1e-9, "max_iterations": 3,
    },
    "clip_by_norm": {"gradients": PARAMS, "max_norm": 1.0, "eps": 1e-6},
    "clip_by_value": {"gradients": PARAMS, "limit": 1.0},
    "computation_order": {"graph": GRAPH},
    "computational_graph": {
        "trace": TRACE, "grads": GRADS, "level": "step", "sample": 1, "steps": (1, 2),
    },
    "critical_path": {"graph": dependency_graph("loop", SIZES)},
    "dependency_graph": {"way": "loop", "sizes": SIZES},
    "direct_gradients": {"grads": GRADS, "sample": 1},
    "doubling": {"A": A, "b": DRIVE, "h0": np.ones(3)},
    "end_jacobians_of": {"jacobians": np.stack([A, A]), "steps_back": [0, 1]},
    "end_jacobians": {"W_hh": A, "slopes": SLOPES, "steps_back": [1, 2]},
    "find_fixed_points": {
        "params": PARAMS, "x": [1.0, 0.0], "starts": np.zeros((2, 3)), "activation": "tanh",
    },
    "first_non_finite": {
        "params": PARAMS, "x": X, "target": 1.0, "dtype": "float16", "form": "stable",
        "activation": "tanh", "loss": "binary_cross_entropy", "readout": "last", "h0": np.ones(3),
    },
    "fixed_point_iteration": {
        "params": PARAMS, "x": X, "h0": np.ones(3), "activation": "tanh", "tolerance": 1e-9,
        "max_iterations": 3,
    },
    "fixed_point_starts": {"h": TRACE.h[:, 0], "count": 10, "seed": 0},
    "flow_back": {"W_hh": A, "slopes": SLOPES, "direct": SLOPES},
    "flow_through": {"trace": TRACE, "direct": SLOPES, "sample": 1},
    "flow_of": {"grads": GRADS, "sample": 1},
    "forward": {
        "params": PARAMS, "x": X, "target": 1.0, "activation": "tanh",
        "loss": "binary_cross_entropy", "readout": "last", "h0": np.ones(3), "solver": "newton",
    },
    "forward_cost": {"way": "loop", "sizes": SIZES},
    "forward_padded": {
        "params": PARAMS, "x": PADDED, "mask": MASK, "target": np.ones((2, 2)),
        "activation": "tanh", "loss": "binary_cross_entropy", "h0": np.ones(3),
    },
    "from_torch": {"state": to_torch(PARAMS), "activation": "tanh"},
    "gradient_check": {"trace": TRACE, "gradients": GRADS, "tolerance": 1e-6},
    "gradient_norm": {"gradients": PARAMS},
    "hoisted": {"params": PARAMS, "x": X, "h0": np.ones((2, 3)), "activation": "tanh"},
    "hoisted_in_chunks": {
        "params": PARAMS, "x": X, "h0": np.ones((2, 3)), "activation": "tanh", "length": 2,
    },
    "initialise": {
        "scheme": "he", "input_size": 2, "hidden_size": 3, "output_size": 1, "seed": 0,
        "spectral_radius": 0.9,
    },
    "jacobian_norms": {"W_hh": A, "slopes": SLOPES},
    "leaky_cell": {"step": 0.5},
    "linear_error": {
        "params": PARAMS, "x": X, "scales": [0.1, 1.0], "h0": np.ones(3), "activation": "tanh",
        "around": "zero",
    },
    "linearise": {
        "params": PARAMS, "x": X, "h0": np.ones(3), "activation": "tanh", "around": "zero",
    },
    "loss_named": {"name": "squared_error"},
    "matrix_powers": {"A": A, "count": 3},
    "newton": {
        "params": PARAMS, "x": X, "damping": 0.5, "h0": np.ones(3), "activation": "tanh",
        "tolerance": 1e-9, "max_iterations": 3,
    },
    "norm_bound": {"direct": SLOPES, "norms": np.ones(len(SLOPES))},
    "pad": {"sequences": [np.ones((3, 2)), np.ones((2, 2))]},
    "paths": {"graph": GRAPH, "source": "h[4,1]", "sink": "L", "limit": 3},
    "prefix_scan": {"A": A, "b": DRIVE, "h0": np.ones(3), "kind": "blelloch"},
    "principal_components": {"h": TRACE.h[:, 0]},
    "program": {
        "cell": "gru", "input_size": 2, "hidden_size": 3, "output_size": 1, "activation": "tanh",
        "loss": "squared_error", "readout": "last",
    },
    "repeat_to_length": {"x": X[:, 0], "steps": 7},
    "replay": {"graph": GRAPH, "changed": {"b_y[1]": 1.0}},
    "truncated_gradients": {"graph": GRAPH, "truncate": 2},
    "run_in_format": {"trace": TRACE, "dtype": "float16", "form": "stable", "truncate": 2},
    "run_sweep_chunk": {"chunk": CHUNKS[0]},
    "scan_tree": {"steps": 5, "kind": "blelloch"},
    "spaced_lengths": {"longest": 10, "count": 4},
    "spectral_norms": {"jacobians": np.stack([A, A])},
    "spectrum": {"matrix": A},
    "state_jacobians": {"trace": TRACE, "sample": 1},
    "sweep_chunks": {"sweep": SWEEP, "seconds": 0.1},
    "sweep_seconds": {"sweep": SWEEP},
    "theory": {"W_hh": A, "direct": SLOPES, "activation": "tanh", "norms": np.ones(4)},
    "to_torch": {"source": GRADS},
    "toeplitz_matrix": {"A": A, "steps": 3},
    "truncation_loss": {"trace": TRACE, "lengths": [1, 2], "kind": "chunks"},
    "vector_field": {
        "params": PARAMS, "x": [1.0, 0.0], "states": np.zeros((2, 3)), "activation": "tanh",
    },
    "with_spectral_radius": {"params": PARAMS, "spectral_radius": 0.9},
    # rnn_core.training
    "batch_of": {"task": TASK, "settings": SETTINGS, "number": 1},
    "begin": {"task": TASK, "settings": SETTINGS},
    "characters": {"text": "to be or not to be", "train_share": 0.8, "setup": SETUP},
    "forecasting": {
        "name": "waves", "title": "Waves", "source": "", "values": np.sin(np.arange(50.0)),
        "train_share": 0.8, "setup": SETUP,
    },
    "held_out": {"task": TASK, "settings": SETTINGS},
    "judge": {"task": TASK, "settings": SETTINGS, "params": START.params, "exam": EXAM},
    "make_update": {"task": TASK, "settings": SETTINGS, "at": START},
    "measure": {"task": TASK, "trace": TRACE},
    "optimiser_named": {"name": "adam"},
    "sample": {
        "params": CHARS, "start": [0, 1], "count": 3, "seed": 0, "temperature": 1.0,
        "activation": "tanh",
    },
    "schedule_named": {"name": "cosine"},
    "sequences": {
        "name": "own", "title": "Own", "source": "", "x": [np.ones((3, 1))] * 4,
        "target": np.array([0.0, 1.0, 0.0, 1.0])[:, None], "loss": "squared_error",
        "readout": "last", "train_share": 0.8, "setup": SETUP, "mark": 0.1,
    },
    "task_named": {"name": "parity"},
    "tempered": {"logits": np.zeros(3), "temperature": 0.5},
    "train": {"task": TASK, "settings": SETTINGS, "checkpoint": START},
    "train_step": {
        "params": PARAMS, "state": SGD.start(PARAMS), "x": X, "target": 1.0, "optimiser": SGD,
        "learning_rate": 0.1, "clip": learn.Clip(1.0), "activation": "tanh",
        "loss": "binary_cross_entropy", "readout": "last", "h0": np.ones(3), "truncate": 2,
    },
    # rnn_core.precision
    "curves": {"quantity": "loss", "a": 1.0, "y": 1.0, "dtype": "float32"},
    "difference_quotients": {"a": 1.0, "y": 1.0, "h": [1e-2, 1e-3], "dtype": "float32"},
    "error_in_ulp": {"found": 1.0, "exact": Decimal(1), "dtype": "float32"},
    "evaluate": {"form": FORM, "inputs": {"a": 1.0, "y": 1.0}, "dtype": "float32"},
    "exact_slope": {"z": 1.0},
    "exact_softmax_loss": {"logits": [1.0, 2.0], "index": 1},
    "exact_value": {"quantity": "loss", "a": 1.0, "y": 1.0, "dtype": "float32"},
    "first_in": {"trace": TRACE, "grads": GRADS},
    "first_of_run": {"trace": TRACE, "dtype": "float16", "form": "stable", "truncate": 2},
    "outcomes": {"quantity": "loss", "a": 1.0, "y": 1.0, "dtype": "float32"},
    "regions": {"form": FORM, "y": 1.0, "dtype": "float32"},
    "slope_curves": {"z": 1.0, "dtype": "float32"},
    "slope_outcomes": {"z": 1.0, "dtype": "float32"},
    "rounded": {"value": 1.0, "dtype": "float16"},
}  # fmt: skip

MODULES = (rnn_core, learn, precise)
FUNCTIONS = {
    name: getattr(module, name)
    for module in MODULES
    for name in module.__all__
    if inspect.isfunction(getattr(module, name))
}

NOTHING_MEANS_DEFAULT = {
    "target", "h0", "grads", "gradients", "tolerance", "truncate", "upstream", "steps", "chunk",
    "max_iterations", "spectral_radius", "norms", "clip", "checkpoint", "mark", "seed",
}  # fmt: skip
"""Arguments for which None is a choice of its own, at least somewhere."""

TITLES = {"name", "title", "source", "text"}


NOT_FINITE_IS_MEANT = {
    "slopes", "direct", "norms", "states", "starts", "h", "x", "logits", "value", "found",
    "jacobians",
}  # fmt: skip
"""What an exploding network may hand on, for functions that say what becomes of it."""

ANY_SIZE = {"truncate", "seed", "number", "limit", "max_iterations", "length", "longest", "count"}
"""Whole numbers that may be as large as anybody likes: more than there is means all there is."""


def bad_values(good):
    """What nobody means in place of a good value, whatever the argument."""
    yield from ("nonsense", object(), {"a": "b"}, 1j, [[1.0], [2.0, 3.0]])
    if isinstance(good, int) and not isinstance(good, bool):
        yield from (1.5, float("nan"), float("inf"), -1, 10**18, "1", [1])
    elif isinstance(good, float):
        yield from (float("nan"), [1.0], "1.0")
    elif isinstance(good, str):
        yield from (3, ["tanh"], float("nan"))
    elif isinstance(good, (list, tuple, np.ndarray)):
        yield from (3, np.full(np.shape(good), np.nan) if numeric(good) else [None])
    else:
        yield from (3, [1.0], float("nan"))


def numeric(good):
    try:
        return np.asarray(good).dtype.kind in "fi"
    except ValueError:
        return False


def test_every_public_function_is_called_here():
    assert FUNCTIONS.keys() == GOOD.keys()
    for name, arguments in GOOD.items():
        assert arguments.keys() <= inspect.signature(FUNCTIONS[name]).parameters.keys(), name


def consume(found):
    return list(found) if inspect.isgenerator(found) else found


@pytest.mark.parametrize("name", GOOD)
def test_what_is_right_is_taken(name):
    consume(FUNCTIONS[name](**GOOD[name]))


@pytest.mark.parametrize("name", GOOD)
def test_lists_and_numbers_of_numpy_are_taken(name):
    def alike(value):
        if isinstance(value, np.ndarray):
            return value.tolist()
        if type(value) is int:
            return np.int64(value)
        return np.float64(value) if type(value) is float else value

    consume(FUNCTIONS[name](**{key: alike(value) for key, value in GOOD[name].items()}))


@pytest.mark.parametrize(
    ("name", "argument"), [(name, key) for name, good in GOOD.items() for key in good]
)
def test_what_nobody_means_is_refused_in_one_sentence(name, argument):
    good = GOOD[name][argument]
    values = list(bad_values(good))
    if argument not in NOTHING_MEANS_DEFAULT:
        values.append(None)
    for value in values:
        if isinstance(value, str) and argument in TITLES and isinstance(good, str):
            continue
        try:
            consume(FUNCTIONS[name](**{**GOOD[name], argument: value}))
        except ValueError as error:
            sentence = str(error)
            assert "\n" not in sentence, (value, sentence)
            assert "expected" in sentence, (value, sentence)
            assert len(sentence) < 400, (value, sentence)
        else:
            assert accepted(name, argument, value), f"{name}({argument}={value!r}) was accepted"


def accepted(name, argument, value):
    """What looks odd and is right all the same."""
    if name == "pad" and value == [[1.0], [2.0, 3.0]]:
        return True  # two sequences of one input
    if name == "from_torch":
        return argument == "activation" and value is None  # a state does not say it
    if isinstance(value, int):
        tree = (name, argument) == ("scan_tree", "steps")  # a hundred levels
        one_step = (name, argument) == ("difference_quotients", "h")
        return argument in ANY_SIZE or tree or one_step
    nan = isinstance(value, (float, np.ndarray)) and bool(np.isnan(value).all())
    by_state = name not in REFUSE_WHAT_IS_NOT_FINITE
    return nan and by_state and argument in NOT_FINITE_IS_MEANT


REFUSE_WHAT_IS_NOT_FINITE = {
    "forward", "forward_padded", "principal_components", "hoisted", "hoisted_in_chunks",
    "linearise", "linear_error", "newton", "chunked_jacobi",
    "fixed_point_iteration", "first_non_finite", "sequences", "train_step",
    "exact_softmax_loss", "difference_quotients",
}  # fmt: skip
