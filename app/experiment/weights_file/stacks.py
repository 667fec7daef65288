"""Several layers, or both directions, of arrays without names: told by shapes and order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile

from app.experiment.reading.notice import MOST_CHOICES, Choice, Options, Unread
from app.experiment.weights_file.parts import Part, gated_kind, names_of, other_axis
from app.experiment.weights_file.stored import listed

Shape = tuple[int, ...]

SAVE_ONE = "save the arrays of one of them, with its biases right behind its matrices"


@dataclass(frozen=True)
class Stack:
    """The cells of a file in their order: each has W_x and, right behind it, W_h."""

    cells: Sequence[tuple[Part, Part]]
    both: bool  # directions, one cell behind the other in each layer
    parted: bool  # all that belongs to a cell stands before the next one

    def called(self, n: int) -> str:
        """Say which cell the n-th is, from 0."""
        direction = " backwards" if self.both and n % 2 else ""
        return f"layer {n // (1 + self.both) + 1}{direction}"

    def chosen(self, options: Options) -> int:
        """Return the cell that is asked for; `Unread` if there are several and none is."""
        asked, count = options.get("layer"), len(self.cells)
        if count == 1:
            return 0
        if type(asked) is int and 0 <= asked < count and self.parted:
            return asked
        recurrent = [second for _, second in self.cells]
        raise Unread(
            f"weights file: expected one layer in one direction, got {gated_kind(recurrent[0])}"
            f"{several(count // (1 + self.both), self.both)} ({listed(names_of(recurrent))}); "
            + ("one of them can be opened alone" if self.parted else SAVE_ONE),
            [
                Choice(f"open {self.called(n)} alone", "layer", n)
                for n in range(min(count, MOST_CHOICES) * self.parted)
            ],
        )

    def own(self, n: int, rest: Sequence[Part]) -> list[Part]:
        """Return what belongs to the n-th cell: all up to the next one, and an embedding."""
        starts = [rest.index(first) for first, _ in self.cells]
        begin = 0 if n == 0 else starts[n]
        own = list(rest[begin : [*starts, len(rest)][n + 1]])
        if n == len(self.cells) - 1 and self.both:  # what reads out both directions stays out
            hidden = min(self.cells[n][1].shape)
            wide = [part for part in own if part not in self.cells[n] and 2 * hidden in part.shape]
            matrices = [part for part in wide if len(part.shape) == 2]
            own = own[: own.index(matrices[0])] if matrices else own
        return own


def several(layers: int, both: bool) -> str:
    """Say how many layers there are, and that there are two directions."""
    return " in ".join([f"{layers} layers"] * (layers > 1) + ["two directions"] * both)


def elman_stack(rest: Sequence[Part]) -> Stack | None:
    """Return the cells of Elman networks: a matrix for x and, right behind it, a square one.

    Where there are biases, they stand behind both, and so part the layers.
    """

    def is_cell(entry: Shape, recurrent: Shape) -> bool:
        return recurrent[0] == recurrent[1] > 0 and recurrent[0] in entry

    runs = []
    end = 0
    for is_matrix, group in groupby(rest, lambda part: len(part.shape) == 2):
        run = [*group]
        end += len(run)
        before_bias = is_matrix and len(run) % 2 == 1 and len(run) > 1 and end < len(rest)
        if before_bias and is_cell(run[-2].shape, run[-1].shape):
            run = run[1:]  # an embedding
        runs.append(run * is_matrix)
    return stack(runs, is_cell, rest)


def stack(
    runs: Sequence[Sequence[Part]], is_cell: Callable[[Shape, Shape], bool], rest: Sequence[Part]
) -> Stack | None:
    """Return the cells in runs of matrices; None where there are none.

    Each layer reads the one before it, and of two directions the second reads what the first does.
    """
    cells: list[tuple[Part, Part]] = []
    for run in runs:
        used = -1
        for at, pair in enumerate(pairwise(run)):
            if at > used and is_cell(*_shapes(pair)) and _follows(cells, pair):
                cells.append(pair)
                used = at + 1
    return Stack(cells, _has_both(cells, rest), _are_parted(cells, rest)) if cells else None


def _shapes(pair: tuple[Part, Part]) -> tuple[Shape, Shape]:
    return pair[0].shape, pair[1].shape


def _reads(pair: tuple[Part, Part]) -> int:
    """Return how many numbers a cell reads at each step."""
    return other_axis(pair[0], max(pair[1].shape))


def _follows(cells: Sequence[tuple[Part, Part]], pair: tuple[Part, Part]) -> bool:
    if not cells:
        return True
    hidden = min(cells[-1][1].shape)
    if max(pair[1].shape) == 1:
        return False  # rather a bias behind W_hy
    return _reads(pair) in (hidden, 2 * hidden) or _shapes(pair) == _shapes(cells[-1])


def _has_both(cells: Sequence[tuple[Part, Part]], rest: Sequence[Part]) -> bool:
    """Return whether cells are the two directions of layers: what follows reads 2 H numbers."""
    alike = all(_shapes(a) == _shapes(b) for a, b in zip(cells[::2], cells[1::2], strict=False))
    if len(cells) % 2 or not alike:
        return False
    hidden = min(cells[0][1].shape)
    if len(cells) == 2 and _reads(cells[0]) != hidden:
        return True
    known = {id(part) for pair in cells[:2] for part in pair}
    matrices = [part for part in rest if len(part.shape) == 2 and id(part) not in known]
    return any(2 * hidden in part.shape for part in matrices)


def _are_parted(cells: Sequence[tuple[Part, Part]], rest: Sequence[Part]) -> bool:
    """Return whether biases stand right behind each W_h, or there is none but the read-out's."""

    def is_vector(part: Part) -> bool:
        return len(part.shape) == 1

    behind = [takewhile(is_vector, rest[rest.index(second) + 1 :]) for _, second in cells]
    counts = {sum(1 for _ in vectors) for vectors in behind}
    return len(counts) == 1 and (counts != {0} or sum(map(is_vector, rest)) <= 1)
