"""The numbers a graph is built from: one sample of a trace, its gradients, and what is not shown.

Gradient of a parameter is a sum over all time steps and all samples. The graph of one sample, or
of a window of steps, shows some of its terms; the others arrive through nodes of kind "rest", so
that the gradient of every node stays the sum over its edges of local derivative × gradient:

"rest"       a window of steps: all that lies outside it; its value is the loss, its gradient 1
"others"     the other samples of the batch, which enter the same mean
"upstream"   Σ_t u_t·h_t, whose gradients are those of `backward(…, upstream=u)`
"truncated"  what arrives at h_t when each readout has its own window of truncated BPTT
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import activation_named
from rnn_core.backward import backward
from rnn_core.forward import forward
from rnn_core.losses import loss_named
from rnn_core.types import NAMES, Gradients, Parameters, Trace

NOISE = 64
"""A residue below so many rounding errors is zero."""


@dataclass(frozen=True, eq=False)
class Source:
    """A trace, its gradients or None, the sample shown, and the first and last step shown."""

    trace: Trace
    grads: Gradients | None
    sample: int
    first: int
    last: int

    @property
    def whole(self) -> bool:
        """Whether all steps are shown."""
        return self.first == 1 and self.last == self.trace.steps

    @property
    def steps(self) -> range:
        """The time steps shown, counted from 1."""
        return range(self.first, self.last + 1)

    @property
    def read(self) -> range:
        """The time steps shown that are read out."""
        every = self.trace.readout_steps
        return range(max(every.start, self.first), self.last + 1)

    @cached_property
    def from_upstream(self) -> bool:
        """Whether the gradients come from outside: the loss then plays no part."""
        grads = self.grads
        if grads is None:
            return False
        if self.trace.loss is None:
            return True
        return bool(not np.any(grads.logits) and np.any(grads.h[1:]))

    @cached_property
    def has_loss(self) -> bool:
        """Whether targets and losses are in the graph."""
        return self.trace.target is not None and not self.from_upstream

    @property
    def ends(self) -> bool:
        """Whether L itself is in the graph."""
        return self.has_loss and self.last == self.trace.steps

    @property
    def horizon(self) -> int:
        """How many steps back gradients flow; T where they are not truncated."""
        k = None if self.grads is None else self.grads.truncate
        return self.trace.steps if k is None else min(k, self.trace.steps)

    @property
    def windowed(self) -> bool:
        """Whether each step has its own window of truncated BPTT."""
        many = self.from_upstream or len(self.trace.logits) > 1
        return self.horizon < self.trace.steps and many

    def is_cut(self, t: int) -> bool:
        """Whether the edge from h_t to step t + 1 carries not all of the gradient."""
        last_whole = self.trace.steps - self.horizon
        return 1 <= t <= last_whole if self.windowed else 0 < t == last_whole

    @cached_property
    def loss_count(self) -> int:
        """S·B: how many losses of readouts the mean is over."""
        return len(self.trace.logits) * self.trace.batch

    @cached_property
    def hidden_losses(self) -> int:
        """How many of them are not shown."""
        return self.loss_count - len(self.read)

    @cached_property
    def readout_losses(self) -> FloatArray:
        """The loss of each readout of each sample, (S, B): the mean over K where terms do not span it."""
        assert self.trace.target is not None
        with np.errstate(all="ignore"):
            terms = loss_named(self.trace.loss_name).terms(self.trace.logits, self.trace.target)
            return np.asarray(terms.mean(axis=2))

    @cached_property
    def hidden_loss(self) -> float:
        """The mean of the losses not shown."""
        shown = np.zeros(self.readout_losses.shape, bool)
        start = self.trace.readout_steps.start
        shown[self.read.start - start : self.read.stop - start, self.sample] = True
        return float(self.readout_losses[~shown].mean())

    @cached_property
    def hidden_contributions(self) -> dict[str, FloatArray]:
        """The terms of each parameter's gradient that belong to steps and samples not shown."""
        assert self.grads is not None
        trace, grads = self.trace, self.grads
        hidden, inputs = trace.params.hidden_size, trace.params.input_size
        away = np.ones((trace.steps, trace.batch), bool)
        away[self.first - 1 : self.last, self.sample] = False
        start = trace.readout_steps.start
        with np.errstate(all="ignore"):
            joint = grads.z[away].T @ trace.states[:-1][away]
            read = grads.logits[away[start - 1 :]].T @ trace.states[start:][away[start - 1 :]]
        return {
            "W_xh": joint[:, hidden : hidden + inputs],
            "W_hh": joint[:, :hidden],
            "b_h": joint[:, -1],
            "W_hy": read[:, :hidden],
            "b_y": grads.logits[away[start - 1 :]].sum(axis=0),
        }

    @cached_property
    def direct(self) -> FloatArray:
        """W_hyᵀ ∂L/∂a_t of every step and sample, (T, B, H), zero where nothing is read out."""
        assert self.grads is not None
        found = np.zeros_like(self.trace.z)
        with np.errstate(all="ignore"):
            start = self.trace.readout_steps.start - 1
            found[start:] = self.grads.logits @ self.trace.params.W_hy
        return found

    @cached_property
    def upstream(self) -> FloatArray:
        """What entered each state from outside, (T, B, H): what its other edges do not explain.

        With truncated gradients the two cannot be told apart below T - k: there it is all that
        arrived.
        """
        assert self.grads is not None
        found = self.grads.h[1:].copy()
        W_hh, d_z = self.trace.params.W_hh, self.grads.z
        with np.errstate(all="ignore"):
            carried = d_z[1:] @ W_hh
            size = np.abs(d_z[1:]) @ np.abs(W_hh) + np.abs(found[:-1])
            rest = found[:-1] - carried
            rest[np.abs(rest) <= NOISE * np.finfo(rest.dtype).eps * size] = 0
        whole = self.trace.steps - self.horizon if self.windowed else 0
        found[whole:-1] = rest[whole:]
        return found

    def others(self) -> "Others":
        """Return the other samples of the batch, to be run again when parameters change."""
        return Others(self.trace, self.sample, self.horizon, self.upstream_or_none)

    @property
    def upstream_or_none(self) -> FloatArray | None:
        """`upstream` where gradients come from outside."""
        return self.upstream if self.from_upstream else None


@dataclass(frozen=True, eq=False)
class Others:
    """The samples not shown: what they contribute, also with other parameters."""

    trace: Trace
    sample: int
    horizon: int
    upstream: FloatArray | None

    def run(self, params: Parameters) -> tuple[float, dict[str, Any]]:
        """Return the mean loss of the other samples (or Σ u·h) and its gradients."""
        trace = self.trace
        rest = [b for b in range(trace.batch) if b != self.sample]
        run = forward(
            params,
            trace.x[:, rest],
            None if trace.target is None else trace.target[:, rest],
            activation=activation_named(trace.activation).name,
            loss=trace.loss_name,
            readout=trace.readout,
            h0=trace.h[0, rest],
        )
        upstream = None if self.upstream is None else self.upstream[:, rest]
        grads = backward(run, upstream=upstream, truncate=self.horizon)
        if upstream is not None:
            value = float((upstream * run.h[1:]).sum())
        else:
            value = float("nan") if run.loss is None else run.loss
        return value, {name: getattr(grads.parameters, name) for name in NAMES}
