"""The Elman network: one state, one activation function."""

from rnn_core.cells.cell import (
    ACTIVATION,
    ADD,
    Cell,
    Line,
    TorchGate,
    TorchLayout,
    product,
    weights,
)

ELMAN = Cell(
    name="elman",
    title="Elman",
    states=("h",),
    weights=weights("W_xh", "W_hh", "b_h"),
    lines=(
        Line("z", ADD, (product("W_xh", "x"), product("W_hh", "h'"), "b_h"), "pre-activation"),
        Line("h", ACTIVATION, ("z",), "hidden state"),
    ),
    source="Elman (1990)",
    torch=TorchLayout("RNN", (TorchGate("W_xh", "W_hh", "b_h"),), ("tanh", "relu")),
)
