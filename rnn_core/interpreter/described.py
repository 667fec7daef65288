"""A network's program for another language: what NumPy runs here, as JSON has it.

    {"widths": {"D": 1, "H": 2, "K": 1}, "states": ["h"],
     "parameters": {"W_xh": [2, 1], …},
     "lines": [["z.0", "matvec", ["W_xh", "x"]], …, ["h", "tanh", ["z"]]],
     "readout": "last", "logits": [["readout.0", "matvec", ["W_hy", "h"]], …],
     "prediction": "sigmoid",
     "loss": {"name": "binary_cross_entropy", "spans": false, "value": form, "by_logit": form,
              "by_target": form, …},
     "ops": {"tanh": {"value": form, "slope": form, …}, …}}

A line is the name of its result, an operation and what it reads: a parameter, x, an earlier line, a
state of the step before ("h'"), or a number. Operations of `ops.structural` and the softmax are the
same in every network, and every language has them; all others are in "ops", as forms: elementary
operations (`forms.operations`), one after the other, and the name of the result. How each is
written, in LaTeX and in words, stands beside its forms (`Activation.described`, `Loss.described`).
A step is "lines", and "logits" where it is read out. L is the mean of the loss's terms over all
steps read out and all sequences, and over all outputs unless a term spans them.
"""

from collections.abc import Iterable
from math import prod
from typing import Any

from rnn_core._checks import of, takes, text, whole
from rnn_core.activations import ACTIVATIONS, activation_named
from rnn_core.cells import Cell, cell_named
from rnn_core.interpreter.program import READOUT_LINES, READOUTS, Instruction, program_of
from rnn_core.limits import require_memory
from rnn_core.losses import loss_named

Described = dict[str, Any]


@takes(
    cell=of(str, Cell),
    input_size=whole(1),
    hidden_size=whole(1),
    output_size=whole(1),
    activation=text,
    loss=text,
    readout=text,
)
def program(
    cell: str | Cell,
    input_size: int,
    hidden_size: int,
    output_size: int,
    *,
    activation: str = "tanh",
    loss: str = "binary_cross_entropy",
    readout: str = "last",
) -> Described:
    """Return the program of a network, which another language can run forward and back.

    Parameters
    ----------
    input_size, hidden_size, output_size
        D, H and K.

    Raises
    ------
    ValueError
        A name is unknown, a size is not at least 1, the parameters are over their budget, or the
        readout is neither "last" nor "every".
    """
    kind, function, family = cell_named(cell), activation_named(activation), loss_named(loss)
    if readout not in READOUTS:
        raise ValueError(f"readout: expected one of {', '.join(READOUTS)}, got {readout!r:.40}")
    widths = {"D": input_size, "H": hidden_size, "K": output_size}
    shapes = {name: [widths[n] for n in shape] for name, shape in kind.shapes.items()}
    require_memory("program", 8 * sum(map(prod, shapes.values())))
    lines = program_of(kind, function.name).instructions
    return {
        "widths": widths,
        "states": list(kind.states),
        "parameters": shapes,
        "lines": _listed(lines),
        "readout": readout,
        "logits": _listed(READOUT_LINES),
        "prediction": family.prediction_op,
        "loss": {"name": loss, **family.described()},
        "ops": {
            name: ACTIVATIONS[name].described()
            for name in dict.fromkeys([*(line.op.name for line in lines), family.prediction_op])
            if name in ACTIVATIONS
        },
    }


def _listed(lines: Iterable[Instruction]) -> list[list[Any]]:
    return [[line.name, line.op.name, list(line.operands)] for line in lines]
