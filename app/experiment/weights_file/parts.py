"""The arrays of a file with what their names tell, and those that make up one network."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.experiment.reading.notice import Choice
from app.experiment.weights_file.names import Name
from app.experiment.weights_file.stored import PRECISIONS, Array, Stored, short_name, size

BY_ROW = Choice("these are for x W: transpose", "transpose", True)
BY_COLUMN = Choice("these are for W x: do not transpose", "transpose", False)
HIDDEN_FIRST = Choice("h stands before x in it", "hidden first", True)
INPUT_FIRST = Choice("x stands before h in it", "hidden first", False)


@dataclass(frozen=True)
class Part:
    """An array with what its name tells."""

    stored: Stored
    name: Name

    @property
    def shape(self) -> tuple[int, ...]:
        """Its sizes; those of a bias without the axes of one."""
        return self.stored.shape


@dataclass
class NetworkParts:
    """The arrays of one network."""

    recurrent: Part  # or the joint one
    is_joint: bool = False
    input: Part | None = None
    readout: Part | None = None
    embedding: Part | None = None
    hidden_biases: list[Part] = field(default_factory=list)
    output_bias: Part | None = None
    by_order: bool = False  # the names told nothing
    gates: str = ""  # their order in the matrices, where the names tell it
    by_row: bool = False  # stored for x W; of single gates, which are turned already
    order: int | None = None  # or the likely one of `gates.ORDERS`
    said: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


def hidden_size(found: NetworkParts) -> int:
    """Return H: the axes of W_hh, or the shorter one of [W_xh, W_hh]."""
    return min(found.recurrent.shape)


GATED = {4: "an LSTM", 3: "a GRU", 2: "a gated cell"}


def gated_kind(recurrent: Part) -> str:
    """Say which cell with gates it is: "an LSTM: 4 gates of 8, "; nothing of one without."""
    hidden = min(recurrent.shape)
    gates = max(recurrent.shape) // hidden
    return f"{GATED[gates]}: {gates} gates of {hidden}, " if gates in GATED else ""


ONNX_ORDER = 1
"""The place of ONNX's order among those of either cell."""


def has_gates(entry: tuple[int, ...], recurrent: tuple[int, ...]) -> bool:
    """Return whether W_x and W_h are those of an LSTM or a GRU: the same longer side, 3 or 4 H."""
    gates, rest = divmod(max(recurrent), max(min(recurrent), 1))
    side = int(recurrent[1] > recurrent[0])
    return gates in (3, 4) and not rest and entry[side] == recurrent[side]


def other_axis(part: Part, hidden: int) -> int:
    """Return the size of a matrix that is not H."""
    rows, columns = part.shape
    return rows if columns == hidden else columns


def names_of(parts: Iterable[Part]) -> list[str]:
    """Return the names of parts."""
    return [part.stored.name for part in parts]


def take_parts(rest: list[Part], wanted: Callable[[Part], bool]) -> list[Part]:
    """Remove the parts that are wanted from the rest, and return them."""
    taken = [part for part in rest if wanted(part)]
    rest[:] = [part for part in rest if part not in taken]
    return taken


def matched(embedding: Part, inputs: int, said: list[str]) -> Array:
    """Return an embedding (V, D) as the (D, V) that each input matrix is multiplied by.

    Raises
    ------
    ValueError
        It has another number of columns; one sentence.
    """
    name, numbers = short_name(embedding.stored.name), embedding.stored.read()
    if numbers.shape[1] != inputs:
        raise ValueError(
            f"{name}: expected {inputs} columns as W_xh has, got {size(numbers.shape)}"
        )
    symbols = numbers.shape[0]
    said.append(f"{name} multiplied into W_xh: x is one-hot over {symbols} symbols.")
    return numbers.T


def say_precision(found: NetworkParts, said: list[str]) -> None:
    """Say of how few digits the numbers are, if they are."""
    parts = (found.recurrent, found.input, found.readout, *found.hidden_biases)
    kinds = dict.fromkeys(part.stored.kind for part in parts if part is not None)
    if coarse := [PRECISIONS[kind] for kind in kinds if kind in PRECISIONS]:
        said.append(f"The numbers are in {' and '.join(coarse)}.")
