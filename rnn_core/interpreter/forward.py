"""The forward pass of a network with any cell."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnn_core import kernels
from rnn_core._arrays import FloatArray, read_only
from rnn_core._parameters import Parameters
from rnn_core._workspace import product_of
from rnn_core.activations import activation_named
from rnn_core.interpreter.program import program_of
from rnn_core.interpreter.unroll import unroll
from rnn_core.limits import require_memory, require_work
from rnn_core.losses import Loss
from rnn_core.types import Trace


def forward_cell(
    params: Parameters,
    x: FloatArray,
    initial: Mapping[str, FloatArray],
    *,
    activation: str,
    family: Loss,
    readout: str,
    target: Any,
    by_lines: bool = False,
) -> Trace:
    """Return the trace of x (T, B, D) from the initial states (B, H) each; all are checked.

    A cell's kernel computes it where there is one; with `by_lines` its lines do in any case.
    """
    program = program_of(params.cell, activation)
    steps, batch, _ = x.shape
    inputs, hidden, outputs, itemsize = params.layout
    rows, lines = (steps + 1) * batch, len(program.instructions)
    require_memory("forward", rows * (lines * hidden + inputs + 3 * outputs) * itemsize)
    require_work("forward", rows * hidden * (params.cell.matrices * max(hidden, inputs) + outputs))
    kernel = None if by_lines else kernels.kernel_of(params.cell)
    values: Mapping[str, FloatArray]
    if kernel is None:
        values = unroll(program, params, x, initial)
    else:
        values = kernels.unroll(kernel, params, x, initial, activation_named(activation))
    shape = (steps if readout == "every" else 1, batch, outputs)
    wanted = None if target is None else family.target(target, shape, x.dtype)
    read = values["h"][-shape[0] :]
    logits = product_of(read.reshape(-1, hidden), params.W_hy.T, batch=batch) + params.b_y
    logits = logits.reshape(shape)
    if kernel is None:
        values = {name: read_only(np.ascontiguousarray(each)) for name, each in values.items()}
    return Trace.trusted(
        params=params,
        activation=activation,
        family=family,
        readout=readout,
        z=values.get("z"),
        logits=read_only(logits),
        target=wanted,
        loss=None if wanted is None else family.mean(logits, wanted),
        values=values,
    )
