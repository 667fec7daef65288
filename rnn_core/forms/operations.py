"""The elementary operations of a floating-point format, and what can go wrong in each.

What went wrong is read off operands and result, never off a threshold: an infinity made of finite
numbers is an overflow, a zero made of numbers that are not zero an underflow, a NaN made of numbers
an operation without an answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core._arrays import FloatArray
from rnn_core._short import Shown

FORMATS: Mapping[str, "np.dtype[Any]"] = MappingProxyType(
    {name: np.dtype(name) for name in ("float16", "float32", "float64")}
)
"""The binary formats of IEEE 754 with 16, 32 and 64 bits."""

EVENTS = (
    "",
    "overflow",
    "log of zero",
    "division by zero",
    "invalid",
    "underflow",
    "on its bound",
    "clamped",
    "subnormal",
)
"""What an operation can do to its result; "" is nothing, or only rounding."""

OVERFLOW, LOG_OF_ZERO, DIVISION_BY_ZERO, INVALID = range(1, 5)
UNDERFLOW, ON_ITS_BOUND, CLAMPED, SUBNORMAL = range(5, 9)

Codes = NDArray[np.int8]


def event_name(code: int, value: float) -> str:
    """Return what happened in words; of a result on its bound, which one: "rounds to 1"."""
    if code == ON_ITS_BOUND:
        return f"rounds to {abs(value):g}"
    return EVENTS[code]


FUNCTION = 9
"""The rank of what brings brackets of its own."""


@dataclass(frozen=True)
class Operation(Shown):
    """An operation on arrays of one format, and how it is written.

    `written` is Python's arithmetic, of numbers; `numpy` and `torch` are that of arrays and of
    tensors: where they are not given, an operator is the same, and a function has the same name.
    `rank` is how firmly it binds: operands that bind less firmly are put in brackets, and so is
    the last one where it binds equally (a − (b − c)); a function has brackets of its own.
    """

    name: str
    apply: Callable[..., FloatArray]
    written: str
    latex: str
    rank: int = FUNCTION
    numpy: str = ""
    torch: str = ""

    def in_notation(self, notation: str) -> str:
        """Return the template in "written", "latex", "numpy" or "torch"."""
        found: str = getattr(self, notation)
        if found:
            return found
        library = {"numpy": "np.", "torch": "torch."}[notation] if self.rank == FUNCTION else ""
        return library + self.written


def _sum(values: FloatArray) -> FloatArray:
    """Add up the last axis one number after the other, each partial sum in the format."""
    return np.add.accumulate(values, axis=-1)[..., -1:]


def _largest(values: FloatArray) -> FloatArray:
    found: FloatArray = values.max(axis=-1, keepdims=True)
    return found


def _rest(values: FloatArray) -> FloatArray:
    """Add up the last axis but for its largest number."""
    kept = np.array(values)
    np.put_along_axis(kept, kept.argmax(axis=-1, keepdims=True), 0, axis=-1)
    return _sum(kept)


def _others(values: FloatArray) -> FloatArray:
    """Return for each number of the last axis the sum of all others."""
    count = values.shape[-1]
    found: FloatArray = values @ (1 - np.eye(count, dtype=values.dtype))
    return found


def _choose(test: FloatArray, positive: FloatArray, otherwise: FloatArray) -> FloatArray:
    return np.where(test > 0, positive, otherwise)


def _greater(name: str) -> Operation:
    return Operation(
        name,
        np.maximum,
        "max({0}, {1})",
        r"\max\left({0},\ {1}\right)",
        numpy="np.maximum({0}, {1})",
        torch="torch.clamp({0}, min={1})",
    )


def _over_all(
    name: str, apply: Callable[..., FloatArray], written: str, latex: str, *, torch: str = ""
) -> Operation:
    """Return an operation that makes one number of all those of the last axis."""
    return Operation(
        name,
        apply,
        f"{written}({{0}})",
        rf"\textstyle{latex}_k {{0}}",
        numpy=f"np.{written}({{0}}, axis=-1, keepdims=True)",
        torch=f"torch.{torch or written}({{0}}, dim=-1, keepdim=True)",
    )


OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Operation("negative", np.negative, "-{0}", "-{0}", 3),
            Operation("exp", np.exp, "exp({0})", "e^{{{0}}}"),
            Operation("log", np.log, "log({0})", r"\log\left({0}\right)"),
            Operation("log1p", np.log1p, "log1p({0})", r"\operatorname{{log1p}}\left({0}\right)"),
            Operation("tanh", np.tanh, "tanh({0})", r"\tanh\left({0}\right)"),
            Operation("abs", np.abs, "abs({0})", r"\left|{0}\right|"),
            Operation("add", np.add, "{0} + {1}", "{0} + {1}", 1),
            Operation("subtract", np.subtract, "{0} - {1}", "{0} - {1}", 1),
            Operation("multiply", np.multiply, "{0}*{1}", r"{0} \cdot {1}", 2),
            Operation("divide", np.divide, "{0}/{1}", r"\frac{{{0}}}{{{1}}}", 2),
            _greater("maximum"),
            _greater("clamp"),
            Operation(
                "choose",
                _choose,
                "({1} if {0} > 0 else {2})",
                r"({1}\text{{ or }}{2})",
                numpy="np.where({0} > 0, {1}, {2})",
                torch="torch.where({0} > 0, {1}, {2})",
            ),
            _over_all("sum", _sum, "sum", r"\sum"),
            _over_all("largest", _largest, "max", r"\max", torch="amax"),
            Operation(
                "rest",
                _rest,
                "rest({0})",
                r"\textstyle\sum_{{k \ne \text{{largest}}}} {0}",
                numpy="np.sum(np.sort({0})[..., :-1], axis=-1, keepdims=True)",
                torch="torch.sum(torch.sort({0}).values[..., :-1], dim=-1, keepdim=True)",
            ),
            Operation(
                "others",
                _others,
                "others({0})",
                r"\textstyle\sum_{{j \ne k}} {0}",
                numpy="({0} @ (1 - np.eye({0}.shape[-1])))",
                torch="({0} @ (1 - torch.eye({0}.shape[-1])))",
            ),
        )
    }
)

_ZERO_IS_UNDERFLOW = frozenset({"exp", "multiply", "divide"})
_SPREADS = frozenset({"sum", "largest", "rest"})  # one result for all numbers of the last axis


def events(
    name: str,
    operands: Sequence[FloatArray],
    result: FloatArray,
    between: tuple[float, float] | None = None,
) -> Codes:
    """Return what happened in an operation, for each number of its result, as places in `EVENTS`.

    `between` are the bounds that the exact result never reaches, such as 0 and 1 for σ(a): a
    result on one of them, or beyond, has been rounded to it.
    """
    codes = np.zeros(result.shape, np.int8)
    if name in _SPREADS:
        operands = [operands[0].max(axis=-1, keepdims=True) + operands[0].min(-1, keepdims=True)]
    if name == "choose":
        return codes
    finite = np.logical_and.reduce(np.broadcast_arrays(*map(np.isfinite, operands)))
    numbers = ~np.logical_or.reduce(np.broadcast_arrays(*map(np.isnan, operands)))
    tiny = np.finfo(result.dtype).smallest_normal
    if name in _ZERO_IS_UNDERFLOW:
        given = operands if name != "exp" else [np.ones_like(result)]
        nonzero = np.logical_and.reduce(np.broadcast_arrays(*(array != 0 for array in given)))
        normal = np.logical_and.reduce(
            np.broadcast_arrays(*((np.abs(array) >= tiny) | (array == 0) for array in given))
        )
        codes[(np.abs(result) < tiny) & (result != 0) & normal] = SUBNORMAL
    if between is not None:
        codes[(result <= between[0]) | (result >= between[1])] = ON_ITS_BOUND
    if name in _ZERO_IS_UNDERFLOW:
        codes[(result == 0) & nonzero & finite] = UNDERFLOW
    if name == "clamp":
        codes[(operands[0] < operands[1]) & ~np.isnan(operands[0])] = CLAMPED
    codes[np.isinf(result) & finite] = OVERFLOW
    if name in ("log", "log1p"):
        codes[np.isneginf(result) & finite] = LOG_OF_ZERO
    if name == "divide":
        codes[np.isinf(result) & finite & (operands[1] == 0)] = DIVISION_BY_ZERO
    codes[np.isnan(result) & numbers] = INVALID
    if between is not None:  # an infinity that came in is no event of this operation
        codes[(codes == ON_ITS_BOUND) & np.isinf(result)] = 0
    return codes
