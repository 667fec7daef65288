"""The iterates of a method on their way to the loop's states."""

import numpy as np

from app.figures import axes, plain, tables
from app.figures.types import Chart, Dict, Floats, Steps, typed_array, view
from app.figures.words import not_finite, plural, power_of_ten, short
from app.views.without_the_loop.compute.solve import AGREES

LOWEST = -17.0
"""log₁₀ of a difference that is drawn as none."""

TENS = (-16, -12, -8, -4, 0)


def states(iterate: Floats, loop: Floats, unit: int, number: int, front: int) -> Chart:
    """Return one unit's iterate over t beside the loop, with the steps that agree shaded.

    Both are (T + 1, H); `front` is the last step up to which every unit agrees.
    """
    steps = Steps(len(loop) - 1)
    rows = np.stack([loop[:, unit], iterate[:, unit]], axis=1)
    figure = axes.lines(rows, 0, steps, ["loop", "iterate"], f"h, unit {unit + 1}", 280)
    figure["data"][0]["line"] = {"width": 5, "dash": "solid"}
    figure["data"][0]["mode"] = "lines"
    figure["data"][0]["opacity"] = 0.35
    figure["data"][1]["meta"] = {"accent": True}
    figure["data"][1]["line"] = {"width": 2, "dash": "solid"}
    figure["layout"]["shapes"] = [_agreed(front)]
    count = steps.count
    reached = (
        f"all {plural(count, 'step')} agree with the loop"
        if front == count
        else f"steps 1 to {front} agree with the loop"
        if front > 0
        else "only the initial state agrees with the loop yet"
    )
    with np.errstate(all="ignore"):
        apart = np.abs(iterate - loop)
    worst = float(apart.max())
    text = f"Iteration {number}: {reached} to 1e−12 (shaded); the largest difference of all "
    text += f"units is {short(worst, 3)}."
    return {
        "id": "wl_iterate",
        "title": "The loop and the iterate over t",
        "phase": "f",
        "views": [view("", figure, text, not_finite("The iterate", iterate, 0))],
        "tables": [tables.over_time(rows, 0, steps, ["loop", "iterate"])],
    }


def _agreed(front: int) -> Dict:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": -0.5,
        "x1": front + 0.5,
        "y0": 0,
        "y1": 1,
        "line": {"width": 0},
        "fillcolor": "rgba(127,127,127,0.16)",
        "layer": "below",
    }


def convergence(differences: Floats, number: int) -> Chart:
    """Return log₁₀ of the difference of each iterate (rows) at each step (columns)."""
    with np.errstate(all="ignore"):
        sizes = np.log10(np.maximum(differences, 10**LOWEST))
    sizes = np.clip(np.where(np.isfinite(differences), sizes, 1.0), LOWEST, 1.0)
    rounds, steps = differences.shape
    figure: Dict = {
        "data": [
            {
                "type": "heatmap",
                "z": typed_array(sizes),
                "x0": 0,
                "dx": 1,
                "y0": 0,
                "dy": 1,
                "zmin": LOWEST,
                "zmax": 1,
                "meta": {"scale": "sequential"},
                "hovertemplate": "t = %{x}<br>iteration %{y}<br>log₁₀ of the difference: "
                f"%{{z:{axes.HOVER_NUMBER}}}<extra></extra>",
                "colorbar": axes.colour_bar()
                | {"tickvals": list(TENS), "ticktext": [power_of_ten(k) for k in TENS]},
            }
        ],
        "layout": axes.layout(
            66 + int(np.clip(16 * rounds, 214, 320)),
            xaxis=axes.time_axis(Steps(steps - 1)),
            yaxis={
                "title": {"text": "iteration", "standoff": 4},
                "range": [rounds - 0.5, -0.5],
                **axes.INTEGERS,
                "nticks": 8,
                **({"tick0": 0, "dtick": 1} if rounds <= 9 else {}),
                "zeroline": False,
                "showgrid": False,
            },
            shapes=[_row(number, steps)],
        ),
    }
    done = int((differences <= AGREES).all(axis=1).argmax()) if _some(differences) else None
    text = (
        f"The first iterate that agrees everywhere to 1e−12 is number {done} of {rounds - 1}."
        if done is not None
        else f"After {plural(rounds - 1, 'iteration')} some step still differs by more than 1e−12."
    )
    return {
        "id": "wl_front",
        "title": "Difference to the loop: every iterate, every step",
        "phase": "f",
        "views": [
            view(
                "",
                figure,
                f"{text} What is coloured still differs; its edge moves to the right.",
                f"The frame marks iteration {number}.",
            )
        ],
        "tables": [],
    }


def _some(differences: Floats) -> bool:
    return bool((differences <= AGREES).all(axis=1).any())


def _row(number: int, steps: int) -> Dict:
    return {
        "type": "rect",
        "x0": -0.5,
        "x1": steps - 0.5,
        "y0": number - 0.5,
        "y1": number + 0.5,
        "line": {"width": 2, "color": axes.CHOSEN},
    }


def residuals(values: tuple[float, ...], number: int) -> Chart:
    """Return the residual after each iteration, on a logarithmic axis."""
    places = list(range(1, len(values) + 1))
    rows = np.array(values)[:, np.newaxis]
    figure = plain.log_figure(places, rows, ["residual"], "iteration", "max |h − φ(z)|")
    figure["layout"]["xaxis"] |= {
        **axes.INTEGERS,
        "range": [0.5, max(2, len(values)) + 0.5],
        **({"tick0": 1, "dtick": 1} if len(values) <= 14 else {"nticks": 12}),
    }
    if 1 <= number <= len(values) and values[number - 1] > 0:
        figure["data"].append(
            plain.line([number], rows[number - 1], "shown", 0)
            | {
                "mode": "markers",
                "marker": {"size": 15, "symbol": "circle-open", "line": {"width": 3}},
                "meta": {"accent": True},
                "showlegend": False,
            }
        )
    figure["layout"]["showlegend"] = False
    shown = f"{short(values[number - 1], 3)} after iteration {number}, " if number else ""
    text = (
        f"How far the states are from fulfilling their own equation: {shown}"
        f"{short(values[-1], 3)} after the last of {plural(len(values), 'iteration')}."
    )
    return {
        "id": "wl_residual",
        "title": "Residual after each iteration",
        "phase": "",
        "views": [view("", figure, text, _zero_note(rows))],
        "tables": [plain.table("iteration", [str(place) for place in places], rows, ["residual"])],
    }


def _zero_note(rows: Floats) -> str:
    return "A triangle on the lower edge is an exact 0." if (rows == 0).any() else ""
