"""A tape: the elementary operations of a reckoning, noted in place of being done."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import isnan
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import ACTIVATIONS
from rnn_core.forms.form import Form
from rnn_core.losses import Loss
from rnn_core.practice.arithmetic import Arithmetic, Entry

NUMBER, OWN, IS_WRITTEN, HALF_UNIT = "number", "own", "is_written", "half_unit"
"""A constant, by its place; what was written for a question, else a result; 1 if it was, else 0."""

SIGMOID = "sigmoid"


class Tape:
    """Operations in the order in which they are done; the same one is noted once."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.code: list[int] = []
        self.known: dict[tuple[int, ...], Symbol] = {}

    def note(self, operation: str, *operands: Any) -> "Symbol":
        """Return the result of an elementary operation on symbols and numbers."""
        return self._noted(operation, *(self.lifted(each).place for each in operands))

    def own(self, question: int, formula: Any) -> "Symbol":
        """Return what was written for a question, and what is computed where nothing was."""
        return self._noted(OWN, question, self.lifted(formula).place)

    def is_written(self, question: int) -> "Symbol":
        """Return 1 where something was written for a question, else 0."""
        return self._noted(IS_WRITTEN, question)

    def lifted(self, value: Any) -> "Symbol":
        """Return a symbol as it is, and the symbol of a number."""
        if isinstance(value, Symbol):
            return value
        place = self.numbers.setdefault(float(value).hex(), len(self.numbers))
        return self._noted(NUMBER, place)

    def _noted(self, operation: str, *operands: int) -> "Symbol":
        key = (self.names.setdefault(operation, len(self.names)), *operands)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Symbol(self, len(self.known))
            self.code.extend(key)
        return found

    def described(self) -> dict[str, Any]:
        """Return the operations as JSON has them: names, numbers (null is nan), code."""
        numbers = [float.fromhex(text) for text in self.numbers]
        return {
            "names": list(self.names),
            "numbers": [None if isnan(number) else number for number in numbers],
            "code": self.code,
        }


class Symbol:
    """The result of an operation on a tape, in place of a number."""

    __slots__ = ("place", "tape")

    def __init__(self, tape: Tape, place: int) -> None:
        self.tape, self.place = tape, place

    def __add__(self, other: Any) -> "Symbol":
        return self.tape.note("add", self, other)

    def __radd__(self, other: Any) -> "Symbol":
        return self if isinstance(other, int) and not other else self.tape.note("add", other, self)

    def __sub__(self, other: Any) -> "Symbol":
        return self.tape.note("subtract", self, other)

    def __rsub__(self, other: Any) -> "Symbol":
        return self.tape.note("subtract", other, self)

    def __mul__(self, other: Any) -> "Symbol":
        return self.tape.note("multiply", self, other)

    def __rmul__(self, other: Any) -> "Symbol":
        return self.tape.note("multiply", other, self)

    def __truediv__(self, other: Any) -> "Symbol":
        return self.tape.note("divide", self, other)

    def __rtruediv__(self, other: Any) -> "Symbol":
        return self.tape.note("divide", other, self)

    def __neg__(self) -> "Symbol":
        return self.tape.note("negative", self)

    def __abs__(self) -> "Symbol":
        return self.tape.note("abs", self)

    def log(self) -> "Symbol":
        """Return the logarithm: what `np.log` asks of an object."""
        return self.tape.note("log", self)

    def log1p(self) -> "Symbol":
        """Return log(1 + x): what `np.log1p` asks of an object."""
        return self.tape.note("log1p", self)


