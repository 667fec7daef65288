"""At which logits each thing happens, to the last float: found by bisection over the format."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core._arrays import FloatArray, choose
from rnn_core._checks import finite, of, takes
from rnn_core._short import Shown
from rnn_core.forms.form import Evaluation, Form, evaluate
from rnn_core.forms.operations import FORMATS, ON_ITS_BOUND, event_name

CLOSE = 1200.0  # beyond it exp is 0 or ∞ in all formats
CLOSE_POINTS = 4801
FAR_POINTS = 600


Key = tuple[str, str]  # a step and what happens in it


@dataclass(frozen=True)
class Region(Shown):
    """All floats from `low` to `high` at which one thing happens in one step.

    `event` is that of `event_name`, or "inf", "nan" or "zero" for what the result is, which is the
    value of the last step.
    """

    step: str
    event: str
    low: float
    high: float


@takes(form=of(Form), y=finite(0, 1))
def regions(form: Form, y: float, dtype: str) -> tuple[Region, ...]:
    """Return where in the format each event of a form happens, for the target y.

    Up to ±1200 every float of float16 is tried, and one every half of the larger formats; beyond,
    where exp is 0 or ∞ in all formats, a grid over the magnitudes. Each change between two
    neighbours is narrowed down by bisection until they are adjacent floats. What happens only
    between two points of the grid is missed.

    Raises
    ------
    ValueError
        The format is unknown.
    """
    kind = choose("dtype", FORMATS, dtype)
    grid = _grid(kind)
    states = _states(evaluate(form, {"a": grid, "y": y}, dtype))
    changes = {key: np.flatnonzero(holds[1:] != holds[:-1]) for key, holds in states.items()}
    narrowed = _narrowed(form, y, dtype, grid, states, changes)
    found = []
    for key, holds in states.items():
        ends = [float(end) for end in narrowed[key]]
        ends = [float(grid[0])] * bool(holds[0]) + ends + [float(grid[-1])] * bool(holds[-1])
        found += [Region(*key, *pair) for pair in zip(ends[::2], ends[1::2], strict=True)]
    return tuple(sorted(found, key=lambda region: _order(form, region)))


def _order(form: Form, region: Region) -> tuple[int, str, float]:
    place = [step.name for step in form.steps].index(region.step)
    return place, region.event, region.low


def _states(evaluated: Evaluation) -> dict[Key, NDArray[np.bool_]]:
    """Return for each step and event where it happens."""
    shape = evaluated.values["a"].shape
    states: dict[Key, NDArray[np.bool_]] = {}
    for step in evaluated.form.steps:
        codes = np.broadcast_to(evaluated.events[step.name], shape)
        for code in np.unique(codes[codes != 0]).tolist():
            happens = codes == code
            if code != ON_ITS_BOUND:
                states[step.name, event_name(code, 0)] = happens
                continue
            values = np.broadcast_to(evaluated.values[step.name], shape)
            for bound in np.unique(np.abs(values[happens])).tolist():
                name = event_name(code, bound)
                states[step.name, name] = happens & (np.abs(values) == bound)
    last = str(evaluated.form.last)
    states[last, "inf"] = np.isinf(evaluated.result)
    states[last, "nan"] = np.isnan(evaluated.result)
    states[last, "zero"] = evaluated.result == 0
    return states


def _narrowed(
    form: Form,
    y: float,
    dtype: str,
    grid: FloatArray,
    states: dict[Key, NDArray[np.bool_]],
    changes: dict[Key, NDArray[np.intp]],
) -> dict[Key, FloatArray]:
    """Bisect all changes of all states together; return the last float inside at each change."""
    edges = np.concatenate(list(changes.values()))
    keys = [key for key, places in changes.items() for _ in places]
    left = np.array([states[key][edge] for key, edge in zip(keys, edges, strict=True)], bool)
    inside = ordinals(np.where(left, grid[edges], grid[edges + 1]))
    outside = ordinals(np.where(left, grid[edges + 1], grid[edges]))
    # Neighbours of the grid have one sign or are close to 0, so their difference fits an integer.
    while len(edges) and (np.abs(outside - inside) > 1).any():
        middle = inside + (outside - inside) // 2
        found = _states(evaluate(form, {"a": floats(middle, grid.dtype), "y": y}, dtype))
        holds = np.array([key in found and found[key][i] for i, key in enumerate(keys)], bool)
        inside, outside = np.where(holds, middle, inside), np.where(holds, outside, middle)
    ends = np.split(floats(inside, grid.dtype), np.cumsum([len(p) for p in changes.values()])[:-1])
    return dict(zip(changes, ends, strict=True))


def _grid(kind: "np.dtype[Any]") -> FloatArray:
    """Return rising floats of the format, both ends included."""
    largest = np.finfo(kind).max
    close = np.linspace(-CLOSE, CLOSE, CLOSE_POINTS)
    if kind == np.float16:
        most = int(ordinals(np.array([CLOSE], kind))[0])
        close = floats(np.arange(-most, most + 1), kind).astype(np.float64)
    least = np.log10(np.finfo(kind).smallest_subnormal)
    far = np.append(10.0 ** np.linspace(least + 1, np.log10(largest) - 0.1, FAR_POINTS), largest)
    return np.unique(np.concatenate([-far, close, far]).astype(kind))


_INTEGERS = {2: np.int16, 4: np.int32, 8: np.int64}


def ordinals(values: FloatArray) -> NDArray[np.int64]:
    """Return the place of each float among all of its format: neighbours differ by 1, 0 is 0."""
    bits = values.view(_INTEGERS[values.dtype.itemsize]).astype(np.int64)
    sign = np.int64(-1) << np.int64(8 * values.dtype.itemsize - 1)
    return np.where(bits < 0, sign - bits, bits)


def floats(places: NDArray[np.int64], kind: "np.dtype[Any]") -> FloatArray:
    """Return the floats at places that `ordinals` gave."""
    sign = np.int64(-1) << np.int64(8 * kind.itemsize - 1)
    bits = np.where(places < 0, sign - places, places)
    return bits.astype(_INTEGERS[kind.itemsize]).view(kind)
