"""Numbers of the page as text."""

from app.figures.words import NO_BREAK, short
from app.work.timing import Timing

OVERFLOW = (
    "A state of this run is not a finite number: the network explodes. There is no gradient to "
    "compare; a smaller W_hh brings it back."
)
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def duration(seconds: float) -> str:
    """Return a time with three digits in a unit that suits it."""
    size, unit = _unit(seconds)
    return f"{_digits(seconds / size)} {unit}"


def spread(timing: Timing) -> str:
    """Return the median with its quartiles, in one unit."""
    size, unit = _unit(timing.median)
    if timing.rounds == 1:
        return f"{_digits(timing.median / size)}{NO_BREAK}{unit} (one run)"
    low, median, high = (_digits(t / size) for t in (timing.low, timing.median, timing.high))
    return f"{median}{NO_BREAK}{unit} ({low}\u2060–\u2060{high})"


def off(difference: float) -> str:
    """Return a largest difference; "0" only where every bit agrees."""
    return short(difference, 2)


def _unit(seconds: float) -> tuple[float, str]:
    return next((pair for pair in UNITS if seconds >= pair[0]), UNITS[-1])


def _digits(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else short(value, 3)
