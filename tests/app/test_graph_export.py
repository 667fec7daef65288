"""The graph as files: they hold the numbers, need no network, and are the same each time."""

import io
import json
import re
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import networkx as nx
import numpy as np
import pytest

from app.components.graph_view import export
from app.components.graph_view.figure import figure
from app.components.graph_view.fit import fitted_places
from rnn_core import Parameters, backward, computational_graph, forward

HOSTILE = "</script><img src=x onerror=alert(1)>$\\evil{"
LEVELS = ("rolled", "step", "operation", "scalar")


def graph_of(level="operation", *, steps=3, hidden=2, window=None, batch=1, grads=True):
    params = Parameters.random(2, hidden, 1, seed=1)
    x = np.random.default_rng(0).normal(size=(steps, batch, 2))
    trace = forward(params, x, 1, readout="every")
    given = backward(trace) if grads else None
    return computational_graph(trace, given, level=level, steps=window)


def exploded():
    trace = forward(
        Parameters([[1e200]], [[-1e200]], [0], [[1]], [0]), [1, 1, 1], 1, activation="identity"
    )
    return computational_graph(trace, backward(trace), level="scalar")


@pytest.mark.parametrize("level", LEVELS)
def test_the_page_is_whole_and_asks_for_nothing(level):
    page = export.html_page(graph_of(level)).decode("utf-8")
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<link\b", page)
    assert not re.search(r"<script\b[^>]*\bsrc=", page)
    assert not re.search(r"url\(\s*['\"]?https?:", page)
    assert "default-src 'none'" in page
    assert page.count("<head>") == page.count("</head>") == page.count('charset="utf-8"') == 1
    for name in graph_of(level):
        assert json.dumps(name)[1:-1] in page


def test_text_in_a_page_stays_text():
    graph = graph_of()
    graph.nodes["x[1]"]["symbol"] = HOSTILE
    page = export.html_page(graph, title=HOSTILE).decode()
    assert "<img" not in page
    assert page.count("</script>") == export.html_page(graph_of()).decode().count("</script>")


def test_json_holds_every_number_and_is_read_by_networkx():
    graph = graph_of("operation", batch=2)
    data = json.loads(export.json_text(graph))
    read = nx.node_link_graph(data, edges="edges")
    assert set(read.nodes) == set(graph.nodes)
    assert set(read.edges) == set(graph.edges)
    assert data["graph"] == {"level": "operation", "steps": [1, 3], "sample": 0}
    for name, node in graph.nodes(data=True):
        np.testing.assert_array_equal(read.nodes[name]["value"], node["value"])
        np.testing.assert_array_equal(read.nodes[name]["grad"], node["grad"])
    for edge in graph.edges:
        np.testing.assert_array_equal(read.edges[edge]["local"], graph.edges[edge]["local"])


def test_json_writes_infinity_and_nan_as_words():
    text = export.json_text(exploded()).decode()
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert '"Infinity"' in text or '"-Infinity"' in text


def test_graphml_is_read_by_networkx_with_the_same_numbers():
    graph = graph_of("scalar")
    read = nx.read_graphml(io.BytesIO(export.graphml(graph)))
    assert set(read.edges) == set(graph.edges)
    for name, node in graph.nodes(data=True):
        assert read.nodes[name]["value"] == node["value"]
        assert read.nodes[name]["kind"] == node["kind"]
    operation = nx.read_graphml(io.BytesIO(export.graphml(graph_of())))
    W_hh = json.loads(operation.nodes["W_hh"]["value"])
    np.testing.assert_array_equal(W_hh, graph_of().nodes["W_hh"]["value"])


@pytest.mark.parametrize("make", [export.graphml, export.json_text, export.html_page])
@pytest.mark.parametrize("level", LEVELS)
def test_every_level_is_written_with_and_without_gradients_and_of_a_window(make, level):
    assert make(graph_of(level)) == make(graph_of(level))
    assert make(graph_of(level, grads=False))
    assert make(exploded())
    if level != "rolled":
        assert make(graph_of(level, window=(2, 2), batch=2))


