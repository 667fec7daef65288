"""The page's rules of operations, which run without it, against what the core computes."""

import json
import math
from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import pytest

from app.figures.common import common
from rnn_core import (
    ACTIVATIONS,
    LOSSES,
    Parameters,
    Trace,
    backward,
    computational_graph,
    forward,
    program,
)
from rnn_core.graph.described import whole_steps
from rnn_core.graph.rules import operand_values, slots_of
from tests.app.in_node import answer
from tests.arithmetic import evaluated
from tests.conftest import ROOT

SCRIPT = ROOT / "tests" / "app" / "run_rules.js"
CELLS_WITH_GATES = ("leaky", "gru", "gru_reset_before", "lstm")


def operations_with(
    loss: str, activation: str, size: float, soft: bool
) -> Iterator[dict[str, Any]]:
    """Each computed node of a run's graphs with its operands and local derivatives."""
    rng = np.random.default_rng(len(loss) + len(activation))
    params = Parameters.random(2, 3, 3, seed=1)
    params = params.replace(W_hy=size * params.W_hy, b_y=size * rng.normal(size=3))
    target = np.eye(3)[[1, 0]] if not soft else np.array([[0.25, 0.5, 0.25], [0.1, 0.9, 0.0]])
    trace = forward(
        params,
        rng.normal(size=(2, 2)),
        target,
        loss=loss,
        activation=activation,
        readout="every",
    )
    for graph in graphs_of(trace):
        yield from operations_of(graph)


def graphs_of(trace: Trace) -> "Iterator[nx.DiGraph[str]]":
    for level in ("step", "operation", "scalar"):
        yield computational_graph(trace, backward(trace), level=level)


def operations_of(graph: "nx.DiGraph[str]") -> Iterator[dict[str, Any]]:
    """Each computed node of a graph with its operands and local derivatives."""
    for name, node in graph.nodes(data=True):
        if not graph.pred[name]:
            continue
        flat = [np.ravel(part) for part in operand_values(graph, name)]
        output = np.ravel(node["value"])
        numbers = dict(node.get("numbers", ()))
        for place, value in numbers.items():
            flat[place] = np.full(output.size, value)
        places = [place for place in range(len(flat)) if place not in numbers]
        yield {
            "name": f"{graph.graph['level']} {name}",
            "op": node["op"],
            "operands": [part.tolist() for part in flat],
            "output": output.tolist(),
            "places": [
                [places[slot] for slot in slots_of(edge)] for edge in graph.pred[name].values()
            ],
            "locals": [
                np.reshape(edge["local"], (output.size, -1)).tolist()
                for edge in graph.pred[name].values()
            ],
        }


@pytest.mark.parametrize("loss", LOSSES)
def test_the_rules_of_the_page_give_what_the_core_computes(loss: str) -> None:
    cases = [
        case
        for size in (1.0, 30.0, 1000.0)  # the logits: moderate, large, saturated
        for soft in (False, True)
        for activation in (ACTIVATIONS if size == 1 else ["tanh"])
        for case in operations_with(loss, activation, size, soft)
    ]
    programs = [program("elman", 2, 2, 3, activation=name, loss=loss) for name in ACTIVATIONS]
    wholes = {f"{name} cell": {"kind": "cell", "of": name} for name in ACTIVATIONS}
    assert compare(cases, programs, wholes) > 3000


@pytest.mark.parametrize("cell", CELLS_WITH_GATES)
def test_the_rules_of_a_cell_with_gates_give_what_the_core_computes(cell: str) -> None:
    rng = np.random.default_rng(len(cell))
    checked = 0
    for hidden in (1, 2):
        params = Parameters.random(2, hidden, 1, seed=hidden, cell=cell)
        trace = forward(params, rng.normal(size=(2, 2)), [[1.0]])
        for graph in graphs_of(trace):
            cases = list(operations_of(graph))
            checked += compare(cases, [program(cell, 2, hidden, 1)], whole_steps(graph))
    assert checked > 200


def compare(
    cases: list[dict[str, Any]], programs: list[dict[str, Any]], wholes: dict[str, Any]
) -> int:
    """Compare what the page says of operations with the core, and return how many numbers."""
    checked = 0
    sent = {"programs": [json.dumps(each) for each in programs], "wholes": wholes}
    for case, found in zip(cases, answer(SCRIPT, [common(), sent, cases]), strict=True):
        pairs = list(zip(found["values"], case["output"], strict=True))
        for lines, numbers in zip(found["locals"], case["locals"], strict=True):
            for row, expected in zip(lines, numbers, strict=True):
                pairs += zip(row, expected, strict=True)
        largest = max(abs(number) for part in case["operands"] for number in part)
        slack = 1e-15 * largest if case["op"] not in LOSSES else 0.0  # sums in another order
        for (text, printed_value), expected in pairs:
            value = float(printed_value)
            about = f"{case['name']}: {text} gives {value}, the core {expected}"
            assert math.isclose(value, expected, rel_tol=1e-9, abs_tol=slack), about
            printed = evaluated(text)
            assert math.isclose(printed, expected, rel_tol=1e-9, abs_tol=slack), about
            checked += 1
    return checked
