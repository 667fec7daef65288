"""What is done against gradients that vanish or explode, each on the same sequence and loss.

A remedy changes the network, or only the way back; what it is compared by is the length of
∂L/∂h_t over the steps, from the numbers of a run of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from rnn_core._checks import elman, finite, of, sample_of, takes, text, whole
from rnn_core._extended import Extended
from rnn_core._short import Shown
from rnn_core.backward import backward
from rnn_core.cells import leaky_cell
from rnn_core.forward import forward
from rnn_core.gradient_flow import Flow, activation_slopes, flow_of, flow_through
from rnn_core.initialisers import keeping
from rnn_core.types import Parameters, Trace


class Remedy(NamedTuple):
    """A name for the screen, what is changed (text with LaTeX in $ … $), and who proposed it."""

    title: str
    change: str
    source: str


REMEDIES: Mapping[str, Remedy] = MappingProxyType(
    {
        "none": Remedy("As it is", "nothing", ""),
        "orthogonal": Remedy(
            "Orthogonal",
            "$W_{hh}$ becomes the nearest orthogonal matrix: all its singular values are 1",
            "Saxe, McClelland and Ganguli (2014); nearest: Fan and Hoffman (1955)",
        ),
        "irnn": Remedy(
            "Identity, ReLU (IRNN)",
            r"$W_{hh} = I$, $b_h = 0$ and ReLU",
            "Le, Jaitly and Hinton (2015)",
        ),
        "relu": Remedy("ReLU", "ReLU with the same weights", "Glorot, Bordes and Bengio (2011)"),
        "gru": Remedy(
            "GRU",
            "a GRU of the same size with drawn weights (seed 0), the bias of its update gate 1; "
            "the readout stays",
            "Cho et al. (2014)",
        ),
        "lstm": Remedy(
            "LSTM",
            "an LSTM of the same size with drawn weights (seed 0), the bias of its forget gate 1; "
            "the readout stays",
            "Hochreiter and Schmidhuber (1997); the bias: Jozefowicz, Zaremba and Sutskever (2015)",
        ),
        "step": Remedy(
            "Smaller step ε",
            r"$h_t = (1 - \varepsilon)\,h_{t-1} + \varepsilon\,\varphi(z_t)$, leaky integration",
            "Jaeger et al. (2007); Bengio, Boulanger-Lewandowski and Pascanu (2013)",
        ),
        "truncation": Remedy(
            "Truncation to n",
            "each loss flows back through n steps only",
            "Williams and Peng (1990)",
        ),
    }
)


@dataclass(frozen=True, eq=False)
class Treated(Shown):
    """A run with one remedy."""

    name: str
    h: Extended  # (T + 1,) ‖∂L/∂h_t‖
    loss: float
    slope: float  # mean of φ′(z_t) over steps and units; nan for a cell without one z
    largest: float  # largest |h_t|: what an unbounded remedy may do to the states
    others: Mapping[str, Extended] = field(default_factory=dict)  # as h, by further states: "c"


GATED = ("gru", "lstm")
"""Remedies that are another cell, whose gate that keeps the state begins with a bias of 1."""

OF_ELMAN = frozenset({"orthogonal", "irnn", "relu", "step"})
"""Remedies that are a change of an Elman network."""


def with_remedy(params: Parameters, activation: str, name: str) -> tuple[Parameters, str]:
    """Return the network that a remedy makes of one, and its activation.

    "step" and "truncation" leave both as they are.

    Raises
    ------
    ValueError
        The remedy is unknown, or one for an Elman network and this is none.
    """
    if name not in REMEDIES:
        raise ValueError(f"remedy: expected one of {', '.join(REMEDIES)}, got {name!r}")
    if name in OF_ELMAN:
        elman("params", params)
    if name == "orthogonal":
        left, _, right = np.linalg.svd(params.W_hh)
        return params.replace(W_hh=left @ right), activation
    if name == "irnn":
        hidden = params.hidden_size
        return params.replace(W_hh=np.eye(hidden), b_h=np.zeros(hidden)), "relu"
    if name in GATED:
        return _gated(params, name), "tanh"
    return params, "relu" if name == "relu" else activation


def _gated(params: Parameters, cell: str) -> Parameters:
    """Return a network of the same sizes with another cell, drawn, and the same readout."""
    inputs, hidden, outputs, _ = params.layout
    drawn = Parameters.random(inputs, hidden, outputs, seed=0, cell=cell).astype(params.dtype)
    return keeping(drawn, 1.0).replace(W_hy=params.W_hy, b_y=params.b_y)


@takes(trace=of(Trace), name=text, step=finite(above=0, high=1), truncate=whole(1))
@np.errstate(all="ignore")
def apply_remedy(
    trace: Trace,
    name: str,
    sample: int = 0,
    *,
    step: float = 0.5,
    truncate: int = 1,
    last_only: bool = False,
) -> Treated:
    """Run one sequence of a trace again with a remedy; the loss is that of this sequence alone.

    Parameters
    ----------
    step
        ε of the remedy "step".
    truncate
        n of the remedy "truncation": steps that a gradient flows back, as in `backward`.
    last_only
        Carry back the gradient of the last term of the loss alone, as in `direct_gradients`.

    Raises
    ------
    ValueError
        There is no target or no such sequence, the remedy is unknown, or `step` or `truncate` is
        out of range.
    """
    if trace.target is None:
        raise ValueError("apply_remedy: expected a trace with a target, got one without")
    sample = sample_of(trace.batch, sample)
    params, activation = with_remedy(trace.params, trace.activation, name)
    x = np.ascontiguousarray(trace.x[:, sample : sample + 1])
    target = np.ascontiguousarray(trace.target[:, sample : sample + 1])
    if name == "step":
        params = Parameters.of(leaky_cell(step), dict(params.items()), dtype=params.dtype)
    same = params.cell.states == trace.cell.states
    states = {
        f"{state}0": trace[state][0, sample : sample + 1]
        for state in (trace.cell.states if same else ("h",))
    }
    run = forward(
        params,
        x,
        target,
        activation=activation,
        loss=trace.loss_name,
        readout=trace.readout,
        h0=states["h0"],
        c0=states.get("c0"),
    )
    loss = trace.family
    direct = np.zeros_like(run.h[1:, 0])
    direct[len(direct) - len(run.logits) :] = loss.gradient(run.logits, target)[:, 0] @ params.W_hy
    if last_only:
        direct[:-1] = 0
    if name != "truncation":
        flow = flow_through(run, direct)
    elif np.isfinite(direct).all():
        flow = flow_of(backward(run, upstream=direct, truncate=truncate))
    else:
        unknown = Extended.of(np.full(len(run.h), np.nan), [0] * len(run.h))
        flow = Flow(unknown, {}, {state: unknown for state in run.cell.states if state != "h"})
    slope = activation_slopes(run).mean() if "z" in params.cell.line else np.nan
    return Treated(
        name=name,
        h=flow.h,
        loss=loss.mean(run.logits, target),
        slope=float(slope),
        largest=float(np.abs(run.h).max()),
        others=flow.others,
    )