class Noted(Arithmetic):
    """The arithmetic that notes on a tape what it would do, for each entry of an array."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    def array(self, numbers: Any) -> Any:
        """Return symbols as an array."""
        return np.asarray(numbers, dtype=object)

    def activated(self, name: str, z: Any) -> Any:
        """Return φ(z) by its form."""
        return self.by_form(ACTIVATIONS[name].form, z=z)

    def slope(self, name: str, z: Any) -> Any:
        """Return φ′(z) by its form."""
        return self.slope_by(name, z, self.activated(name, z))

    def slope_by(self, name: str, z: Any, h: Any) -> Any:
        """Return φ′ by its form, whatever stands in it for z and for φ(z)."""
        return self.by_form(ACTIVATIONS[name].slope_form, z=z, h=h)

    def predicted(self, family: Loss, a: Any) -> Any:
        """Return σ(a), softmax(a) or a."""
        if family.prediction_op == SIGMOID:
            return self.activated(SIGMOID, a)
        if family.prediction_op == "identity":
            return a
        e = self.each("exp", a - _over_all(partial(self.tape.note, "maximum"), a))
        return e / _over_all(partial(self.tape.note, "add"), e)

    def term(self, family: Loss, a: Any, y: FloatArray) -> Any:
        """Return the terms of the loss by their form."""
        return self.by_form(family.forms.term, a=a, y=y)

    def by_logit(self, family: Loss, a: Any, y: FloatArray) -> Any:
        """Return the derivative of the terms by its form."""
        return self.by_form(family.forms.by_logit, a=a, y=y)

    def put(self, array: Any, entries: Sequence[Entry]) -> None:
        """Put what will be written, by the number of its question, where it is written."""
        for index, question in entries:
            array[index] = self.tape.own(question, array[index])

    def either(
        self, entries: Sequence[Entry], written: Callable[[], Any], otherwise: Callable[[], Any]
    ) -> Any:
        """Return one thing where any of some questions will have been answered, else the other."""
        if not entries:
            return otherwise()
        test = self.tape.is_written(entries[0][1])
        for _, question in entries[1:]:
            test = self.tape.note("maximum", test, self.tape.is_written(question))
        return self.each("choose", test, written(), otherwise())

    def larger(self, one: Any, other: Any) -> Any:
        """Return the larger of each pair."""
        return self.each("maximum", one, other)

    def unless_zero(self, numbers: Any) -> Any:
        """Return numbers, and nan for each that is 0."""
        return self.each("choose", self.each("abs", numbers), numbers, np.nan)

    def half_unit(self, numbers: Any) -> Any:
        """Return half a unit of the last digit that is asked for."""
        return self.each(HALF_UNIT, numbers)

    def each(self, operation: str, *arrays: Any) -> Any:
        """Return an operation on each entry of arrays that broadcast."""
        noted = partial(self.tape.note, operation)
        return np.frompyfunc(noted, len(arrays), 1)(*(self.array(each) for each in arrays))

    def by_form(self, form: Form, **given: Any) -> Any:
        """Return the result of a form: see `Form.of`."""
        values = {name: self.array(value) for name, value in given.items()}
        for step in form.steps:
            if step.name not in values:
                operands = [
                    values[each] if isinstance(each, str) else each for each in step.operands
                ]
                over_all = OVER_ALL.get(step.operation)
                values[step.name] = (
                    over_all(self.tape, operands[0])
                    if over_all
                    else self.each(
                        "maximum" if step.operation == "clamp" else step.operation, *operands
                    )
                )
        return values[form.last] if isinstance(form.last, str) else form.last


def _over_all(of_two: Callable[[Any, Any], Any], values: Any) -> Any:
    """Return one result of all numbers, (…, K) to (…, 1), from one of two at a time."""
    found = values[..., :1]
    for k in range(1, values.shape[-1]):
        found = np.frompyfunc(of_two, 2, 1)(found, values[..., k : k + 1])
    return found


def _sum(tape: Tape, values: Any) -> Any:
    return _over_all(partial(tape.note, "add"), values)


def _largest(tape: Tape, values: Any) -> Any:
    return _over_all(partial(tape.note, "maximum"), values)


OVER_ALL: Mapping[str, Callable[[Tape, Any], Any]] = {
    "sum": _sum,
    "largest": _largest,
    "rest": lambda tape, values: _sum(tape, values) - _largest(tape, values),
    "others": lambda tape, values: _sum(tape, values) - values,
}
"""The operations of forms that make something of all numbers of the last axis."""
