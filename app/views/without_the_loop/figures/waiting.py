"""What waits for what, of several ways side by side on one scale."""

from collections.abc import Mapping

from app.figures.types import Chart
from app.views.without_the_loop.compute import drawn
from app.views.without_the_loop.compute.ways import WayResult
from app.views.without_the_loop.figures import dependency
from rnn_core import Sizes, critical_path, dependency_graph

STAIRCASES = {"loop": "The loop", "doubling": "A scan, without φ"}
ROOM = 323  # pixels of all steps, however many are drawn: the page does not move
SAME_GRAPH = ("tuned", "other")  # as the loop


def staircases(sizes: Sizes) -> list[Chart]:
    """Return the loop's graph beside that of a scan."""
    graphs = {way: dependency_graph(way, sizes) for way in STAIRCASES}
    stages = max(dependency.extent(graph) for graph in graphs.values())
    top = min(dependency.top_row(graph) for graph in graphs.values())
    return [
        dependency.chart(
            f"staircase_{way}",
            title,
            graphs[way],
            f"{len(critical_path(graphs[way]))} operations wait for one another.",
            stages=stages,
            top=top,
            room=ROOM,
        )
        for way, title in STAIRCASES.items()
    ]


def charts(results: Mapping[str, WayResult]) -> list[Chart]:
    """Return the graph of each way that gave a result and has one of its own."""
    found = {
        name: one
        for name, result in results.items()
        if name not in SAME_GRAPH and (one := drawn.drawn_of(result)) is not None
    }
    stages = max(dependency.extent(one.graph) for one in found.values())
    return [
        dependency.chart(
            name,
            results[name].way.title,
            one.graph,
            dependency.sentence(one.cost, one.waiting),
            one.left_out,
            stages=stages,
            chunk=one.chunk,
        )
        for name, one in found.items()
    ]
