"""Hints: by which formula a quantity is computed, with places for the numbers in it.

The equations are those of the cell, in LaTeX. Each symbol in them is found again: what is given
comes with its numbers, and what the learner works out is a place, which the browser fills with the
learner's own.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.listings.worksheets import parts
from rnn_core import LOSSES
from rnn_core.cells import Equation, backward_equations
from rnn_core.cells.written import named_equations, symbol
from rnn_core.practice import LOSS, PREDICTION, Network, Sheet, shortest
from rnn_core.practice.sheet import Kind

LOGIT = "a"
OF_READOUT = ("W_hy", "b_y")
BY_LOGIT = r"\frac{\partial L}{\partial a_t}"
FRACTION = r"\\frac\{\\partial L\}\{\\partial (?P<by>\w(?:_\{[^{}]*\}|_\w)?)\}"
SYMBOL = (
    r"(?<![\\a-zA-Z])(?P<letter>[a-zA-Z])(?:_(?:\{(?P<below>[^{}]*)\}|(?P<one>\w)))?(?![a-zA-Z(])"
)
TOKEN = re.compile(
    rf"{FRACTION}|\\delta_(?:\{{(?P<of>[^{{}}]*)\}}|(?P<at>\w))|{SYMBOL}(?P<turned>\^\{{\\top\}})?"
)
INDEX = re.compile(r"(?<=[_{,])t([+-]1)?(?![a-zA-Z0-9])")
LETTER = re.compile(r"(?<![\\a-zA-Z])([apy])(?![a-zA-Z_])")
TIMES = r" \cdot "
EVERY = re.compile(r"\s*\\;\\;\((?P<letter>\w) = [^)]*\)")
SUM = re.compile(r"\\textstyle\\sum_t\s*")

Part = str | dict[str, Any]
"""LaTeX as it is, or {"at": place, "turned": bool}: the numbers of a quantity that is asked for."""


class Hints:
    """The formulas of a sheet, for each quantity that it asks for."""

    def __init__(self, sheet: Sheet) -> None:
        self.network = network = sheet.network
        self.places = {question.place: k for k, question in reversed([*enumerate(sheet.questions)])}
        self.copies = _copies(network)
        loss = LOSSES[network.loss]
        count = loss.count((len(network.y), 1, network.y.shape[1]))
        share = "" if count == 1 else rf"\tfrac{{1}}{{{count}}}"
        # A prediction that is the logit is not asked for beside it.
        own = loss.by_logit
        if loss.prediction_op == "identity":
            own = re.sub(LETTER, lambda found: LOGIT if found[1] == PREDICTION else found[1], own)
        by_logit = rf"{share}({own})" if share else own
        self.forward = [
            *(
                Equation(names, latex)
                for names, latex in named_equations(network.cell, network.activation, joined=False)
            ),
            Equation((LOGIT,), r"a_t = W_{hy}\,h_t + b_y"),
            Equation((PREDICTION,), rf"p_t = {loss.prediction_latex.replace('(a)', '(a_t)')}"),
            Equation((LOSS,), parts.formulas_of(network)[-1]),
        ]
        self.backward = backward_equations(
            network.cell,
            network.activation,
            every=network.readout == "every",
            by_logit=BY_LOGIT,
            by_logit_latex=re.sub(LETTER, r"\1_t", by_logit),
        )

    def of(self, asked: parts.Asked) -> dict[str, Any] | None:
        """Return the formula of a quantity at its step, and the same in parts with the numbers."""
        question = asked.questions[0]
        name, t = question.quantity, question.t
        found = self._equation(asked.of, name, t)
        if found is None:
            return None
        latex = self._without_zeros(_for_gate(found.latex, name))
        right = latex.rpartition(" = ")[2]
        last = self.network.steps
        if SUM.search(latex):
            steps = self.network.read if name in OF_READOUT else range(1, last + 1)
            terms = [[*self._parts(_at(SUM.sub("", right), step), step)] for step in steps]
            put = [*terms[0], *(part for more in terms[1:] for part in (" + ", *more))]
            return {"formula": latex, "put": put}
        if name != LOSS:
            latex, right = (_at(each, t or last) for each in (latex, right))
        return {"formula": latex, "put": [*self._parts(right, t or last)]}

    def _without_zeros(self, latex: str) -> str:
        """Leave out biases that are all zero."""
        for name, array in self.network.parameters.items():
            if not array.any():
                latex = latex.replace(f" + {symbol(name)}", "")
        return latex

    def _equation(self, of: str, name: str, t: int | None) -> Equation | None:
        last = t == self.network.steps
        if of == "value":  # of a line that only copies another, that one's
            name = next((old for old, new in self.copies.items() if new == name), name)
        for equation in self.forward if of == "value" else self.backward:
            fits = not equation.steps or (equation.steps == "last") == last
            if name in equation.names and fits:
                return equation
        return None

    def _parts(self, latex: str, t: int) -> Iterator[Part]:
        """Yield a right-hand side, each symbol that has numbers as these or as their place."""
        end = 0
        for token in TOKEN.finditer(latex):
            found = self._numbers(token, t)
            if found is not None:
                between = latex[end : token.start()].replace(r"\,", TIMES)
                if between or end:
                    yield between or TIMES
                yield found
                end = token.end()
        if latex[end:]:
            yield latex[end:]

    def _numbers(self, token: re.Match[str], t: int) -> Part | None:
        if token["by"]:
            return self._place("gradient", *_named(token["by"], t))
        if token["of"] or token["at"]:
            below = (token["of"] or token["at"]).split(",")
            return self._place("gradient", "_".join(["z", *below[:-1]]), int(below[-1]))
        name, step = _named(token[0].removesuffix(r"^{\top}"), t)
        turned = bool(token["turned"])
        network = self.network
        if name in network.cell.shapes:
            return _matrix(network.parameters[name], turned)
        if step is None:
            return None
        if name == "x" and 1 <= step <= network.steps:
            return _matrix(network.x[step - 1], turned)
        if name == "y" and step in network.read:
            return _matrix(network.y[step - network.read.start], turned)
        if name in network.cell.states and step == 0:
            return _matrix(network.initial(name), turned)
        return self._place("value", name, step, turned)

    def _place(self, of: Kind, name: str, t: int | None, turned: bool = False) -> Part | None:
        if t is not None and t > self.network.steps:
            return "0"
        place = self.places.get((of, self.copies.get(name, name), t))
        return None if place is None else {"at": place, "turned": turned}


def _copies(network: Network) -> dict[str, str]:
    """Return the lines that are not asked for since another only copies them, and that other."""
    plan = network.plan
    copies = [step for step in plan.instructions if step.op.name == "identity"]
    return {str(step.operands[0]): step.name for step in copies if step.name in network.cell.line}


def _at(latex: str, t: int | None) -> str:
    """Put the number of a step in the place of t; T is written as it is."""
    if t is None:
        return latex
    shifted = INDEX.sub(lambda found: str(t + int(found[1] or 0)), latex)
    return re.sub(r"(?<=_)T(?![a-zA-Z])", str(t), shifted)


def _for_gate(latex: str, name: str) -> str:
    """Return an equation that stands for several weights (k = r, u, n) for one of them."""
    every = EVERY.search(latex)
    if every is None:
        return latex
    letter = re.compile(rf"(?<=[_{{a-z]){every['letter']}(?=[}},\s]|$)")
    return letter.sub(name[-1], EVERY.sub("", latex))


def _named(latex: str, t: int) -> tuple[str, int | None]:
    """Return the name and the step of a symbol: z_{u,2} is z_u at 2, W_{hh} is W_hh, p p at t."""
    letter, _, below = latex.partition("_")
    parts_ = [part for part in below.strip("{}").split(",") if part]
    if parts_ and parts_[-1].isdigit():
        return "_".join([letter, *parts_[:-1]]), int(parts_[-1])
    name = "_".join([letter, *parts_])
    return name, t if letter in "apy" and not parts_ else None


def _matrix(numbers: NDArray[np.floating], turned: bool) -> str:
    if numbers.size == 1:
        text = shortest(float(numbers.ravel()[0]))
        return rf"\left({text}\right)" if text.startswith("-") else text
    rows = numbers if numbers.ndim > 1 else numbers[:, np.newaxis]
    rows = rows.T if turned else rows
    written = r" \\ ".join(" & ".join(map(shortest, row)) for row in rows.tolist())
    return rf"\begin{{pmatrix}}{written}\end{{pmatrix}}"
