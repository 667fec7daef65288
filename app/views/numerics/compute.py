"""The computations of the page Numerics, each made once: forms in a format, and runs in one."""

import numpy as np

from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import Cell, FormatRun, forward, precision, run_in_format
from rnn_core.precision import SOFTMAX_LOSS_FORMS, Evaluation, Quotients, evaluate

QUOTIENTS_A_DECADE = 10
LARGEST_STEP, SMALLEST_STEP = -1.0, -16.0
"""Powers of ten between which the steps of finite differences lie."""

outcomes = cached(precision.outcomes)
curves = cached(precision.curves)
slope_outcomes = cached(precision.slope_outcomes)
slope_curves = cached(precision.slope_curves)


@cached
def quotients(a: float, y: float, dtype: str) -> Quotients:
    """Return difference quotients for steps from 1e-1 to 1e-16."""
    count = round((LARGEST_STEP - SMALLEST_STEP) * QUOTIENTS_A_DECADE) + 1
    powers = np.linspace(LARGEST_STEP, SMALLEST_STEP, count)
    return precision.difference_quotients(a, y, 10.0**powers, dtype)


@cached
def quotient_at(a: float, y: float, power: float, dtype: str) -> Quotients:
    """Return the difference quotients for the one step h = 10^power."""
    return precision.difference_quotients(a, y, [10.0**power], dtype)


@cached
def softmax_forms(logits: tuple[float, ...], target: int, dtype: str) -> dict[str, Evaluation]:
    """Return the naive and the shifted softmax cross-entropy of a class, counted from 0."""
    y = np.eye(len(logits))[target]
    return {
        name: evaluate(form, {"a": logits, "y": y}, dtype)
        for name, form in SOFTMAX_LOSS_FORMS.items()
    }


def softmax_exact(logits: tuple[float, ...], target: int, dtype: str) -> float:
    """Return the true softmax cross-entropy of the logits as the format holds them."""
    held = [precision.rounded(a, dtype) for a in logits]
    return float(precision.exact_softmax_loss(held, target))


def scaled_weights(cell: Cell) -> tuple[str, ...]:
    """Return the matrices that multiply a state (W_hh), or the input in a cell without one."""
    of_input = (name for name, shape in cell.shapes.items() if shape == ("H", "D"))
    return cell.recurrent or tuple(of_input)


@cached
def format_run(
    experiment: Experiment,
    dtype: str,
    form: str = "stable",
    factor: float = 1.0,
    activation: str | None = None,
) -> FormatRun:
    """Run an experiment in a format, with changed weights and maybe another activation.

    Each of the `scaled_weights` is taken times the factor.

    Raises
    ------
    ValueError
        The factor makes a weight too large even for float64, or the work is too much.
    """
    params = experiment.parameters()
    with np.errstate(all="ignore"):
        names = scaled_weights(params.cell)
        scaled = params.replace(**{name: params[name] * factor for name in names})
    trace = forward(
        scaled,
        experiment.x(),
        experiment.target(),
        activation=activation or experiment.activation,
        loss=experiment.loss,
        readout=experiment.readout,
        h0=experiment.h0(),
        c0=experiment.c0(),
    )
    return run_in_format(trace, dtype=dtype, form=form, truncate=experiment.truncate)
