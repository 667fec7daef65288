"""A step of a cell as lines of Python: they give our states and our gradients, for every cell."""

from itertools import product as combined
from typing import Any

import numpy as np
import pytest

from app.listings.cell_lines import backward_lines, before, forward_lines
from rnn_core import ACTIVATIONS, CELLS, Cell, Parameters, backward, forward
from rnn_core.cells.cell import (
    ACTIVATION,
    ADD,
    MULTIPLY,
    ONE_MINUS,
    Line,
    Term,
    Weight,
    product,
    times,
    weights,
)

PEEPHOLE = Cell(
    name="peephole",
    title="With peepholes, and operations inside operations",
    states=("c", "h"),
    weights=(*weights("W_xf", "W_hf", "b_f", "W_xg", "b_g"), Weight("p_f", ("H",))),
    lines=(
        Line(
            "f",
            "sigmoid",
            (
                Term(
                    ADD,
                    (
                        product("W_xf", "x"),
                        product("W_hf", "h'"),
                        times("p_f", "c'"),
                        "b_f",
                    ),
                ),
            ),
        ),
        Line("g", ACTIVATION, (Term(ADD, (product("W_xg", "x"), "b_g")),)),
        Line("c", ADD, (times("f", "c'"), times(0.5, Term(ONE_MINUS, ("f",)), "g", "f"))),
        Line("h", MULTIPLY, ("f", Term(ACTIVATION, ("c",)))),
    ),
    source="made up",
)
STEPS, BATCH, INPUTS, HIDDEN = 4, 3, 2, 3


def run(cell: Cell, activation: str) -> tuple[Any, Any, dict[str, Any]]:
    """Return our trace and gradients, and what the lines give, by the same names."""
    rng = np.random.default_rng(5)
    params = Parameters.random(INPUTS, HIDDEN, 2, seed=3, cell=cell)
    x = rng.normal(size=(STEPS, BATCH, INPUTS))
    y = (rng.random((STEPS, BATCH, 2)) > 0.5).astype(float)
    given = {f"{state}0": rng.normal(size=(BATCH, HIDDEN)) for state in cell.states}
    trace = forward(params, x, y, activation=activation, readout="every", **given)
    forth = "\n".join(forward_lines(cell, activation))
    back = "\n".join(backward_lines(cell, activation, by_input=True))
    names: dict[str, Any] = {name: np.array(array) for name, array in params.items()}
    states, kept = {state: given[f"{state}0"] for state in cell.states}, []
    for t in range(STEPS):
        now = {**names, "np": np, "x": x[t], **{before(s): v for s, v in states.items()}}
        exec(forth, now)  # noqa: S102  # what we write ourselves
        states = {state: now[state] for state in cell.states}
        kept.append(now)
    found = {state: np.array([one[state] for one in kept]) for state in cell.states}
    sums = {name: np.zeros_like(array) for name, array in names.items()}
    d_logits = backward(trace).logits
    d = {state: np.zeros((BATCH, HIDDEN)) for state in cell.states}
    by_x = np.zeros_like(x)
    for t in reversed(range(STEPS)):
        d["h"] = d["h"] + d_logits[t] @ names["W_hy"]
        now = {**kept[t], "G": sums, **{f"d{state}": array for state, array in d.items()}}
        exec(back, now)  # noqa: S102  # what we write ourselves
        d = {state: now[f"d{before(state)}"] for state in cell.states}
        by_x[t] = now["dx"]
    return trace, backward(trace), {**found, **sums, **{f"{s}_0": d[s] for s in d}, "x": by_x}


@pytest.mark.parametrize(
    ("cell", "activation"), list(combined([*CELLS.values(), PEEPHOLE], ACTIVATIONS))
)
def test_the_lines_give_our_states_and_our_gradients(cell: Cell, activation: str) -> None:
    trace, gradients, found = run(cell, activation)
    close = {"rtol": 1e-10, "atol": 1e-13}
    for state in cell.states:
        np.testing.assert_allclose(found[state], trace[state][1:], **close)
        np.testing.assert_allclose(found[f"{state}_0"], gradients[state][0], **close)
    for name in cell.parameters:
        if name not in ("W_hy", "b_y"):
            np.testing.assert_allclose(found[name], gradients.parameters[name], **close)
    np.testing.assert_allclose(found["x"], gradients.x, **close)


@pytest.mark.parametrize("cell", [*CELLS.values(), PEEPHOLE])
def test_the_lines_of_pytorch_give_the_same_states(cell: Cell) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(5)
    params = Parameters.random(INPUTS, HIDDEN, 2, seed=3, cell=cell)
    x = rng.normal(size=(1, BATCH, INPUTS))
    given = {state: rng.normal(size=(BATCH, HIDDEN)) for state in cell.states}
    trace = forward(params, x, **{f"{state}0": array for state, array in given.items()})
    now: dict[str, Any] = {name: torch.tensor(np.array(array)) for name, array in params.items()}
    now |= {"torch": torch, "x": torch.tensor(x[0])}
    now |= {before(state): torch.tensor(array) for state, array in given.items()}
    exec("\n".join(forward_lines(cell, "tanh", "torch")), now)  # noqa: S102  # our own
    for state in cell.states:
        np.testing.assert_allclose(now[state].numpy(), trace[state][1], rtol=1e-12, atol=1e-14)
