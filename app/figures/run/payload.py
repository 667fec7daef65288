"""All charts of a run, in the groups in which the page shows them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from app.figures.naming import named_charts
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
GRADIENTS, PARAMETERS = "Gradients", "Parameters"
OF_A_RUN = {"States": states.charts, "Readout": readout.charts}  # and the pre-activation's
NO_GRADIENTS = "There is no target, so there is no loss and no gradient."


def payload(
    trace: Trace,
    grads: Gradients | None,
    *,
    sample: int = 0,
    labels: Sequence[str] | None = None,
    other: Other | None = None,
    group: str | None = None,
) -> Dict:
    """Return everything the browser draws of one sequence of the batch.

    `labels` names the T steps (a character, a year): a user's text, never code. `other` is a
    run of as many steps that is drawn beside, as that with numbers held. With a `group`, the
    charts of the others are None: what is not on the screen is not made. A name that no group
    bears means the first.

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
    groups = names_of(trace)
    if group is not None:
        groups = (group if group in groups else groups[0],)
    return _payload(trace, grads, sample, names, other, groups, digits(), rewriter())


def names_of(trace: Trace) -> tuple[str, ...]:
    """Return the names of the groups, in their order."""
    return ("States", preactivation.title_of(trace), "Readout", GRADIENTS, PARAMETERS)


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
    groups: tuple[str, ...],
    _digits: int,  # of the numbers in sentences
    _rewriter: Rewriter | None,  # of the symbols
) -> Dict:
    steps = Steps(trace.steps, labels)
    none_shown = [_group(name, None) for name in names_of(trace)]
    shown = [_drawn(name, trace, grads, sample, steps, other) for name in groups]
    of = {group["name"]: group for group in shown}
    return {
        "T": trace.steps,
        "groups": [of.get(group["name"], group) for group in none_shown],
        "factors": None
        if grads is None
        else parameters.factors(grads, sample, terms=PARAMETERS in groups),
        "columns": 2,
    }


def _drawn(
    name: str, trace: Trace, grads: Gradients | None, sample: int, steps: Steps, other: Other | None
) -> Dict:
    """Return a group with its charts."""

    def twice(
        draw: Callable[[Drawn, int, Steps], list[Chart]], run: Drawn, again: Drawn | None
    ) -> list[Chart]:
        charts = draw(run, sample, steps)
        if other is None or again is None:
            return charts
        return beside(charts, draw(again, other.sample, steps), other.words)

    if name not in (GRADIENTS, PARAMETERS):
        draw = OF_A_RUN.get(name, preactivation.charts)
        return _group(name, twice(draw, trace, None if other is None else other.trace))
    if grads is None:
        return _group(name, [], NO_GRADIENTS)
    if name == GRADIENTS:
        again = None if other is None else other.grads
        return _group(name, _late(twice(gradients.charts, grads, again)))
    each = parameters.factors(grads, sample) is not None
    shares = parameters.charts(grads, sample, steps, each=each)
    if other is not None:
        shares = [without(chart, other.words.without_terms) for chart in shares]
    return _group(name, _late(shares))


def _late(charts: list[Chart]) -> list[Chart]:
    """Mark charts that stay covered until the player has reached the loss."""
    return [{**chart, "late": True} for chart in charts]


def _group(name: str, charts: list[Chart] | None, empty: str = "") -> Dict:
    return {
        "name": name,
        "charts": None if charts is None else named_charts(charts),
        "empty": empty,
    }