def test_hostile_text_does_not_break_out_of_graphml():
    graph = graph_of()
    graph.nodes["x[1]"]["symbol"] = HOSTILE
    tree = ET.fromstring(export.graphml(graph))  # noqa: S314  # our own bytes
    assert HOSTILE in [element.text for element in tree.iter()]


@pytest.mark.parametrize(
    ("kind", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG\r\n"), ("pdf", b"%PDF-")]
)
def test_a_figure_has_its_format_and_the_same_bytes_each_time(kind, start):
    first = figure(graph_of(), kind)
    assert first.startswith(start)
    assert figure(graph_of(), kind) == first
    assert figure(graph_of(), kind, shows="grad") != first


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_drawn_without_a_script_or_a_request(level):
    svg = figure(graph_of(level), "svg")
    root = ET.fromstring(svg)  # noqa: S314  # our own bytes
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    links = [value for element in root.iter() for key, value in element.items() if "href" in key]
    assert all(link.startswith(("#", "data:")) for link in links)


def test_hostile_text_and_infinity_are_drawn():
    graph = exploded()
    graph.nodes["x[1,1]"].update(symbol=HOSTILE, latex=HOSTILE)
    assert figure(graph, "svg")


def test_figures_are_drawn_by_several_sessions_at_once():
    graphs = [graph_of("step", steps=steps) for steps in (2, 3, 4)]
    alone = [figure(graph, "svg") for graph in graphs]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda graph: figure(graph, "svg"), graphs)) == alone


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gif",), "format: expected one of svg, png, pdf"),
        (("svg", "taste"), "shows: expected one of value, grad"),
    ],
)
def test_a_figure_refuses_in_a_sentence(arguments, message):
    with pytest.raises(ValueError, match=message):
        figure(graph_of(), arguments[0], shows=arguments[1] if len(arguments) > 1 else "value")


def test_a_figure_of_missing_gradients_or_of_too_much_is_refused():
    with pytest.raises(ValueError, match="with gradients"):
        figure(graph_of(grads=False), "svg", shows="grad")
    with pytest.raises(ValueError, match="expected at most"):
        figure(graph_of(steps=400), "svg")
    with pytest.raises(ValueError, match="expected at most"):
        export.html_page(graph_of(steps=400))


def overlaps(places, sizes):
    names = sorted(places, key=lambda name: places[name][0])
    widest = max(width for width, _ in sizes.values())
    found = []
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            across = places[other][0] - places[one][0]
            if across >= widest:
                break
            down = abs(places[other][1] - places[one][1])
            wide, tall = ((sizes[one][k] + sizes[other][k]) / 2 for k in (0, 1))
            if across < wide and down < tall:
                found.append((one, other))
    return found


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("hidden", [1, 2, 8])
@pytest.mark.parametrize("window", [None, (2, 3)])
def test_no_boxes_overlap(level, hidden, window):
    window = None if level == "rolled" else window
    graph = graph_of(level, steps=4, hidden=hidden, window=window, batch=2)
    sizes = {name: (70 + 7 * (i % 9), 40 + 11 * (i % 5)) for i, name in enumerate(graph)}
    assert overlaps(fitted_places(graph, sizes), sizes) == []


def test_the_check_for_overlaps_finds_a_planted_one():
    graph = graph_of()
    sizes = dict.fromkeys(graph, (80.0, 60.0))
    places = fitted_places(graph, sizes)
    places["x[2]"] = (places["h[2]"][0] + 10, places["h[2]"][1] + 10)
    assert ("h[2]", "x[2]") in overlaps(places, sizes)


def test_time_runs_to_the_right_and_layers_upwards():
    graph = graph_of(steps=4)
    places = fitted_places(graph, dict.fromkeys(graph, (80.0, 60.0)))
    columns = [places[f"h[{t}]"][0] for t in range(5)]
    assert columns == sorted(columns)
    rows = [places[name][1] for name in ("x[2]", "W_xh x[2]", "z[2]", "h[2]", "a[2]", "l[2]", "L")]
    assert rows == sorted(rows, reverse=True)
    left = min(x for name, (x, _) in places.items() if graph.nodes[name]["kind"] != "parameter")
    assert all(places[name][0] < left for name in ("W_xh", "W_hh", "b_h", "W_hy", "b_y"))
