"""What each symbol means, in words: once, for every page, from the cell, readout and loss of a run.

A quantity or parameter has the name that it has in the core (`h`, `z_i`, `W_xh`); the others are
the letters that the pages' own formulas use besides.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from rnn_core import CELLS, LOSSES
from rnn_core.cells import NOTATIONS, Cell, Notation, gate_letter, spoken
from rnn_core.cells.cell import BEFORE, INPUT

GENERAL = MappingProxyType(
    {
        "t": "time step",
        "T": "number of time steps",
        "D": "numbers of an input",
        "H": "hidden units",
        "K": "numbers that are read out",
        "B": "sequences of the batch",
        "φ": "activation function",
        "φ′": "slope of the activation function",
        "σ": "logistic function, 1 / (1 + exp(−a))",
        "σ_max": "largest singular value: the most that a matrix lengthens a vector",
        "σ_min": "smallest singular value: the least that a matrix lengthens a vector",
        "ρ": "spectral radius: the largest absolute eigenvalue",
        "λ": "eigenvalue",
        "η": "learning rate",
        "θ": "all parameters together",
        "J": "Jacobian of a step: how the state moves with the one before",
        "I": "identity matrix",
        "A": "matrix of a step that is linear in the state",
        "z\u0304": "pre-activation that the activation is made linear at",
        "F": "the step of the state, h_t = F(h_t−1)",
        "U": "left singular vectors",
        "V": "right singular vectors",
        "Σ": "singular values",
        "ε": "step of the leaky network",
        "s": "an earlier time step",
        "k": "an index that counts",
    }
)
"""Letters of every page that are no quantity of a run; one of the cell's own goes before."""

OF_PAGES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "numerics": {
            "h": "a small step, of a difference",
            "z": "argument of the function",
            "e": "base of the natural logarithm",
            "m": "the largest logit, taken out of the sum",
            "L′": "slope of the loss",
        },
        "without-the-loop": {
            "b_t": "what a step that is linear adds",
            "u_t": "what the input adds in a step",
            "X_t": "inputs of a batch, a row each",
            "Z_t": "pre-activations of a batch, a row each",
            "H_t−1": "states of a batch, a row each",
        },
        "training": {
            "g": "gradient of the loss by all parameters",
            "v": "running sum of the gradients",
            "m": "running mean of the gradients",
            "s": "running mean of the squares of the gradients",
            "m\u0302": "running mean of the gradients, without its start from zero",
            "s\u0302": "running mean of the squares, without its start from zero",
            "ϵ": "small number that keeps the divisor from zero",
            "α": "share of a running mean that stays",
            "μ": "momentum: share of the last update that goes on",
            "β_1": "share of the mean of the gradients that stays",
            "β_2": "share of the mean of the squares that stays",
        },
        "pytorch": {
            "W_ih": "PyTorch’s weights of the input: W_xh here",
            "b_ih": "PyTorch’s bias beside the input’s weights: b_h here",
            "b_hh": "PyTorch’s bias beside the state’s weights: 0 here",
        },
    }
)
"""What a page means by a symbol of its own, by the page's address."""


DEFAULT_LOSS = next(iter(LOSSES))


@lru_cache(maxsize=64)
def quantities(cell: Cell, loss: str) -> Mapping[str, str]:
    """Return what each quantity of a run is, in words, by name, in the order of the computation."""
    linear = LOSSES[loss].prediction_latex == "a"
    found = {INPUT: "input", **{name: line_words(cell, name) for name in cell.line}}
    found |= {"a": "number read out" if linear else "logit"}
    found |= {"p": "prediction" if linear else "probability"}
    return MappingProxyType(
        found | {"y": "target", "l": "loss of one step", "L": "loss of the run"}
    )


@lru_cache(maxsize=64)
def parameters(cell: Cell, loss: str) -> Mapping[str, str]:
    """Return what each parameter is, in words, by name."""
    return MappingProxyType(dict(_parameters(cell, quantities(cell, loss))))


def _parameters(cell: Cell, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in cell.shapes:
        line, vector = cell.multiplied[name]
        into = words[line]
        if vector is None:
            beside = cell.multiplied.get(f"W{name[1:]}", ("", None))[1]  # b_xn belongs to W_xn
            by = f" with the {_vector(beside, words)}" if beside else ""
            yield name, f"bias{by} of the {into}"
        else:
            yield name, f"weights from the {_vector(vector, words)} to the {into}"


def _vector(name: str, words: Mapping[str, str]) -> str:
    before = name.removesuffix(BEFORE)
    return words[name] if before == name else f"{words[before]} before"


def line_words(cell: Cell, name: str) -> str:
    """Return what a line is called: by its own title, else by what it is a part of."""
    line = cell.line[name]
    if line.title:
        return line.title
    titles = [other.title for other in cell.line.values() if name in other.operands]
    titles = [title for title in titles if title]
    if name in cell.sums:
        return f"pre-activation of the {titles[0]}" if titles else "pre-activation"
    return f"line {name} of the cell"


@lru_cache(maxsize=64)
def of_any_gate(cell: Cell) -> Mapping[str, str]:
    """Return the words of weights that are written once for all gates, by their names."""
    gate = gate_letter(cell)
    return MappingProxyType(
        {
            f"W_x{gate}": f"weights from the input, of gate {gate}",
            f"W_h{gate}": f"weights from the hidden state before, of gate {gate}",
            f"b_{gate}": f"bias of gate {gate}",
            f"z_{gate}": f"pre-activation of gate {gate}",
            "W_h": "weights from the hidden state before, of a gate",
        }
    )


@lru_cache(maxsize=64)
def of_other_cells(cell: Cell) -> Mapping[str, str]:
    """Return the words of symbols that this cell has not: a page may tell of others."""
    found: dict[str, str] = {}
    for other in CELLS.values():
        names = {**quantities(other, DEFAULT_LOSS), **parameters(other, DEFAULT_LOSS)}
        for name, words in names.items():
            if name not in cell.line and name not in cell.shapes and name not in found:
                found[name] = f"{words}, in a cell of the kind {other.title}"
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def elsewhere(cell: Cell) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return by name how others call a quantity or a parameter: who, and its symbol as text."""
    names = (INPUT, *cell.line, "a", "p", "y", *cell.shapes)
    return MappingProxyType(
        {
            name: tuple(
                (each.title, text)
                for each in NOTATIONS.values()
                if (text := called(each, cell, name))
            )
            for name in names
        }
    )


def called(notation: Notation, cell: Cell, name: str) -> str:
    """Return what a quantity or parameter is called in a notation, empty where it has no name."""
    if name not in cell.shapes:
        return spoken(notation.quantity(cell, name) or "")
    symbol, text = spoken(notation.parameter(cell, name)), spoken(notation.spelled(cell, name))
    if "_l0" in text and len(cell.sums) > 1:  # a part of the rows of a matrix
        text = f"{symbol} of {text}"
    return f"{text}, transposed" if notation.rows and len(cell.shapes[name]) > 1 else text
