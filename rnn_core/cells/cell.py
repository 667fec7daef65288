"""A recurrent cell as data: what it keeps, what it has learnt, and how a step follows from both.

    Line("z", "add", (product("W_xh", "x"), product("W_hh", "h'"), "b_h"))

says z_t = W_xh x_t + W_hh h_{t-1} + b_h. An operand is the name of an input ("x"), of a weight, of
an earlier line, of a state one step before ("h'"), a number, or a `Term`: an operation without a
name of its own. Every line is a vector of H numbers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from keyword import iskeyword
from types import MappingProxyType

from rnn_core._short import Shown
from rnn_core.activations import ACTIVATIONS
from rnn_core.frozen import Frozen

INPUT = "x"
BEFORE = "'"
"""What follows the name of a state where the one of the step before is meant."""

ACTIVATION = "φ"
"""The operation that stands for the run's activation function."""

ADD, MULTIPLY, MATVEC, ONE_MINUS = "add", "mul", "matvec", "one_minus"
OPERATIONS = (ADD, MULTIPLY, MATVEC, ONE_MINUS, ACTIVATION)

NAME = re.compile(r"[^\W\d_]\w*")
"""What a weight or a line can be called: as scripts have it, and as addresses are read."""


def _is_name(text: str) -> bool:
    return bool(NAME.fullmatch(text)) and text.isidentifier() and not iskeyword(text)


TAKEN = frozenset(("t", "a", "p", "y", "l", "L"))
"""What stands for the step, and for what follows from the states: no line may be called so."""

READOUT = MappingProxyType({"W_hy": ("K", "H"), "b_y": ("K",)})
"""The parameters of a = W_hy h + b_y, which every network ends with."""


@dataclass(frozen=True)
class Term(Shown):
    """An operation on operands, inside a line."""

    op: str
    operands: "tuple[Operand, ...]"


Operand = str | float | Term


@dataclass(frozen=True)
class Line(Shown):
    """A named quantity of every step: a vector (H,), the result of an operation on operands.

    `title` says what it is called in words, such as "input gate".
    """

    name: str
    op: str
    operands: tuple[Operand, ...]
    title: str = ""

    @property
    def term(self) -> Term:
        """The operation without the name."""
        return Term(self.op, self.operands)


@dataclass(frozen=True)
class Weight(Shown):
    """A parameter: its name, and its shape in symbols ("H", "D"), ("H", "H") or ("H",)."""

    name: str
    shape: tuple[str, ...]


@dataclass(frozen=True)
class TorchGate(Shown):
    """The parameters whose rows stand at one place of `weight_ih`, `weight_hh` and `bias_ih`.

    `bias_hh` is that of `bias_hh` where the two biases do not act as one.
    """

    weight_ih: str
    weight_hh: str
    bias_ih: str
    bias_hh: str | None = None


@dataclass(frozen=True)
class TorchLayout(Shown):
    """The recurrent module of `torch.nn` that a cell is, and the order of its gates there."""

    module: str
    gates: tuple[TorchGate, ...]
    activations: tuple[str, ...] = ("tanh",)  # that the module has for φ


def product(matrix: str, vector: str) -> Term:
    """Return the product of a matrix with a vector, W v."""
    return Term(MATVEC, (matrix, vector))


def times(*factors: Operand) -> Term:
    """Return the product of vectors and numbers, entry by entry."""
    return Term(MULTIPLY, factors)


def weights(*names: str) -> tuple[Weight, ...]:
    """Return weights whose names say their shapes: W_x… is (H, D), W_h… (H, H), b… (H,)."""
    shapes = {"W_x": ("H", "D"), "W_h": ("H", "H")}
    return tuple(Weight(name, shapes.get(name[:3], ("H",))) for name in names)


