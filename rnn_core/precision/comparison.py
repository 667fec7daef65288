"""All forms of the loss or its gradient side by side: at one logit, and over the logits."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rnn_core._arrays import FloatArray, choose
from rnn_core._checks import finite, real, takes
from rnn_core._short import Shown
from rnn_core.forms.cross_entropy import QUANTITIES
from rnn_core.forms.form import Form, Link, Step, evaluate
from rnn_core.forms.operations import FORMATS
from rnn_core.frozen import Frozen
from rnn_core.precision.boundaries import Region, regions
from rnn_core.precision.exact import EXACT, error_in_ulp

CURVE_POINTS = 301
ROOM = 1.25
"""How far beyond what matters the logits of the curves go."""

EXPONENTIAL = Form("exp", "exp", (Step("exp(a)", "exp", ("a",)),), "e^a")


@dataclass(frozen=True)
class Outcome(Shown):
    """What one form gives at one logit, how far that is from the truth, and how it came to it."""

    form: Form
    value: float
    ulps: float
    chain: tuple[Link, ...]


@dataclass(frozen=True, eq=False)
class Curves(Frozen):
    """Every form over the logits `a`, (N,), from −reach to reach; the mappings are by form."""

    a: FloatArray
    exact: FloatArray
    values: Mapping[str, FloatArray]
    ulps: Mapping[str, FloatArray]
    regions: Mapping[str, tuple[Region, ...]]
    reach: float


@takes(value=real)
def rounded(value: float, dtype: str) -> float:
    """Return the number of the format that is nearest, which may be infinite."""
    with np.errstate(all="ignore"):
        return float(np.asarray(value).astype(choose("dtype", FORMATS, dtype)))


@takes(a=real, y=finite(0, 1))
def outcomes(quantity: str, a: float, y: float, dtype: str) -> tuple[Outcome, ...]:
    """Return what each form of "loss" or "gradient" gives at a logit, and the true value there.

    Raises
    ------
    ValueError
        The quantity or the format is unknown, or a is not a finite number of the format.
    """
    forms = choose("quantity", QUANTITIES, quantity)
    exact = EXACT[quantity](_finite(a, dtype), rounded(y, dtype))
    made = []
    for form in forms.values():
        evaluated = evaluate(form, {"a": a, "y": y}, dtype)
        value = float(evaluated.result)
        made.append(Outcome(form, value, error_in_ulp(value, exact, dtype), evaluated.chain()))
    return tuple(made)


@takes(a=real, y=finite(0, 1))
def exact_value(quantity: str, a: float, y: float, dtype: str) -> float:
    """Return the true value at the numbers that the format makes of a and y."""
    return float(choose("quantity", EXACT, quantity)(_finite(a, dtype), rounded(y, dtype)))


@lru_cache(maxsize=len(FORMATS))
def exponential_range(dtype: str) -> tuple[float, float]:
    """Return the largest a whose e^a underflows to 0, and the least whose e^a overflows."""
    found = {region.event: region for region in regions(EXPONENTIAL, 0.0, dtype)}
    return found["underflow"].high, found["overflow"].low


@takes(a=real, y=finite(0, 1))
def curves(quantity: str, a: float, y: float, dtype: str) -> Curves:
    """Return every form over the logits around a, and around what the format can exponentiate.

    Where something begins to happen, the last float before and the first one after are among the
    logits. Raises as `outcomes` does.
    """
    forms = choose("quantity", QUANTITIES, quantity)
    kind = choose("dtype", FORMATS, dtype)
    low, high = exponential_range(dtype)
    reach = min(ROOM * max(abs(_finite(a, dtype)), -low, high), float(np.finfo(kind).max))
    found = {name: regions(form, y, dtype) for name, form in forms.items()}
    edges = [
        edge
        for form in found.values()
        for region in form
        for edge in (region.low, region.high)
        if abs(edge) < reach
    ]
    inside = np.array(edges, kind)
    around = [np.nextafter(inside, kind.type(side * np.inf)) for side in (-1, 1)]
    grid = reach * np.linspace(-1, 1, CURVE_POINTS)  # 2 · reach might overflow
    at = np.unique(np.concatenate([grid, inside, *around]).astype(kind)).astype(np.float64)
    at = at[np.isfinite(at)]
    target = rounded(y, dtype)
    exact = [EXACT[quantity](value, target) for value in at.tolist()]
    values, ulps = {}, {}
    for name, form in forms.items():
        result = evaluate(form, {"a": at, "y": y}, dtype).result.astype(np.float64)
        values[name] = result
        pairs = zip(result.tolist(), exact, strict=True)
        ulps[name] = np.array([error_in_ulp(value, true, dtype) for value, true in pairs])
    truth = np.array([float(true) for true in exact])
    return Curves(at, truth, values, ulps, found, reach)


def _finite(a: float, dtype: str) -> float:
    value = rounded(a, dtype)
    if not np.isfinite(value):
        largest = float(np.finfo(FORMATS[dtype]).max)
        raise ValueError(f"a: expected a {dtype}, at most {largest:.5g}, got {a:g}")
    return value
