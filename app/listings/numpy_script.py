"""The experiment as a NumPy script: forward pass, loss, and back-propagation through time by hand.

After Werbos (1990), written as the plain loop. It shares no code with `rnn_core`.
"""

from app.experiment.value import Experiment
from app.listings.numpy_cell import numpy_cell_script
from app.listings.short_lines import short_lines
from app.listings.writing import given_array, heading, require_writable
from rnn_core import Activation, activation_named, loss_named
from rnn_core.cells import ELMAN

LONGEST_SLOPE = 30
"""Characters of a slope that is written out beside its line."""

HOW = "Elman network in plain NumPy: forward pass, loss, and every gradient by hand."

BACKWARD = """\
for t in reversed(range(T)):
    dz[t] = {passed}  # {why}
    dh[t] += dz[t] @ W_hh"""

WINDOWS = """\
truncate = {truncate}  # each loss flows back through this many steps and no further
for s, end in enumerate(read):
    carried = da[s] @ W_hy
    for t in reversed(range(max(0, end - truncate), end)):
        dh[t + 1] += carried
        through = {passed}  # {why}
        dz[t] += through
        carried = through @ W_hh
    if end <= truncate:
        dh[0] += carried"""

SCRIPT = """\
{heading}
import numpy as np

{given}

# Forward pass: z_t = W_xh x_t + W_hh h_(t-1) + b_h. Rows are the sequences of the batch.
T = len(x)
z, h = [], [h_0]
for t in range(T):
    z.append(x[t] @ W_xh.T + h[t] @ W_hh.T + b_h)
{activated}
z, h = np.array(z), np.array(h)  # (T, B, H), (T + 1, B, H)
read = {read}  # the steps read out
a = h[read] @ W_hy.T + b_y  # (S, B, K), the logits

{loss}

# Backward pass, from the last step to the first.
dz, dh = np.zeros_like(z), np.zeros_like(h)
{backward}

gradients = {{
    "dW_xh": sum(dz[t].T @ x[t] for t in range(T)),
    "dW_hh": sum(dz[t].T @ h[t] for t in range(T)),
    "db_h": dz.sum(axis=(0, 1)),
    "dW_hy": sum(da[s].T @ h[t] for s, t in enumerate(read)),
    "db_y": da.sum(axis=(0, 1)),
    "dx": dz @ W_xh,
    "dh_0": dh[0],
}}
print("loss =", float(loss))
for name, gradient in gradients.items():
    print(name, "=", gradient.tolist())
"""

ENTERING = """\
dh[read] = da @ W_hy  # what enters from the loss
"""


def numpy_script(experiment: Experiment) -> str:
    """Return a script that needs NumPy alone and prints the loss and all gradients exactly.

    Raises
    ------
    ValueError
        There are too many numbers to write out.
    """
    require_writable(experiment)
    if experiment.kind is not ELMAN:
        return numpy_cell_script(experiment)
    activation = activation_named(experiment.activation)
    slope = activation.slope_form.written({"h": "h"})
    why = f"{activation.symbol}'(z)" + (f" = {slope}" if len(slope) <= LONGEST_SLOPE else "")
    truncate = experiment.truncate
    if truncate is not None and truncate < experiment.sizes[0]:
        backward = WINDOWS.format(
            truncate=truncate, passed=passed_on(activation, "carried"), why=why
        )
    else:
        backward = ENTERING + BACKWARD.format(passed=passed_on(activation, "dh[t + 1]"), why=why)
    return SCRIPT.format(
        heading=heading(experiment, HOW),
        given=given_array(experiment, "np.array", "np.eye"),
        activated=short_lines(f"    h.append({activation.in_numpy('z[t]')})"),
        read="[T]" if experiment.readout == "last" else "list(range(1, T + 1))",
        loss=short_lines(loss_named(experiment.loss).in_numpy()),
        backward=short_lines(backward),
    )


def passed_on(activation: Activation, gradient: str) -> str:
    """Return what the activation of step t lets through of a gradient by its state."""
    return activation.passed_in_numpy("z[t]", "h[t + 1]", gradient)
