"""Named series of numbers to read, one entry each in `SERIES`."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Scaling = Literal["none", "unit", "standard"]
SCALINGS: tuple[Scaling, ...] = get_args(Scaling)

DATA = Path(__file__).resolve().parents[2] / "assets" / "data"
SINE_PERIOD = 25


@dataclass(frozen=True)
class NamedSeries:
    """Numbers at equal distances, and what to say about them."""

    title: str
    source: str
    origin: int  # what the first number is called: a year, or step 1
    load: Callable[[], tuple[float, ...]]

    @cached_property
    def values(self) -> tuple[float, ...]:
        """The numbers, read once a process."""
        return self.load()


def _sunspots() -> tuple[float, ...]:
    rows = (DATA / "sunspots.csv").read_text(encoding="utf-8").splitlines()
    return tuple(float(row.split(",")[1]) for row in rows[1:])


def _sine() -> tuple[float, ...]:
    # `math.sin` and not NumPy's, whose last bit depends on the processor: a link must give the
    # same numbers elsewhere.
    return tuple(math.sin(2 * math.pi * step / SINE_PERIOD) for step in range(40 * SINE_PERIOD + 1))


SERIES: Mapping[str, NamedSeries] = MappingProxyType(
    {
        "sunspots": NamedSeries(
            "Sunspots, yearly",
            "Yearly mean sunspot numbers 1700-2008, WDC-SILSO / NOAA, public domain",
            1700,
            _sunspots,
        ),
        "sine": NamedSeries("Sine", f"sin(2πt / {SINE_PERIOD})", 1, _sine),
    }
)


def named(name: str) -> NamedSeries:
    """Return the series of that name; ValueError lists the known ones."""
    if name not in SERIES:
        raise ValueError(f"series: expected one of {', '.join(SERIES)}, got {name!r:.40}")
    return SERIES[name]


@lru_cache(maxsize=16)
def scaled(name: str, scaling: Scaling) -> NDArray[np.float64]:
    """Return the whole series as it is, over its largest value, or standardised.

    The scale is that of the whole series, so a number does not change when the stretch that is
    read moves.
    """
    values = np.array(named(name).values)
    if scaling == "unit":
        values = values / np.max(np.abs(values))
    elif scaling == "standard":
        values = (values - values.mean()) / values.std()
    values.setflags(write=False)
    return values
