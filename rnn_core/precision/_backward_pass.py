"""The backward pass in a format, every operation watched."""

from collections.abc import Iterator

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import activation_named
from rnn_core.forms.form import Form, evaluate
from rnn_core.precision import places
from rnn_core.precision.watch import Names, Place, Watch
from rnn_core.types import Gradients, Parameters, Trace


def backward_pass(trace: Trace, watch: Watch, form: Form, truncate: int | None) -> Gradients:
    """Return the gradients of a run in the watch's format, ∂L/∂a computed by `form`."""
    made = BackwardPass(trace, watch, form)
    made.run(min(truncate or trace.steps, trace.steps))
    arrays = (made.d_z, made.d_h, made.d_logits, *made.totals.values())
    for array in arrays:
        array.setflags(write=False)
    return Gradients.trusted(
        trace=trace,
        parameters=Parameters.trusted(**made.totals),
        z=made.d_z,
        h=made.d_h,
        logits=made.d_logits,
        truncate=truncate,
    )


class BackwardPass:
    """The gradients while they are added up."""

    def __init__(self, trace: Trace, watch: Watch, form: Form) -> None:
        self.trace, self.watch, self.form = trace, watch, form
        self.d_z = np.zeros_like(trace.h[1:])
        self.d_h = np.zeros_like(trace.h)
        self.d_logits = np.zeros_like(trace.logits)
        self.totals = {name: np.zeros_like(array) for name, array in trace.params.items()}

    def run(self, horizon: int) -> None:
        """Go back from the last step; with a horizon, from each readout through its own window."""
        for window, first in self.windows(horizon):
            arrived: FloatArray | None = None
            for t in range(window[-1], first - 1, -1):
                if t in window:
                    arrived = self.entering(t, arrived)
                assert arrived is not None  # noqa: S101  # a window ends with a readout
                d_z = self.step(t, arrived)
                if t > first or t == 1:
                    arrived = self.onward(t, d_z)
            if first == 1 and arrived is not None:
                self._keep("h", 0, self.d_h, 0, arrived)

    def windows(self, horizon: int) -> Iterator[tuple[range, int]]:
        """Yield what is gone back through, the last first: steps read out, and its first step."""
        read = self.trace.readout_steps
        whole = horizon == self.trace.steps
        for window in [read] if whole else (range(t, t + 1) for t in reversed(read)):
            yield window, max(window[-1] - horizon, 0) + 1

    def entering(self, t: int, later: FloatArray | None) -> FloatArray:
        """Return ∂L/∂h_t, what comes from the logit of step t and what comes from later steps."""
        trace, watch = self.trace, self.watch
        assert trace.target is not None  # noqa: S101  # there is a loss
        row = t - trace.readout_steps.start
        count = trace.family.count(trace.logits.shape)
        inputs = {"a": trace.logits[row], "y": trace.target[row]}
        made = evaluate(self.form, inputs, watch.dtype.name)
        d_a = watch.form(places.timed("a", t, "backward"), made) / watch.dtype.type(count)
        self.d_logits[row] = d_a
        self._add_outer("W_hy", ("a", t, d_a), ("h", t, trace.h[t]), t)
        self._add_bias("b_y", ("a", t, d_a), t)
        direct = watch.product(
            places.timed("h", t, "backward"),
            trace.params.W_hy.T,
            d_a,
            (places.transposed("W_hy"), places.unit_gradient("a", t)),
        )
        if later is None:
            return direct
        names = (places.called("W_hyᵀ ∂L/∂a"), places.called(self.from_later(t)))
        return watch.elementwise(places.timed("h", t, "backward"), "add", (direct, later), names)

    def from_later(self, t: int) -> str:
        """Say what ∂L/∂h_t has from later steps."""
        return f"W_hhᵀ ∂L/∂z_{t + 1}"

    def step(self, t: int, d_h: FloatArray) -> FloatArray:
        """Return ∂L/∂z_t, and add what step t has to the gradients of the parameters."""
        trace, watch = self.trace, self.watch
        self._keep("h", t, self.d_h, t, d_h)
        slope = activation_named(trace.activation).slope(trace.z[t - 1])
        names = (places.called(f"φ′(z_{t})"), places.unit_gradient("h", t))
        place = places.timed("z", t, "backward")
        reaching = np.where(slope == 0, slope, d_h)  # a unit that passes nothing on: see backward
        d_z = watch.elementwise(place, "multiply", (slope, reaching), names)
        self._keep("z", t, self.d_z, t - 1, d_z)
        given = ("z", t, d_z)
        self._add_outer("W_hh", given, ("h", t - 1, trace.h[t - 1]), t)
        self._add_outer("W_xh", given, ("x", t, trace.x[t - 1]), t)
        self._add_bias("b_h", given, t)
        return d_z

    def onward(self, t: int, d_z: FloatArray) -> FloatArray:
        """Return W_hhᵀ ∂L/∂z_t, which is what ∂L/∂h_{t-1} has from there."""
        return self.watch.product(
            places.timed("h", t - 1, "backward"),
            self.trace.params.W_hh.T,
            d_z,
            (places.transposed("W_hh"), places.unit_gradient("z", t)),
        )

    def _keep(self, letter: str, t: int, into: FloatArray, row: int, part: FloatArray) -> None:
        """Add one window's part of a gradient to those of the others."""
        names = (places.called("from later windows"), places.called("from this one"))
        place = places.timed(letter, t, "backward")
        into[row] = self.watch.elementwise(place, "add", (into[row], part), names)

    def _add_outer(
        self,
        name: str,
        gradient: tuple[str, int, FloatArray],
        read: tuple[str, int, FloatArray],
        t: int,
    ) -> None:
        """Add ∂L/∂z vᵀ, for each sequence, to the gradient of a matrix."""
        (letter, at, d), (reads, read_at, v) = gradient, read
        left, right = np.broadcast_arrays(d[:, :, np.newaxis], v[:, np.newaxis, :])

        def by_row(sample: int, i: int, j: int) -> str:
            return places.unit_gradient(letter, at)(sample, i)

        def by_column(sample: int, i: int, j: int) -> str:
            return places.unit(reads, read_at)(sample, j)

        place = places.parameter(name, t, "backward")
        terms = self.watch.elementwise(place, "multiply", (left, right), (by_row, by_column))
        self._add_terms(name, place, terms, t)

    def _add_bias(self, name: str, gradient: tuple[str, int, FloatArray], t: int) -> None:
        self._add_terms(name, places.parameter(name, t, "backward"), gradient[2], t)

    def _add_terms(self, name: str, place: Place, terms: FloatArray, t: int) -> None:
        """Add the terms of all sequences to a total, one after the other."""
        names: tuple[Names, Names] = (
            places.called("the sum over later steps"),
            places.called(f"the term of step {t}"),
        )
        total = self.totals[name][np.newaxis]
        for term in terms:
            total = self.watch.elementwise(place, "add", (total, term[np.newaxis]), names)
        self.totals[name] = total[0]
