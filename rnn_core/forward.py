"""Parameters and a sequence in, every number of the forward pass out."""

from __future__ import annotations

from math import isfinite

from numpy.typing import ArrayLike

from rnn_core._arrays import require_finite, set_writeable
from rnn_core._inputs import NO_CELL_STATE, initial_state, initial_states, sequence
from rnn_core._quiet import quietly
from rnn_core._workspace import ForwardSpace, Pool, Rows, product_of
from rnn_core.activations import activation_named
from rnn_core.cells import ELMAN
from rnn_core.interpreter.forward import forward_cell
from rnn_core.interpreter.program import READOUTS
from rnn_core.loop_free.methods import fill_by
from rnn_core.losses import loss_named
from rnn_core.types import Parameters, Trace

FORWARD_SPACES = Pool(ForwardSpace)


@quietly
def forward(
    params: Parameters,
    x: ArrayLike,
    target: ArrayLike | None = None,
    *,
    activation: str = "tanh",
    loss: str = "binary_cross_entropy",
    readout: str = "last",
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
    solver: str = "loop",
) -> Trace:
    """Run a recurrent network over a sequence and keep every number.

    For t = 1 … T, and S steps read out (`readout` "last": S = 1, "every": S = T), an Elman network
    (Elman, 1990) computes

        z_t = W_xh x_t + W_hh h_{t-1} + b_h,   h_t = φ(z_t)
        a = W_hy h_t + b_y,   prediction = σ(a), softmax(a) or a,   L = mean of the loss's terms

    and another cell its own lines in place of the first (see `CELLS`). `recurrence.unroll` is the
    Elman network as the plain loop. Numbers are in the dtype of `params`.

    Parameters
    ----------
    params
        The weights; they fix D, H, K and the dtype.
    x
        (T, B, D), or (T, D) for one sequence, or (T,) for one sequence of D = 1.
    target
        One number per logit, (S, B, K); axes of length 1 may be left out, and a single number
        stands for all. Binary cross-entropy: from 0 to 1. Softmax cross-entropy: probabilities
        that sum to 1, (S, B, K), or class indices from 0, (S, B). Others: any number.
        Without a target there is no loss.
    activation
        A name in `ACTIVATIONS`: φ, which an LSTM and a GRU have where they have tanh by default.
    loss
        A name in `LOSSES`: "squared_error" is half of it. The mean is over S·B·K, that of
        "softmax_cross_entropy" over S·B; cross-entropies are in nats.
    h0
        The initial state, (B, H), or (H,) for all sequences alike; zero unless given.
    c0
        The initial cell state of an LSTM, as `h0`.
    solver
        "loop", or a way without the loop over time, a name in `ITERATIVE_METHODS`. Each state
        follows from the one before it up to the rounding of a step (H + D + 1 units of the last
        place), as in the loop. The loop takes over where a method does not get there: numbers
        that are not finite, too many iterations, or, for "chunked_jacobi", as soon as the loop is
        estimated to be quicker.
        "chunked_jacobi" pays for long sequences (from about a thousand steps) of narrow networks
        (up to about forty units) that forget their past: a seventh of the time at T = 10 000,
        H = 4 and a spectral radius of at most 1. The other methods are there to be compared; on
        a processor they take longer than the loop.

    Returns
    -------
    Trace
        Read-only arrays, always with the B axis.

    Raises
    ------
    ValueError
        In one sentence: a shape does not fit, a number is not finite, a sequence is empty, a name
        is unknown, a target is outside the loss's domain, or the work is over `limits`.

    Notes
    -----
    Against PyTorch in float64, states, loss and gradients of moderate networks agree to 1e-12
    (normwise). No such bound can hold for a chaotic recurrence (roughly, a tanh network whose
    spectral radius is well above 1): it multiplies every rounding error by a constant factor at
    each step, so two correct programs differ in all digits after some hundred steps. Where an
    unbounded activation explodes, infinities (and their differences, nan) are the result.

    In float32 a sequence alone has the numbers of that sequence twice in a batch, to the last bit.
    Beside others its last digits may be others: how a product of matrices is added up depends on
    their sizes.
    """
    phi = activation_named(activation)
    family = loss_named(loss)
    if readout not in READOUTS:
        raise ValueError(f"readout: expected one of {', '.join(READOUTS)}, got {readout!r}")
    inputs = sequence(x, params)
    if params.cell is not ELMAN:
        require_finite("x", inputs)
        return forward_cell(
            params,
            inputs,
            initial_states({"h": h0, "c": c0}, solver, len(inputs[0]), params),
            activation=activation,
            family=family,
            readout=readout,
            target=target,
        )
    if c0 is not None:
        raise ValueError(NO_CELL_STATE.format(params.cell.name))
    steps, batch, _ = inputs.shape
    sizes = (steps, batch, *params.layout)
    space = FORWARD_SPACES.take(sizes)
    flat = inputs.ravel()
    if not isfinite(flat.dot(flat)):  # the quickest look, but too large a sum says nothing
        require_finite("x", inputs)
    space.inputs[...] = inputs
    if h0 is None:
        space.initial.fill(0)
    else:
        space.initial[...] = initial_state(h0, batch, params)
    shape = (steps if readout == "every" else 1, batch, sizes[4])
    wanted = None if target is None else family.target(target, shape, inputs.dtype)
    weights, activate = params.joint, phi.kernel(inputs.dtype)
    if solver == "loop" or not fill_by(solver, params, phi, space.states, space.z):
        for dot, product, z_t, h_t in space.steps():
            dot(weights, product)
            activate(z_t, h_t)
    states, z = space.states, space.z
    if space.kept:
        states, z = states.copy(), z.copy()
        FORWARD_SPACES.give_back(sizes, space)
    if shape[0] == 1:
        read = states[-1, :, sizes[2] :]
    else:
        read = states[1:].reshape(-1, states.shape[2])[:, sizes[2] :]
    logits = product_of(read, params.joint_readout, batch=batch).reshape(shape)
    value = None if wanted is None else family.mean(logits, wanted)
    set_writeable(states, False)
    set_writeable(z, False)
    set_writeable(logits, False)
    return Trace.trusted(
        params=params,
        activation=activation,
        family=family,
        readout=readout,
        z=z,
        logits=logits,
        target=wanted,
        loss=value,
        values=Rows(states, sizes[2]),
    )
