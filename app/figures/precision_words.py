"""What the page Numerics says: numbers, events and the reasons of a failure, as text."""

from collections.abc import Sequence

from app.figures.words import in_full, short
from rnn_core.precision import Link, NonFinite, Region

_HAPPENS = {
    "overflow": "{step} overflows",
    "log of zero": "{step} takes log 0",
    "division by zero": "{step} divides by 0",
    "invalid": "{step} is NaN",
    "underflow": "{step} underflows to 0",
    "clamped": "{step} clamps",
    "subnormal": "{step} loses digits",
    "inf": "{step} = ±∞",
    "nan": "{step} = NaN",
    "zero": "{step} = 0",
}

_SIGNS = {"add": "+", "subtract": "−", "multiply": "·", "divide": "/"}


def happens(step: str, event: str) -> str:
    """Return an event of a step in words: "p rounds to 1"."""
    return _HAPPENS.get(event, "{step} " + event).format(step=step)


def where(region: Region) -> str:
    """Return the logits of a region: "a ≥ 36.74", or between two numbers."""
    low, high = place(region.low), place(region.high)
    if region.low == region.high:
        return f"a = {low}"
    if abs(region.low) > 1e4 and region.low < 0:
        return "all a" if region.high > 1e4 else f"a ≤ {high}"
    if region.high > 1e4:
        return f"a ≥ {low}"
    return f"{low} ≤ a ≤ {high}"


def place(value: float) -> str:
    """Return a boundary as numbers are written."""
    return short(value)


def ulps(value: float) -> str:
    """Return an error in units in the last place."""
    if value == float("inf"):
        return "∞"
    return "exact" if value == 0 else short(value, 3)


def link_line(link: Link) -> str:
    """Return a step with its numbers: "e^−a = exp(1000) = ∞"."""
    return f"{link.step} = {operation(link.operation, link.operands)} = {short(link.value)}"


def operation(name: str, operands: Sequence[float]) -> str:
    """Return an operation on numbers as it is written."""
    parts = [short(value) for value in operands]
    if name in _SIGNS:
        left, right = parts
        right = f"({right})" if right.startswith("−") else right
        return f"{left} {_SIGNS[name]} {right}"
    if name == "negative":
        return f"−({parts[0]})" if parts[0].startswith("−") else f"−{parts[0]}"
    if name == "choose":
        return parts[1] if operands[0] > 0 else parts[2]
    word = {"clamp": "max", "maximum": "max", "largest": "max", "sum": "Σ"}.get(name, name)
    return f"{word}({', '.join(parts)})"


def causes(chain: Sequence[Link]) -> str:
    """Return the events of a chain, from the first to the last, in one line."""
    parts = []
    for link in chain:
        if not link.event:
            continue
        if link.event == "invalid":
            parts.append(f"{operation(link.operation, link.operands)} = NaN")
        elif link.event in ("overflow", "underflow", "log of zero", "division by zero"):
            parts.append(
                f"{operation(link.operation, link.operands)} = {short(link.value)} ({link.event})"
            )
        else:
            parts.append(happens(link.step, link.event))
    return " → ".join(parts)


def finding(found: NonFinite, batch: int) -> str:
    """Return one sentence: which node is the first that is not finite, and why."""
    entry = f", entry {', '.join(map(str, found.index))}" if found.index else ""
    at = f" at step {found.t}" if found.t else ""
    of = f" of sequence {found.sample + 1}, in" if batch > 1 else " of"
    what = {
        "input": f"{found.symbol}{entry}, of the numbers given",
        "forward": f"{found.symbol}{entry}{at}{of} the forward pass",
        "backward": f"the gradient of {found.symbol}{entry}{at}{of} the backward pass",
    }[found.phase]
    return f"{what}: {why(found)}"


def why(found: NonFinite) -> str:
    """Return the operation that failed with its operands, and what is wrong with it."""
    largest = f"the largest {found.dtype} is {in_full(found.largest, 5)}"
    if found.operation == "convert":
        return f"{short(found.operands[0])} does not fit: {largest}"
    if len([link for link in found.chain if link.event]) > 1:
        return f"{causes(found.chain)}; the result is {short(found.value)}"
    sign = _SIGNS[found.operation]
    names = f" {sign} ".join(found.operand_names)
    numbers = operation(found.operation, found.operands)
    if found.event == "overflow":
        return f"{names} = {numbers} overflows, {largest}"
    return f"{names} = {numbers} = {short(found.value)}, which has no value"
