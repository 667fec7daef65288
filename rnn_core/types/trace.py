"""What one forward pass computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core._parameters import Parameters
from rnn_core._tables import over_time
from rnn_core.cells import ELMAN, Cell
from rnn_core.frozen import Frozen
from rnn_core.losses import LOSSES, Loss, loss_named
from rnn_core.numerals import displayed


@dataclass(frozen=True, eq=False)
class Trace(Frozen):
    """Everything one forward pass computed, and what it was computed from.

    `trace[name]` is any quantity of the cell by its name: "x" (T, B, D), a state (T + 1, B, H)
    with the initial one first, any other (T, B, H).
    """

    params: Parameters
    activation: str
    family: Loss  # what the loss is the mean of; it has the name that was asked for
    readout: str
    z: FloatArray  # (T, B, H) pre-activation, z[t - 1] of step t; None for a cell without one "z"
    logits: FloatArray  # (S, B, K)
    target: FloatArray | None  # (S, B, K); class indices have become one-hot rows
    loss: float | None  # None without a target
    values: Mapping[str, FloatArray] = field(repr=False)  # all others by name, x and states too

    @classmethod
    def trusted(
        cls,
        *,
        params: Parameters,
        activation: str,
        family: Loss,
        readout: str,
        z: FloatArray | None,
        logits: FloatArray,
        target: FloatArray | None,
        loss: float | None,
        values: Mapping[str, FloatArray],
    ) -> "Trace":
        """Wrap fields that are known to fit."""
        fields = {
            "params": params,
            "activation": activation,
            "family": family,
            "readout": readout,
            "z": z,
            "logits": logits,
            "target": target,
            "loss": loss,
            "values": values,
        }
        return cls._wrapped(fields)

    @classmethod
    def of_quantities(
        cls,
        values: Mapping[str, FloatArray],
        *,
        params: Parameters,
        activation: str,
        family: Loss,
        readout: str,
        logits: FloatArray,
        target: FloatArray | None = None,
        loss: float | None = None,
    ) -> "Trace":
        """Wrap the quantities of a run by name, and other fields, all known to fit, as `trusted`.

        Read-only or not, the arrays are closed to writing.
        """
        closed = {name: read_only(np.ascontiguousarray(array)) for name, array in values.items()}
        return cls.trusted(
            params=params,
            activation=activation,
            family=family,
            readout=readout,
            z=closed.get("z"),
            logits=read_only(logits),
            target=target,
            loss=loss,
            values=closed,
        )

    def __getitem__(self, name: str) -> FloatArray:
        try:
            return self.quantities[name]
        except KeyError:
            known = ", ".join(self.quantities)
            raise KeyError(f"trace: expected one of {known}, got {name!r:.40}") from None

    @cached_property
    def quantities(self) -> Mapping[str, FloatArray]:
        """All quantities of the cell by name, in the order of the computation."""
        if self.cell is not ELMAN:
            return self.values
        return {"x": self.x, "z": self.z, "h": self.h}

    @property
    def cell(self) -> Cell:
        """The cell of the network."""
        return self.params.cell

    @cached_property
    def x(self) -> FloatArray:
        """The input, (T, B, D)."""
        return self.values["x"]

    @cached_property
    def h(self) -> FloatArray:
        """The hidden states, (T + 1, B, H); h[0] is the initial one."""
        return self.values["h"]

    @cached_property
    def prediction(self) -> FloatArray:
        """σ(a), softmax(a) or a, by loss: (S, B, K); computed when first asked for."""
        with np.errstate(all="ignore"):
            return read_only(self.family.predict(self.logits))

    @property
    def loss_name(self) -> str:
        """The name of the loss."""
        return self.family.name

    def __getstate__(self) -> dict[str, Any]:
        """Keep a loss of the registry by its name."""
        state = super().__getstate__()
        if state["family"] is LOSSES.get(self.loss_name):
            state["family"] = self.loss_name
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if isinstance(state["family"], str):
            state = {**state, "family": loss_named(state["family"])}
        super().__setstate__(state)

    @property
    def h0(self) -> FloatArray:
        """The initial state, (B, H)."""
        initial: FloatArray = self.h[0]
        return initial

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.x)

    @property
    def batch(self) -> int:
        """B, the number of sequences."""
        return len(self.x[0])

    @property
    def readout_steps(self) -> range:
        """The S time steps read out, counted from 1."""
        return range(self.steps + 1 - self.logits.shape[0], self.steps + 1)

    def _repr_html_(self) -> str:
        """Return the numbers of the first sequence as a table, for a notebook."""
        columns = {
            **self.quantities,
            "a": self.logits,
            self.family.prediction_symbol: self.prediction,
        }
        if self.target is not None:
            columns["y"] = self.target
        loss = "" if self.loss is None else f", L = {displayed(self.loss)}"
        return over_time(
            f"{self.cell.title}, sequence 1 of {self.batch}{loss}", columns, self.steps
        )

    def is_same_run(self, other: "Trace") -> bool:
        """Whether the other is this run, a copy of it, or the same made again: equal numbers."""
        if self is other:
            return True
        if self.cell != other.cell:
            return False
        names = ("activation", "loss_name", "readout", "logits", "target")
        pairs = [(getattr(self, name), getattr(other, name)) for name in names]
        pairs += [(array, other.params[name]) for name, array in self.params.items()]
        pairs += [(array, other.quantities[name]) for name, array in self.quantities.items()]
        return all(_equal(one, another) for one, another in pairs)


def _equal(one: object, other: object) -> bool:
    """Whether two names, arrays or Nones are alike; nan is like nan."""
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return one is other or (isinstance(one, str) and one == other)
    return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
