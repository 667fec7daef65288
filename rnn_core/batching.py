"""Sequences of unequal lengths in one batch: padding, masks, a run that equals separate runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_core._arrays import FloatArray, read_only, unchecked_array
from rnn_core._checks import of, takes
from rnn_core.backward import carry_back
from rnn_core.forward import forward
from rnn_core.frozen import Frozen
from rnn_core.limits import require_memory
from rnn_core.losses import loss_named
from rnn_core.types import Gradients, Parameters, Trace

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PaddedRun(Frozen):
    """One forward pass over a padded batch, as if each sequence had been run alone."""

    trace: Trace  # T of the longest; after its end its states are held and its z are 0
    mask: Mask  # (T, B) True while a sequence lasts
    lengths: NDArray[np.int64]  # (B,)
    logits: FloatArray  # (B, K) read at each sequence's own last step
    target: FloatArray | None  # (B, K)
    loss: float | None  # mean over the batch; None without a target

    @property
    def last(self) -> FloatArray:
        """The state of each sequence at its own last step, (B, H)."""
        final: FloatArray = self.trace.h[-1]
        return final


def pad(sequences: Sequence[ArrayLike]) -> tuple[FloatArray, Mask]:
    """Put sequences of unequal lengths side by side, each followed by zeros.

    Parameters
    ----------
    sequences
        B sequences, each (T_b, D), or (T_b,) for D = 1.

    Returns
    -------
    x
        (T, B, D) float64 with T the largest T_b.
    mask
        (T, B), True while a sequence lasts.

    Raises
    ------
    ValueError
        There is no sequence, one is empty or is not rows of finite numbers, the D differ, or the
        padded array is over `limits`.
    """
    if isinstance(sequences, str) or not isinstance(sequences, Iterable):
        raise ValueError(  # noqa: TRY004
            f"sequences: expected several, in a list, got {sequences!r:.60}"
        )
    rows = [_rows(f"sequence {b + 1}", one) for b, one in enumerate(sequences)]
    if not rows:
        raise ValueError("sequences: expected at least one, got none")
    sizes = sorted({row.shape[1] for row in rows})
    if len(sizes) > 1:
        raise ValueError(f"sequences: expected one D for all, got {', '.join(map(str, sizes))}")
    steps = max(map(len, rows))
    require_memory("pad", steps * len(rows) * sizes[0] * 8)
    x = np.zeros((steps, len(rows), sizes[0]))
    mask = np.zeros((steps, len(rows)), bool)
    for b, row in enumerate(rows):
        x[: len(row), b] = row
        mask[: len(row), b] = True
    return x, mask


def forward_padded(
    params: Parameters,
    x: ArrayLike,
    mask: ArrayLike,
    target: ArrayLike | None = None,
    *,
    activation: str = "tanh",
    loss: str = "binary_cross_entropy",
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
) -> PaddedRun:
    """Run a padded batch so that each sequence gets what it would get alone.

    Steps after the end of a sequence cannot reach back to what came before, so the whole batch runs
    as usual and the mask is applied afterwards:

        h_t^b = h_{T_b}^b for t > T_b,   a^b = W_hy h_{T_b}^b + b_y,   L = mean over the batch

    Parameters
    ----------
    x, mask
        (T, B, D) and (T, B), as `pad` makes them.
    target
        (B, K), one row for each sequence (class indices (B,) for softmax cross-entropy); fewer
        axes as in `forward`.
    activation, loss, h0, c0
        As in `forward`.

    Raises
    ------
    ValueError
        The mask is not (T, B) with a run of True at the start of each column, or `forward` refuses
        the rest.
    """
    lasting = _mask(mask)
    run = forward(params, x, activation=activation, loss=loss, h0=h0, c0=c0)
    if lasting.shape != (run.steps, run.batch):
        raise ValueError(
            f"mask: expected shape (T, B) = {(run.steps, run.batch)}, got {lasting.shape}"
        )
    lengths = lasting.sum(axis=0)
    trace = _held(run, lasting, lengths)
    family = loss_named(loss)
    wanted = None
    if target is not None:
        wanted = family.target(target, trace.logits.shape, trace.logits.dtype)
    with np.errstate(all="ignore"):
        value = None if wanted is None else family.mean(trace.logits, wanted)
    return PaddedRun(
        trace=trace,
        mask=lasting,
        lengths=lengths,
        logits=trace.logits[0],
        target=None if wanted is None else wanted[0],
        loss=value,
    )


@takes(run=of(PaddedRun))
def backward_padded(run: PaddedRun) -> Gradients:
    """Carry the loss of a padded batch back: it enters each sequence at its own last step.

    ∂L/∂h_{T_b}^b = W_hyᵀ ∂L/∂a^b, and nothing enters later, so every gradient after the end of a
    sequence is exactly zero and padding adds nothing to the sums over time.

    Returns
    -------
    Gradients
        As of `backward`; `logits` is (1, B, K).

    Raises
    ------
    ValueError
        The run has no target.
    """
    if run.target is None:
        raise ValueError("backward_padded: expected a run with a target, got one without")
    trace, params = run.trace, run.trace.params
    with np.errstate(all="ignore"):
        d_logits = trace.family.gradient(trace.logits, run.target[np.newaxis])  # (1, B, K)
        upstream = np.zeros_like(trace.h[1:])
        upstream[run.lengths - 1, np.arange(trace.batch)] = d_logits[0] @ params.W_hy
        grads = carry_back(trace, read_only(upstream), None)
        read = {
            "W_hy": read_only(d_logits[0].T @ run.last),
            "b_y": read_only(d_logits[0].sum(axis=0)),
        }
    found = Parameters.trusted_of(params.cell, {**dict(grads.parameters.items()), **read})
    return replace(grads, parameters=found, logits=read_only(d_logits), upstream=None)


def _held(run: Trace, mask: Mask, lengths: NDArray[np.int64]) -> Trace:
    """Return the run with the states held after each end, read out there.

    Holding also keeps a padded step of an exploding network from turning 0 · ∞ into nan.
    """
    values, over = {"x": run.x}, ~mask
    for name in run.cell.line:
        values[name] = run[name].copy()
        if name in run.cell.states:
            last = run[name][lengths, np.arange(run.batch)]  # (B, H)
            values[name][1:][over] = np.broadcast_to(last, run.h[1:].shape)[over]
        else:
            values[name][over] = 0
    with np.errstate(all="ignore"):
        logits = values["h"][-1:] @ run.params.W_hy.T + run.params.b_y
    return Trace.of_quantities(
        values,
        params=run.params,
        activation=run.activation,
        family=run.family,
        readout="last",
        logits=logits,
    )


def _rows(name: str, value: ArrayLike) -> FloatArray:
    array = unchecked_array(name, value, np.dtype(np.float64))
    if array.ndim == 1:
        array = array[:, np.newaxis]
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name}: expected shape (T, D) or (T,), got {np.shape(value)}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, got nan or infinity")
    return array


def _mask(value: ArrayLike) -> Mask:
    """Return the mask if each column is True from the first step to its end, False after."""
    try:
        mask = np.asarray(value)
    except ValueError:
        raise ValueError(
            "mask: expected True and False in rows of equal length, got others"
        ) from None
    if mask.dtype != np.bool_ or mask.ndim != 2:
        raise ValueError(
            f"mask: expected True and False in shape (T, B), got {mask.dtype} in {mask.shape}"
        )
    if not mask[:1].all() or (mask[1:] & ~mask[:-1]).any():
        raise ValueError(
            "mask: expected each column True from step 1 to the sequence's end and False after, "
            "got a gap or a sequence without a step"
        )
    return mask
