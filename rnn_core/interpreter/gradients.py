"""The gradients of any cell, which follow from those by its states."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.interpreter.program import program_of
from rnn_core.interpreter.run import Pulled, Values, pull, restored
from rnn_core.types import Gradients, Parameters, Trace, Use


class CellGradients(Gradients):
    """Gradients of which `totals`, by each state (T, B, H), are known.

    All others are one step of the lines away, for all steps at once: computed when first asked for.
    """

    totals: Mapping[str, FloatArray]

    @classmethod
    def known(
        cls,
        *,
        trace: Trace,
        parameters: Parameters,
        logits: FloatArray,
        truncate: int | None,
        upstream: FloatArray | None,
        totals: Mapping[str, FloatArray],
        pulled: Pulled | None,
    ) -> "CellGradients":
        """Wrap fields that are known to fit; `pulled` where it is known, too."""
        fields: dict[str, object] = {
            "trace": trace,
            "parameters": parameters,
            "logits": logits,
            "truncate": truncate,
            "upstream": upstream,
            "totals": totals,
        }
        if pulled is not None:
            fields["pulled"] = pulled
        return cls._wrapped(fields)

    def __new__(cls, *fields: Any, **named: Any) -> Any:
        """Return plain gradients for given fields, as `dataclasses.replace` passes them."""
        return Gradients(*fields, **named) if fields or named else object.__new__(cls)

    @cached_property
    def pulled(self) -> Pulled:
        """What the totals are worth within each step."""
        return pulled_from(self.trace, self.totals)

    @cached_property
    def values(self) -> Mapping[str, FloatArray]:
        """The gradients by all quantities, in the order of the computation."""
        by, zero = self.pulled.by, np.zeros_like(self.totals["h"])
        found = {INPUT: by.get(INPUT, np.zeros_like(self.trace.x))}
        found |= {name: by.get(name, zero) for name in self.trace.cell.line}
        for state, total in self.totals.items():
            found[state] = np.concatenate([by.get(state + BEFORE, zero)[:1], total])
        return {name: read_only(np.ascontiguousarray(array)) for name, array in found.items()}

    @cached_property
    def z(self) -> FloatArray | None:  # type: ignore[override]
        """(T, B, H); None for a cell without one pre-activation "z"."""
        return self.values.get("z")

    @cached_property
    def h(self) -> FloatArray:
        """(T + 1, B, H), the total derivative."""
        return self.values["h"]

    @cached_property
    def kept_handed(self) -> Mapping[str, FloatArray]:
        """What each step hands to the states before it."""
        by, zero = self.pulled.by, np.zeros_like(self.totals["h"])
        return {state: read_only(by.get(state + BEFORE, zero)) for state in self.totals}

    @cached_property
    def kept_uses(self) -> tuple[Use, ...]:
        """Where the weights of the cell are used."""
        return tuple(self.pulled.uses)


def pulled_from(trace: Trace, totals: Values | Mapping[str, FloatArray]) -> Pulled:
    """Return what totals by the states are worth within each step, for all steps at once."""
    program = program_of(trace.cell, trace.activation)
    with np.errstate(all="ignore"):
        values = restored(program, trace.params, trace.quantities)
        return pull(program, values, totals, totals=True)
