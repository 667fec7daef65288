"""What PyTorch computes for an experiment, and how far that is from ours."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.pytorch import torch_reference, torch_runs
from app.work.caching import cached
from rnn_core import Cell, Gradients, Trace, backward, forward
from rnn_core.cells import symbol

Precision = Literal["float64", "float32"]

TOLERANCE: dict[Precision, float] = {"float64": 1e-9, "float32": 1e-4}
"""Normwise; moderate networks agree to some units in the last place, 1e-16 and 1e-7."""

CANCELLED: dict[Precision, float] = {"float64": torch_reference.CANCELLED, "float32": 1e-2}
"""Gradients this much smaller than the largest one are compared on that scale."""

FREE_SECONDS = 0.3
MOST_SECONDS = 60.0
SECONDS_PER_STEP = 2e-4  # forward and backward, in a loop and through nn.RNN, with little to do
PRODUCTS_PER_SECOND = 5e8


def quantities(cell: Cell) -> dict[str, str]:
    """Return what is compared of a network with that cell, with its LaTeX."""
    lines = {name: symbol(name) for name in cell.line}
    gradients = {
        **{name: symbol(name) for name in cell.parameters},
        "x": "x_t",
        **{f"{state}_0": f"{state}_0" for state in cell.states},
        **dict(reversed(lines.items())),
    }
    return {
        **lines,
        "logits": "a",
        "prediction": r"\hat y",
        "loss": "L",
        **{f"dL/d{name}": rf"\partial L/\partial {latex}" for name, latex in gradients.items()},
    }


@dataclass(frozen=True)
class Difference:
    """How far a quantity of PyTorch's is from ours."""

    largest: float  # absolute
    normwise: float  # over the largest absolute value
    agrees: bool


@dataclass(frozen=True)
class Row:
    """One quantity: ours against a loop of tensor operations, and against PyTorch's module."""

    name: str
    latex: str
    shape: tuple[int, ...]
    loop: Difference
    module: Difference | None  # None: the module keeps it to itself, or there is none


@dataclass(frozen=True)
class Agreement:
    """All quantities, and the gradients of the module's two biases where it ran."""

    rows: tuple[Row, ...]
    loss: float
    torch_loss: float
    biases: tuple[tuple[float, ...], tuple[float, ...]] | None  # dL/db_ih and dL/db_hh

    @property
    def worst(self) -> tuple[Row, Difference]:
        """The quantity that differs most, normwise."""
        found = [(row, each) for row in self.rows for each in (row.loop, row.module) if each]
        return max(found, key=lambda pair: pair[1].normwise)

    @property
    def agrees(self) -> bool:
        """Whether everything agrees."""
        return all(
            row.loop.agrees and (row.module is None or row.module.agrees) for row in self.rows
        )


def seconds_to_compare(experiment: Experiment) -> float:
    """Estimate how long a comparison takes."""
    steps, batch, inputs, hidden, _ = experiment.sizes
    truncate = experiment.truncate
    passed = steps
    if truncate is not None and truncate < steps:
        passed += truncate * (steps if experiment.readout == "every" else 1)
    lines = len(experiment.kind.lines) / 2
    each = (
        SECONDS_PER_STEP * lines
        + batch
        * hidden
        * (hidden + inputs)
        * 6
        * len(experiment.kind.recurrent)
        / PRODUCTS_PER_SECOND
    )
    return passed * each


@cached
def agreement_of(experiment: Experiment, precision: Precision = "float64") -> Agreement:
    """Compare every quantity with PyTorch's, by a loop of tensor operations and its module.

    Raises
    ------
    ValueError
        The comparison would take minutes.
    """
    if (needed := seconds_to_compare(experiment)) > MOST_SECONDS:
        raise ValueError(
            f"comparison: expected less than {MOST_SECONDS:.0f} s of work, got about {needed:.0f} s"
        )
    torch_reference.wait()
    trace, grads = run_in(experiment, precision)
    loop = torch_runs.by_loop(trace, truncate=grads.truncate)
    module: dict[str, Any] = {}
    if torch_runs.has_module(trace):
        module = torch_runs.by_module(trace, truncate=grads.truncate)
    return compare(trace, grads, loop, module, precision)


def compare(
    trace: Trace,
    grads: Gradients,
    loop: dict[str, Any],
    module: dict[str, Any],
    precision: Precision = "float64",
) -> Agreement:
    """Set what PyTorch has found beside ours."""
    ours: dict[str, Any] = {
        **trace.quantities,
        "logits": trace.logits,
        "prediction": trace.prediction,
        "loss": trace.loss,
        **{f"dL/d{name}": array for name, array in grads.quantities.items()},
        **{f"dL/d{state}_0": grads[state][0] for state in trace.cell.states},
        **{f"dL/d{name}": array for name, array in grads.parameters.items()},
    }
    largest = max(float(np.abs(ours[name]).max()) for name in ours if name.startswith("dL"))

    def difference(name: str, theirs: dict[str, Any]) -> Difference | None:
        if name not in theirs:
            return None
        # A gradient whose terms cancel is rounding noise, whatever its own size: hence the floor.
        floor = CANCELLED[precision] * largest if name.startswith("dL") else 0.0
        with np.errstate(all="ignore"):
            normwise = torch_reference.normwise(ours[name], theirs[name], floor=floor)
            apart = float(np.max(np.abs(np.subtract(ours[name], theirs[name])), initial=0.0))
        return Difference(apart, normwise, normwise <= TOLERANCE[precision])

    rows = []
    for name, latex in quantities(trace.cell).items():
        by_loop = difference(name, loop)
        assert by_loop is not None  # noqa: S101  # the loop gives everything
        shape = tuple(np.shape(ours[name]))
        rows.append(Row(name, latex, shape, by_loop, difference(name, module)))
    biases = None
    if module:
        b_ih, b_hh = module["rnn.bias_ih_l0"], module["rnn.bias_hh_l0"]
        biases = tuple(b_ih.tolist()), tuple(b_hh.tolist())
    return Agreement(tuple(rows), float(trace.loss or 0.0), float(loop["loss"]), biases)


def run_in(experiment: Experiment, precision: Precision) -> tuple[Trace, Gradients]:
    """Return the core's run and gradients in a precision."""
    trace, grads = trace_of(experiment), gradients_of(experiment)
    if precision == "float64":
        return trace, grads
    single = forward(
        trace.params.astype(np.float32),
        trace.x,
        trace.target,
        activation=trace.activation,
        loss=trace.loss_name,
        readout=trace.readout,
        h0=trace.h[0],
        c0=trace["c"][0] if "c" in trace.cell.states else None,
    )
    return single, backward(single, truncate=grads.truncate)
