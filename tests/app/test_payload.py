"""What the graph component receives, against the trace and the gradients themselves."""

import base64
import json
import math

import numpy as np
import pytest

from app.components.graph_view.detail import PATHS, ledger
from app.components.graph_view.extent import chunk, step_of
from app.components.graph_view.payload import payload
from rnn_core import (
    CELLS,
    Gradients,
    Parameters,
    Trace,
    backward,
    computational_graph,
    forward,
)
from tests.app.topologies import nodes_of, sizes_of


def run(
    steps: int = 4, hidden: int = 2, *, seed: int = 0, **options: object
) -> tuple[Trace, Gradients]:
    params = Parameters.random(1, hidden, 1, seed=seed)
    x = np.random.default_rng(seed).normal(size=(steps, 1, 1))
    trace = forward(params, x, 1, **options)  # type: ignore[arg-type]
    return trace, backward(trace)


def unpacked(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f8")


def by_node(level: dict[str, str], field: str) -> dict[str, np.ndarray]:
    """Give each node its own numbers again, as the browser does."""
    numbers, found, at = unpacked(level[field]), {}, 0
    for node in nodes_of(level["topology"]):
        size = math.prod(node["shape"])
        found[node["id"]] = numbers[at : at + size].reshape(node["shape"])
        at += size
    assert at == numbers.size
    return found


def test_numbers_arrive_to_the_last_bit() -> None:
    trace, grads = run()
    level = payload(trace, grads)["levels"]["operation"]
    values, gradients = by_node(level, "value"), by_node(level, "grad")
    for t in range(1, 5):
        np.testing.assert_array_equal(values[f"h[{t}]"], trace.h[t, 0])
        np.testing.assert_array_equal(values[f"z[{t}]"], trace.z[t - 1, 0])
        np.testing.assert_array_equal(gradients[f"h[{t}]"], grads.h[t, 0])
    np.testing.assert_array_equal(values["W_hh"], trace.params.W_hh)
    np.testing.assert_allclose(gradients["W_hh"], grads.parameters.W_hh, rtol=1e-12)
    assert values["L"] == trace.loss


def test_infinity_and_nan_arrive() -> None:
    params = Parameters([[1e200]], [[1e200]], [0], [[1]], [0])
    trace = forward(params, [1, 1, 1], 1, activation="identity")
    level = payload(trace, backward(trace))["levels"]["operation"]
    assert np.isinf(by_node(level, "value")["h[3]"]).all()


def test_the_topology_does_not_change_with_the_numbers() -> None:
    first, second = payload(*run(seed=1)), payload(*run(seed=2))
    for level in first["levels"]:
        assert first["levels"][level]["topology"] == second["levels"][level]["topology"]
        assert first["levels"][level]["value"] != second["levels"][level]["value"]


def test_the_topology_changes_with_what_it_shows() -> None:
    def topology(*args: int, **options: object) -> str:
        return str(payload(*run(*args, **options))["levels"]["operation"]["topology"])

    base = topology()
    others = [topology(5), topology(4, 3), topology(activation="relu"), topology(readout="every")]
    assert base not in others
    assert len(set(others)) == len(others)


def test_small_graphs_bring_all_levels_and_large_ones_only_one() -> None:
    assert set(payload(*run())["levels"]) == {"rolled", "step", "operation", "scalar"}
    assert set(payload(*run(50), level="step")["levels"]) == {"step"}


def test_a_scalar_level_too_large_to_read_is_not_offered() -> None:
    data = payload(*run(3, 16), level="scalar")
    assert "scalar" not in data["offered"]
    assert data["level"] == "operation"


def test_two_hundred_steps_are_sent_whole_and_a_thousand_in_a_chunk_around_the_position() -> None:
    whole = json.loads(payload(*run(200))["levels"]["operation"]["topology"])
    assert (whole["first"], whole["last"]) == (1, 200)
    text = payload(*run(1000), at="f:h[500]")["levels"]["operation"]["topology"]
    part = json.loads(text)
    assert 1 < part["first"] < 500 < part["last"] < 1000
    assert {f"h[{t}]" for t in range(part["first"], part["last"])} <= {
        node["id"] for node in nodes_of(text)
    }


@pytest.mark.parametrize("step", [1, 2, 77, 250, 500, 999, 1000])
def test_a_chunk_holds_its_step_away_from_its_borders(step: int) -> None:
    found = chunk(1000, 5, 1000, step)
    assert found is not None
    first, last = found
    assert last - first + 1 == 120
    assert first == 1 or step - first >= 29
    assert last == 1000 or last - step >= 29


@pytest.mark.parametrize(
    ("at", "step"),
    [
        ("end", 9),
        ("start", 1),
        ("f:h[3]", 3),
        ("b:W_hh[2,1]·h[4,1]", 5),
        ("f:W_xh[2,1]·x[4,1]", 4),
        ("f:W_hh h[4]", 5),
        ("b:W_hh[2,1]", 1),
        ("b:W_hh", 1),
        ("f:L", 9),
        ("f:h[99]", 9),
        ("f:h[0]", 1),
        ("nonsense[[", 1),
    ],
)
@pytest.mark.parametrize("level", ["rolled", "operation", "scalar"])
def test_the_step_of_a_position(at: str, step: int, level: str) -> None:
    trace, _ = run(9)
    assert step_of(trace, level, at) == step


@pytest.mark.parametrize("cell", sorted(CELLS))
@pytest.mark.parametrize("level", ["step", "operation", "scalar"])
def test_the_step_of_every_node_of_every_cell_is_where_it_stands(cell: str, level: str) -> None:
    """`0.5·h[3]` of a leaky network stands at step 4, `tanh(c[3])` of an LSTM at step 3."""
    params = Parameters.random(1, 2, 1, seed=0, cell=cell)
    trace = forward(params, np.ones((5, 1, 1)), 1)
    graph = computational_graph(trace, backward(trace), level=level)
    for name, node in graph.nodes(data=True):
        if node["op"] is not None:
            assert step_of(trace, level, f"b:{name}") == node["t"], name


@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize(
    ("name", "index"),
    [("W_xh", (1, 0)), ("W_hh", (0, 1)), ("b_h", (1,)), ("W_hy", (0, 1)), ("b_y", (0,))],
)
def test_a_ledger_adds_up_to_the_gradient(name: str, index: tuple[int, ...], readout: str) -> None:
    trace, grads = run(5, readout=readout)
    shown = ledger(trace, grads, name, index, 0)
    total = getattr(grads.parameters, name)[index]
    assert math.isclose(shown["total"], total, rel_tol=1e-12)
    assert math.isclose(sum(row["term"] for row in shown["rows"]), total, rel_tol=1e-12)
    for row in shown["rows"]:
        factor = 1 if row["factor"] is None else row["factor"]
        assert math.isclose(row["upstream"] * factor, row["term"], rel_tol=1e-12, abs_tol=1e-300)
    assert len(shown["rows"]) == (5 if readout == "every" or name in ("W_xh", "W_hh", "b_h") else 1)


def test_a_hostile_selection_is_only_text_that_names_nothing() -> None:
    for selected in ("</script><img src=x onerror=alert(1)>", "W_hh[99,99]", "W_hh[,]", "[" * 500):
        data = payload(*run(), selected=selected)
        json.dumps(data, allow_nan=False)


def test_the_paths_of_a_scalar_node_add_up_to_its_gradient() -> None:
    trace, grads = run(3)
    detail = payload(trace, grads, level="scalar", selected="h[1,1]")["detail"]
    assert int(detail["paths"]["total"]) == len(detail["paths"]["list"])
    assert math.isclose(detail["paths"]["sum"], grads.h[1, 0, 0], rel_tol=1e-12)


def test_a_cut_list_of_paths_holds_the_largest_and_counts_all() -> None:
    trace, grads = run(12)
    found = payload(trace, grads, level="scalar", selected="h[1,1]")["detail"]["paths"]
    assert len(found["list"]) == PATHS
    assert int(found["total"]) == 2**11  # two units at each of the steps between
    assert found["gradient"] == grads.h[1, 0, 0]
    sizes = [abs(path["product"]) for path in found["list"]]
    assert sizes == sorted(sizes, reverse=True)
    assert found["sum"] == sum(path["product"] for path in found["list"])


def test_what_is_not_shown_may_come_and_go_with_the_numbers() -> None:
    """A batch whose other sequence adds nothing has fewer edges than one where it adds."""
    params = Parameters([[1.0]], [[0.5]], [0.0], [[1.0]], [0.0])
    for other in (1.0, 0.0, 1.0):
        x = np.array([[[1.0], [other]], [[1.0], [other]]])
        trace = forward(params, x, [[[1.0], [0.5]]])
        level = payload(trace, backward(trace), sample=0)["levels"]["scalar"]
        assert sum(sizes_of(level["topology"])) == unpacked(level["local"]).size


@pytest.mark.parametrize(("steps", "batch"), [(4, 1), (4, 3), (1200, 1), (1100, 2)])
@pytest.mark.parametrize("name", ["W_xh", "W_hh", "b_h", "W_hy", "b_y"])
def test_a_ledger_says_what_it_does_not_list(steps: int, batch: int, name: str) -> None:
    params = Parameters.random(1, 2, 1, seed=1, spectral_radius=1.0)
    x = np.random.default_rng(0).normal(size=(steps, batch, 1))
    trace = forward(params, x, 1, readout="every")
    grads = backward(trace)
    gradient = getattr(grads.parameters, name)
    index = (0,) * gradient.ndim
    found = ledger(trace, grads, name, index, batch - 1)
    parts = [row["term"] for row in found["rows"]]
    parts += [found[lump] for lump in ("before", "others") if found[lump] is not None]
    assert (found["before"] is None) == (steps <= 1000)
    assert (found["others"] is None) == (batch == 1)
    assert sum(parts) == pytest.approx(gradient[index], rel=1e-9)
    assert found["total"] == pytest.approx(gradient[index], rel=1e-9)
