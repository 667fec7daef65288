"""A formula as the list of its elementary operations, to be evaluated one by one in a format."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FLOAT64, FloatArray, choose, unchecked_array
from rnn_core._checks import of, takes
from rnn_core._short import Shown
from rnn_core.forms.operations import FORMATS, OPERATIONS, Codes, event_name, events
from rnn_core.frozen import Frozen

Operand = str | float


@dataclass(frozen=True)
class Step(Shown):
    """One operation: `operands` are names of inputs or of earlier steps, or constants.

    `between` are the bounds that the exact value never reaches, if it has any.
    """

    name: str
    operation: str
    operands: tuple[Operand, ...]
    between: tuple[float, float] | None = None


@dataclass(frozen=True)
class Form(Shown):
    """One way to compute a quantity.

    The result is the last step, or what `result` names: an input or a constant where there is
    nothing to compute.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    latex: str
    result: Operand | None = None

    @property
    def last(self) -> Operand:
        """What the result is called, or the constant that it is."""
        return self.steps[-1].name if self.result is None else self.result

    def written(
        self, values: Mapping[str, str], *, step: str | None = None, notation: str = "written"
    ) -> str:
        """Return the formula with `values` put in for names: Python's, "numpy" or "torch"."""
        return _nested(self, step or self.last, values, notation)[0]

    def latex_with(self, values: Mapping[str, str], *, step: str | None = None) -> str:
        """Return the formula in LaTeX with `values` put in for names."""
        return _nested(self, step or self.last, values, "latex")[0]

    def described(self) -> dict[str, Any]:
        """Return the steps and the result as JSON has them, for another language to follow."""
        steps = [[step.name, step.operation, list(step.operands)] for step in self.steps]
        return {"steps": steps, "result": self.last}

    @np.errstate(all="ignore")
    def of(self, **given: FloatArray) -> FloatArray:
        """Return the result at arrays that broadcast, in their format; given steps are taken."""
        values: dict[str, FloatArray] = dict(given)
        dtype = np.result_type(*given.values())
        for step in self.steps:
            if step.name not in given:
                operands = [_operand(operand, values, dtype) for operand in step.operands]
                values[step.name] = np.asarray(OPERATIONS[step.operation].apply(*operands), dtype)
        return _operand(self.last, values, dtype)


def filled_in(template: str, **values: str) -> str:
    """Return a template with a text put in for each ⟦name⟧."""
    for name, value in values.items():
        template = template.replace(f"⟦{name}⟧", value)
    return template


def templated(latex: str, letters: str) -> str:
    """Return a formula with a place ⟦x⟧ for a symbol where each of the letters stands alone."""
    return re.sub(rf"(?<![a-zA-Z\\])([{letters}])(?![a-zA-Z])", r"{⟦\1⟧}", latex)


def is_sum(latex: str) -> bool:
    """Whether a formula adds something up outside of all brackets: as a factor it needs some."""
    depth = 0
    for place, sign in enumerate(latex):
        depth += (sign in "([{") - (sign in ")]}")
        if place and sign in "+-" and not depth:
            return True
    return False


def as_it_stands(latex: str, *steps: Step, result: Operand | None = None) -> Form:
    """Return the form of a quantity that is computed in one way only."""
    return Form("stable", "As it stands", steps, latex, result)


def constant(value: float) -> str:
    """Return a number of a formula as it is written: briefly, but every digit of it."""
    brief = f"{value:g}"
    return brief if float(brief) == value else repr(value)


def _nested(form: Form, name: Operand, values: Mapping[str, str], notation: str) -> tuple[str, int]:
    """Return the notation of a step, and how firmly its outermost operation binds."""
    if name in values or not isinstance(name, str):
        text = values[name] if isinstance(name, str) else constant(name)
        return text, 3 if text.startswith("-") else 9
    step = next((step for step in form.steps if step.name == name), None)
    if step is None:
        return name, 9
    operation = OPERATIONS[step.operation]
    parts = []
    for slot, operand in enumerate(step.operands):
        text, rank = _nested(form, operand, values, notation)
        upright = notation == "latex" and step.operation == "divide"
        loose = rank < operation.rank or (rank == operation.rank and slot == 1)
        negative = text.startswith("-") and (slot == 1 or step.operation == "negative")
        if operation.rank < 9 and not upright and (loose or negative):
            text = rf"\left({text}\right)" if notation == "latex" else f"({text})"
        parts.append(text)
    return operation.in_notation(notation).format(*parts), operation.rank


@dataclass(frozen=True)
class Link(Shown):
    """A step on the way to a result: what it computed from what, and what happened there."""

    step: str
    operation: str
    operands: tuple[float, ...]
    value: float
    event: str  # of `event_name`


