"""What one backward pass computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import instance
from rnn_core._parameters import Parameters
from rnn_core._scaling import product
from rnn_core._tables import arrays, over_time
from rnn_core.frozen import Frozen
from rnn_core.limits import MAX_CONTRIBUTION_BYTES, require_memory
from rnn_core.types.trace import Trace


@dataclass(frozen=True, eq=False)
class Use(Frozen):
    """Where a weight is used: the gradient that arrives there, and what the weight multiplies."""

    weight: str
    gradient: FloatArray  # (T, B, n)
    vector: FloatArray | None  # (T, B, m) that a matrix multiplies; a vector's gradient is a sum

    def write_to(self, terms: FloatArray) -> None:
        """Write what each step of each sequence gives to the weight's gradient: (T, B, …)."""
        if self.vector is None:
            terms[...] = self.gradient
        else:
            np.multiply(self.gradient[..., np.newaxis], self.vector[..., np.newaxis, :], terms)

    def add_to(self, total: FloatArray, steps: slice, sequences: Any) -> None:
        """Add what some steps of some sequences give to the weight's gradient."""
        rows = _rows(self.gradient[steps][:, sequences])
        if self.vector is None:
            total += rows.sum(axis=0)
        else:
            total += rows.T @ _rows(self.vector[steps][:, sequences])


@dataclass(frozen=True, eq=False)
class Gradients(Frozen):
    """The derivative of the loss (or of what `upstream` stands for) by everything in a trace.

    `grads[name]` is that by a quantity of the cell, with its shape; by a state it is the total.
    """

    trace: Trace = field(repr=False)
    parameters: Parameters
    z: FloatArray  # (T, B, H); None for a cell without one pre-activation "z"
    h: FloatArray  # (T + 1, B, H) total derivative; h[0] is the one by the initial state
    logits: FloatArray  # (S, B, K)
    truncate: int | None
    upstream: FloatArray | None = field(default=None, repr=False)  # (T, B, H) where it was given
    values: Mapping[str, FloatArray] | None = field(default=None, repr=False)  # another cell's
    kept_handed: Mapping[str, FloatArray] | None = field(default=None, repr=False)
    kept_uses: "tuple[Use, ...] | None" = field(default=None, repr=False)

    @classmethod
    def trusted(
        cls,
        *,
        trace: Trace,
        parameters: Parameters,
        z: FloatArray | None,
        h: FloatArray,
        logits: FloatArray,
        truncate: int | None,
        upstream: FloatArray | None = None,
        values: Mapping[str, FloatArray] | None = None,
        kept_handed: Mapping[str, FloatArray] | None = None,
        kept_uses: "tuple[Use, ...] | None" = None,
    ) -> "Gradients":
        """Wrap fields that are known to fit, as `Trace.trusted` does."""
        fields = {
            "trace": trace,
            "parameters": parameters,
            "z": z,
            "h": h,
            "logits": logits,
            "truncate": truncate,
            "upstream": upstream,
            "values": values,
            "kept_handed": kept_handed,
            "kept_uses": kept_uses,
        }
        return cls._wrapped(fields)

    def __getitem__(self, name: str) -> FloatArray:
        try:
            return self.quantities[name]
        except KeyError:
            known = ", ".join(self.quantities)
            raise KeyError(f"grads: expected one of {known}, got {name!r:.40}") from None

    @property
    def quantities(self) -> Mapping[str, FloatArray]:
        """The gradients by all quantities of the cell by name, in the order of the computation."""
        if self.values is not None:
            return self.values
        return {"x": self.x, "z": self.z, "h": self.h}

    def _repr_html_(self) -> str:
        """Return the gradients of the first sequence, and those by parameters, for a notebook."""
        columns = {f"∂L/∂{name}": array for name, array in self.quantities.items()}
        columns["∂L/∂a"] = self.logits
        by_parameter = {f"∂L/∂{name}": array for name, array in self.parameters.items()}
        title = f"Gradients, sequence 1 of {self.trace.batch}"
        return over_time(title, columns, self.trace.steps) + arrays("By parameters", by_parameter)

    def uses_of(self, name: str) -> "tuple[Use, ...]":
        """Return where one parameter is used; those of the readout at the S steps read out.

        Raises
        ------
        ValueError
            There is no parameter of that name.
        """
        read = self.trace.h[-self.logits.shape[0] :]
        if name == "W_hy":
            return (Use(name, self.logits, read),)
        if name == "b_y":
            return (Use(name, self.logits, None),)
        if found := tuple(use for use in self.uses if use.weight == name):
            return found
        known = ", ".join(self.trace.params.names)
        raise ValueError(f"parameter: expected one of {known}, got {name!r:.40}")

    @cached_property
    def uses(self) -> "tuple[Use, ...]":
        """Where the weights of the cell are used, each with the gradient that arrives there."""
        if self.kept_uses is not None:
            return self.kept_uses
        h = self.trace.h[:-1]
        return (Use("W_xh", self.z, self.trace.x), Use("W_hh", self.z, h), Use("b_h", self.z, None))

    @property
    def handed(self) -> Mapping[str, FloatArray]:
        """What each step hands to the states before it, (T, B, H), by the name of the state."""
        if self.kept_handed is not None:
            return self.kept_handed
        with np.errstate(all="ignore"):
            return {"h": product(self.z, self.trace.params.W_hh)}

    @cached_property
    def x(self) -> FloatArray:
        """∂L/∂x_t = W_xhᵀ ∂L/∂z_t: (T, B, D); computed when first asked for."""
        if self.values is not None:
            return self.values["x"]
        with np.errstate(all="ignore"):
            return read_only(product(self.z, self.trace.params.W_xh))

    def contribution(self, name: str) -> FloatArray:
        """Return the terms that sum over time and batch to the gradient of one parameter.

        Shape (T, B, …) with the parameter's shape at the end: for an Elman network the outer
        product ∂L/∂z_t h_{t-1}ᵀ for W_hh, ∂L/∂z_t x_tᵀ for W_xh, ∂L/∂z_t for b_h, and so for every
        product of a cell (see `uses`); ∂L/∂a_t h_tᵀ and ∂L/∂a_t for W_hy and b_y, zero at steps
        not read out. Computed at each call.

        Raises
        ------
        ValueError
            The name is unknown, or the array would not fit in the budget of `limits`.
        """
        trace, (use, *others) = self.trace, self.uses_of(name)
        shape = (trace.steps, trace.batch, *trace.params[name].shape)
        require_memory(
            f"contribution of {name}",
            int(np.prod(shape, dtype=object)) * self.h.itemsize,
            MAX_CONTRIBUTION_BYTES,
        )
        terms = np.zeros(shape, self.h.dtype)
        with np.errstate(all="ignore"):
            use.write_to(terms[-len(use.gradient) :])
            for another in others:
                again = np.empty_like(terms)
                another.write_to(again)
                terms += again
        return read_only(terms)


