"""A run as a NumPy script: every gradient and every optimiser's rule by hand."""

from app.listings.cell_lines import backward_lines, before, forward_lines
from app.listings.short_lines import block
from app.views.training.runs.plan import Plan
from app.views.training.scripts.parts import call, head, listed, wrapped
from rnn_core import loss_named
from rnn_core.training import optimiser_named

SCRIPT = '''\
{head}
{parameters}
M = {{}}  # what the optimiser remembers
STATES = ({states})  # what a step hands on
Step = namedtuple("Step", "{quantities}")


def step(x, {before}):
    """Return the quantities of a step of the cell: {title}."""
{unpacked}
{forward}
    return Step({returned})


def step_back(x, states, now, d, G):
    """Carry the gradients by the states back through a step; add to those by the parameters."""
{unpacked}
    {before} = states
    {returned} = now
    {d_states} = (d[name] for name in STATES)
{backward}
    return {{{d_before}}}


def learn(x, y, begun):
    """Return the loss, the gradients (Werbos, 1990), and the last states."""
    T = len(x)
    steps, states = [], [begun]
    for t in range(T):
        steps.append(step(x[t], *states[t]))
        states.append([getattr(steps[t], name) for name in STATES])
    h = np.array([one[STATES.index("h")] for one in states])
    W_hy, b_y = P["W_hy"], P["b_y"]
    read = {read}
    a = h[read] @ W_hy.T + b_y
    if y.ndim == 2:  # classes
        y = np.eye(a.shape[2])[y]
{loss}
    G = {{name: np.zeros_like(array) for name, array in P.items()}}
    G["W_hy"] = np.einsum("sbk,sbh->kh", da, h[read])
    G["b_y"] = da.sum(axis=(0, 1))
    none = dict.fromkeys(STATES, np.zeros_like(h[0]))
{back}
    return loss, G, states[-1]


# The rule of the update.
{rule}


def update(name, g, rate, t):
    moments = M.get(name, [np.zeros_like(g)] * {moments})
    P[name], *M[name] = {call}


carried = None
for done in range(int(sys.argv[1]) if len(sys.argv) > 1 else UPDATES):
    x, target, goes_on = piece(done)
    zero = [np.zeros((x.shape[1], P["W_hy"].shape[1])) for _ in STATES]
    loss, gradients, carried = learn(x, target, carried if goes_on else zero)
    print(done + 1, repr(float(loss)))
    norm = np.sqrt(sum((g**2).sum() for g in gradients.values()))
    for name, g in gradients.items():
        if CLIP_NORM is not None:
            g = min(1.0, CLIP_NORM / (norm + 1e-6)) * g
        if CLIP_VALUE is not None:
            g = np.clip(g, -CLIP_VALUE, CLIP_VALUE)
        update(name, g, RATE * factor(done, UPDATES), done + 1)
'''

WHOLE = """\
    d = {{**none}}
    for t in reversed(range(T)):
        if t + 1 in read:
            d["h"] = d["h"] + da[read.index(t + 1)] @ W_hy
        d = step_back(x[t], states[t], steps[t], d, G)"""

WINDOWS = """\
    for s, end in enumerate(read):  # each loss flows back through so many steps and no further
        d = {{**none, "h": da[s] @ W_hy}}
        for t in reversed(range(max(0, end - {truncate}), end)):
            d = step_back(x[t], states[t], steps[t], d, G)"""


def numpy_run(plan: Plan) -> str:
    """Return a script that needs NumPy alone and prints the loss of every update.

    Raises
    ------
    ValueError
        There are too many numbers to write out.
    """
    settings, task, cell = plan.settings, plan.task(), plan.cell
    optimiser = optimiser_named(settings.optimiser)
    quantities = [line.name for line in cell.lines]
    back = WHOLE if settings.truncate is None else WINDOWS
    return SCRIPT.format(
        head=head(plan, "run_numpy.py", ""),
        title=cell.title,
        parameters=wrapped(
            "P = {" + ", ".join(f'"{name}": {name}' for name in cell.parameters) + "}"
        ),
        unpacked=block([f"{listed(cell.parameters)} = P.values()"]),
        states=listed(cell.states, '"'),
        quantities=" ".join(quantities),
        returned=listed(quantities),
        before=listed([before(state) for state in cell.states]),
        forward=block(forward_lines(cell, settings.activation)),
        d_states=listed([f"d{state}" for state in cell.states]),
        backward=block(backward_lines(cell, settings.activation)),
        d_before=", ".join(f'"{state}": d{before(state)}' for state in cell.states),
        read="[T]" if task.readout == "last" else "list(range(1, T + 1))",
        loss=block(loss_named(task.loss).in_numpy().splitlines()),
        back=back.format(truncate=settings.truncate),
        rule=optimiser.source,
        moments=len(optimiser.moments),
        call=call(optimiser, "P[name]", "g"),
    )
