"""A run as a PyTorch script: autograd for the gradients, `torch.optim` for the updates."""

from app.views.training.runs.plan import Plan
from app.views.training.scripts.parts import call, head
from rnn_core import activation_named, loss_named
from rnn_core.training import Optimiser, optimiser_named

SCRIPT = '''\
{head}
torch.set_default_dtype(torch.float64)
tensors = [torch.tensor(array, requires_grad=True) for array in (W_xh, W_hh, b_h, W_hy, b_y)]
W_xh, W_hh, b_h, W_hy, b_y = tensors
{optimiser}


def step(x_t, h):
    z = x_t @ W_xh.T + h @ W_hh.T + b_h
    return {activation}


def learn(x, y, h):
    """Return the loss of a batch, and the last states."""
    T, states = len(x), [h]
{states}
    a = torch.stack([h @ W_hy.T + b_y for h in read])
    return {loss}, states[-1].detach()


carried = None
for done in range(int(sys.argv[1]) if len(sys.argv) > 1 else UPDATES):
    x, target, goes_on = piece(done)
    h_0 = carried if goes_on else torch.zeros(x.shape[1], len(b_h))
    optimiser.param_groups[0]["lr"] = RATE * factor(done, UPDATES)
    optimiser.zero_grad()
    loss, carried = learn(torch.tensor(x), torch.tensor(target), h_0)
    loss.backward()
    print(done + 1, repr(loss.item()))
    if CLIP_NORM is not None:
        torch.nn.utils.clip_grad_norm_(tensors, CLIP_NORM)
    if CLIP_VALUE is not None:
        torch.nn.utils.clip_grad_value_(tensors, CLIP_VALUE)
    optimiser.step()
'''

OWN = """\
{rule}


class Own(torch.optim.Optimizer):  # torch.optim has no such rule: it is applied by hand
    @torch.no_grad()
    def step(self):
        rate = self.param_groups[0]["lr"]
        for tensor in tensors:
            state, g = self.state[tensor], tensor.grad.numpy()
            t = state["t"] = state.get("t", 0) + 1
            moments = state.get("moments", [np.zeros_like(g)] * {moments})
            theta, *state["moments"] = {call}
            tensor.copy_(torch.from_numpy(theta))


optimiser = Own(tensors, {{"lr": RATE}})"""

WHOLE = """\
    for t in range(T):
        states.append(step(x[t], states[-1]))
    read = [states[end] for end in {read}]"""

WINDOWS = """\
    with torch.no_grad():
        for t in range(T):
            states.append(step(x[t], states[-1]))
    read = []
    for end in {read}:  # each loss flows back through so many steps and no further
        start = max(0, end - {truncate})
        h = states[start]
        for t in range(start, end):
            h = step(x[t], h)
        read.append(h)"""


def torch_run(plan: Plan) -> str:
    """Return a script that needs PyTorch and prints the loss of every update.

    Raises
    ------
    ValueError
        There are too many numbers to write out.
    """
    settings, task = plan.settings, plan.task()
    read = "[T]" if task.readout == "last" else "range(1, T + 1)"
    states = WHOLE if settings.truncate is None else WINDOWS
    return SCRIPT.format(
        head=head(plan, "run_torch.py", "import torch\nfrom torch.nn import functional\n"),
        optimiser=_optimiser(optimiser_named(settings.optimiser)),
        states=states.format(read=read, truncate=settings.truncate),
        activation=activation_named(settings.activation).in_torch("z"),
        loss=loss_named(task.loss).in_torch(usual=True),
    )


def _optimiser(optimiser: Optimiser) -> str:
    if optimiser.torch:
        return f"optimiser = torch.optim.{optimiser.torch.format(**optimiser.settings)}"
    return OWN.format(
        rule=optimiser.source,
        moments=len(optimiser.moments),
        call=call(optimiser, "tensor.numpy()", "g"),
    )
