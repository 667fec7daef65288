"""All charts of a run, in the groups in which the page shows them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from app.figures.run import gradients, parameters, preactivation, readout, states
from app.figures.run.held import WITHOUT_TERMS, beside, without
from app.figures.types import Chart, Dict, Steps
from app.work.caching import cached
from rnn_core import Gradients, Trace

Run = tuple[Trace, Gradients | None]
Drawn = TypeVar("Drawn", Trace, Gradients)

TYPICAL_BYTES = 2**20  # of all charts; measuring each would take longer than some are drawn in
NO_GRADIENTS = "There is no target, so there is no loss and no gradient."


def payload(
    trace: Trace,
    grads: Gradients | None,
    *,
    sample: int = 0,
    labels: Sequence[str] | None = None,
    held: Run | None = None,
) -> Dict:
    """Return everything the browser draws of one sequence of the batch.

    `labels` names the T steps (a character, a year): a user's text, never code. `held` is the run
    with numbers held, which is drawn beside.

    Raises
    ------
    ValueError
        There is no such sequence, or not one label for each step.
    """
    if not 0 <= sample < trace.batch:
        raise ValueError(f"sample: expected 0 to {trace.batch - 1}, got {sample}")
    if labels is not None and len(labels) != trace.steps:
        raise ValueError(f"labels: expected one for each of {trace.steps} steps, got {len(labels)}")
    return _payload(trace, grads, sample, None if labels is None else tuple(labels), held)


# A rerun that changes nothing here (another level of the graph, say) costs nothing; traces and
# gradients are compared by identity.
@partial(cached, takes=TYPICAL_BYTES)
@np.errstate(all="ignore")  # runs that explode are drawn too, and said to
def _payload(
    trace: Trace,
    grads: Gradients | None,
    sample: int,
    labels: tuple[str, ...] | None,
    held: Run | None,
) -> Dict:
    steps = Steps(trace.steps, labels)
    again, back = (None, None) if held is None else held
    groups = [
        _group(name, _beside(draw, trace, again, sample, steps))
        for name, draw in (
            ("States", states.charts),
            (preactivation.title_of(trace), preactivation.charts),
            ("Readout", readout.charts),
        )
    ]
    factors = None if grads is None else parameters.factors(grads, sample)
    if grads is None:
        groups += [_group(name, [], NO_GRADIENTS) for name in ("Gradients", "Parameters")]
    else:
        shares = parameters.charts(grads, sample, steps, each=factors is not None)
        if held is not None:
            shares = [without(chart, WITHOUT_TERMS) for chart in shares]
        groups += [
            _group("Gradients", _late(_beside(gradients.charts, grads, back, sample, steps))),
            _group("Parameters", _late(shares)),
        ]
    return {
        "T": trace.steps,
        "groups": groups,
        "factors": factors,
        "columns": 2,
    }


def _beside(
    draw: Callable[[Drawn, int, Steps], list[Chart]],
    run: Drawn,
    held: Drawn | None,
    sample: int,
    steps: Steps,
) -> list[Chart]:
    """Return the charts of a run, beside those of the run with what is held."""
    charts = draw(run, sample, steps)
    return charts if held is None else beside(charts, draw(held, sample, steps))


def _late(charts: list[Chart]) -> list[Chart]:
    """Mark charts that stay covered until the player has reached the loss."""
    return [{**chart, "late": True} for chart in charts]


def _group(name: str, charts: list[Chart], empty: str = "") -> Dict:
    return {"name": name, "charts": charts, "empty": empty}
