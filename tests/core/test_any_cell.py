"""Every public function with an LSTM: it works, or says in one sentence that it is Elman's alone.

And a fifth cell, planted as the lines of one file, on which the whole contract runs.
"""

import inspect

import numpy as np
import pytest

import rnn_core
from rnn_core import (
    CELLS,
    Cell,
    Parameters,
    Sweep,
    assemble_sweep,
    backward,
    backward_padded,
    end_jacobians_of,
    first_non_finite,
    forward,
    forward_padded,
    gradient_check,
    pad,
    run_in_format,
    run_sweep_chunk,
    state_jacobians,
    sweep_chunks,
    truncation_loss,
    with_spectral_radius,
)
from rnn_core import precision as precise
from rnn_core import training as learn
from rnn_core.cells import Line, Term, equations, product, times, weights
from tests.core.graph_cells import MIN_GRU
from tests.core.test_arguments import GOOD

LSTM = Parameters.random(2, 3, 2, seed=0, cell="lstm")
X = np.random.default_rng(0).normal(size=(4, 2, 2))
TRACE = forward(LSTM, X, 1.0)
GRADS = backward(TRACE)
PADDED, MASK = pad([np.ones((3, 2)), np.ones((2, 2))])
RUN = forward_padded(LSTM, PADDED, MASK, np.ones((2, 2)))
SWEEP = Sweep((LSTM,), X[:, 0], (0.5, 1.0), (1, 4))
SETTINGS = learn.Settings(length=4, updates=3, hidden=3, batch=2, cell="lstm")
START = learn.begin(learn.TASKS["parity"], SETTINGS)
GRAPHS = {"computational_graph", "computation_order", "paths", "replay", "critical_path"}
"""What works on graphs has tests of its own."""

ELMAN_ALONE = {
    "activation_slopes", "chunked_jacobi", "find_fixed_points", "fixed_point_iteration", "hoisted",
    "hoisted_in_chunks", "linear_error", "linearise", "newton", "vector_field",
}  # fmt: skip
BY_KIND = {
    "params": LSTM, "trace": TRACE, "grads": GRADS, "run": RUN, "sweep": SWEEP,
    "settings": SETTINGS, "checkpoint": START, "at": START,
}  # fmt: skip
OWN = {
    "sample": {"params": Parameters.random(4, 3, 4, seed=0, cell="lstm")},
    "judge": {"params": START.params},
    "clip_by_norm": {"gradients": GRADS.parameters},
    "clip_by_value": {"gradients": GRADS.parameters},
    "gradient_norm": {"gradients": GRADS.parameters},
    "gradient_check": {"gradients": GRADS},
    "assemble_sweep": {"parts": sweep_chunks(SWEEP)},
    "run_sweep_chunk": {"chunk": sweep_chunks(SWEEP)[0]},
    "train_step": {"state": learn.OPTIMISERS["sgd"].start(LSTM)},
    "measure": {"trace": forward(START.params, X[:, :, :1], np.ones((4, 2, 1)), readout="every")},
    "to_torch": {"source": GRADS},
    "forward": {"solver": "loop"},
    "apply_remedy": {"name": "none"},
}  # fmt: skip
ABOUT_ARRAYS = {
    name
    for name, arguments in GOOD.items()
    if not (arguments.keys() & BY_KIND.keys() or name in OWN)
}
"""Functions that get no network: matrices, states, names, numbers."""


def function(name):
    return next(getattr(m, name) for m in (rnn_core, learn, precise) if hasattr(m, name))


def call(name):
    arguments = dict(GOOD[name])
    arguments |= {key: value for key, value in BY_KIND.items() if key in arguments}
    arguments |= OWN.get(name, {})
    found = function(name)(**arguments)
    return list(found) if inspect.isgenerator(found) else found


@pytest.mark.parametrize("name", sorted(GOOD.keys() - GRAPHS - ABOUT_ARRAYS))
def test_every_function_takes_an_lstm_or_says_that_it_is_about_elman_networks(name):
    if name in ELMAN_ALONE:
        with pytest.raises(ValueError, match="expected") as caught:
            call(name)
        assert str(caught.value).endswith("an LSTM")
        assert "\n" not in str(caught.value)
        if name != "activation_slopes":
            assert str(caught.value) == "params: expected an Elman network, got an LSTM"
    else:
        call(name)


def test_a_way_without_the_loop_and_remedies_of_an_elman_network_are_refused():
    with pytest.raises(ValueError, match="solver: expected 'loop' for the cell lstm"):
        forward(LSTM, X, solver="newton")
    with pytest.raises(ValueError, match="params: expected an Elman network, got an LSTM"):
        rnn_core.apply_remedy(TRACE, "irnn")


