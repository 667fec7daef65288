"""Leaky integration: the state moves only a part of the way at each step."""

from rnn_core._checks import finite, takes
from rnn_core.cells.cell import ACTIVATION, ADD, Cell, Line, product, times, weights

HALF = 0.5


@takes(step=finite(above=0, high=1))
def leaky_cell(step: float = HALF) -> Cell:
    """Return the cell h_t = (1 − ε) h_{t-1} + ε φ(z_t) for a step 0 < ε ≤ 1.

    Raises
    ------
    ValueError
        The step is not above 0 and at most 1.
    """
    return Cell(
        name="leaky",
        title="Leaky",
        states=("h",),
        weights=weights("W_xh", "W_hh", "b_h"),
        lines=(
            Line("z", ADD, (product("W_xh", "x"), product("W_hh", "h'"), "b_h"), "pre-activation"),
            Line("s", ACTIVATION, ("z",), "candidate"),
            Line("h", ADD, (times(1 - step, "h'"), times(step, "s")), "hidden state"),
        ),
        source="Jaeger, Lukoševičius, Popovici and Siewert (2007)",
    )


LEAKY = leaky_cell()
