"""Long short-term memory: a cell state c that gates write, forget and read."""

from rnn_core.cells.cell import (
    ACTIVATION,
    ADD,
    MULTIPLY,
    Cell,
    Line,
    Term,
    TorchGate,
    TorchLayout,
    product,
    times,
    weights,
)


def _gate(name: str, op: str, title: str) -> tuple[Line, Line]:
    sums = (product(f"W_x{name}", "x"), product(f"W_h{name}", "h'"), f"b_{name}")
    return Line(f"z_{name}", ADD, sums), Line(name, op, (f"z_{name}",), title)


LSTM = Cell(
    name="lstm",
    title="LSTM",
    states=("h", "c"),
    weights=weights(*(f"{kind}{gate}" for gate in "ifgo" for kind in ("W_x", "W_h", "b_"))),
    lines=(
        *_gate("i", "sigmoid", "input gate"),
        *_gate("f", "sigmoid", "forget gate"),
        *_gate("g", ACTIVATION, "candidate"),
        *_gate("o", "sigmoid", "output gate"),
        Line("c", ADD, (times("f", "c'"), times("i", "g")), "cell state"),
        Line("h", MULTIPLY, ("o", Term(ACTIVATION, ("c",))), "hidden state"),
    ),
    source="Hochreiter and Schmidhuber (1997), with the forget gate of Gers et al. (2000)",
    keeping="b_f",
    writing="b_i",
    torch=TorchLayout(
        "LSTM", tuple(TorchGate(f"W_x{gate}", f"W_h{gate}", f"b_{gate}") for gate in "ifgo")
    ),
)
