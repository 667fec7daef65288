"""The experiment as a PyTorch script: `nn.RNN`, `nn.Linear`, a loss, and autograd."""

from app.experiment.value import Experiment
from app.listings.short_lines import block, short_lines
from app.listings.torch_cell import torch_cell_script
from app.listings.writing import given_array, heading, require_writable
from rnn_core import activation_named, loss_named
from rnn_core.cells import ELMAN

HOW = "Elman network in PyTorch: nn.RNN, a linear readout, and autograd, in float64."

FUSED = """\
# nn.RNN adds two biases, b_ih + b_hh, where the equations have one, b_h: any split gives the same
# h. Here b_ih = b_h and b_hh = 0. Both get the gradient of b_h.
rnn = torch.nn.RNN(x.shape[2], len(b_h), nonlinearity={nonlinearity!r})
with torch.no_grad():
    rnn.weight_ih_l0.copy_(W_xh)
    rnn.weight_hh_l0.copy_(W_hh)
    rnn.bias_ih_l0.copy_(b_h)
    rnn.bias_hh_l0.zero_()
W_xh, W_hh, b_h = rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0
"""

LOOP = """\
# nn.RNN has no {symbol}: it is written as a loop with the same call. Its two biases, b_ih + b_hh,
# are one here: b_h.
for parameter in (W_xh, W_hh, b_h):
    parameter.requires_grad_()


def rnn(x, h):
    h, states = h[0], []
    for x_t in x:
        z = x_t @ W_xh.T + h @ W_hh.T + b_h
        h = {activation}
        states.append(h)
    return torch.stack(states), h[None]

"""

LOSS = """\
# The mean loss, written so that autograd's gradient keeps its digits where the prediction is close
# to the target.
def loss_of(a, y):
{loss}"""

FULL = """\
states, last = rnn(x, h_0)  # (T, B, H), (1, B, H)
a = readout({read})  # (S, B, K), the logits
loss = loss_of(a, y)
loss.backward()
"""

WINDOWS = """\
# Truncated: each loss flows back through this many steps. What is before is detached from the
# graph, so autograd ends there; .grad adds up over the backward passes.
truncate = {truncate}
with torch.no_grad():
    states = torch.cat([h_0, rnn(x, h_0)[0]])  # (T + 1, B, H)
T = len(x)
targets, loss = y, 0.0
for y, end in zip(targets, {read}):
    first = max(0, end - truncate)
    _, last = rnn(x[first:end], h_0 if first == 0 else states[first : first + 1])
    a = readout(last[0])
    part = loss_of(a, y) / len(targets)
    part.backward()
    loss += part.detach()
"""

SCRIPT = """\
{heading}
import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)

{given}
x.requires_grad_()
h_0 = h_0[None].requires_grad_()  # (1, B, H)

{network}
readout = torch.nn.Linear(W_hy.shape[1], len(b_y))
with torch.no_grad():
    readout.weight.copy_(W_hy)
    readout.bias.copy_(b_y)


{loss}


{run}
leaves = {{
    "dW_xh": W_xh,
    "dW_hh": W_hh,
    "db_h": b_h,
    "dW_hy": readout.weight,
    "db_y": readout.bias,
    "dx": x,
    "dh_0": h_0,
}}
print("loss =", loss.item())
for name, leaf in leaves.items():
    gradient = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
    print(name, "=", (gradient[0] if name == "dh_0" else gradient).tolist())
"""


def torch_script(experiment: Experiment) -> str:
    """Return a script that needs PyTorch alone and prints the loss and all gradients exactly.

    Raises
    ------
    ValueError
        There are too many numbers to write out.
    """
    require_writable(experiment)
    if experiment.kind is not ELMAN:
        return torch_cell_script(experiment)
    every = experiment.readout == "every"
    truncate = experiment.truncate
    if truncate is not None and truncate < experiment.sizes[0]:
        read = "range(1, T + 1)" if every else "[T]"
        run = WINDOWS.format(truncate=truncate, read=read)
    else:
        run = FULL.format(read="states" if every else "last")
    activation = activation_named(experiment.activation)
    network = (
        FUSED.format(nonlinearity=activation.name)
        if activation.in_rnn
        else LOOP.format(symbol=activation.symbol, activation=activation.in_torch("z"))
    )
    return SCRIPT.format(
        heading=heading(experiment, HOW),
        given=given_array(experiment, "torch.tensor", "torch.eye"),
        network=short_lines(network),
        loss=LOSS.format(loss=block([f"return {loss_named(experiment.loss).in_torch()}"])),
        run=run,
    )
