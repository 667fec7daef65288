"""A draft whose nodes hold one number each."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from rnn_core.cells.cell import ADD, BEFORE
from rnn_core.graph import names
from rnn_core.graph.draft import Draft, Operand
from rnn_core.graph.names import Called
from rnn_core.graph.numbers import Numbers, slopes_of
from rnn_core.graph.plan import LETTER
from rnn_core.graph.selection import Selection
from rnn_core.interpreter.program import LOGIT, Instruction

ONE = 1.0


class Lists:
    """The numbers of some steps as lists: by name, then by step, then by unit."""

    def __init__(
        self,
        steps: Sequence[Instruction],
        spliced: Collection[str],
        values: Numbers,
        grads: Numbers | None,
    ) -> None:
        self.values: dict[str, Any] = {}
        self.grads: dict[str, Any] = {}
        self.slopes: dict[str, Any] = {}  # the local derivatives of each unit's operands
        self.products: dict[str, Any] = {}  # of each unit with each entry of the vector
        for step in steps:
            name = step.name
            if grads is not None:
                self.grads[name] = grads[name].tolist()
            if step.op.of_matrix:
                W, v = (values[str(operand)] for operand in step.operands)
                self.products[name] = (W * v[:, np.newaxis, :]).tolist()
            elif step.op.name != ADD:
                self.slopes[name] = np.stack(slopes_of(step, values), axis=-1).tolist()
            if name not in spliced:
                self.values[name] = values[name].tolist()


class ScalarDraft(Draft):
    """A draft whose nodes hold the entries of arrays; `called` has the names of each one's."""

    def __init__(self, shown: Selection) -> None:
        super().__init__()
        self.shown = shown
        self.plan = shown.plan
        self.called: dict[str, list[Called]] = {}
        self.rows: dict[str, list[list[tuple[str, str, float]]]] = {}  # of matrices

    def parameters(self) -> None:
        """Add one node for each number of a parameter, fed to every step."""
        for name, array in self.shown.trace.params.items():
            grads = self.shown.gradient(name)
            made = []
            for place in np.ndindex(array.shape):
                index = tuple(i + 1 for i in place)
                called = names.parameter(name, *index)
                made.append(Called(called, called, names.latex_parameter(name, *index)))
                self.node(
                    called,
                    "parameter",
                    None,
                    float(array[place]),
                    None if grads is None else float(grads[place]),
                    symbol=called,
                    latex=made[-1].latex,
                    index=index,
                    variable=name,
                    layer=self.plan.layers[name],
                    parameter=name,
                )
            self.called[name] = made
            if array.ndim == 2:
                entries = iter(made)
                self.rows[name] = [
                    [(each.id, each.latex, w) for w, each in zip(row, entries, strict=False)]
                    for row in array.tolist()
                ]

    def entries(
        self,
        letter: str,
        kind: str,
        t: int,
        numbers: Sequence[float],
        slopes: Sequence[float] | None,
        *,
        slot: str | None = None,
        layer: int | None = None,
        called: list[Called] | None = None,
        operands: Sequence[Sequence[Operand]] | None = None,
        locals_: Sequence[Sequence[float]] | None = None,
        reads: tuple[str, int] | None = None,
        **rest: Any,
    ) -> list[str]:
        """Add one node for each number of a vector of step t: a quantity, or a term with names."""
        quantity = letter if called is None else None
        if called is None:
            called = [self.shown.named(letter, t, unit + 1) for unit in range(len(numbers))]
        slot = slot or letter
        self.called[slot] = called
        layer = self.plan.layers[slot] if layer is None else layer
        for unit, number in enumerate(numbers):
            self.node(
                called[unit].id,
                kind,
                t,
                number,
                None if slopes is None else slopes[unit],
                symbol=called[unit].symbol,
                latex=called[unit].latex,
                index=(unit + 1,),
                quantity=quantity,
                variable=slot,
                layer=layer,
                operands=() if operands is None else operands[unit],
                locals_=None if locals_ is None else locals_[unit],
                reads=None if reads is None else (*reads, unit + 1),
                **rest,
            )
        return [each.id for each in called]

    def vector(self, slot: str, kind: str, t: int, row: int) -> None:
        """Add the entries of a quantity that is given: x, or a state before the first step."""
        array = self.shown.trace[slot][row, self.shown.sample]
        grads = self.shown.grad(slot, row)
        self.entries(slot, kind, t, array.tolist(), None if grads is None else grads.tolist())

    def computed(self, step: Instruction, t: int, lists: Lists, k: int) -> None:
        """Add the entries of an instruction's result; of the kth step in the lists."""
        name = step.name
        if name in self.plan.spliced:
            return
        numbers, slopes = lists.values[name][k], lists.grads[name][k] if lists.grads else None
        units = range(len(numbers))
        about: dict[str, Any] = {"kind": step.op.kind, "op": step.op.name}
        if step.op.name == ADD or step.op.of_matrix:
            parts = [step] if step.op.of_matrix else step.operands
            operands = [
                self._summands(parts, t, unit, lists, k, None if slopes is None else slopes[unit])
                for unit in units
            ]
            about |= {"kind": "sum", "op": ADD}
            locals_: Any = [[ONE] * len(each) for each in operands]
        else:
            columns = [self._column(operand, len(numbers)) for operand in step.operands]
            operands = [list(row) for row in zip(*columns, strict=True)]
            locals_ = lists.slopes[name][k]
            if step.op.kind == "product":
                about |= self._of_parameter(step)
        letter = step.line
        if name == LOGIT:
            about["kind"], letter = "logit", LETTER
        self.entries(
            letter,
            about.pop("kind"),
            t,
            numbers,
            slopes,
            slot=name,
            called=None if step.is_line else self._terms(step, len(numbers)),
            operands=operands,
            locals_=locals_,
            line=letter,
            **about,
        )

    def _summands(
        self,
        parts: Sequence[Any],
        t: int,
        unit: int,
        lists: Lists,
        k: int,
        grad: float | None,
    ) -> list[Operand]:
        """Return what adds up to a unit: products of a row, which are added, and what is there."""
        found: list[Operand] = []
        for part in parts:
            if isinstance(part, Instruction):
                found += self._products(part, t, unit, lists.products[part.name][k][unit], grad)
            elif part in self.plan.spliced:
                inner = self.plan.by_name[part]
                found += self._products(inner, t, unit, lists.products[part][k][unit], grad)
            else:
                found.append(self.called[part][unit].id if isinstance(part, str) else part)
        return found

    def _products(
        self, step: Instruction, t: int, row: int, numbers: Sequence[float], grad: float | None
    ) -> list[Operand]:
        """Add W[row, j] · v[j] for all j; the gradient of each is that of the sum they feed."""
        matrix, vector = str(step.operands[0]), self.called[str(step.operands[1])]
        nodes, succ, line = self.nodes, self.succ, step.line
        if line == LOGIT:
            line = LETTER
        layer, copy = self.plan.layers[step.name], self.plan.copies.get(step.name, 0)
        made: list[Operand] = []
        entries = zip(self.rows[matrix][row], vector, numbers, strict=True)
        for column, ((weight, latex, w), v, value) in enumerate(entries, start=1):
            name = f"{weight}·{v.id}" if v.whole else f"{weight}·({v.id})"
            if copy:
                name = f"{name}#{copy + 1}"
            read = nodes[v.id]
            nodes[name] = {
                "kind": "product",
                "t": t,
                "symbol": f"{weight} · {v.symbol}",
                "latex": rf"{latex}\,{v.latex}",
                "op": "mul",
                "index": (row + 1, column),
                "value": value,
                "grad": grad,
                "quantity": None,
                "variable": step.name,
                "unit": row + 1,
                "parameter": matrix,
                "reads": (read["quantity"], read["t"], column) if read["quantity"] else None,
                "line": line,
                "layer": layer,
            }
            by_weight, by_vector = {"local": read["value"], "slot": 0}, {"local": w, "slot": 1}
            succ[weight][name], succ[v.id][name], succ[name] = by_weight, by_vector, {}
            self.pred[name] = {weight: by_weight, v.id: by_vector}
            made.append(name)
        return made

    def _column(self, operand: str | float, units: int) -> list[Operand]:
        if isinstance(operand, str):
            return [each.id for each in self.called[operand]]
        return [operand] * units

    def _terms(self, step: Instruction, units: int) -> list[Called]:
        """Return the names of a term's entries; a product with a matrix has those of its row."""
        if step.op.of_matrix:
            return [self._row_of(step, unit) for unit in range(1, units + 1)]
        columns = []
        for operand in step.operands:
            if operand in self.plan.spliced:
                columns.append(self._terms(self.plan.by_name[str(operand)], units))
            elif isinstance(operand, str):
                columns.append(self.called[operand])
            else:
                columns.append([names.number(operand)] * units)
        copy = self.plan.copies[step.name]
        return [
            names.copy(names.term(step.op.name, parts, entries=True), copy)
            for parts in zip(*columns, strict=True)
        ]

    def _row_of(self, step: Instruction, unit: int) -> Called:
        """Return the names of a row's product with a vector, which is no summand of a line."""
        matrix, vector = (str(operand) for operand in step.operands)
        read = self.nodes[self.called[vector][0].id]
        whole = self.called[vector][0]
        if read["quantity"]:
            whole = names.quantity(read["quantity"], read["t"])
        latex = names.latex_parameter(matrix, unit)
        row = Called(f"{matrix}[{unit}]", f"{matrix}[{unit}]", latex)
        called = names.term(step.op.name, [row, whole], entries=True)
        return names.copy(called, self.plan.copies.get(step.name, 0))

    def _of_parameter(self, step: Instruction) -> dict[str, Any]:
        """Return the parameter that a product is one of, and the quantity that it multiplies."""
        place = self.plan.weights.get(step.name)
        if place is None:
            return {}
        read = self.nodes.get(str(self._column(step.operands[1 - place], 1)[0]), {})
        reads = (read["quantity"], read["t"]) if read.get("quantity") else None
        return {"parameter": step.operands[place], "reads": reads}

    def turn(self) -> None:
        """Go to the next step: its states before are those of this one."""
        for state in self.plan.cell.states:
            self.called[state + BEFORE] = self.called[state]
