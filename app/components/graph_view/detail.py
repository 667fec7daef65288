"""What Python says of a selected node: the ledger of a shared number, the paths to the loss."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np

from app.components.graph_view.held_terms import LEDGER_ROWS, held_terms
from app.components.shared.packing import as_json
from app.experiment.held_run import HeldRun
from rnn_core import Gradients, Trace, paths
from rnn_core.cells import Cell, symbol
from rnn_core.graph import names

PATHS = 200


def detail(
    graph: "nx.DiGraph[str]",
    trace: Trace,
    grads: Gradients | None,
    level: str,
    sample: int,
    selected: str | None,
    held: HeldRun | None = None,
) -> Mapping[str, Any] | None:
    """Return ledger and paths of the selected node, None where it has neither.

    Where numbers are held, those of the run with them stand in `held`.
    """
    if grads is None or selected is None:
        return None
    found_out: dict[str, Any] = {"selected": selected, "level": level}
    with_holds: dict[str, Any] = {}
    again = held.graph if held is not None and held.at else None
    said = names.read(selected, trace.params.names)
    if said.parameter is not None and said.reads is None:
        name, index = said.parameter, _index(trace, said.parameter, said.index)
        found_out["ledger"] = ledger(trace, grads, name, index, sample)
        if again is not None:
            with_holds["ledger"] = found_out["ledger"] | held_terms(again, name, index)
    if level == "scalar" and selected in graph and "L" in graph and selected != "L":
        found_out["paths"] = _paths(graph, selected)
        cut = grads.truncate is not None and grads.truncate < trace.steps
        if again is not None and selected in again and not cut:
            with_holds["paths"] = _paths(again, selected)
    if len(found_out) == 2:
        return None
    return {**found_out, "held": with_holds or None}


def _index(trace: Trace, name: str, wanted: tuple[int, ...]) -> tuple[int, ...]:
    """Return the 0-based index that a link or click names, the first number if it does not fit."""
    shape = trace.params[name].shape
    fits = len(wanted) == len(shape) and all(
        1 <= i <= size for i, size in zip(wanted, shape, strict=True)
    )
    return tuple(i - 1 for i in wanted) if fits else (0,) * len(shape)


def ledger(
    trace: Trace, grads: Gradients, name: str, index: tuple[int, ...], sample: int
) -> dict[str, Any]:
    """Return one row per time step that adds up to the gradient of one number of a parameter.

    Each term is an upstream gradient times what the parameter was multiplied by at that step (1
    for a bias). Steps before the listed ones and the other sequences of a batch are a sum each.
    """
    everything: tuple[Any, ...] = (slice(None), slice(None), *index)
    by_sample = grads.contribution(name)[everything]  # (T, B)
    by_sample = by_sample.astype(np.float64)
    terms = by_sample[:, sample]
    others = by_sample.sum() - terms.sum()
    steps: Iterable[int] = range(1, trace.steps + 1)
    if name in ("W_hy", "b_y"):
        steps = trace.readout_steps
    rows = []
    for t in list(steps)[-LEDGER_ROWS:]:
        upstream, factor = _factors(grads, name, index, sample, t)
        rows.append(
            {
                "t": t,
                "upstream": as_json(upstream),
                "factor": None if factor is None else as_json(factor),
                "term": as_json(float(terms[t - 1])),
            }
        )
    left_out = terms[: trace.steps - LEDGER_ROWS] if len(terms) > LEDGER_ROWS else terms[:0]
    return {
        **ledger_words(trace.cell, name, [str(place + 1) for place in index]),
        "rows": rows,
        "before": as_json(float(left_out.sum())) if left_out.size else None,
        "others": as_json(float(others)) if trace.batch > 1 else None,
        "total": as_json(float(grads.parameters[name][index])),
    }


def ledger_words(cell: Cell, name: str, place: Sequence[str]) -> dict[str, str]:
    """Return what stands above the ledger of one number of a parameter: of row and column."""
    line, vector = cell.multiplied[name]
    i, j = (*place, "")[:2]
    upstream_latex = _with_unit(symbol(line), i)
    factor_latex = "" if vector is None else rf"\,{_with_unit(symbol(vector), j)}"
    stem, sub = name.split("_")
    at = ",".join(place)
    return {
        "name": f"∂L/∂{name}[{at}]",
        "latex": rf"\frac{{\partial L}}{{\partial {stem}_{{{sub},{at}}}}} = \sum_t "
        rf"\frac{{\partial L}}{{\partial {upstream_latex}}}{factor_latex}",
        "upstream_name": f"∂L/∂{names.timed(line, 't', i)}",
        "factor_name": "" if vector is None else f"{_plain(vector)},{j}",
    }


def _with_unit(latex: str, unit: str) -> str:
    """Return a symbol with a unit in its subscript: h_{t-1,2}."""
    stem, _, sub = latex.partition("_")
    return f"{stem}_{{{sub.strip('{}')},{unit}}}"


def _plain(vector: str) -> str:
    """Return the symbol of a vector in plain text: x_t, h_t−1."""
    before = vector.removesuffix("'")
    return f"{before}_t" if before == vector else f"{before}_t−1"


def _factors(
    grads: Gradients, name: str, index: tuple[int, ...], sample: int, t: int
) -> tuple[float, float | None]:
    """Return what the term of step t is a product of."""
    use = grads.uses_of(name)[0]
    row = t - 1 - (grads.trace.steps - len(use.gradient))
    factor = None if use.vector is None else float(use.vector[row, sample, index[1]])
    return float(use.gradient[row, sample, index[0]]), factor


def _paths(graph: "nx.DiGraph[str]", source: str) -> dict[str, Any]:
    """Return the paths to the loss of largest products, how many there are, and their sum."""
    found = paths(graph, source, "L", limit=PATHS)
    return {
        "list": [
            {
                "symbols": [graph.nodes[name]["symbol"] for name in path.nodes],
                "product": as_json(path.product),
            }
            for path in found
        ],
        "total": str(found.total),  # may be larger than a number of JSON
        "sum": as_json(sum(path.product for path in found)),
        "gradient": as_json(graph.nodes[source]["grad"]),
    }
