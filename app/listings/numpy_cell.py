"""A network of any cell as a NumPy script: its lines forward, and the way back by hand.

A step is a function of the states before it, so that the names of the cell are its own.
"""

from app.experiment.value import Experiment
from app.listings.cell_lines import backward_lines, before, forward_lines
from app.listings.short_lines import block, short_lines
from app.listings.writing import given_array, heading, in_tuple, text, tuple_of, wrapped
from rnn_core import loss_named

HOW = "{title} in plain NumPy: forward pass, loss, and every gradient by hand."

FULL = """\
d = [np.zeros_like(state) for state in states[0]]
for t in reversed(range(T)):
    if t + 1 in read:
        d[{h}] = d[{h}] + da[read.index(t + 1)] @ W_hy
    dx[t], *d = back(kept[t], *d)
d_0 = d"""

WINDOWS = """\
truncate = {truncate}  # each loss flows back through this many steps and no further
d_0 = [np.zeros_like(state) for state in states[0]]
for s, end in enumerate(read):
    d = [np.zeros_like(state) for state in states[0]]
    d[{h}] = da[s] @ W_hy
    for t in reversed(range(max(0, end - truncate), end)):
        by_x, *d = back(kept[t], *d)
        dx[t] += by_x
    if end <= truncate:
        d_0 = [total + part for total, part in zip(d_0, d)]"""

SCRIPT = """\
{heading}
import numpy as np

{given}


def step(x, {before}):  # rows are the sequences of the batch
{forward}
    return locals()


# What the step has computed, and how gradients by the states after it go back through it.
{names}


def back(now, {by_states}):  # from the gradients by the states after a step to those before it
    (
{quantities}
    ) = (now[name] for name in names)
{backward}
    return {returned}


# Forward pass.
T = len(x)
kept, states = [], [{initial}]
for t in range(T):
    kept.append(step(x[t], *states[t]))
    states.append(tuple(kept[t][name] for name in {state_names}))
h = np.array([state[{h}] for state in states])  # (T + 1, B, H)
read = {read}  # the steps read out
a = h[read] @ W_hy.T + b_y  # (S, B, K), the logits

{loss}

# Backward pass, from the last step to the first.
G = {{
{weights}
}}
dx = np.zeros_like(x)
{run}

G["W_hy"] = sum(da[s].T @ h[t] for s, t in enumerate(read))
G["b_y"] = da.sum(axis=(0, 1))
gradients = {{f"d{{name}}": gradient for name, gradient in G.items()}}
gradients |= {{"dx": dx, **dict(zip({by_initial}, d_0))}}
print("loss =", float(loss))
for name, gradient in gradients.items():
    print(name, "=", gradient.tolist())
"""


def numpy_cell_script(experiment: Experiment) -> str:
    """Return the script of an experiment, whatever its cell, that can be written out."""
    cell = experiment.kind
    steps, truncate = experiment.sizes[0], experiment.truncate
    place = cell.states.index("h")
    quantities = ["x", *map(before, cell.states), *cell.line]
    if truncate is not None and truncate < steps:
        run = WINDOWS.format(truncate=truncate, h=place)
    else:
        run = FULL.format(h=place)
    return SCRIPT.format(
        heading=heading(experiment, HOW.format(title=cell.title)),
        given=given_array(experiment, "np.array", "np.eye"),
        before=", ".join(map(before, cell.states)),
        by_states=", ".join(f"d{state}" for state in cell.states),
        forward=block(forward_lines(cell, experiment.activation)),
        quantities="\n".join(wrapped(", ".join(quantities), 8)),
        names=tuple_of("names", quantities),
        backward=block(backward_lines(cell, experiment.activation, by_input=True)),
        returned=", ".join(["dx", *(f"d{before(state)}" for state in cell.states)]),
        initial=in_tuple(f"{state}_0" for state in cell.states),
        state_names=in_tuple(map(text, cell.states)),
        h=place,
        read="[T]" if experiment.readout == "last" else "list(range(1, T + 1))",
        loss=short_lines(loss_named(experiment.loss).in_numpy()),
        weights="\n".join(
            f'    "{weight.name}": np.zeros_like({weight.name}),' for weight in cell.weights
        ),
        run=run,
        by_initial=in_tuple(text(f"d{state}_0") for state in cell.states),
    )
