"""A run as a NumPy script: every gradient and every optimiser's rule by hand."""

from app.listings.numpy_script import passed_on
from app.views.training.runs.plan import Plan
from app.views.training.scripts.parts import call, head
from rnn_core import activation_named, loss_named
from rnn_core.training import optimiser_named

SCRIPT = '''\
{head}
P = {{"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h, "W_hy": W_hy, "b_y": b_y}}
M = {{}}  # what the optimiser remembers


def learn(x, y, h_0):
    """Return the loss, the gradients (Werbos, 1990), and the last states."""
    W_xh, W_hh, b_h, W_hy, b_y = P.values()
    T = len(x)
    z, h = [], [h_0]
    for t in range(T):
        z.append(x[t] @ W_xh.T + h[t] @ W_hh.T + b_h)
        h.append({activation})
    z, h = np.array(z), np.array(h)
    read = {read}
    a = h[read] @ W_hy.T + b_y
    if y.ndim == 2:  # classes
        y = np.eye(a.shape[2])[y]
{loss}
    dz = np.zeros_like(z)
{back}
    gradients = {{
        "W_xh": np.einsum("tbh,tbd->hd", dz, x),
        "W_hh": np.einsum("tbh,tbk->hk", dz, h[:-1]),
        "b_h": dz.sum(axis=(0, 1)),
        "W_hy": np.einsum("sbk,sbh->kh", da, h[read]),
        "b_y": da.sum(axis=(0, 1)),
    }}
    return loss, gradients, h[-1]


# The rule of the update.
{rule}


def update(name, g, rate, t):
    moments = M.get(name, [np.zeros_like(g)] * {moments})
    P[name], *M[name] = {call}


carried = None
for done in range(int(sys.argv[1]) if len(sys.argv) > 1 else UPDATES):
    x, target, goes_on = piece(done)
    h_0 = carried if goes_on else np.zeros((x.shape[1], len(b_h)))
    loss, gradients, carried = learn(x, target, h_0)
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
    back = np.zeros_like(h[0])
    for t in reversed(range(T)):
        if t + 1 in read:
            back = back + da[read.index(t + 1)] @ W_hy
        dz[t] = {passed}
        back = dz[t] @ W_hh"""

WINDOWS = """\
    for s, end in enumerate(read):  # each loss flows back through so many steps and no further
        back = da[s] @ W_hy
        for t in reversed(range(max(0, end - {truncate}), end)):
            through = {passed}
            dz[t] += through
            back = through @ W_hh"""


def numpy_run(plan: Plan) -> str:
    """Return a script that needs NumPy alone and prints the loss of every update.

    Raises
    ------
    ValueError
        There are too many numbers to write out.
    """
    settings, task = plan.settings, plan.task()
    activation = activation_named(settings.activation)
    optimiser = optimiser_named(settings.optimiser)
    back = WHOLE if settings.truncate is None else WINDOWS
    return SCRIPT.format(
        head=head(plan, "run_numpy.py", ""),
        activation=activation.in_numpy("z[t]"),
        read="[T]" if task.readout == "last" else "list(range(1, T + 1))",
        loss="\n".join(f"    {line}" for line in loss_named(task.loss).in_numpy().splitlines()),
        back=back.format(passed=passed_on(activation, "back"), truncate=settings.truncate),
        rule=optimiser.source,
        moments=len(optimiser.moments),
        call=call(optimiser, "P[name]", "g"),
    )
