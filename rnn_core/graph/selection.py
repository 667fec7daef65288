"""The part of a run that a graph shows, and what the rest of the run adds to its gradients."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._short import Shown
from rnn_core.types import PARAMETER_NAMES, Gradients, Trace


@dataclass(frozen=True)
class Selection(Shown):
    """Steps `first` to `last` (counted from 1) of one sequence of the batch."""

    trace: Trace
    grads: Gradients | None
    sample: int
    first: int
    last: int

    @property
    def steps(self) -> range:
        """The time steps shown."""
        return range(self.first, self.last + 1)

    @cached_property
    def read_out(self) -> list[int]:
        """The time steps shown that are read out."""
        return [t for t in self.trace.readout_steps if self.first <= t <= self.last]

    def readout_row(self, t: int) -> int:
        """Return where step t stands in the logits."""
        return t - self.trace.readout_steps.start

    @cached_property
    def terms(self) -> int:
        """The number of steps read out in the whole batch, which the loss is the mean over."""
        return len(self.trace.logits) * self.trace.batch

    @cached_property
    def by_loss(self) -> bool:
        """Whether the gradients are those of the loss, and not of something outside."""
        outside = self.grads is not None and self.grads.upstream is not None
        return self.trace.target is not None and not outside

    @cached_property
    def cut(self) -> bool:
        """Whether truncation leaves something out of the gradients."""
        grads = self.grads
        return grads is not None and grads.truncate is not None and grads.truncate < len(grads.z)

    @cached_property
    def whole_loss(self) -> bool:
        """Whether all terms of the loss are shown."""
        return len(self.read_out) == self.terms

    @cached_property
    def partial(self) -> bool:
        """Whether something adds to the loss or to a gradient without being shown."""
        trace = self.trace
        windowed = self.first > 1 or self.last < trace.steps
        outside = self.grads is not None and not self.by_loss
        return windowed or trace.batch > 1 or self.cut or outside

    def outside_parameters(self) -> dict[str, FloatArray]:
        """Return the terms of each parameter's gradient from steps and sequences not shown."""
        trace, grads = self.trace, self.grads
        if grads is None:
            return {}
        found = {name: np.zeros_like(array) for name, array in trace.params.items()}
        others = np.delete(np.arange(trace.batch), self.sample)
        here = [self.sample]
        for rows, columns in (
            (slice(0, self.first - 1), here),
            (slice(self.last, trace.steps), here),
            (slice(0, trace.steps), others),
        ):
            self._add_steps(found, rows, columns)
        return found

    def _add_steps(self, found: dict[str, FloatArray], rows: slice, columns: Any) -> None:
        trace, grads = self.trace, self.grads
        assert grads is not None  # noqa: S101  # only called with gradients
        dz = _rows(grads.z[rows][:, columns])
        if not len(dz):
            return
        found["W_hh"] += dz.T @ _rows(trace.h[:-1][rows][:, columns])
        found["W_xh"] += dz.T @ _rows(trace.x[rows][:, columns])
        found["b_h"] += dz.sum(axis=0)
        start = trace.readout_steps.start - 1  # the step, from 0, of the first row of the logits
        read = slice(max(rows.start - start, 0), max(rows.stop - start, 0))
        da = _rows(grads.logits[read][:, columns])
        if len(da):
            found["W_hy"] += da.T @ _rows(trace.h[1 + start :][read][:, columns])
            found["b_y"] += da.sum(axis=0)

    def outside_states(self) -> dict[int, FloatArray]:
        """Return what reaches shown states' gradients by ways not shown, by step, zeros left out.

        Those are later steps, a readout before the first step, states read from outside, and,
        with the opposite sign, what truncation leaves out.
        """
        grads = self.grads
        if grads is None:
            return {}
        exactly = grads.truncate is not None or not self.by_loss
        at = range(self.first - 1, self.last + 1) if exactly else {self.first - 1, self.last}
        found = {}
        for t in at:
            residual = self._not_shown_at(t, exactly)
            if residual.any():
                found[t] = residual
        return found

    def _not_shown_at(self, t: int, exactly: bool) -> FloatArray:
        trace, grads = self.trace, self.grads
        assert grads is not None  # noqa: S101  # only called with gradients
        direct = np.zeros(trace.params.hidden_size, trace.params.dtype)
        if t in trace.readout_steps:
            direct += grads.logits[self.readout_row(t), self.sample] @ trace.params.W_hy
        later = np.zeros_like(direct)
        if t < trace.steps:
            later += grads.z[t, self.sample] @ trace.params.W_hh
        hidden_direct = direct if t < self.first else np.zeros_like(direct)
        hidden_later = later if t == self.last else np.zeros_like(later)
        if not exactly:
            return hidden_direct + hidden_later
        if grads.upstream is not None and not self.cut:
            outside = grads.upstream[t - 1, self.sample] if t else 0.0
            return np.asarray(hidden_direct + hidden_later + outside)
        total = grads.h[t, self.sample]
        left_over = total - direct - later
        rounding = 8 * np.finfo(total.dtype).eps * (abs(total) + abs(direct) + abs(later))
        left_over[abs(left_over) <= rounding] = 0.0
        found: FloatArray = hidden_direct + hidden_later + left_over
        return found

    def outside_loss(self) -> float | None:
        """Return the part of the loss that is not shown."""
        trace = self.trace
        if trace.loss is None:
            return None
        shown = sum(self.term(t) for t in self.read_out) / self.terms
        return 0.0 if self.whole_loss else trace.loss - shown

    def term(self, t: int) -> float:
        """Return the loss of the shown sequence at step t, before the mean over steps and batch."""
        row, trace = self.readout_row(t), self.trace
        a, y = trace.logits[row, self.sample], self.target(t)
        return float(trace.family.terms(a, y).mean())

    def target(self, t: int) -> FloatArray:
        """Return y at step t, (K,)."""
        target = self.trace.target
        assert target is not None  # noqa: S101  # only asked for where there is a loss
        found: FloatArray = target[self.readout_row(t), self.sample]
        return found

    def grad(self, array: str, row: int) -> FloatArray | None:
        """Return one row of the gradients' array of that name ("x", "z", "h", "logits")."""
        return None if self.grads is None else getattr(self.grads, array)[row, self.sample]

    def gradient(self, name: str) -> FloatArray | None:
        """Return the gradient of a parameter, over the whole batch and all steps."""
        return None if self.grads is None else getattr(self.grads.parameters, name)

    def parameters(self) -> list[tuple[str, FloatArray]]:
        """Return (name, array) of the five parameters."""
        return [(name, getattr(self.trace.params, name)) for name in PARAMETER_NAMES]


def _rows(array: FloatArray) -> FloatArray:
    return array.reshape(-1, array.shape[-1])