@dataclass(frozen=True, eq=False)
class Evaluation(Frozen):
    """The values and events of every step, each an array of one shape."""

    form: Form
    dtype: "np.dtype[Any]"
    values: Mapping[str, FloatArray]  # inputs and steps
    events: Mapping[str, Codes]

    @property
    def result(self) -> FloatArray:
        """The value of the last step, or of what the form names."""
        return _operand(self.form.last, self.values, self.dtype)

    def operands(self, step: Step) -> list[FloatArray]:
        """Return what a step was computed from."""
        return [_operand(operand, self.values, self.dtype) for operand in step.operands]

    def chain(self, at: tuple[int, ...] = ()) -> tuple[Link, ...]:
        """Return the steps that explain the result at one index, in the order of computation.

        From the result back: where the value is not finite, through the operands that are not;
        where a factor is 0, through that factor; everywhere else through the operands with an
        event, or with one further back.
        """
        kept: set[str] = set()
        steps = {step.name: step for step in self.form.steps}
        waiting = [str(self.form.last)] if self.form.last in steps else []
        while waiting:
            name = waiting.pop()
            if name in kept:
                continue
            kept.add(name)
            own = [operand for operand in steps[name].operands if operand in steps]
            wild = [str(operand) for operand in own if not np.isfinite(self._at(operand, at))]
            if wild and not np.isfinite(self._at(name, at)):
                waiting += wild
                continue
            if steps[name].operation == "multiply" and not self._event(name, at):
                zeros = [operand for operand in steps[name].operands if self._is_zero(operand, at)]
                own = [operand for operand in own if not zeros or operand in zeros]
            waiting += [str(operand) for operand in own if self._eventful(str(operand), at)]
        return tuple(
            self._link(steps[step.name], at) for step in self.form.steps if step.name in kept
        )

    def _eventful(self, name: str, at: tuple[int, ...]) -> bool:
        step = next(step for step in self.form.steps if step.name == name)
        if self._event(name, at):
            return True
        names = {step.name for step in self.form.steps}
        return any(
            operand in names and self._eventful(str(operand), at) for operand in step.operands
        )

    def _is_zero(self, operand: Operand, at: tuple[int, ...]) -> bool:
        return (self._at(operand, at) if isinstance(operand, str) else operand) == 0

    def _at(self, name: Operand, at: tuple[int, ...]) -> float:
        return float(_entry(self.values[str(name)], at))

    def _event(self, name: str, at: tuple[int, ...]) -> int:
        return int(_entry(self.events[name], at))

    def _link(self, step: Step, at: tuple[int, ...]) -> Link:
        operands = tuple(float(_entry(array, at)) for array in self.operands(step))
        value = self._at(step.name, at)
        event = event_name(self._event(step.name, at), value)
        return Link(step.name, step.operation, operands, value, event)


def _entry(array: Any, at: tuple[int, ...]) -> Any:
    """Return one entry; an axis of length 1 stands for all."""
    place = tuple(0 if size == 1 else i for size, i in zip(array.shape, at, strict=False))
    return array[place] if array.shape else array


@takes(form=of(Form), inputs=of(Mapping))
@np.errstate(all="ignore")
def evaluate(form: Form, inputs: Mapping[str, ArrayLike], dtype: str) -> Evaluation:
    """Evaluate a form step by step, with every intermediate result rounded to the format.

    Parameters
    ----------
    inputs
        What the names that are not steps stand for: arrays that broadcast; they are rounded to
        the format first.
    dtype
        "float16", "float32" or "float64".

    Raises
    ------
    ValueError
        The format is unknown, or an input is missing or no real number.
    """
    kind = choose("dtype", FORMATS, dtype)
    _require_inputs(form, inputs)
    values: dict[str, FloatArray] = {
        name: unchecked_array(str(name), value, FLOAT64).astype(kind)
        for name, value in inputs.items()
    }
    found: dict[str, Codes] = {}
    for step in form.steps:
        operands = [_operand(operand, values, kind) for operand in step.operands]
        result = np.asarray(OPERATIONS[step.operation].apply(*operands), kind)
        values[step.name] = result
        found[step.name] = events(step.operation, operands, result, step.between)
    return Evaluation(form, kind, values, found)


def _require_inputs(form: Form, inputs: Mapping[str, ArrayLike]) -> None:
    known = {step.name for step in form.steps} | inputs.keys()
    for step in form.steps:
        for operand in step.operands:
            if isinstance(operand, str) and operand not in known:
                raise ValueError(f"inputs: expected {operand!r} among them, got {sorted(inputs)}")


def _operand(
    operand: Operand, values: Mapping[str, FloatArray], dtype: "np.dtype[Any]"
) -> FloatArray:
    return values[operand] if isinstance(operand, str) else np.array(operand, dtype)


def registry(forms: Sequence[Form]) -> dict[str, Form]:
    """Return forms by name."""
    return {form.name: form for form in forms}
