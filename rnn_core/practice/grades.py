"""The five grades of sheets, and the numbers that each is drawn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rnn_core._checks import whole_number
from rnn_core._short import Shown
from rnn_core.cells import CELLS
from rnn_core.practice.draws import Draws
from rnn_core.practice.fair import (
    is_exact,
    is_fair,
    is_in_range,
    sums_tell_apart,
    terms_tell_apart,
    transposes_tell_apart,
)
from rnn_core.practice.network import Network
from rnn_core.practice.sheet import Sheet, questions_of

MOST_SEED = 2**31 - 1
MOST_TRIES = 100_000  # the rarest grade takes some tens

SIZES = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
TENTHS = [sign * size for size in SIZES for sign in (1, -1)]
SMALL = [1.0, -1.0, 2.0, -2.0]


@dataclass(frozen=True)
class Grade(Shown):
    """A kind of sheet: `draw` gives a candidate, which is taken if it can be redone by hand.

    `suits` looks at the network, which costs little, and `is_taken` at the whole sheet.
    """

    number: int
    title: str
    draw: Callable[[Draws], Network]
    is_taken: Callable[[Sheet], bool]
    suits: Callable[[Network], bool] = lambda network: True


def _matrix(draws: Draws, choices: Sequence[float], rows: int, columns: int) -> list[list[float]]:
    return [draws.some(choices, columns) for _ in range(rows)]


def _scalar_identity(draws: Draws) -> Network:
    return Network.of(
        "elman",
        {
            "W_xh": _matrix(draws, SMALL, 1, 1),
            "W_hh": _matrix(draws, [0.5, -0.5, 2, -2], 1, 1),
            "b_h": draws.some(SMALL, 1),
            "W_hy": _matrix(draws, [0.5, -0.5, *SMALL], 1, 1),
        },
        draws.some([1, -1, 2, -2, 3], 3),
        draws.one([0, 1, -1, 2, 3]),
        activation="identity",
        loss="squared_error",
    )


def _scalar_tanh(draws: Draws) -> Network:
    return Network.of(
        "elman",
        {
            "W_xh": _matrix(draws, TENTHS, 1, 1),
            "W_hh": _matrix(draws, TENTHS, 1, 1),
            "b_h": draws.some(TENTHS, 1),
            "W_hy": _matrix(draws, SMALL, 1, 1),
        },
        draws.some([1, -1, 0.5, -0.5, 2], 3),
        draws.one([0, 1]),
    )


def _small_relu(draws: Draws) -> Network:
    return Network.of(
        "elman",
        {
            "W_xh": _matrix(draws, [1, -1, 2, -2, 3], 2, 1),
            "W_hh": _matrix(draws, [1, 1, -1, 2, -2], 2, 2),
            "b_h": draws.some([-1, 1, 2], 2),
            "W_hy": _matrix(draws, SMALL, 1, 2),
        },
        draws.some([1, -1, 2, 3, -2], 3),
        draws.one([0, 1, 2, 3, 4, 5]),
        activation="relu",
        loss="squared_error",
    )


def _two_tanh(draws: Draws) -> Network:
    """Mostly one sign on each way through the network, so that few sums cancel."""
    signs = draws.some([1, -1], 2)
    x = draws.some([1, -1, 0.5, -0.5], 3)
    if draws.one([True, False]):
        x[1] = 0

    def entry(sign: float, sizes: Sequence[float]) -> float:
        turned = draws.one(range(16)) == 0
        return (-sign if turned else sign) * draws.one(sizes)

    return Network.of(
        "elman",
        {
            "W_xh": [[entry(sign, SIZES)] for sign in signs],
            "W_hh": [[entry(row * column, SIZES) for column in signs] for row in signs],
            "W_hy": [[entry(sign, [*SIZES, 1, 1.5, 2]) for sign in signs]],
        },
        x,
        draws.one([0, 1]),
    )


def _gated_step(draws: Draws) -> Network:
    shapes = CELLS["gru"].shapes
    drawn = {
        name: _matrix(draws, TENTHS, 1, 1) if len(shape) == 2 else draws.some(TENTHS, 1)
        for name, shape in shapes.items()
        if name != "b_y"
    }
    drawn["W_hy"] = _matrix(draws, SMALL, 1, 1)
    return Network.of(
        "gru", drawn, draws.some([1, -1, 2, 0.5], 1), draws.one([0, 1]), h0=draws.some(TENTHS, 1)
    )


def _has_different_inputs(network: Network) -> bool:
    return len(set(network.x.ravel().tolist())) > 1


def _has_a_shut_unit(network: Network) -> bool:
    """Whether some unit is shut at some step, without most being so or any gradient being lost."""
    z = network.trace["z"]
    if not 1 <= (z < 0).sum() <= 4 or (z == 0).any():
        return False
    grads = network.gradients
    matrices = [array for _, array in grads.parameters.items() if array.ndim > 1]
    return bool((grads["z"] != 0).sum() >= 2) and all(array.any() for array in matrices)


GRADES: Mapping[int, Grade] = {
    grade.number: grade
    for grade in (
        Grade(1, "One unit, no activation function", _scalar_identity, is_fair),
        Grade(2, "One unit, tanh", _scalar_tanh, is_fair),
        Grade(3, "Two units, ReLU, whole numbers", _small_relu, is_exact, _has_a_shut_unit),
        Grade(4, "Two units, tanh, three steps", _two_tanh, is_fair, _has_different_inputs),
        Grade(5, "One step of a gated cell (GRU)", _gated_step, is_fair),
    )
}
"""The grades, by number."""


def sheet_of(grade: int, seed: int) -> Sheet:
    """Return the sheet of a grade that a seed determines.

    Candidates are drawn until one can be redone by hand with three digits (see `fair`).

    Raises
    ------
    ValueError
        The grade is unknown, or the seed is not a whole number from 0 to `MOST_SEED`.
    """
    number = whole_number("grade", grade, min(GRADES), max(GRADES))
    whole_number("seed", seed, 0, MOST_SEED)
    chosen = GRADES[number]
    draws = Draws(f"{number}/{seed}")
    for _ in range(MOST_TRIES):
        network = chosen.draw(draws)
        if not (chosen.suits(network) and is_in_range(network)):
            continue
        if not (terms_tell_apart(network) and transposes_tell_apart(network)):
            continue
        sheet = Sheet(network, questions_of(network), number, seed, chosen.title)
        if chosen.is_taken(sheet) and sums_tell_apart(sheet):
            return sheet
    raise RuntimeError(f"grade {number}: no sheet in {MOST_TRIES} draws")  # a test draws thousands
