"""The arrays of a file with what their names tell, and those that make up one network."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.experiment.reading.notice import Choice
from app.experiment.weights_file.names import Name
from app.experiment.weights_file.stored import Stored


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
    """The arrays of one Elman network."""

    recurrent: Part  # or the joint one
    is_joint: bool = False
    input: Part | None = None
    readout: Part | None = None
    embedding: Part | None = None
    hidden_biases: list[Part] = field(default_factory=list)
    output_bias: Part | None = None
    by_order: bool = False  # the names told nothing
    said: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


def hidden_size(found: NetworkParts) -> int:
    """Return H: the axes of W_hh, or the shorter one of [W_xh, W_hh]."""
    return min(found.recurrent.shape)


GATED = {4: "an LSTM", 3: "a GRU", 2: "a gated cell"}


def named(recurrent: Part) -> str:
    """Say which cell with gates it is: "an LSTM: 4 gates of 8, "; nothing of one without."""
    hidden = min(recurrent.shape)
    gates = max(recurrent.shape) // hidden
    return f"{GATED[gates]}: {gates} gates of {hidden}, " if gates in GATED else ""


def other_axis(part: Part, hidden: int) -> int:
    """Return the size of a matrix that is not H."""
    rows, columns = part.shape
    return rows if columns == hidden else columns


def names_of(parts: Iterable[Part]) -> list[str]:
    """Return the names of parts."""
    return [part.stored.name for part in parts]


def take(rest: list[Part], wanted: Callable[[Part], bool]) -> list[Part]:
    """Remove the parts that are wanted from the rest, and return them."""
    taken = [part for part in rest if wanted(part)]
    rest[:] = [part for part in rest if part not in taken]
    return taken
