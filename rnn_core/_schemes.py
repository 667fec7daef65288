"""Draw the arrays of a network by a named scheme; `initialisers` presents them."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod, sqrt
from types import MappingProxyType

import numpy as np

from rnn_core._arrays import FloatArray, choose
from rnn_core._checks import real_number, whole_number
from rnn_core._short import Shown
from rnn_core.cells import Cell
from rnn_core.limits import require_memory

Matrix = Callable[[np.random.Generator, int, int], FloatArray]
Vector = Callable[[np.random.Generator, int, int], FloatArray]


@dataclass(frozen=True)
class Scheme(Shown):
    """How each kind of array is drawn: `matrix(rng, rows, columns)`, `bias(rng, size, H)`.

    `recurrent` draws W_h… where that differs from the other matrices. `memory` is the number of
    steps for which the gates of a cell that has some are to keep its state, at the most.
    """

    name: str
    title: str
    formula: str
    input: Matrix
    recurrent: Matrix
    output: Matrix
    bias: Vector
    memory: int | None = None


LONG = 200
"""Steps for which the gates of "chrono" keep a state, at the most: as the tasks of the app need."""


def _zeros(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    return np.zeros((rows, columns))


def _no_bias(rng: np.random.Generator, size: int, hidden: int) -> FloatArray:
    return np.zeros(size)


def _xavier_uniform(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    """U(−r, r) with r = √(6 / (fan in + fan out)): Glorot and Bengio (2010), equation 16."""
    bound = sqrt(6 / (rows + columns))
    return rng.uniform(-bound, bound, (rows, columns))


def _xavier_normal(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    """N(0, 2 / (fan in + fan out)): Glorot and Bengio (2010)."""
    return rng.normal(0, sqrt(2 / (rows + columns)), (rows, columns))


def _he(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    """N(0, 2 / fan in): He et al. (2015), equation 10."""
    return rng.normal(0, sqrt(2 / columns), (rows, columns))


def _orthogonal(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    """Orthonormal rows or columns, whichever are fewer: Saxe et al. (2014), by QR."""
    q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
    q = q * np.where(np.diag(r) < 0, -1, 1)  # without this the distribution is not uniform
    return np.ascontiguousarray(q if rows >= columns else q.T)


def _eye(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    return np.eye(rows, columns)


def _small_normal(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    """N(0, 0.001²): Le, Jaitly and Hinton (2015), section 3."""
    return rng.normal(0, 0.001, (rows, columns))


def _uniform_by_columns(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    bound = 1 / sqrt(columns)
    return rng.uniform(-bound, bound, (rows, columns))


def _uniform_by_rows(rng: np.random.Generator, rows: int, columns: int) -> FloatArray:
    bound = 1 / sqrt(rows)
    return rng.uniform(-bound, bound, (rows, columns))


def _uniform_bias(rng: np.random.Generator, size: int, hidden: int) -> FloatArray:
    bound = 1 / sqrt(hidden)
    return rng.uniform(-bound, bound, size)


def _alike(name: str, title: str, formula: str, matrix: Matrix) -> Scheme:
    return Scheme(name, title, formula, matrix, matrix, matrix, _no_bias)


SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        scheme.name: scheme
        for scheme in (
            Scheme(
                "uniform_pytorch",
                "Uniform (PyTorch default)",
                "U(−1/√H, 1/√H), biases too",
                _uniform_by_rows,
                _uniform_by_rows,
                _uniform_by_columns,
                _uniform_bias,
            ),
            _alike(
                "xavier_uniform",
                "Xavier, uniform",
                "U(−r, r), r = √(6 / (rows + columns))",
                _xavier_uniform,
            ),
            _alike(
                "xavier_normal",
                "Xavier, normal",
                "N(0, 2 / (rows + columns))",
                _xavier_normal,
            ),
            _alike("he", "He", "N(0, 2 / columns)", _he),
            Scheme(
                "orthogonal",
                "Orthogonal",
                "W_hhᵀ W_hh = I; the others Xavier, uniform",
                _xavier_uniform,
                _orthogonal,
                _xavier_uniform,
                _no_bias,
            ),
            Scheme(
                "identity",
                "Identity (IRNN)",
                "W_hh = I; the others N(0, 0.001²)",
                _small_normal,
                _eye,
                _small_normal,
                _no_bias,
            ),
            Scheme(
                "chrono",
                "Chrono (gates of long memory)",
                f"U(−1/√H, 1/√H); b_f, b_u = log U(1, {LONG - 1}), b_i = −b_f",
                _uniform_by_rows,
                _uniform_by_rows,
                _uniform_by_columns,
                _uniform_bias,
                memory=LONG,
            ),
            _alike("zeros", "Zeros", "0", _zeros),
        )
    }
)


def draw(
    scheme: str,
    cell: Cell,
    input_size: int,
    hidden_size: int,
    output_size: int,
    *,
    seed: "int | np.random.Generator",
    spectral_radius: float | None,
) -> dict[str, FloatArray]:
    """Return the arrays of a network by name; see `initialisers.initialise`."""
    chosen = choose("initialiser", SCHEMES, scheme)
    sizes = {
        "D": whole_number("input_size", input_size, 1),
        "H": whole_number("hidden_size", hidden_size, 1),
        "K": whole_number("output_size", output_size, 1),
    }
    hidden = sizes["H"]
    needed = sum(prod(sizes[letter] for letter in shape) for shape in cell.shapes.values())
    require_memory("initialise", 8 * needed)
    rng = _generator(seed)
    fills: dict[tuple[str, ...], Matrix] = {
        ("H", "D"): chosen.input,
        ("H", "H"): chosen.recurrent,
        ("K", "H"): chosen.output,
    }
    drawn = {}
    for name, shape in cell.shapes.items():
        if len(shape) == 1:
            drawn[name] = chosen.bias(rng, sizes[shape[0]], hidden)
        else:
            drawn[name] = fills[shape](rng, *(sizes[letter] for letter in shape))
    if chosen.memory is not None:
        drawn |= _remembering(rng, cell, hidden, chosen.memory)
    if spectral_radius is not None:
        for name, shape in cell.shapes.items():
            if shape == ("H", "H"):
                drawn[name] = scaled_to_radius(drawn[name], spectral_radius)
    return drawn


def _remembering(
    rng: np.random.Generator, cell: Cell, hidden: int, steps: int
) -> dict[str, FloatArray]:
    """Return biases with which units keep their states for 1 to so many steps.

    A gate of σ(b) keeps a state for about 1 + exp(b) steps (Tallec and Ollivier, 2018, "Can
    recurrent neural networks warp time?").
    """
    if cell.keeping is None:
        return {}
    bias = np.log(rng.uniform(1, steps - 1, hidden))
    return {cell.keeping: bias} | ({} if cell.writing is None else {cell.writing: -bias})


def scaled_to_radius(W_hh: FloatArray, spectral_radius: float) -> FloatArray:
    """Return W_hh times the number that makes its largest eigenvalue `spectral_radius` in size."""
    wanted = real_number("spectral_radius", spectral_radius, 0)
    radius = float(np.abs(np.linalg.eigvals(W_hh)).max())
    if radius == 0 and wanted > 0:
        raise ValueError(
            "spectral_radius: expected a recurrent matrix with an eigenvalue other than 0 to scale "
            f"to {wanted}, got one whose eigenvalues are all 0"
        )
    return W_hh if radius == 0 else W_hh * (wanted / radius)


def _generator(seed: "int | np.random.Generator") -> np.random.Generator:
    if isinstance(seed, np.random.Generator):
        return seed
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if number < 0:
        raise ValueError(f"seed: expected an integer of at least 0 or a Generator, got {seed!r}")
    return np.random.default_rng(number)
