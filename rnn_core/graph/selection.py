"""The part of a run that a graph shows, and what the rest of the run adds to its gradients."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._short import Shown
from rnn_core.graph import names
from rnn_core.graph.plan import Plan, plan_of
from rnn_core.types import Gradients, Trace, Use


class Losses(NamedTuple):
    """Of each step: the terms, (n, K) or (n, 1), and ∂(term)/∂a and ∂(term)/∂y, (n, K)."""

    terms: FloatArray
    by_logit: FloatArray
    by_target: FloatArray


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

    @property
    def rows(self) -> slice:
        """The time steps shown, counted from 0."""
        return slice(self.first - 1, self.last)

    @cached_property
    def plan(self) -> Plan:
        """What a step computes."""
        return plan_of(self.trace.cell, self.trace.activation)

    @cached_property
    def read_out(self) -> list[int]:
        """The time steps shown that are read out."""
        return [t for t in self.trace.readout_steps if self.first <= t <= self.last]

    def named(self, letter: str, *index: int) -> names.Called:
        """Return the names of a quantity; the prediction is written as its loss writes it."""
        if letter == "p":
            return names.prediction(self.trace.family.prediction_symbol, *index)
        return names.quantity(letter, *index)

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
        return (
            grads is not None and grads.truncate is not None and grads.truncate < self.trace.steps
        )

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
        if rows.start >= rows.stop or not len(columns):
            return
        for use in grads.uses:
            use.add_to(found[use.weight], rows, columns)
        start = trace.readout_steps.start - 1  # the step, from 0, of the first row of the logits
        read = slice(max(rows.start - start, 0), max(rows.stop - start, 0))
        Use("W_hy", grads.logits, trace.h[1 + start :]).add_to(found["W_hy"], read, columns)
        Use("b_y", grads.logits, None).add_to(found["b_y"], read, columns)

    def outside_loss(self) -> float | None:
        """Return the part of the loss that is not shown."""
        trace = self.trace
        if trace.loss is None:
            return None
        shown = sum(self.term(t) for t in self.read_out) / self.terms
        return 0.0 if self.whole_loss else trace.loss - shown

    @cached_property
    def losses(self) -> "Losses":
        """The terms of the loss at the steps read out that are shown, and their derivatives."""
        start = self.readout_row(self.read_out[0]) if self.read_out else 0
        rows = slice(start, start + len(self.read_out))
        family, target = self.trace.family, self.trace.target
        assert target is not None  # noqa: S101  # only asked for where there is a loss
        a, y = self.trace.logits[rows, self.sample], target[rows, self.sample]
        return Losses(family.terms(a, y), family.delta(a, y), family.by_target(a, y))

    def term(self, t: int) -> float:
        """Return the loss of the shown sequence at step t, before the mean over steps and batch."""
        return float(self.losses.terms[t - self.read_out[0]].mean())

    def target(self, t: int) -> FloatArray:
        """Return y at step t, (K,)."""
        target = self.trace.target
        assert target is not None  # noqa: S101  # only asked for where there is a loss
        found: FloatArray = target[self.readout_row(t), self.sample]
        return found

    @cached_property
    def scale(self) -> float | None:
        """∂L/∂l_t, where a step's loss is the mean over its outputs."""
        return None if self.grads is None else float(self.by_loss) / self.terms

    @property
    def each(self) -> int:
        """How many terms of the loss a step has."""
        trace = self.trace
        return 1 if trace.family.spans_outputs else int(trace.params.output_size)

    @cached_property
    def by_term(self) -> float | None:
        """∂L by one term of the loss; ∂L/∂y is this times the term's derivative at every level."""
        return None if self.grads is None else float(self.by_loss) / (self.terms * self.each)

    def grad(self, name: str, row: int) -> FloatArray | None:
        """Return one row of the gradients by a quantity of the cell."""
        return None if self.grads is None else self.grads[name][row, self.sample]

    def grad_of_logits(self, row: int) -> FloatArray | None:
        """Return one row of the gradients by the logits."""
        return None if self.grads is None else self.grads.logits[row, self.sample]

    def gradient(self, name: str) -> FloatArray | None:
        """Return the gradient of a parameter, over the whole batch and all steps."""
        return None if self.grads is None else self.grads.parameters[name]
