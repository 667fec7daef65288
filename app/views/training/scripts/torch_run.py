"""A run as a PyTorch script: autograd for the gradients, `torch.optim` for the updates."""

from app.listings.cell_lines import before, forward_lines
from app.listings.short_lines import block
from app.views.training.runs.plan import Plan
from app.views.training.scripts.parts import call, head, listed, wrapped
from rnn_core import loss_named
from rnn_core.training import Optimiser, optimiser_named

SCRIPT = '''\
{head}
torch.set_default_dtype(torch.float64)
{arrays}
tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
{parameters} = tensors
{optimiser}


def step(x, {before}):
    """Return the states after a step of the cell: {title}."""
{forward}
    return {states}


def learn(x, y, begun):
    """Return the loss of a batch, and the last states."""
    T, states = len(x), [begun]
{run}
    a = torch.stack([h @ W_hy.T + b_y for h in read])
{learnt}


carried = None
for done in range(int(sys.argv[1]) if len(sys.argv) > 1 else UPDATES):
    x, target, goes_on = piece(done)
    zero = [torch.zeros(x.shape[1], W_hy.shape[1])] * {count}
    optimiser.param_groups[0]["lr"] = RATE * factor(done, UPDATES)
    optimiser.zero_grad()
    loss, carried = learn(torch.tensor(x), torch.tensor(target), carried if goes_on else zero)
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
        states.append(step(x[t], *states[-1]))
    read = [states[end][{h}] for end in {read}]"""

WINDOWS = """\
    with torch.no_grad():
        for t in range(T):
            states.append(step(x[t], *states[-1]))
    read = []
    for end in {read}:  # each loss flows back through so many steps and no further
        start = max(0, end - {truncate})
        now = states[start]
        for t in range(start, end):
            now = step(x[t], *now)
        read.append(now[{h}])"""


def torch_run(plan: Plan) -> str:
    """Return a script that needs PyTorch and prints the loss of every update.

    Raises
    ------
    ValueError
        There are too many numbers to write out.
    """
    settings, task, cell = plan.settings, plan.task(), plan.cell
    read = "[T]" if task.readout == "last" else "range(1, T + 1)"
    loss = loss_named(task.loss).in_torch(usual=True)
    run = WHOLE if settings.truncate is None else WINDOWS
    return SCRIPT.format(
        head=head(plan, "run_torch.py", "import torch\nfrom torch.nn import functional\n"),
        arrays=wrapped(f"arrays = ({listed(cell.parameters)})"),
        parameters=listed(cell.parameters),
        optimiser=_optimiser(optimiser_named(settings.optimiser)),
        title=cell.title,
        before=listed([before(state) for state in cell.states]),
        forward=block(forward_lines(cell, settings.activation, "torch")),
        states=listed(cell.states),
        run=run.format(read=read, truncate=settings.truncate, h=cell.states.index("h")),
        count=len(cell.states),
        learnt=block([f"return {loss}, [state.detach() for state in states[-1]]"]),
    )


def _optimiser(optimiser: Optimiser) -> str:
    if optimiser.torch:
        return f"optimiser = torch.optim.{optimiser.torch.format(**optimiser.settings)}"
    return OWN.format(
        rule=optimiser.source,
        moments=len(optimiser.moments),
        call=call(optimiser, "tensor.numpy()", "g"),
    )
