"""What the nodes of a run and the operands at them are called, as in the computational graph."""

from rnn_core.graph import names
from rnn_core.precision.watch import Names, Place


def timed(letter: str, t: int, phase: str) -> Place:
    """Return the node of a quantity at a step, such as z[3]."""
    return Place(names.node(letter, t), names.timed(letter, t), t, phase)


def parameter(name: str, t: int | None, phase: str) -> Place:
    """Return the node of a parameter; in the backward phase, when step t adds to its gradient."""
    return Place(name, name, t, phase)


def product(matrix: str, letter: str, read: int, t: int) -> Place:
    """Return the node of a product of step t, which may read the state of the step before."""
    return Place(
        f"{matrix} {names.node(letter, read)}",
        f"{matrix} {names.timed(letter, read)}",
        t,
        "forward",
    )


def weight(name: str) -> Names:
    """Name the entry (i, j) of a matrix."""
    return lambda i, j: names.parameter(name, i + 1, j + 1)


def transposed(name: str) -> Names:
    """Name the entry (i, j) of a matrix's transpose as that of the matrix."""
    return lambda i, j: names.parameter(name, j + 1, i + 1)


def unit(letter: str, t: int) -> Names:
    """Name a unit of a quantity at a step, by sample and unit."""
    return lambda _, i: names.timed(letter, t, i + 1)


def unit_gradient(letter: str, t: int) -> Names:
    """Name the gradient of a unit at a step, by sample and unit."""
    return lambda _, i: f"∂L/∂{names.timed(letter, t, i + 1)}"


def called(text: str) -> Names:
    """Name every entry alike."""
    return lambda *_: text