class GradientsFromTheEnd(Gradients):
    """The gradients of a loss read at step T alone: there ∂L/∂h follows from ∂L/∂z."""

    @classmethod
    def known(
        cls,
        *,
        trace: Trace,
        parameters: Parameters,
        z: FloatArray,
        logits: FloatArray,
        truncate: int | None,
    ) -> "GradientsFromTheEnd":
        """Wrap fields that are known to fit, as `Gradients.trusted` does."""
        fields = {
            "trace": trace,
            "parameters": parameters,
            "z": z,
            "logits": logits,
            "truncate": truncate,
        }
        return cls._wrapped(fields)

    def __new__(cls, *fields: Any, **named: Any) -> Any:
        """Return plain gradients where ∂L/∂h is given too, as `dataclasses.replace` does."""
        return Gradients(*fields, **named) if fields or named else object.__new__(cls)

    @cached_property
    def h(self) -> FloatArray:
        """∂L/∂h_T = W_hyᵀ ∂L/∂a, ∂L/∂h_t = W_hhᵀ ∂L/∂z_{t+1}: computed when first asked for."""
        params, (steps, batch, hidden) = self.trace.params, self.z.shape
        d_h = np.empty((steps + 1, batch, hidden), self.z.dtype)
        with np.errstate(all="ignore"):
            np.dot(self.logits[0], params.W_hy, d_h[-1])
            d_h[:-1] = product(self.z, params.W_hh)
        if self.truncate is not None and self.truncate < steps:
            d_h[: steps - self.truncate + 1] = 0
        return read_only(d_h)


def _rows(array: FloatArray) -> FloatArray:
    return array.reshape(-1, array.shape[-1])


def _sizes(states: FloatArray) -> tuple[int, int, int]:
    """Return T, B and H for states (T + 1, B, H)."""
    steps, batch, hidden = states.shape
    return steps - 1, batch, hidden


def require_gradients_of(trace: Trace, grads: Gradients, *, of_loss: bool = False) -> None:
    """Refuse gradients of another run; with `of_loss` also those of something else than its loss.

    Raises
    ------
    ValueError
        One sentence: what was expected and what came.
    """
    instance("grads", grads, Gradients)
    if not trace.is_same_run(grads.trace):
        wanted, shape = (_sizes(trace.h), _sizes(grads.h))
        came = "those of another run" if shape == wanted else f"those of a run of {shape}"
        raise ValueError(f"grads: expected those of this trace, (T, B, H) = {wanted}, got {came}")
    if of_loss and grads.upstream is not None:
        raise ValueError("grads: expected those of the loss, got those of an upstream from outside")