@pytest.mark.parametrize("cell", [name for name in CELLS if name != "elman"])
def test_a_sweep_of_any_cell_has_the_norm_of_its_end_to_end_jacobians(cell):
    networks = tuple(Parameters.random(2, 3, seed=seed, cell=cell) for seed in (0, 1))
    x = np.random.default_rng(1).normal(size=(6, 2))
    sweep = Sweep(networks, x, (0.5, 1.2), (1, 3, 6))
    chunks = sweep_chunks(sweep)
    found = assemble_sweep(sweep, chunks, dict(enumerate(map(run_sweep_chunk, chunks))))
    for row, radius in enumerate((0.5, 1.2)):
        for column, length in enumerate((1, 3, 6)):
            norms = []
            for network in networks:
                trace = forward(with_spectral_radius(network, radius), x[:length])
                (end,) = end_jacobians_of(state_jacobians(trace), [0])
                norms.append(np.log10(np.linalg.norm(end.values, 2)))
            assert found.log10_norm[row, column] == pytest.approx(np.median(norms), abs=1e-12)
    with pytest.raises(
        ValueError, match="networks: expected at least one, all of the same H and D"
    ):
        Sweep((networks[0], Parameters.random(2, 3, seed=0)), x, (1.0,), (1,))


@pytest.fixture
def planted(monkeypatch):
    monkeypatch.setitem(CELLS, "min_gru", MIN_GRU)
    return Parameters.random(2, 3, 2, seed=7, cell="min_gru")


def run_of(params):
    y = np.random.default_rng(2).normal(size=(4, 2, 2))
    return forward(params, X, y, loss="squared_error", readout="every", h0=np.ones((2, 3)))


def test_the_values_of_a_planted_cell_are_its_formulas(planted):
    trace = run_of(planted)
    h = np.ones((2, 3))
    for t, x in enumerate(X):
        u = 1 / (1 + np.exp(-(x @ planted.W_xu.T + planted.b_u)))
        n = x @ planted.W_xn.T + planted.b_n
        h = (1 - u) * h + u * n
        for name, value in {"u": u, "n": n}.items():
            np.testing.assert_allclose(trace[name][t], value, rtol=1e-13)
        np.testing.assert_allclose(trace.h[t + 1], h, rtol=1e-13)


def test_the_equations_of_a_planted_cell_are_those_of_its_paper() -> None:
    """A sum inside a function has no line of its own; a candidate that none takes has one."""
    assert equations(MIN_GRU, "tanh") == [
        r"u_t = \sigma(W_{xu}\,x_t + b_u)",
        r"n_t = W_{xn}\,x_t + b_n",
        r"h_t = (1 - u_t) \odot h_{t-1} + u_t \odot n_t",
    ]


def test_a_sum_that_is_written_inside_another_function_stands_in_brackets() -> None:
    lines = (
        Line("q", "add", (product("W_xh", "x"), "b_h")),
        Line("z", "add", (times(0.5, Term("one_minus", ("q",))), "h'")),
        Line("h", "tanh", ("z",)),
    )
    cell = Cell("nested", "Nested", ("h",), weights("W_xh", "b_h"), lines, "a test")
    assert equations(cell, "tanh") == [
        r"h_t = \tanh(0.5\,(1 - \left(W_{xh}\,x_t + b_h\right)) + h_{t-1})"
    ]


def test_the_gradients_of_a_planted_cell_pass_the_check_and_sum_up(planted):
    grads = backward(run_of(planted))
    found = gradient_check(grads.trace, grads)
    assert found.ok
    assert set(found.differences) == {*planted.names, "x", "h0"}
    for name in planted.names:
        total = grads.contribution(name).sum((0, 1))
        np.testing.assert_allclose(total, grads.parameters[name], rtol=1e-12, atol=1e-15)


def test_a_planted_cell_learns_is_cut_padded_and_run_in_a_format(planted):
    settings = learn.Settings(length=5, updates=40, hidden=6, batch=16, cell="min_gru")
    records = list(learn.train(learn.TASKS["first_bit"], settings))
    assert records[-1].loss < records[0].loss
    trace = run_of(planted)
    cut, full = truncation_loss(trace, [1, 4])
    assert 0 < cut.cosine["all"] < 1
    assert full.cosine["W_xu"] == 1
    run = forward_padded(planted, PADDED, MASK, np.ones((2, 2)))
    assert np.isfinite(backward_padded(run).parameters.W_xu).all()
    again = run_in_format(trace, dtype="float64")
    np.testing.assert_allclose(again.grads.parameters.W_xn, backward(trace).parameters.W_xn)
    huge = planted.replace(W_xn=np.full((3, 2), 60_000.0))
    found = first_non_finite(huge, np.full((2, 2), 2.0), dtype="float16")
    assert (found.node, found.event) == ("W_xn x[1]", "overflow")
    jacobian = state_jacobians(trace)
    u = trace["u"][:, 0]
    np.testing.assert_allclose(jacobian, (1 - u)[:, :, None] * np.eye(3), atol=1e-15)


def test_a_planted_cell_is_none_of_pytorch_and_no_elman_network(planted):
    with pytest.raises(ValueError, match="got the cell min_gru"):
        rnn_core.to_torch(planted)
    with pytest.raises(ValueError, match="params: expected an Elman network, got a minGRU"):
        rnn_core.linearise(planted, X)
    with pytest.raises(ValueError, match="c0: expected none for the cell min_gru"):
        forward(planted, X, c0=np.ones(3))
