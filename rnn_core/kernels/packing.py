"""Weights side by side: what [1, x, h] is multiplied by, for several lines of a cell at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._parameters import Parameters
from rnn_core._short import Shown


@dataclass(frozen=True)
class Columns(Shown):
    """What one line multiplies 1, x and h by; with `turned` the line's sign is turned."""

    bias: str
    by_x: str | None
    by_h: str
    turned: bool = False


@dataclass(frozen=True)
class Packing(Shown):
    """The lines of a cell whose weights stand side by side, turned ones first."""

    cell: str
    lines: tuple[Columns, ...]

    def places(self, hidden: int) -> list[slice]:
        """Return where each line has its columns."""
        return [slice(at * hidden, (at + 1) * hidden) for at in range(len(self.lines))]

    def of(self, params: Parameters) -> FloatArray:
        """Return the weights (1 + D + H, n H), made once for these parameters."""
        found = params.prepared.get(self.cell)
        if found is None:
            found = params.prepared[self.cell] = self._made(params)
        return found

    def _made(self, params: Parameters) -> FloatArray:
        inputs, hidden, _, _ = params.layout
        made = np.zeros((1 + inputs + hidden, len(self.lines) * hidden), params.dtype)
        for line, place in zip(self.lines, self.places(hidden), strict=True):
            made[0, place] = params[line.bias]
            if line.by_x is not None:
                made[1:-hidden, place] = params[line.by_x].T
            made[-hidden:, place] = params[line.by_h].T
        self._turn(made, hidden)
        return made

    def unpacked(self, gradient: FloatArray, hidden: int) -> Iterator[tuple[str, FloatArray]]:
        """Yield the parameters' gradients from that by the packed weights, whose signs it turns."""
        self._turn(gradient, hidden)
        for line, place in zip(self.lines, self.places(hidden), strict=True):
            yield line.bias, gradient[0, place]
            if line.by_x is not None:
                yield line.by_x, gradient[1:-hidden, place].T
            yield line.by_h, gradient[-hidden:, place].T

    def _turn(self, array: FloatArray, hidden: int) -> None:
        turned = array[:, : hidden * sum(line.turned for line in self.lines)]
        np.negative(turned, turned)
