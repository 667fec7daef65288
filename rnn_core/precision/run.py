"""A whole run in a floating-point format, one operation at a time, and its first bad number."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import choose
from rnn_core._checks import of, optional, takes, text, whole
from rnn_core._short import Shown
from rnn_core.cells import ELMAN
from rnn_core.forms.operations import FORMATS
from rnn_core.forward import forward
from rnn_core.limits import require_memory, require_work
from rnn_core.precision._backward_pass import backward_pass
from rnn_core.precision._cell_backward import backward_cell_pass
from rnn_core.precision._forward_pass import forward_pass
from rnn_core.precision.families import forms_of
from rnn_core.precision.watch import Found, NonFinite, Watch
from rnn_core.types import Gradients, Parameters, Trace

MAX_MULTIPLICATIONS = 2 * 10**9
"""Each is made by itself and looked at, which takes some hundred times as long as in a library."""


@dataclass(frozen=True, eq=False)
class FormatRun(Shown):
    """A run whose every operation was rounded to one format; all arrays are of that dtype.

    `first` is the first number that is not finite, in the order of the computation, if any.
    """

    dtype: str
    form: str
    trace: Trace
    grads: Gradients | None  # None without a target
    first: NonFinite | None


@takes(trace=of(Trace), form=text, truncate=optional(whole(1)))
@np.errstate(all="ignore")
def run_in_format(
    trace: Trace, *, dtype: str, form: str = "stable", truncate: int | None = None
) -> FormatRun:
    """Repeat a run, forward and backward, with every operation rounded to a format.

    Sums are added up from left to right, so the last digits may differ from those of a library
    that adds in another order or in a wider format.

    Parameters
    ----------
    trace
        A run in float64 or float32, for its parameters, inputs, target and settings.
    dtype
        "float16", "float32" or "float64".
    form
        How the loss and its derivative are computed from the logit: one of the loss's `forms`.
    truncate
        As in `backward`.

    Raises
    ------
    ValueError
        The format is unknown, the loss has no such form, or the work is over the limit.
    """
    watch = Watch(choose("dtype", FORMATS, dtype))
    made, grads = _run(trace, watch, form, truncate)
    return FormatRun(dtype, form, made, grads, watch.first)


@takes(trace=of(Trace), form=text, truncate=optional(whole(1)))
@np.errstate(all="ignore")
def first_of_run(
    trace: Trace, *, dtype: str, form: str = "stable", truncate: int | None = None
) -> NonFinite | None:
    """Return the `first` of `run_in_format`, which takes the same arguments, and stop there."""
    watch = Watch(choose("dtype", FORMATS, dtype), stops=True)
    with suppress(Found):
        _run(trace, watch, form, truncate)
    return watch.first


def first_non_finite(
    params: Parameters,
    x: ArrayLike,
    target: ArrayLike | None = None,
    *,
    dtype: str,
    form: str = "stable",
    activation: str = "tanh",
    loss: str = "binary_cross_entropy",
    readout: str = "last",
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
) -> NonFinite | None:
    """Return the first number of a run in a format that is not finite, or None.

    The arguments are those of `forward` and of `run_in_format`; the same errors are raised.
    """
    trace = forward(
        params, x, target, activation=activation, loss=loss, readout=readout, h0=h0, c0=c0
    )
    return first_of_run(trace, dtype=dtype, form=form)


def _run(
    trace: Trace, watch: Watch, form: str, truncate: int | None
) -> tuple[Trace, Gradients | None]:
    loss_form, gradient_form = forms_of(trace.loss_name, form)
    _require_budget(trace)
    made = forward_pass(trace, watch, loss_form)
    if made.target is None:
        return made, None
    if trace.cell is ELMAN:
        return made, backward_pass(made, watch, gradient_form, truncate)
    return made, backward_cell_pass(made, watch, gradient_form, truncate)


def _require_budget(trace: Trace) -> None:
    kept = sum(array.nbytes for array in trace.quantities.values())
    params, sequences = trace.params, trace.batch * trace.steps
    require_memory("run in a format", 16 * trace.batch * params.count + 4 * kept)
    require_work("run in a format", sequences * params.count, MAX_MULTIPLICATIONS)
