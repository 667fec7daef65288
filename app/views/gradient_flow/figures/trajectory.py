"""The path of states through a plane, without field and fixed points."""

from app.figures import axes, tables
from app.figures.run import states
from app.figures.types import Chart, Floats, Steps, view
from app.figures.words import not_finite, short

PANEL = 380  # pixels, a square


def chart(path: Floats, names: list[str]) -> Chart:
    """Return the chart of places (T + 1, 2), the first that of the initial states."""
    kept = states.kept_steps(path)
    drawn = states.trajectory(path, 0, 1, kept) | {"xaxis": "x", "yaxis": "y"}
    across, up = states.square(path[:, 0], path[:, 1])
    layout = axes.layout(PANEL, margin={"l": 64, "r": 16, "t": 10, "b": 46})
    layout["xaxis"] = states.plain_axis(names[0], across)
    layout["yaxis"] = states.plain_axis(names[1], up)
    ends = ", ".join(short(float(value)) for value in path[-1])
    return {
        "id": "gf_path",
        "title": "Path of the states",
        "phase": "",
        "views": [
            view(
                "",
                {"data": [drawn, states.start_ring(path, drawn, (0, 1))], "layout": layout},
                f"The path ends at [{ends}].",
                not_finite("A state", path, 0),
            )
        ],
        "tables": [tables.over_time(path, 0, Steps(len(path) - 1), names)],
    }
