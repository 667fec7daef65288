"""Networks of every cell for the tests of their graphs, also of cells that nothing else has."""

import numpy as np

from rnn_core import CELLS, Cell, Parameters, backward, forward
from rnn_core.cells import Line, Term, Weight, product, times, weights

MIN_GRU = Cell(
    name="min_gru",
    title="minGRU",
    states=("h",),
    weights=weights("W_xu", "b_u", "W_xn", "b_n"),
    lines=(
        Line("z_u", "add", (product("W_xu", "x"), "b_u")),
        Line("u", "sigmoid", ("z_u",)),
        Line("n", "add", (product("W_xn", "x"), "b_n")),
        Line("h", "add", (times(Term("one_minus", ("u",)), "h'"), times("u", "n"))),
    ),
    source="Feng et al. (2024)",
)

ODD = Cell(
    name="odd",
    title="All that a line may be",
    states=("s", "h", "c"),
    weights=(*weights("W_xa", "W_ha", "W_hb", "b_a"), Weight("p_c", ("H",))),
    lines=(
        Line("m", "matvec", ("W_xa", "x")),
        Line("s", "tanh", (Term("add", ("m", product("W_ha", "h'"), times("p_c", "c'"))),)),
        Line("q", "mul", (0.25, "s'", product("W_hb", times("s", "h'")), "s")),
        Line("c", "add", (times("q", "q"), product("W_ha", "h'"), 1, "b_a", "s", times("q", "q"))),
        Line("h", "add", (times(Term("φ", ("c",)), "s"), "m", times(0.5, "h'"))),
    ),
    source="this test",
)

CASES = {**CELLS, "min_gru": MIN_GRU, "odd": ODD}
STEPS, HIDDEN = 4, 3


def run(name, *, batch=1, loss="squared_error", readout="every", upstream=False, truncate=None):
    """Return a trace and its gradients, with every state begun somewhere."""
    rng = np.random.default_rng(len(name) + batch)
    cell = CASES[name]
    outputs = 3 if loss == "softmax_cross_entropy" else 2
    params = Parameters.random(2, HIDDEN, outputs, seed=rng, cell=cell)
    x = rng.normal(size=(STEPS, batch, 2))
    y = rng.uniform(size=(STEPS if readout == "every" else 1, batch, outputs))
    if loss == "softmax_cross_entropy":
        y /= y.sum(axis=-1, keepdims=True)
    initial = {"h0": rng.normal(size=(batch, HIDDEN))}
    if "c" in cell.states:
        initial["c0"] = rng.normal(size=(batch, HIDDEN))
    trace = forward(params, x, y, loss=loss, readout=readout, **initial)
    outside = rng.normal(size=trace.h[1:].shape) if upstream else None
    return trace, backward(trace, upstream=outside, truncate=truncate)
