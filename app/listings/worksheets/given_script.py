"""The network of a sheet in NumPy: its numbers, and a step of the forward pass."""

from app.listings.cell_lines import before, forward_lines
from app.listings.short_lines import block
from app.listings.writing import assign
from rnn_core.practice import Network

STEP = '''

def step(x, {before}):
    """Return all that a step computes, by name."""
{lines}
    return {{{returned}}}
'''


def forward_script(network: Network) -> str:
    """Return lines of Python that define the numbers and `step`; they need NumPy alone."""
    cell = network.cell
    lines = ["import numpy as np", ""]
    lines.append(assign("x", network.x, "np.array", "(T, D), a row for each step"))
    lines.append(assign("y", network.y, "np.array", "(S, K), the target"))
    lines += [
        assign(f"{state}_0", network.initial(state), "np.array", "(H,)") for state in cell.states
    ]
    for name, array in network.parameters.items():
        shape = ", ".join(cell.shapes[name]) + "," * (array.ndim == 1)
        lines.append(assign(name, array, "np.array", f"({shape})"))
    return "\n".join(lines) + STEP.format(
        before=", ".join(map(before, cell.states)),
        lines=block(forward_lines(cell, network.activation)),
        returned=", ".join(f'"{name}": {name}' for name in cell.line),
    )
