"""Notice the first number of a run that is not finite, and say which operation made it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._short import Shown
from rnn_core.forms.form import Evaluation, Link
from rnn_core.forms.operations import EVENTS, OPERATIONS, events


@dataclass(frozen=True)
class NonFinite(Shown):
    """The first number of a run that is not finite.

    `node` and `symbol` are those of `computational_graph` at level "operation"; in the backward
    phase it is the node's gradient that fails. `operands` are what the last operation was done
    with, `operand_names` how they are called. `chain` is there where the node is a loss or the
    gradient of a logit: its steps, from what went wrong to the result.
    """

    node: str
    symbol: str
    t: int | None
    phase: str  # "input", "forward" or "backward"
    sample: int  # from 0
    index: tuple[int, ...]  # the entry, from 1
    value: float
    operation: str  # of OPERATIONS, or "convert"
    operands: tuple[float, ...]
    operand_names: tuple[str, ...]
    event: str
    dtype: str
    largest: float  # of the format
    chain: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Place(Shown):
    """Where a check is made: a node of the graph."""

    node: str
    symbol: str
    t: int | None
    phase: str


Names = Callable[..., str]
"""Names an operand by the entry's sample and indices, all from 0."""


class Found(Exception):
    """Ends a run whose watch stops at its first finding."""


class Watch:
    """Keeps the first finding of a run; every check after it is skipped, or the run is ended."""

    def __init__(self, dtype: "np.dtype[Any]", *, stops: bool = False) -> None:
        self.dtype = dtype
        self.stops = stops
        self.first: NonFinite | None = None

    def quiet(self, array: FloatArray) -> bool:
        """Whether there is nothing to report: something was found before, or all is finite."""
        return self.first is not None or bool(np.isfinite(array).all())

    def report(
        self,
        place: Place,
        at: tuple[int, ...],
        operation: str,
        operands: tuple[float, ...],
        names: tuple[str, ...],
        value: float,
        **more: Any,
    ) -> None:
        """Keep a finding at the entry `at`, (sample, …), from 0."""
        self.first = NonFinite(
            node=place.node,
            symbol=place.symbol,
            t=place.t,
            phase=place.phase,
            sample=at[0],
            index=tuple(i + 1 for i in at[1:]),
            value=value,
            operation=operation,
            operands=operands,
            operand_names=names,
            event=more.pop("event", None) or self._event(operation, operands, value),
            dtype=self.dtype.name,
            largest=float(np.finfo(self.dtype).max),
            **more,
        )
        if self.stops:
            raise Found

    def _event(self, operation: str, operands: tuple[float, ...], value: float) -> str:
        arrays = [np.array(operand, self.dtype) for operand in operands]
        return EVENTS[int(events(operation, arrays, np.array(value, self.dtype)))]

    def elementwise(
        self,
        place: Place,
        operation: str,
        operands: tuple[FloatArray, FloatArray],
        names: tuple[Names, Names],
    ) -> FloatArray:
        """Return an operation on two arrays of one shape (B, …), checked."""
        result = OPERATIONS[operation].apply(*operands)
        if not self.quiet(result):
            at = first_entry(result)
            given = tuple(float(array[at]) for array in operands)
            called = tuple(name(*at) for name in names)
            self.report(place, at, operation, given, called, float(result[at]))
        return result

    def product(
        self, place: Place, W: FloatArray, v: FloatArray, names: tuple[Names, Names]
    ) -> FloatArray:
        """Return W v for each row v of (B, n), every product and partial sum in the format.

        The first name takes (i, j) of W, the second (sample, j) of v.
        """
        terms = W * v[:, np.newaxis, :]  # (B, m, n)
        sums = np.add.accumulate(terms, axis=-1)
        result = sums[..., -1]
        if not self.quiet(result):
            b, i = first_entry(result)
            j = int(np.argmin(np.isfinite(sums[b, i])))
            w_name, v_name = names[0](i, j), names[1](b, j)
            if np.isfinite(terms[b, i, j]):
                before = f"the sum of the first {j} products" if j > 1 else "the first product"
                called = (before, f"{w_name}·{v_name}")
                given = (float(sums[b, i, j - 1]), float(terms[b, i, j]))
                self.report(place, (b, i), "add", given, called, float(sums[b, i, j]))
            else:
                given = (float(W[i, j]), float(v[b, j]))
                called = (w_name, v_name)
                self.report(place, (b, i), "multiply", given, called, float(terms[b, i, j]))
        return result

    def form(self, place: Place, evaluated: Evaluation) -> FloatArray:
        """Return the result (B, K) of a form, checked, with the chain of its steps."""
        result = evaluated.result
        if not self.quiet(result):
            at = first_entry(result)
            chain = evaluated.chain(at)
            cause = next(link for link in chain if not np.isfinite(link.value))
            names = next(s.operands for s in evaluated.form.steps if s.name == cause.step)
            called = tuple(name if isinstance(name, str) else f"{name:g}" for name in names)
            self.report(
                place,
                at,
                cause.operation,
                cause.operands,
                called,
                float(result[at]),
                event=cause.event,
                chain=chain,
            )
        return result

    def converted(self, place: Place, array: FloatArray) -> FloatArray:
        """Return numbers rounded to the format, checked; the first axis is the sample."""
        result = array.astype(self.dtype)
        if not self.quiet(result):
            at = first_entry(result)
            given = (float(array[at]),)
            entry = f"{place.symbol}[{','.join(str(i + 1) for i in at[1:])}]"
            self.report(place, at, "convert", given, (entry,), float(result[at]), event="overflow")
        return result


def first_entry(array: FloatArray) -> tuple[int, ...]:
    """Return the index of the first number that is not finite."""
    return tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
