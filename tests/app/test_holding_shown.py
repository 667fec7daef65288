"""What plots and files show of a run in which numbers are held."""

import base64
import json

import numpy as np
import pytest

from app.components.graph_view import export
from app.components.graph_view.held_data import with_held_numbers
from app.experiment.held_arrays import held_arrays
from app.experiment.held_run import held_run
from app.experiment.holding import Hold
from app.experiment.presets import PRESETS, default
from app.experiment.run import gradients_of, graph_of, trace_of
from app.figures.run import payload
from app.figures.run.beside import HELD, Other
from app.figures.types import Dict

HOLDS = {"elman": (Hold("h[2,1]", 0.5),), "lstm": (Hold("c[2,1]", 1.0), Hold("f[3,1]", 0.25))}


def given(cell: str):
    return default() if cell == "elman" else PRESETS["lstm_by_hand"].experiment


def numbers(packed: Dict) -> list[float]:
    return np.frombuffer(base64.b64decode(packed["bdata"]), "<f8").tolist()


@pytest.mark.parametrize("cell", HOLDS)
@pytest.mark.parametrize("level", ["operation", "scalar"])
def test_a_held_run_has_the_numbers_of_its_graph(cell: str, level: str) -> None:
    experiment = given(cell)
    run = held_run(experiment, HOLDS[cell], level)
    arrays = held_arrays(experiment, HOLDS[cell], level)
    assert arrays is not None
    trace, grads = arrays
    assert grads is not None
    assert trace.loss == run.loss
    for name in trace.quantities:
        for row, array in enumerate(trace[name][:, experiment.sample]):
            t = row + trace.steps + 1 - len(trace[name])
            for unit, value in enumerate(array):
                node, place = (f"{name}[{t},{unit + 1}]", ...)
                if level == "operation":
                    node, place = f"{name}[{t}]", unit
                assert run.values[node][place] == value
                assert run.grads[node][place] == grads[name][row, experiment.sample, unit]


def test_nothing_held_is_nothing_to_draw() -> None:
    assert held_arrays(default(), (), "operation") is None


def test_lines_of_the_held_run_lie_over_those_of_the_run_and_the_rest_says_that_it_is_without() -> (
    None
):
    experiment = given("lstm")
    trace, grads = trace_of(experiment), gradients_of(experiment)
    held = held_arrays(experiment, HOLDS["lstm"], "operation")
    assert held is not None
    other = Other(*held, experiment.sample, HELD)
    plain, beside = (payload(trace, grads, other=each) for each in (None, other))
    charts = {chart["id"]: chart for group in beside["groups"] for chart in group["charts"]}
    assert list(charts) == [chart["id"] for group in plain["groups"] for chart in group["charts"]]
    heat, lines = charts["state_c"]["views"]
    assert HELD.without in heat["notes"]
    assert HELD.over in lines["notes"]
    assert "With the hold: c of 1 unit, c_0 included: from" in lines["text"]
    one, over = lines["figure"]["data"]
    assert numbers(one["y"]) == trace["c"][:, 0, 0].tolist()
    assert numbers(over["y"]) == held[0]["c"][:, 0, 0].tolist()
    assert numbers(over["y"])[2] == 1.0
    assert over["line"]["dash"] != one["line"].get("dash")
    norms = charts["norms"]["views"][0]["figure"]["data"]
    assert any("with the hold" in trace["name"] for trace in norms)
    before = {chart["id"]: chart for group in plain["groups"] for chart in group["charts"]}
    for name, chart in charts.items():
        for view, alone in zip(chart["views"], before[name]["views"], strict=True):
            said = {HELD.over, HELD.without, HELD.without_terms} & set(view["notes"])
            assert said or view == alone, (name, view["name"])
    assert charts["input"] == before["input"]


@pytest.mark.parametrize("level", ["rolled", "step", "operation", "scalar"])
def test_a_file_of_the_held_run_has_its_numbers(level: str) -> None:
    experiment = given("lstm")
    run = held_run(experiment, HOLDS["lstm"], "scalar" if level == "scalar" else "operation")
    graph = with_held_numbers(graph_of(experiment, level, None), run)
    nodes = {node["id"]: node for node in json.loads(export.json_text(graph))["nodes"]}
    assert nodes["L"]["value"] == run.loss
    where = {"rolled": "c", "scalar": "c[2,1]"}.get(level, "c[2]")
    value = np.ravel(nodes[where]["value"])
    assert value[1 if level == "rolled" else 0] == 1.0
    for make in (export.graphml, export.html_page):
        if level != "rolled" or make is export.graphml:
            assert make(graph)