@dataclass(frozen=True)
class Cell(Frozen):
    """One kind of recurrent layer.

    `states` are the lines that the next step reads; "h", which is read out, is one of them.
    `lines` stand in the order of the computation, and `source` says where they are from; `torch`
    is how PyTorch stores the weights, if it has such a module. `keeping` is the bias of the gate
    that keeps the state where it is 1, if there is one, and `writing` that of the gate that lets
    in what is new, if that is another one.

    Raises
    ------
    ValueError
        A line reads what is not there or does what nothing computes, a state has no line, or a name
        is none, or stands twice or for something else.
    """

    name: str
    title: str
    states: tuple[str, ...]
    weights: tuple[Weight, ...]
    lines: tuple[Line, ...]
    source: str
    torch: TorchLayout | None = None
    keeping: str | None = None
    writing: str | None = None

    def __post_init__(self) -> None:
        names = [weight.name for weight in self.weights] + [line.name for line in self.lines]
        twice = {
            name for name in (*names, *READOUT, INPUT) if [*names, *READOUT, INPUT].count(name) > 1
        }
        if twice:
            raise ValueError(f"cell {self.name}: expected each name once, got {min(twice)!r} twice")
        if odd := [name for name in names if not _is_name(name)]:
            raise ValueError(
                f"cell {self.name}: expected names of a letter and more letters, digits or _, and "
                f"no keyword of Python, got {odd[0]!r:.40}"
            )
        if other := TAKEN.intersection(names):
            raise ValueError(
                f"cell {self.name}: expected names that stand for nothing else, got {min(other)!r}"
            )
        if missing := [state for state in ("h", *self.states) if state not in self.line]:
            raise ValueError(
                f"cell {self.name}: expected a line for state {missing[0]!r}, got none"
            )
        if "h" not in self.states:
            raise ValueError(f"cell {self.name}: expected 'h' among the states, got {self.states}")
        known = {weight.name for weight in self.weights} | {INPUT}
        known |= {state + BEFORE for state in self.states}
        for line in self.lines:
            for op in (term.op for term in terms(line.term)):
                if op not in OPERATIONS and op not in ACTIVATIONS:
                    raise ValueError(
                        f"cell {self.name}: expected {', '.join(OPERATIONS)} (the run's "
                        f"activation) or an activation in {line.name}, got {op!r}"
                    )
            for operand in leaves(line.term):
                if operand not in known:
                    raise ValueError(
                        f"cell {self.name}: expected operands of {line.name} among what is there "
                        f"before it, got {operand!r}"
                    )
            known.add(line.name)

    def __hash__(self) -> int:
        return hash(self.name)  # that of all lines would be made anew at every look into a cache

    @cached_property
    def line(self) -> Mapping[str, Line]:
        """The lines by name."""
        return MappingProxyType({line.name: line for line in self.lines})

    @cached_property
    def shapes(self) -> Mapping[str, tuple[str, ...]]:
        """The shape of every parameter in symbols, those of the readout at the end."""
        own = {weight.name: weight.shape for weight in self.weights}
        return MappingProxyType({**own, **READOUT})

    @cached_property
    def input_weight(self) -> str:
        """The name of a weight that the input is multiplied by: its second axis is D."""
        return next(weight.name for weight in self.weights if "D" in weight.shape)

    @cached_property
    def multiplied(self) -> Mapping[str, tuple[str, str | None]]:
        """By parameter: the line whose sum it is added to, and the vector it multiplies, if any.

        So ∂L/∂W is Σ_t of the gradient by that line with the vector, as an outer product.
        """
        found: dict[str, tuple[str, str | None]] = {"W_hy": ("a", "h"), "b_y": ("a", None)}
        for line in self.lines:
            for term in terms(line.term):
                for operand in term.operands:
                    if operand in self.shapes and operand not in found:
                        other = term.operands[1] if term.op == MATVEC else None
                        found[str(operand)] = (line.name, None if other is None else str(other))
        return MappingProxyType(found)

    @cached_property
    def recurrent(self) -> tuple[str, ...]:
        """The weights (H, H), which a state of the step before is multiplied by: W_hh, W_hi …."""
        return tuple(name for name, shape in self.shapes.items() if shape == ("H", "H"))

    @property
    def leading(self) -> str:
        """The matrix that is shown first: a recurrent one, or that of x where there is none."""
        return next(iter(self.recurrent), self.input_weight)

    @cached_property
    def matrices(self) -> int:
        """The number of matrices among the parameters."""
        return sum(len(shape) > 1 for shape in self.shapes.values())

    @cached_property
    def sums(self) -> tuple[str, ...]:
        """The lines that parameters are added to, such as the pre-activations of the gates."""
        lines = {line for line, _ in self.multiplied.values()}
        return tuple(name for name in self.line if name in lines)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters, in the order of the computation."""
        return (*self.shapes,)


def leaves(operand: Operand) -> Iterator[str]:
    """Yield the names that an operand reads."""
    if isinstance(operand, str):
        yield operand
    elif isinstance(operand, Term):
        for part in operand.operands:
            yield from leaves(part)


def terms(operand: Operand) -> Iterator[Term]:
    """Yield the operations inside an operand, itself last."""
    if isinstance(operand, Term):
        for part in operand.operands:
            yield from terms(part)
        yield operand
