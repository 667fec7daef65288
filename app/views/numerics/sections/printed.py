"""The lines of a derivation with numbers put in: as printed arithmetic and as LaTeX."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.figures.words import plain, tex
from rnn_core.precision import (
    EXACT,
    GRADIENT_DERIVATION,
    Form,
    Link,
    error_in_ulp,
    evaluate,
    rounded,
)

KEPT = ("m", "p")
"""Steps that get a line of their own, and whose value then stands in the formula."""

LONGEST_LATEX = 400  # characters: beyond it only the printed line has the numbers


@dataclass(frozen=True)
class Line:
    """One line: `printed` are expressions in Python's notation, each with its value after " = "."""

    quantity: str
    form: Form
    printed: tuple[str, ...]
    numeric: str
    value: float
    ulps: float
    chain: tuple[Link, ...]


def lines_of(forms: Sequence[Form], a: float, y: float, dtype: str) -> list[Line]:
    """Evaluate each line of a derivation in a format."""
    quantity = "gradient" if forms is GRADIENT_DERIVATION else "loss"
    exact = EXACT[quantity](rounded(a, dtype), rounded(y, dtype))
    made = []
    for form in forms:
        evaluated = evaluate(form, {"a": a, "y": y}, dtype)
        result = float(evaluated.result)
        kept = [step.name for step in form.steps if step.name in KEPT]
        numbers = {name: float(evaluated.values[name]) for name in ("a", "y", *kept)}
        written = {name: number(value, dtype) for name, value in numbers.items()}
        printed = []
        for name in kept:
            given = {other: text for other, text in written.items() if other in ("a", "y")}
            printed.append(f"{name} = {form.written(given, step=name)} = {written[name]}")
        printed.append(f"{form.written(written)} = {plain(result)}")
        pretty = {name: tex(value) for name, value in numbers.items()}
        numeric = f"{form.latex_with(pretty)} = {tex(result)}"
        made.append(
            Line(
                quantity,
                form,
                tuple(printed),
                numeric if len(numeric) < LONGEST_LATEX else "",
                result,
                error_in_ulp(result, exact, dtype),
                evaluated.chain(),
            )
        )
    return made


def number(value: float, dtype: str) -> str:
    """Return the shortest text that is this number of the format, nothing lost."""
    text = str(np.dtype(dtype).type(value))
    return text[:-2] if text.endswith(".0") else text
