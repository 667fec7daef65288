"""The gated recurrent unit, with the reset gate after the recurrent product or before it.

u is the update gate, which PyTorch and Keras call z: where it is 1, the state stays.
"""

from rnn_core.cells.cell import (
    ACTIVATION,
    ADD,
    MULTIPLY,
    ONE_MINUS,
    Cell,
    Line,
    Term,
    TorchGate,
    TorchLayout,
    product,
    times,
    weights,
)

_WEIGHTS = weights(*("W_xr", "W_hr", "b_r", "W_xu", "W_hu", "b_u", "W_xn", "W_hn", "b_xn", "b_hn"))
_GATES = (
    Line("z_r", ADD, (product("W_xr", "x"), product("W_hr", "h'"), "b_r")),
    Line("r", "sigmoid", ("z_r",), "reset gate"),
    Line("z_u", ADD, (product("W_xu", "x"), product("W_hu", "h'"), "b_u")),
    Line("u", "sigmoid", ("z_u",), "update gate"),
)
_STATE = (
    Line("n", ACTIVATION, ("z_n",), "candidate"),
    Line("h", ADD, (times(Term(ONE_MINUS, ("u",)), "n"), times("u", "h'")), "hidden state"),
)

GRU = Cell(
    name="gru",
    title="GRU",
    states=("h",),
    weights=_WEIGHTS,
    lines=(
        *_GATES,
        Line("m", ADD, (product("W_hn", "h'"), "b_hn"), "memory of the candidate"),
        Line("z_n", ADD, (product("W_xn", "x"), "b_xn", times("r", "m"))),
        *_STATE,
    ),
    source="Cho et al. (2014), as PyTorch and Keras have it: r ⊙ (W_hn h' + b_hn)",
    keeping="b_u",
    torch=TorchLayout(
        "GRU",
        (
            TorchGate("W_xr", "W_hr", "b_r"),
            TorchGate("W_xu", "W_hu", "b_u"),
            TorchGate("W_xn", "W_hn", "b_xn", "b_hn"),
        ),
    ),
)

GRU_RESET_BEFORE = Cell(
    name="gru_reset_before",
    title="GRU, reset before the product",
    states=("h",),
    weights=_WEIGHTS,
    lines=(
        *_GATES,
        Line("k", MULTIPLY, ("r", "h'"), "kept part of the state"),
        Line("z_n", ADD, (product("W_xn", "x"), "b_xn", product("W_hn", "k"), "b_hn")),
        *_STATE,
    ),
    source="Cho et al. (2014), as ONNX has it by default: W_hn (r ⊙ h')",
    keeping="b_u",
)
