"""All charts of a run, in the groups in which the page shows them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from app.figures.naming import named
from app.figures.notation import rewriter
from app.figures.run import gradients, parameters, preactivation, readout, states
from app.figures.run.beside import Other, beside, without
from app.figures.types import Chart, Dict, Steps
from app.figures.words import digits
from app.work.caching import cached
from rnn_core import Gradients, Trace
from rnn_core.cells import Rewriter

Drawn = TypeVar("Drawn", Trace, Gradients)

TYPICAL_BYTES = 2**20  # of all charts; measuring each would take longer than some are drawn in
NO_GRADIENTS = "There is no target, so there is no loss and no gradient."


def payload(
    trace: Trace,
    grads: Gradients | None,
    *,
    sample: int = 0,
    labels: Sequence[str] | None = None,
    other: Other | None = None,
) -> Dict:
    """Return everything the browser draws of one sequence of the batch.

    `labels` names the T steps (a character, a year): a user's text, never code. `other` is a
    run of as many steps that is drawn beside, as that with numbers held.

    Raises
    ------
    ValueError
        There is no such sequence, or not one label for each step.
    """
    if not 0 <= sample < trace.batch:
        raise ValueError(f"sample: expected 0 to {trace.batch - 1}, got {sample}")
    if labels is not None and len(labels) != trace.steps:
        raise ValueError(f"labels: expected one for each of {trace.steps} steps, got {len(labels)}")
    names = None if labels is None else tuple(labels)
    return _payload(trace, grads, sample, names, other, digits(), rewriter())


# A rerun that changes nothing here (another level of the graph, say) costs nothing; traces and
# gradients are compared by identity.
@partial(cached, takes=TYPICAL_BYTES)
@np.errstate(all="ignore")  # runs that explode are drawn too, and said to
def _payload(
    trace: Trace,
    grads: Gradients | None,
    sample: int,
    labels: tuple[str, ...] | None,
    other: Other | None,
    _digits: int,  # of the numbers in sentences
    _rewriter: Rewriter | None,  # of the symbols
) -> Dict:
    steps = Steps(trace.steps, labels)

    def drawn(
        draw: Callable[[Drawn, int, Steps], list[Chart]], run: Drawn, again: Drawn | None
    ) -> list[Chart]:
        charts = draw(run, sample, steps)
        if other is None or again is None:
            return charts
        return beside(charts, draw(again, other.sample, steps), other.words)

    groups = [
        _group(name, drawn(draw, trace, None if other is None else other.trace))
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
        if other is not None:
            shares = [without(chart, other.words.without_terms) for chart in shares]
        groups += [
            _group(
                "Gradients",
                _late(drawn(gradients.charts, grads, None if other is None else other.grads)),
            ),
            _group("Parameters", _late(shares)),
        ]
    return {
        "T": trace.steps,
        "groups": groups,
        "factors": factors,
        "columns": 2,
    }


def _late(charts: list[Chart]) -> list[Chart]:
    """Mark charts that stay covered until the player has reached the loss."""
    return [{**chart, "late": True} for chart in charts]


def _group(name: str, charts: list[Chart], empty: str = "") -> Dict:
    return {"name": name, "charts": named(charts), "empty": empty}
