"""A network of any cell as a PyTorch script: its module where there is one, else its lines."""

from app.experiment.value import Experiment
from app.listings.cell_lines import before, forward_lines
from app.listings.short_lines import block
from app.listings.writing import given_array, heading, in_tuple, printed, tuple_of, wrapped
from rnn_core import Cell, loss_named
from rnn_core.cells.cell import TorchLayout

HOW = "{title} in PyTorch: {how}, a linear readout, and autograd, in float64."

MODULE = """\
# The weights of all gates stand one below the other in nn.{module}: {gates}.
# It adds two biases where the equations have one: {biases}.
rnn = torch.nn.{module}(x.shape[2], {first}.shape[0])


def network(x, {states}):
    weights = {{
        "weight_ih_l0": torch.cat([{weight_ih}]),
        "weight_hh_l0": torch.cat([{weight_hh}]),
        "bias_ih_l0": torch.cat([{bias_ih}]),
        "bias_hh_l0": torch.cat([{bias_hh}]),
    }}
    out, last = torch.func.functional_call(rnn, weights, (x, {given}))
    return out, {last}"""

LINES = """\
# {why}


def step(x, {before}):  # rows are the sequences of the batch
{forward}
    return {states}


def network(x, *state):
    out = []
    for x_t in x:
        state = step(x_t, *state)
        out.append(state[{h}])
    return torch.stack(out), state"""

FULL = """\
out, last = network(x, *initial)  # (T, B, H)
a = functional.linear({read}, W_hy, b_y)  # (S, B, K), the logits
loss = loss_of(a, y)
loss.backward()
"""

WINDOWS = """\
# Truncated: each loss flows back through this many steps. What is before is detached from the
# graph, so autograd ends there; .grad adds up over the backward passes.
truncate, T = {truncate}, len(x)
states = [initial]
with torch.no_grad():
    for x_t in x:
        states.append(network(x_t[None], *states[-1])[1])
targets, loss = y, 0.0
for y, end in zip(targets, {read}):
    first = max(0, end - truncate)
    out, _ = network(x[first:end], *states[first])
    part = loss_of(functional.linear(out[-1], W_hy, b_y), y) / len(targets)
    part.backward()
    loss += part.detach()
"""

SCRIPT = """\
{heading}
import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)

{given}
initial = {initial}
leaves = [
    {leaves},
]
for leaf in leaves:
    leaf.requires_grad_()

{network}


# The mean loss, written so that autograd's gradient keeps its digits where the prediction is close
# to the target.
def loss_of(a, y):
{loss}


{run}
{printed}
print("loss =", loss.item())
for name, leaf in zip(names, leaves):
    gradient = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
    print(name, "=", gradient.tolist())
"""


def torch_cell_script(experiment: Experiment) -> str:
    """Return the script of an experiment, whatever its cell, that can be written out."""
    cell = experiment.kind
    layout = cell.torch
    every = experiment.readout == "every"
    steps, truncate = experiment.sizes[0], experiment.truncate
    if truncate is not None and truncate < steps:
        run = WINDOWS.format(truncate=truncate, read="range(1, T + 1)" if every else "[T]")
    else:
        run = FULL.format(read="out" if every else "out[-1:]")
    if layout is not None and experiment.activation in layout.activations:
        how, network = f"nn.{layout.module}", _module(cell, layout)
    else:
        how, network = "its lines as a loop", _lines(cell, layout, experiment.activation)
    initial = [f"{state}_0" for state in cell.states]
    return SCRIPT.format(
        heading=heading(experiment, HOW.format(title=cell.title, how=how)),
        given=given_array(experiment, "torch.tensor", "torch.eye"),
        initial=in_tuple(initial),
        leaves="\n".join(wrapped(", ".join([*cell.parameters, "x", *initial]), 4)).strip(),
        network=network,
        loss=block([f"return {loss_named(experiment.loss).in_torch()}"]),
        run=run,
        printed=tuple_of("names", printed(cell)[1:]),
    )


def _module(cell: Cell, layout: TorchLayout) -> str:
    gates = layout.gates
    own = [gate.bias_hh for gate in gates if gate.bias_hh is not None]
    states = ", ".join(cell.states)
    several = len(cell.states) > 1
    zeros = [gate.bias_hh or f"torch.zeros_like({gate.bias_ih})" for gate in gates]
    return MODULE.format(
        module=layout.module,
        gates=", ".join(gate.weight_ih.removeprefix("W_x") for gate in gates),
        biases="the second is 0" + (f", but for {', '.join(own)}" if own else ""),
        first=gates[0].bias_ih,
        states=states,
        weight_ih=", ".join(gate.weight_ih for gate in gates),
        weight_hh=", ".join(gate.weight_hh for gate in gates),
        bias_ih=", ".join(gate.bias_ih for gate in gates),
        bias_hh=_wrapped(zeros),
        given=f"({', '.join(f'{state}[None]' for state in cell.states)})"
        if several
        else f"{states}[None]",
        last="tuple(state[0] for state in last)" if several else "(last[0],)",
    )


def _wrapped(parts: list[str]) -> str:
    """Return operands of a call, one a line where they are long."""
    short = ", ".join(parts)
    return (
        short
        if len(short) < 60
        else "\n            " + ",\n            ".join(parts) + "\n        "
    )


def _lines(cell: Cell, layout: TorchLayout | None, activation: str) -> str:
    why = "PyTorch has no module for this cell: its lines are written as a loop."
    if layout is not None:
        why = f"nn.{layout.module} has {' and '.join(layout.activations)} alone, so this is a loop."
    return LINES.format(
        why=why,
        before=", ".join(map(before, cell.states)),
        forward=block(forward_lines(cell, activation, "torch")),
        states=in_tuple(cell.states),
        h=cell.states.index("h"),
    )
