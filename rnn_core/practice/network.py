"""A network, one sequence and its target, small enough to be redone by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray
from rnn_core.backward import backward
from rnn_core.cells import Cell, cell_named
from rnn_core.forward import forward
from rnn_core.frozen import Frozen
from rnn_core.graph.plan import Plan, plan_of
from rnn_core.practice.digits import rounded
from rnn_core.types import Gradients, Parameters, Trace

LONGEST, WIDEST = 6, 4
"""The most steps, and the most units, inputs or outputs of a network that is redone by hand."""


@dataclass(frozen=True, eq=False)
class Network(Frozen):
    """Everything that determines the numbers of a sheet: there is one sequence, B = 1."""

    parameters: Parameters
    activation: str
    loss: str
    readout: str
    x: FloatArray  # (T, D)
    y: FloatArray  # (S, K); a class is a one-hot row
    h0: FloatArray | None = None  # (H,); None is zero
    c0: FloatArray | None = None  # (H,) of a cell that has one

    @classmethod
    def of(
        cls,
        cell: str | Cell,
        parameters: Mapping[str, ArrayLike],
        x: ArrayLike,
        y: ArrayLike,
        *,
        activation: str = "tanh",
        loss: str = "binary_cross_entropy",
        readout: str = "last",
        h0: ArrayLike | None = None,
        c0: ArrayLike | None = None,
    ) -> "Network":
        """Return the network of these numbers; parameters that are left out are zero biases.

        Parameters are by name as `Parameters.of` takes them; `x` is (T, D) or (T,), `y` what
        `forward` takes for one sequence.

        Raises
        ------
        ValueError
            The numbers do not fit together, or there are more than fit on a sheet.
        """
        kind = cell_named(cell)
        given = {name: np.asarray(value, dtype=float) for name, value in parameters.items()}
        for name, shape in kind.shapes.items():
            if name not in given and len(shape) == 1:
                rows = given.get("W_hy" if shape == ("K",) else kind.leading)
                if rows is not None and rows.ndim:
                    given[name] = np.zeros(len(rows))
        made = Parameters.of(kind, given)
        trace = forward(made, x, y, activation=activation, loss=loss, readout=readout, h0=h0, c0=c0)
        return cls.of_trace(trace)

    @classmethod
    def of_trace(cls, trace: Trace, sample: int = 0) -> "Network":
        """Return one sequence of a run, as a network of its own; its loss is of that sequence.

        Raises
        ------
        ValueError
            The run has no target, or more steps or units than fit on a sheet.
        """
        if trace.target is None:
            raise ValueError("target: expected one, for a loss and its gradients, got none")
        _require_small(trace)
        states = {state: trace[state][0, sample] for state in trace.cell.states}
        initial = {f"{state}0": given for state, given in states.items() if given.any()}
        params = trace.params
        return cls(
            params if params.dtype == np.float64 else params.astype(np.float64),
            trace.activation,
            trace.loss_name,
            trace.readout,
            np.array(trace.x[:, sample], dtype=float),
            np.array(trace.target[:, sample], dtype=float),
            **initial,
        )

    def rounded(self, digits: int) -> "Network":
        """Return the network with every number rounded to some significant digits.

        Raises
        ------
        ValueError
            Rounded targets are none of the loss's any more.
        """
        return Network.of(
            self.cell,
            {name: _rounded(array, digits) for name, array in self.parameters.items()},
            _rounded(self.x, digits),
            _rounded(self.y, digits)[:, np.newaxis],
            activation=self.activation,
            loss=self.loss,
            readout=self.readout,
            h0=None if self.h0 is None else _rounded(self.h0, digits),
            c0=None if self.c0 is None else _rounded(self.c0, digits),
        )

    @property
    def is_short(self) -> bool:
        """Whether no number has more than three significant digits."""
        initial = [each for each in (self.h0, self.c0) if each is not None]
        arrays = [self.x, self.y, *(array for _, array in self.parameters.items()), *initial]
        return all(np.array_equal(array, _rounded(array, 3)) for array in arrays)

    @property
    def cell(self) -> Cell:
        """The cell of the network."""
        return self.parameters.cell

    @cached_property
    def plan(self) -> Plan:
        """What a step computes, as operations."""
        return plan_of(self.cell, self.activation)

    @property
    def steps(self) -> int:
        """T."""
        return len(self.x)

    @property
    def read(self) -> range:
        """The steps read out, from 1."""
        return range(self.steps + 1 - len(self.y), self.steps + 1)

    def initial(self, state: str) -> FloatArray:
        """Return what a state is before the first step, (H,): as the run has it."""
        found: FloatArray = self.trace[state][0, 0]
        return found

    @cached_property
    def trace(self) -> Trace:
        """The forward pass, as `rnn_core.forward` has it."""
        return forward(
            self.parameters,
            self.x,
            self.y[:, np.newaxis],
            activation=self.activation,
            loss=self.loss,
            readout=self.readout,
            h0=self.h0,
            c0=self.c0,
        )

    @cached_property
    def gradients(self) -> Gradients:
        """Back-propagation through time, as `rnn_core.backward` has it."""
        return backward(self.trace)


def _rounded(array: FloatArray, digits: int) -> FloatArray:
    flat = [rounded(number, digits) for number in array.ravel().tolist()]
    return np.array(flat, dtype=float).reshape(array.shape)


def _require_small(trace: Trace) -> None:
    if trace.steps > LONGEST:
        raise ValueError(
            f"T: expected at most {LONGEST} steps of what is redone by hand, got {trace.steps}"
        )
    inputs, hidden, outputs = trace.x.shape[2], trace.h.shape[2], trace.logits.shape[2]
    for letter, size in (("D", inputs), ("H", hidden), ("K", outputs)):
        if size > WIDEST:
            raise ValueError(
                f"{letter}: expected at most {WIDEST} of what is redone by hand, got {size}"
            )
