"""What is drawn of an experiment's tangents, and of the linear network without its loop."""

from collections.abc import Mapping

import numpy as np

from app.experiment.value import Experiment
from app.figures.types import Chart
from app.figures.words import plural, short
from app.views.without_the_loop.compute import approximations
from app.views.without_the_loop.compute.approximations import AROUND, SCALES, Tangent
from app.views.without_the_loop.figures import linear
from rnn_core import scan_tree, toeplitz_matrix
from rnn_core.linear import SCANS

SCAN_TITLES = {"hillis_steele": "Fewest levels", "blelloch": "Fewest combinations"}
DENSE_SIDE = 64


def states(tangent: Tangent) -> Chart:
    """Return the unit of the network that the tangent is farthest off from, with its own."""
    made = tangent.made
    with np.errstate(all="ignore"):
        apart = np.abs(made.h - made.true)[:, 0]
    unit = int(np.nan_to_num(apart, nan=0.0, posinf=0.0).max(axis=0).argmax())
    worst = float(apart[:, unit].max())
    text = (
        f"Of {plural(apart.shape[1], 'unit')}, unit {unit + 1} is farthest off: by "
        f"{short(worst, 3)} at t = {int(apart[:, unit].argmax())}."
    )
    return linear.states(made.true[:, 0], made.h[:, 0], unit, text)


def errors(tangents: Mapping[str, Tangent]) -> Chart:
    """Return the error of each tangent over the scale of what goes in; one may be missing."""
    names = list(AROUND.values())
    rows = np.full((len(SCALES), len(AROUND)), np.nan)
    for column, around in enumerate(AROUND):
        if around in tangents:
            rows[:, column] = tangents[around].errors
    one = SCALES.index(1.0)
    parts = [
        f"{short(float(rows[one, column]))} for {name}"
        for column, name in enumerate(names)
        if np.isfinite(rows[one, column])
    ]
    text = (
        "For the tangents at z = 0 and h = 0 everything that goes in (x, h_0, b_h) is multiplied "
        f"by s; for that at the trajectory, taken at s = 0, by 1 + s. At s = 1: {', '.join(parts)}."
    )
    return linear.error(SCALES, rows, names, text)


def solutions(experiment: Experiment) -> tuple[Chart, Chart, Chart]:
    """Return the trees of both scans, the powers of W_hh, and the block-Toeplitz matrix."""
    steps, hidden = approximations.steps_of(experiment), experiment.hidden
    trees = {kind: scan_tree(steps, kind) for kind in SCANS}
    W_hh = experiment.parameters().W_hh
    radius = float(np.abs(np.linalg.eigvals(W_hh)).max())
    shown = min(steps, max(1, DENSE_SIDE // hidden))
    with np.errstate(all="ignore"):
        matrix = toeplitz_matrix(W_hh, shown)
    left_out = f"The first {shown} of {steps} steps are drawn." if shown < steps else ""
    return (
        linear.scan(trees, SCAN_TITLES),
        linear.powers(approximations.power_norms(experiment), radius),
        linear.toeplitz(matrix, shown, hidden, left_out),
    )
