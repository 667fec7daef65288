"""Where nodes stand: no two at one place; in a picture as on the page, which measures its boxes."""

import numpy as np
import pytest

from app.components.graph_view.fit import fitted_places
from app.components.graph_view.layout import positions
from app.components.graph_view.topology import describe
from app.figures.common import common
from rnn_core import CELLS, Parameters, backward, computational_graph, forward
from rnn_core.cells import ELMAN
from tests.app.in_node import answer
from tests.conftest import ROOT

SCRIPT = ROOT / "tests" / "app" / "arrange_boxes.js"
LEVELS = ("rolled", "step", "operation", "scalar")
RUNS = [
    (cell, readout, outputs)
    for cell in CELLS
    for readout in ("last", "every")
    for outputs in (1, 2)
]


def graphs():
    for cell, readout, outputs in RUNS:
        params = Parameters.random(2, 2, outputs, seed=1, cell=cell)
        steps = 3 if readout == "every" else 1
        x = np.random.default_rng(0).normal(size=(3, 2))
        trace = forward(params, x, np.ones((steps, outputs)), readout=readout)
        grads = backward(trace)
        for level in LEVELS:
            yield computational_graph(trace, grads, level=level)


@pytest.fixture(scope="module")
def all_graphs():
    return list(graphs())


def test_each_node_of_every_cell_has_a_place_of_its_own(all_graphs):
    for graph in all_graphs:
        assert len(set(positions(graph).values())) == len(graph), graph


def test_no_line_from_a_product_of_the_input_runs_through_what_is_in_the_next_row(all_graphs):
    for graph in all_graphs:
        if graph.graph["level"] != "operation" or graph.graph["shown"].trace.cell is ELMAN:
            continue  # Elman's products share a row
        step = {
            name: place for name, place in positions(graph).items() if graph.nodes[name]["t"] == 1
        }
        products = [step[name] for name in step if graph.nodes[name]["reads"] == ("x", 1)]
        next_row = max(y for _, y in step.values() if y < products[0][1])
        between = {x for x, y in step.values() if y == next_row}
        assert between.isdisjoint(x for x, _ in products), graph


def test_rows_and_steps_of_a_picture_stand_as_on_the_page(all_graphs):
    rng = np.random.default_rng(2)
    asked, drawn = [], []
    for graph in all_graphs:
        sizes = {name: tuple(rng.uniform((60, 40), (150, 120))) for name in graph}
        boxes = {
            name: {"width": width, "height": height} for name, (width, height) in sizes.items()
        }
        text = describe(graph, graph.graph["shown"].trace, "")[1].text
        asked.append({"topology": text, "boxes": boxes})
        drawn.append(fitted_places(graph, sizes))
    for graph, places, shown in zip(
        all_graphs, drawn, answer(SCRIPT, [common(), *asked]), strict=True
    ):
        rolled = graph.graph["level"] == "rolled"
        for name, node in graph.nodes(data=True):
            x, y = places[name]
            if node["kind"] != "parameter":
                assert y == pytest.approx(shown[name][1], abs=1e-9), (graph, name)
                # A page is sent tenths of a pixel; in a rolled network it has room for all columns.
                assert rolled or x == pytest.approx(shown[name][0], abs=0.2), (graph, name)
