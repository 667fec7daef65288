"""No front end reads a node's name: a graph whose nodes bear other names is shown the same."""

import json
from typing import Any

import numpy as np
import pytest

from app.components.graph_view.payload import payload
from app.figures.common import common
from rnn_core import CELLS, Gradients, Parameters, Trace, backward, forward
from rnn_core.cells import Cell, Line, product, times, weights
from rnn_core.graph import LEVELS
from tests.app.in_node import answer
from tests.conftest import ROOT

SCRIPT = ROOT / "tests" / "app" / "show_names.js"


def sent_of(trace: Trace, grads: Gradients) -> dict[str, Any]:
    """Return what the page is sent, with all levels at once."""
    levels = {level: payload(trace, grads, level=level)["levels"][level] for level in LEVELS}
    return {**payload(trace, grads), "levels": levels}


def renamed(sent: dict[str, Any], stem: str) -> dict[str, Any]:
    """Give each node another name, the same one at all levels."""
    known: dict[str, str] = {}
    levels = {}
    for level, data in sent["levels"].items():
        shape = json.loads(data["topology"])
        shape["names"]["id"] = [
            known.setdefault(name, f"{stem}{len(known)}") for name in shape["names"]["id"]
        ]
        levels[level] = {**data, "topology": json.dumps(shape)}
    return {**sent, "levels": levels}


@pytest.mark.parametrize("cell", ["elman", "leaky", "gru", "lstm"])
def test_a_graph_whose_nodes_bear_other_names_is_shown_the_same(cell: str) -> None:
    params = Parameters.random(2, 2, 1, seed=0, cell=cell)
    trace = forward(params, np.random.default_rng(0).normal(size=(3, 1, 2)), 1, readout="every")
    sent = sent_of(trace, backward(trace))
    sents = [{"sent": sent}, {"sent": renamed(sent, "n")}]
    shown, other = answer(SCRIPT, [common(), *sents])
    assert shown == other
    assert any(shown["selections"])
    for level in shown["levels"]:  # each position is found again by its name
        assert level["found"] == list(range(len(level["frames"])))


def test_the_rolled_network_names_its_operands_at_their_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also of a state with a subscript: s_a goes on as itself, and h is made of it at once."""
    lines = (
        Line("s_a", "add", (product("W_xn", "x"), times(0.5, "s_a'"))),
        Line("h", "add", (product("W_hn", "h'"), "s_a")),
    )
    two = Cell("two", "Two states", ("h", "s_a"), weights("W_xn", "W_hn"), lines, "this test")
    monkeypatch.setitem(CELLS, two.name, two)
    params = Parameters.random(2, 2, 1, seed=0, cell=two.name)
    trace = forward(params, np.ones((3, 1, 2)), 1)
    (shown,) = answer(SCRIPT, [common(), {"sent": sent_of(trace, backward(trace))}])
    operands = dict(zip(LEVELS, shown["levels"], strict=True))["rolled"]["operands"]
    assert ["W_{xn}", "x_{3}", "s_{a,2}"] in operands
    assert ["W_{hn}", "h_{2}", "s_{a,3}"] in operands


STANDS_FOR = [
    ("operation", "h[2]", "scalar", "h[2,2]"),
    ("operation", "W_hh h[2]", "scalar", "W_hh[2,1]·h[2,1]"),
    ("operation", "W_hh", "scalar", "W_hh[1,2]"),
    ("operation", "h[2]", "rolled", "h"),
    ("scalar", "W_hh[1,2]·h[2,2]", "operation", "W_hh h[2]"),
    ("scalar", "z[3,1]", "operation", "z[3]"),
    ("rolled", "h", "operation", "h[2]"),
    ("rolled", "h", "scalar", "h[2,2]"),
]
OF_GATES = [
    ("operation", "f[2]⊙c[1]", "scalar", "f[2,2]·c[1,2]"),
    ("operation", "i[2]⊙g[2]", "scalar", "i[2,2]·g[2,2]"),
    ("scalar", "i[2,1]·g[2,1]", "operation", "i[2]⊙g[2]"),
    ("operation", "tanh(c[2])", "scalar", "tanh(c[2,2])"),
    ("operation", "c[2]", "scalar", "c[2,2]"),
    ("operation", "c[2]", "rolled", "c"),
    ("operation", "z_i[2]", "scalar", "z_i[2,2]"),
]


@pytest.mark.parametrize(("cell", "cases"), [("elman", STANDS_FOR), ("lstm", OF_GATES)])
def test_what_is_selected_has_something_that_stands_for_it_at_another_level(
    cell: str, cases: list[tuple[str, str, str, str]]
) -> None:
    params = Parameters.random(2, 2, 1, seed=0, cell=cell)
    trace = forward(params, np.ones((3, 1, 2)), 1, readout="every")
    sent = sent_of(trace, backward(trace))
    asked = [case[:3] for case in cases]
    (found,) = answer(SCRIPT, [common(), {"sent": sent, "asked": asked}])
    assert found == [stands_for for *_, stands_for in cases]
