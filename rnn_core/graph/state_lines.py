"""How a state follows from what its step reads, and its derivatives, as templates of LaTeX.

Names of quantities stand in ⟦⟧, that of the step is ⟦t⟧: whoever prints puts them in.
"""

from collections import Counter
from itertools import groupby
from typing import Any, NamedTuple

from rnn_core.activations import ACTIVATIONS
from rnn_core.cells.cell import ADD, MULTIPLY, ONE_MINUS
from rnn_core.forms.form import filled_in, is_sum, templated
from rnn_core.graph import names
from rnn_core.graph.names import Called
from rnn_core.graph.plan import Plan
from rnn_core.interpreter.program import Instruction, Slot

STEP = "⟦t⟧"


def state_lines(plan: Plan, state: str) -> dict[str, Any]:
    """Return how the lines that lead to a state are written.

    `lines` has for each of them its symbols, in LaTeX and in plain text, and in LaTeX what it is,
    where it is not written inside the line that reads it; `local` has the derivative of the state
    by each leaf, a term for each way from one to the other.
    """
    steps, leaves = plan.within(state)
    called = {leaf: _place(leaf) for leaf in leaves}
    inside = _inside(steps, state)
    lines = {}
    for step in steps:
        parts = [_operand(operand, called) for operand in step.operands]
        written = names.term(step.op.name, parts, entries=False)
        called[step.name] = written
        if step.is_line:
            own = names.quantity(step.line, STEP)
            shown = None if step.line in inside else written
            lines[step.line] = {
                "symbol": own.symbol,
                "latex": own.latex,
                "is": None if shown is None else shown.latex,
            }
            if shown is not None:
                called[step.name] = _place(step.line)
    return {"lines": lines, "local": _locals(steps, leaves, state, called)}


def _place(name: str) -> Called:
    return Called(name, f"⟦{name}⟧", f"⟦{name}⟧")


def _operand(operand: Slot, called: dict[str, Called]) -> Called:
    return called[operand] if isinstance(operand, str) else names.number(operand)


def _inside(steps: list[Instruction], state: str) -> set[str]:
    """Return the sums that only one other line reads, as the equations above the graph have it."""
    read = Counter(each for step in steps for each in step.operands if isinstance(each, str))
    sums = {step.line for step in steps if step.is_line and step.op.name == ADD}
    return {name for name in sums - {state} if read[name] == 1}


class _Factor(NamedTuple):
    """A matrix on the way from a state to what it is made of, or what acts entry by entry."""

    latex: str
    acts_on_entries: bool = True
    is_sum: bool = False


_Way = tuple[_Factor, ...]
_MINUS = _Factor("-1")


def _locals(
    steps: list[Instruction], leaves: list[str], state: str, called: dict[str, Called]
) -> dict[str, list[str]]:
    """Return the derivative of the state by each leaf: Wᵀ diag(…) of a vector, diag(…) xᵀ of W.

    The operations are gone through from the last to the first, so that each way is found once.
    """
    ways: dict[str, list[_Way]] = {state: [()]}
    for step in reversed(steps):
        for slot, operand in enumerate(step.operands):
            if isinstance(operand, str):
                before, after = _factors(step, slot, called)
                found = [(*before, *way, *after) for way in ways[step.name]]
                ways.setdefault(operand, []).extend(found)
    return {leaf: [_product(way) for way in reversed(ways[leaf])] for leaf in leaves}


def _factors(step: Instruction, slot: int, called: dict[str, Called]) -> tuple[_Way, _Way]:
    """Return what the way to an operand has in front of the rest, and behind it."""
    parts = [_operand(operand, called) for operand in step.operands]
    latex = [part.latex if part.whole else rf"\left({part.latex}\right)" for part in parts]
    if step.op.of_matrix:
        transposed = _Factor(rf"{latex[1 - slot]}^{{\top}}", acts_on_entries=False)
        return ((transposed,), ()) if slot else ((), (transposed,))
    if step.op.name == ONE_MINUS:
        return (_MINUS,), ()
    if step.op.name == MULTIPLY:
        return tuple(_Factor(other) for k, other in enumerate(latex) if k != slot), ()
    function = ACTIVATIONS.get(step.op.name)
    if function is None or function.is_identity:
        return (), ()
    formula = function.derivative_latex
    slope = filled_in(templated(formula, "zh"), z=latex[0], h=called[step.name].latex)
    return (_Factor(slope, is_sum=is_sum(formula)),), ()


def _product(way: _Way) -> str:
    """Return a way as a product: neighbours that act entry by entry are one diagonal matrix."""
    written: list[str] = ["-"] if way.count(_MINUS) % 2 else []
    for on_entries, group in groupby(way, key=lambda factor: factor.acts_on_entries):
        factors = [factor for factor in group if factor != _MINUS]
        if not on_entries:
            written += [factor.latex for factor in factors]
        elif factors:
            alone = len(factors) == 1
            entries = (
                rf"\left({factor.latex}\right)" if factor.is_sum and not alone else factor.latex
                for factor in factors
            )
            inner = r" \odot ".join(entries)
            written.append(rf"\operatorname{{diag}}\!\left({inner}\right)")
    return r"\,".join(written) or "1"
