"""Runs of one network with one number moved in each, and the difference quotients between them.

The recurrence is evaluated from the lines of the cell with a leading axis N over the runs, by a
loop of its own: one loop over time serves all of them, and `forward` does not vouch for itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from rnn_core._arrays import FLOAT64, FloatArray
from rnn_core.activations import ACTIVATIONS, Activation, activation_named
from rnn_core.cells.cell import ACTIVATION, BEFORE, INPUT, MATVEC, Operand, Term
from rnn_core.ops import op_named
from rnn_core.types import Trace

ROUNDING = 1e-14
"""Largest rounding error taken to be in L and in its logits a, relative to |L| and max(1, |a|)."""

VARIANT_NUMBERS = 2_000_000
"""Numbers that a block of variants may hold at once: 16 MB."""

JOINT_NUMBERS = 400_000
"""Numbers up to which the variants of several arrays are one block: calls cost more than they."""

Bools = np.ndarray[Any, np.dtype[np.bool_]]


class Variants:
    """Runs of a trace's network, in float64, with one number moved in each."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.values: dict[str, FloatArray] = {
            name: np.array(array, FLOAT64) for name, array in trace.params.items()
        }
        self.values[INPUT] = np.array(trace.x, FLOAT64)
        for state in trace.cell.states:
            self.values[initial(state)] = np.array(trace[state][0], FLOAT64)
        self.target = np.array(trace.target, FLOAT64)  # (S, B, K)
        self.from_logits = self._rounding_of_logits()
        step = (len(trace.cell.lines) + 1) * trace.params.hidden_size
        self._each = trace.batch * (step + trace.logits[:, 0].size)  # numbers of a run

    def _rounding_of_logits(self) -> float:
        """Return what the rounding of the logits does to L: Σ |∂L/∂a| · max(1, |a|) · rounding."""
        a = np.array(self.trace.logits, FLOAT64)
        with np.errstate(all="ignore"):
            slope = np.abs(self.trace.family.gradient(a, self.target))
        return ROUNDING * float(np.sum(slope * np.maximum(1.0, np.abs(a))))

    def central_differences(
        self, names: list[str], steps: Sequence[tuple[float, bool]]
    ) -> Iterator[tuple[dict[str, FloatArray], dict[str, float]]]:
        """Yield, by step, the differences of each named array, and how far they may be off.

        With a step goes whether it is wide: then the quotients of ε and 2ε are combined. An entry
        is nan where its step crosses a kink of the activation.
        """
        quotients = iter(self._quotients(names, _sizes(steps)))
        for _, wide in steps:
            found, errors = next(quotients)
            if wide:
                twice, _ = next(quotients)
                for name, narrow in found.items():
                    found[name] = (4 * narrow - twice[name]) / 3
                    removed = np.abs(found[name] - narrow)  # of order ε², and above the next
                    errors[name] += float(np.nanmax(removed, initial=0.0))
            yield found, errors

    def are_few(self, names: list[str], steps: Sequence[tuple[float, bool]]) -> bool:
        """Whether one loop over time serves all these steps in no more time than one of them."""
        entries = len(_sizes(steps)) * sum(map(self._size, names))
        return self._numbers(entries) <= JOINT_NUMBERS

    def _quotients(
        self, names: list[str], steps: Sequence[float]
    ) -> list[tuple[dict[str, FloatArray], dict[str, float]]]:
        """Return (L(θ + ε) − L(θ − ε)) / 2ε for arrays, and the largest rounding error in each."""
        made: list[tuple[dict[str, FloatArray], dict[str, float]]] = [
            (
                {name: np.empty(self.values[name].shape, FLOAT64) for name in names},
                dict.fromkeys(names, 0.0),
            )
            for _ in steps
        ]
        for block in self._blocks(names, len(steps)):
            width, right, left, crossed = self._sides(block, steps)
            quotients = np.where(crossed, np.nan, (right - left) / width)
            rounding = (ROUNDING * np.abs(right) + self.from_logits) / width
            start = 0
            for found, errors in made:
                for name, places in block.items():
                    here = slice(start, start + len(places))
                    found[name].reshape(-1)[places] = quotients[here]
                    errors[name] = max(errors[name], float(rounding[here].max()))
                    start = here.stop
        return made

    def _size(self, name: str) -> int:
        return int(self.values[name].size)

    def _numbers(self, entries: int) -> int:
        """Return how many numbers the runs of so many entries hold at once."""
        return 2 * entries * (entries + self._each)

    def _blocks(self, names: list[str], times: int) -> Iterator[dict[str, range]]:
        """Yield places of entries by array, so that no block of variants takes much memory.

        Each entry is moved so many `times`, up and down.
        """
        sizes = {name: self.values[name].size for name in sorted(names, key=self._size)}
        joint: dict[str, range] = {}
        for name, size in sizes.items():
            entries = sum(map(len, joint.values())) + size
            if self._numbers(times * entries) <= JOINT_NUMBERS:
                joint[name] = range(size)
                continue
            if joint:
                yield joint
                joint = {}
            most = max(1, VARIANT_NUMBERS // (2 * times * (size + self._each)))
            for start in range(0, size, most):
                yield {name: range(start, min(start + most, size))}
        if joint:
            yield joint

    def _sides(
        self, block: Mapping[str, range], steps: Sequence[float]
    ) -> tuple[FloatArray, FloatArray, FloatArray, Bools]:
        """Move each entry of a block up and down: widths, both losses, whether a kink was met.

        By each step in turn, all entries of the block.
        """
        entries = sum(map(len, block.values()))
        count = len(steps) * entries
        values, widths, start = self._shared(), np.empty(count), 0
        for name, places in block.items():
            value = self.values[name]
            moved = np.repeat(value[np.newaxis], 2 * count, axis=0)
            flat = moved.reshape(2 * count, -1)
            for number, step in enumerate(steps):
                up = np.arange(start, start + len(places)) + number * entries
                sizes = step * np.maximum(1.0, np.abs(value.reshape(-1)[places]))
                flat[up, places] += sizes
                flat[up + count, places] -= sizes
                widths[up] = flat[up, places] - flat[up + count, places]
            values[name], start = moved, start + len(places)
        losses, crossed = self._losses(values, count)
        return widths, losses[:count], losses[count:], crossed

    def _shared(self) -> dict[str, FloatArray]:
        return {name: array[np.newaxis] for name, array in self.values.items()}

    def _losses(self, values: dict[str, FloatArray], count: int) -> tuple[FloatArray, Bools]:
        """Return the loss of 2·count variants, and where the halves lie across a kink."""
        trace = self.trace
        run = _Run(trace, values, count)
        logits = []
        for t in range(trace.steps):
            h = run.step(values[INPUT][:, t])
            if t + 1 in trace.readout_steps:
                logits.append(h @ run.now["W_hy"] + run.now["b_y"])
        a = np.stack(logits, axis=1)  # (N, S, B, K)
        y = np.broadcast_to(self.target, a.shape)
        return trace.family.terms(a, y).mean(axis=(1, 2, 3)), run.crossed


class _Run:
    """One evaluation of a cell's lines over time, for variants side by side.

    `now` holds the values of the present step, (N or 1, B or 1, H), and the weights, ready for
    rows of states: (N or 1, D, H) the matrices, (N or 1, 1, H) the vectors.
    """

    def __init__(self, trace: Trace, values: dict[str, FloatArray], count: int) -> None:
        self.cell, self.count = trace.cell, count
        self.phi = activation_named(trace.activation)
        self.crossed: Bools = np.zeros(count, dtype=bool)
        self.now: dict[str, FloatArray] = {}
        for name, shape in self.cell.shapes.items():
            array = values[name]
            self.now[name] = array[:, np.newaxis] if len(shape) == 1 else np.swapaxes(array, 1, 2)
        for state in self.cell.states:
            value = values[initial(state)]
            self.now[state + BEFORE] = np.broadcast_to(value, (2 * count, *value.shape[1:]))

    def step(self, x: FloatArray) -> FloatArray:
        """Read x_t, (N or 1, B, D), and return h_t."""
        now = self.now
        now[INPUT] = x
        for line in self.cell.lines:
            now[line.name] = self._value(line.term)
        for state in self.cell.states:
            now[state + BEFORE] = now[state]
        return now["h"]

    def _value(self, operand: Operand) -> Any:
        if not isinstance(operand, Term):
            return self.now[operand] if isinstance(operand, str) else operand
        values = [self._value(part) for part in operand.operands]
        if operand.op == MATVEC:
            return values[1] @ values[0]
        if operand.op == ACTIVATION:
            return self._activated(self.phi, values[0])
        if operand.op in ACTIVATIONS:
            return self._activated(ACTIVATIONS[operand.op], values[0])
        return op_named(operand.op).value(values)

    def _activated(self, phi: Activation, z: FloatArray) -> FloatArray:
        """Return φ(z), and note which variants have a kink of φ between the halves."""
        if len(z) > 1:
            for kink in phi.kinks:
                sides = z > kink
                self.crossed |= (sides[: self.count] != sides[self.count :]).any(axis=(1, 2))
        return phi(z)


def _sizes(steps: Sequence[tuple[float, bool]]) -> list[float]:
    return [size for step, wide in steps for size in ((step, 2 * step) if wide else (step,))]


def initial(state: str) -> str:
    """Return what the initial value of a state is called: "h0"."""
    return f"{state}0"
