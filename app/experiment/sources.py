"""What an experiment is made of: sequences, and the weights, each in the forms they come in.

Sizes: T time steps, B sequences, D inputs, H hidden units, K outputs, S steps read out (1 for
readout "last", T for "every"). Arrays are nested tuples here, so that an experiment can be a key
of a cache, be compared, and travel in a link.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

from app.experiment import series
from app.work.caching import size_of
from rnn_core import INITIALISERS

Array = NDArray[np.float64]
Vector = tuple[float, ...]
Matrix = tuple[Vector, ...]
Cube = tuple[Matrix, ...]
Readout = Literal["last", "every"]

MAX_STEPS = 5000
MAX_HIDDEN = 64
MAX_WIDTH = 64  # inputs D and outputs K
MAX_BATCH = 64
MAX_EDITS = 2 * MAX_HIDDEN * MAX_HIDDEN
MAX_SEED = 2**32 - 1
MAX_ARRAYS = 32
ArrayName = Annotated[str, Field(max_length=20)]


class Value(BaseModel):
    """What the parts of an experiment share: frozen, closed, and finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Found once: a cache asks for it many times, and there may be a million numbers."""
        return hash(tuple(self._fields()))

    @cached_property
    def held_bytes(self) -> int:
        """An estimate of the memory that its fields take."""
        return sum(map(size_of, self._fields()))

    def _fields(self) -> Iterator[Any]:
        return (getattr(self, name) for name in type(self).model_fields)

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        fields = type(self).model_fields
        # A hash holds in this process only: another one makes those of texts differently.
        state["__dict__"] = {name: state["__dict__"][name] for name in fields}
        return state


class Numbers(Value):
    """A sequence and its targets, number by number."""

    values: Cube  # (T, B, D)
    target: Cube  # (S, B, K)

    @model_validator(mode="after")
    def _is_rectangular(self) -> Self:
        require_cube("sequence", self.values)
        require_cube("target", self.target)
        return self

    def arrays(self, readout: Readout) -> tuple[Array, Array]:
        """Return x (T, B, D) and the target (S, B, K)."""
        return np.array(self.values), np.array(self.target)

    def shape(self) -> tuple[int, int, int, int]:
        """Return T, B, D and K."""
        return len(self.values), len(self.values[0]), len(self.values[0][0]), len(self.target[0][0])

    def labels(self) -> tuple[str, ...] | None:
        """Return None: the steps have numbers only."""
        return None


class Text(Value):
    """A text read character by character, one-hot; the target is the next character."""

    text: str = Field(min_length=2, max_length=MAX_STEPS + 1)
    alphabet: str = Field(default="", max_length=MAX_WIDTH)  # "": the characters that occur

    @model_validator(mode="after")
    def _is_spelt_in_its_alphabet(self) -> Self:
        if unshown := next(
            (c for c in self.text if not (c.isprintable() or c in "\n\t\u00a0")), ""
        ):
            raise ValueError(f"text: expected characters that can be shown, got {unshown!a}")
        symbols = self.symbols
        if len(set(symbols)) != len(symbols):
            raise ValueError(f"alphabet: expected each character once, got {symbols!r}")
        if not 2 <= len(symbols) <= MAX_WIDTH:
            raise ValueError(
                f"text: expected 2 to {MAX_WIDTH} different characters, got {len(symbols)}"
            )
        if missing := next((c for c in self.text if c not in symbols), ""):
            raise ValueError(f"text: expected characters of the alphabet, got {missing!r}")
        return self

    @property
    def symbols(self) -> str:
        """The alphabet: input and output k stand for its character k."""
        return self.alphabet or "".join(sorted(set(self.text)))

    def arrays(self, readout: Readout) -> tuple[Array, Array]:
        """Return x (T, 1, D) and the target (S, 1, D), both one-hot."""
        place = {symbol: index for index, symbol in enumerate(self.symbols)}
        hot = np.eye(len(place))[[place[symbol] for symbol in self.text], np.newaxis]
        return _followed(hot, readout)

    def shape(self) -> tuple[int, int, int, int]:
        """Return T, B, D and K."""
        width = len(self.symbols)
        return len(self.text) - 1, 1, width, width

    def labels(self) -> tuple[str, ...] | None:
        """Return the character read at each step, with signs for those that leave no mark."""
        signs = {" ": "␣", "\u00a0": "␣", "\n": "⏎", "\t": "⇥"}
        return tuple(signs.get(symbol, symbol) for symbol in self.text[:-1])


class Series(Value):
    """A stretch of a named series of numbers; the target is the next number."""

    name: str
    first: int = Field(default=0, ge=0)  # counted from 0
    length: int = Field(ge=1, le=MAX_STEPS)
    scaling: series.Scaling = "unit"

    @model_validator(mode="after")
    def _lies_within(self) -> Self:
        size = len(series.named(self.name).values)
        if self.first + self.length + 1 > size:
            raise ValueError(
                f"sequence: expected at most {size - 1} steps of {self.name} from its first "
                f"number, got {self.length} from number {self.first + 1}"
            )
        return self

    def arrays(self, readout: Readout) -> tuple[Array, Array]:
        """Return x (T, 1, 1) and the target (S, 1, 1)."""
        scaled = series.scaled(self.name, self.scaling)
        return _followed(scaled[self.first : self.first + self.length + 1, None, None], readout)

    def shape(self) -> tuple[int, int, int, int]:
        """Return T, B, D and K."""
        return self.length, 1, 1, 1

    def labels(self) -> tuple[str, ...] | None:
        """Return the year of each step, or None where the series has none."""
        origin = series.named(self.name).origin
        if origin == 1:
            return None
        return tuple(str(origin + self.first + step) for step in range(self.length))


class Given(Value):
    """The five arrays of an Elman network, number by number."""

    W_xh: Matrix  # (H, D)
    W_hh: Matrix  # (H, H)
    b_h: Vector  # (H,)
    W_hy: Matrix  # (K, H)
    b_y: Vector  # (K,)


class Named(Value):
    """The arrays of a network with any cell by their names, number by number."""

    arrays: tuple[tuple[ArrayName, Matrix | Vector], ...] = Field(max_length=MAX_ARRAYS)

    def array(self, name: str) -> Matrix | Vector:
        """Return the array of that name; ValueError where there is none."""
        for known, array in self.arrays:
            if known == name:
                return array
        raise ValueError(f"{name}: expected an array of that name, got none")


class Drawn(Value):
    """Arrays drawn by a scheme from a seed, with single numbers changed afterwards."""

    scheme: str = "xavier_uniform"
    seed: int = Field(default=0, ge=0, le=MAX_SEED)
    hidden: int = Field(ge=1, le=MAX_HIDDEN)
    spectral_radius: float | None = Field(default=None, ge=0, le=1000)
    edits: tuple[tuple[ArrayName, int, int, float], ...] = Field(
        default=(), max_length=MAX_EDITS
    )  # name, row, column (counted from 0), number

    @model_validator(mode="after")
    def _has_a_known_scheme(self) -> Self:
        require_known("initialiser", self.scheme, INITIALISERS)
        return self


def _kind(names: dict[str, str]) -> Any:
    """Tell the members of a union apart by a field that only one of them has."""

    def tag(value: Any) -> str | None:
        has = value.__contains__ if isinstance(value, dict) else lambda name: hasattr(value, name)
        return next((kind for name, kind in names.items() if has(name)), None)

    return Discriminator(tag)


Sequence = Annotated[
    Annotated[Numbers, Tag("numbers")]
    | Annotated[Text, Tag("text")]
    | Annotated[Series, Tag("series")],
    _kind({"values": "numbers", "text": "text", "length": "series"}),
]
Weights = Annotated[
    Annotated[Given, Tag("given")]
    | Annotated[Drawn, Tag("drawn")]
    | Annotated[Named, Tag("named")],
    _kind({"W_hh": "given", "hidden": "drawn", "arrays": "named"}),
]

Made = TypeVar("Made", bound=Value)


def make(kind: type[Made], **fields: Any) -> Made:
    """Build a value and turn pydantic's report into one sentence.

    Raises
    ------
    ValueError
        A field is unknown, missing or out of range.
    """
    try:
        return kind(**fields)
    except ValidationError as error:
        raise ValueError(fault_of(error)) from None


def fault_of(error: ValidationError, *, below: int = 0) -> str:
    """Say the first fault that pydantic found: which field, what was expected, what came.

    The field is named from so many levels `below` the outermost on.
    """
    first = error.errors(include_url=False, include_context=True)[0]
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    where = ".".join(str(part) for part in first["loc"][below : below + 6]) or "experiment"
    expected = first["msg"][:1].lower() + first["msg"][1:]
    return f"{where}: {expected}, got {repr(first['input'])[:40]}"


def _followed(values: Array, readout: Readout) -> tuple[Array, Array]:
    """Split a sequence into the input and the values that follow each step."""
    following = values[1:] if readout == "every" else values[-1:]
    return values[:-1].copy(), following.copy()


def require_known(field: str, name: str, registry: Any) -> None:
    """Raise ValueError unless the registry has the name."""
    if name not in registry:
        raise ValueError(f"{field}: expected one of {', '.join(registry)}, got {name!r:.40}")


def require_at_most(symbol: str, size: int, limit: int) -> None:
    """Raise ValueError if a size is above its limit."""
    if size > limit:
        raise ValueError(f"{symbol}: expected a size of at most {limit:,}, got {size:,}")


def require_cube(name: str, cube: Cube) -> None:
    """Raise ValueError unless the numbers fill a box within the limits."""
    if not (cube and cube[0] and cube[0][0]):
        raise ValueError(f"{name}: expected at least one number, got none")
    require_at_most("T", len(cube), MAX_STEPS)
    require_at_most("B", len(cube[0]), MAX_BATCH)
    require_at_most("K" if name == "target" else "D", len(cube[0][0]), MAX_WIDTH)
    for step, matrix in enumerate(cube, start=1):
        require_matrix(f"{name}, step {step}", matrix, (len(cube[0]), len(cube[0][0])))


def require_matrix(name: str, matrix: Matrix, shape: tuple[int, int]) -> None:
    """Raise ValueError unless the numbers fill that shape."""
    if len(matrix) != shape[0] or any(len(row) != shape[1] for row in matrix):
        raise ValueError(f"{name}: expected {shape[0]} rows of {shape[1]}, got other lengths")
