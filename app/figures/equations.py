"""The equations of both passes of a run, in LaTeX: they stand above its graph."""

from app.work.caching import STORE
from rnn_core import LOSSES, Trace
from rnn_core.cells import Equation, backward_equations, forward_equations


def equations(trace: Trace, truncate: int | None) -> dict[str, list[Equation]]:
    """Return the equations of both passes in LaTeX, as this experiment uses them.

    `truncate` is how many steps each loss goes back, None for all.
    """
    terms = None if trace.loss is None else _terms(trace)
    cut = truncate is not None and truncate < trace.steps
    kind = (trace.cell, trace.activation, trace.loss_name, trace.readout, truncate, cut, terms)
    return STORE.get((equations, *kind), lambda: _equations(trace, truncate))


def _terms(trace: Trace) -> int:
    """Return how many terms L is the mean of."""
    return LOSSES[trace.loss_name].count(trace.logits.shape)


def _equations(trace: Trace, truncate: int | None) -> dict[str, list[Equation]]:
    every = trace.readout == "every"
    loss = LOSSES[trace.loss_name]
    forward = [
        *forward_equations(trace.cell, trace.activation),
        Equation(("a",), rf"a = W_{{hy}}\,h_{'t' if every else 'T'} + b_y"),
        Equation(("p",), f"{loss.written('p')} = {loss.prediction_latex}"),
    ]
    if trace.loss is None:
        return {"forward": forward, "backward": []}
    terms = _terms(trace)
    term, slope = loss.written(loss.latex), loss.written(loss.by_logit)
    written = f"L = {term}" if terms == 1 else rf"L = \text{{mean of }}\,{term}"
    by_logit = slope if terms == 1 else rf"\tfrac{{1}}{{{terms}}}({slope})"
    backward = backward_equations(
        trace.cell,
        trace.activation,
        every=every,
        by_logit=r"\frac{\partial L}{\partial a_t}" if every else r"\frac{\partial L}{\partial a}",
        by_logit_latex=by_logit,
    )
    if truncate is not None and truncate < trace.steps:
        cut = rf"\text{{truncated: each loss goes back {truncate} steps}}"
        backward = [*backward, Equation((), cut)]
    return {"forward": [*forward, Equation(("l", "L"), written)], "backward": backward}
