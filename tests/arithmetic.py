"""The arithmetic that the app prints, done again: a line is evaluated as it stands."""

import math

FUNCTIONS = {name: getattr(math, name) for name in ("tanh", "exp", "log", "log1p", "nan", "inf")}
FUNCTIONS |= {"max": max, "abs": abs}


def evaluated(expression: str) -> float:
    """Return what a printed line of the app's own comes to."""
    return float(eval(expression, {"__builtins__": {}}, FUNCTIONS))  # noqa: S307


def rounded(value: float, digits: int) -> float:
    """Return the value as it is written with so many significant digits."""
    return float(f"{value:.{digits - 1}e}")
