"""The experiment: everything that determines the numbers on the screen, as one frozen value.

Sizes: T time steps, B sequences, D inputs, H hidden units, K outputs, S steps read out (1 for
readout "last", T for "every"). Arrays are nested tuples here, so that an experiment can be a key
of a cache, be compared, and travel in a link.
"""

from functools import lru_cache
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

from app import series
from rnn_core import ACTIVATIONS, INITIALISERS, LOSSES, Parameters, initialise

Array = NDArray[np.float64]
Vector = tuple[float, ...]
Matrix = tuple[Vector, ...]
Cube = tuple[Matrix, ...]
ParameterName = Literal["W_xh", "W_hh", "b_h", "W_hy", "b_y"]
Readout = Literal["last", "every"]

VERSION = 1
MAX_STEPS = 5000
MAX_HIDDEN = 64
MAX_WIDTH = 64  # inputs D and outputs K
MAX_BATCH = 64
MAX_NUMBERS = 1_000_000  # T·B·(D + 2H + K): what a forward pass keeps
MAX_EDITS = 2 * MAX_HIDDEN * MAX_HIDDEN
MAX_SEED = 2**32 - 1
MAX_TITLE = 80


class Value(BaseModel):
    """What the parts of an experiment share: frozen, closed, and finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Numbers(Value):
    """A sequence and its targets, number by number."""

    values: Cube  # (T, B, D)
    target: Cube  # (S, B, K)

    @model_validator(mode="after")
    def _is_rectangular(self) -> Self:
        _require_cube("sequence", self.values)
        _require_cube("target", self.target)
        return self

    def arrays(self, readout: Readout) -> tuple[Array, Array]:
        """Return x (T, B, D) and the target (S, B, K)."""
        return np.array(self.values), np.array(self.target)

    def shape(self) -> tuple[int, int, int, int]:
        """Return T, B, D and K."""
        return len(self.values), len(self.values[0]), len(self.values[0][0]), len(self.target[0][0])


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


class Given(Value):
    """The five arrays, number by number."""

    W_xh: Matrix  # (H, D)
    W_hh: Matrix  # (H, H)
    b_h: Vector  # (H,)
    W_hy: Matrix  # (K, H)
    b_y: Vector  # (K,)


class Drawn(Value):
    """The five arrays drawn by a scheme from a seed, with single cells changed afterwards."""

    scheme: str = "xavier_uniform"
    seed: int = Field(default=0, ge=0, le=MAX_SEED)
    hidden: int = Field(ge=1, le=MAX_HIDDEN)
    spectral_radius: float | None = Field(default=None, ge=0, le=1000)
    edits: tuple[tuple[ParameterName, int, int, float], ...] = Field(
        default=(), max_length=MAX_EDITS
    )  # name, row, column (counted from 0), number

    @model_validator(mode="after")
    def _has_a_known_scheme(self) -> Self:
        _require_known("initialiser", self.scheme, INITIALISERS)
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
    Annotated[Given, Tag("given")] | Annotated[Drawn, Tag("drawn")],
    _kind({"W_hh": "given", "hidden": "drawn"}),
]


class Experiment(Value):
    """A network, its sequence and its loss. Equal experiments give equal numbers."""

    sequence: Sequence
    weights: Weights
    activation: str = "tanh"
    loss: str = "binary_cross_entropy"
    readout: Readout = "last"
    initial: Matrix | None = None  # (B, H) h_0; None is zero
    truncate: int | None = Field(default=None, ge=1, le=MAX_STEPS)
    sample: int = Field(default=0, ge=0)  # the sequence of the batch that is shown, from 0
    title: str = Field(default="", max_length=MAX_TITLE)
    version: Literal[1] = VERSION

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _require_known("activation", self.activation, ACTIVATIONS)
        _require_known("loss", self.loss, LOSSES)
        if not self.title.isprintable():
            raise ValueError(
                f"title: expected characters that can be shown, got {self.title!a:.60}"
            )
        steps, batch, inputs, outputs = self.sequence.shape()
        if self.sample >= batch:
            raise ValueError(f"sample: expected one of {batch} sequences, got {self.sample + 1}")
        _require_at_most("H", self.hidden, MAX_HIDDEN)
        numbers = steps * batch * (inputs + 2 * self.hidden + outputs)
        if numbers > MAX_NUMBERS:
            raise ValueError(
                f"experiment: expected T·B·(D + 2H + K) of at most {MAX_NUMBERS:,}, "
                f"got {numbers:,}; compute larger ones with rnn_core"
            )
        if isinstance(self.sequence, Numbers):
            read = len(self.sequence.target)
            if read != (1 if self.readout == "last" else steps):
                raise ValueError(
                    f"target: expected a row for each step read out ({self.readout}), got {read}"
                )
            if len(self.sequence.target[0]) != batch:
                raise ValueError(
                    f"target: expected {batch} sequences as in x, got {len(self.sequence.target[0])}"
                )
        if self.initial is not None:
            _require_matrix("h_0", self.initial, (batch, self.hidden))
        self.parameters()  # shapes, eigenvalues: the core's own sentence
        return self

    @property
    def hidden(self) -> int:
        """H, the number of hidden units."""
        return self.weights.hidden if isinstance(self.weights, Drawn) else len(self.weights.W_hh)

    @property
    def sizes(self) -> tuple[int, int, int, int, int]:
        """T, B, D, H and K."""
        steps, batch, inputs, outputs = self.sequence.shape()
        return steps, batch, inputs, self.hidden, outputs

    def parameters(self) -> Parameters:
        """Return the five arrays."""
        _, _, inputs, outputs = self.sequence.shape()
        return _parameters(self.weights, inputs, outputs)

    def x(self) -> Array:
        """Return the input, (T, B, D)."""
        return _arrays(self.sequence, self.readout)[0]

    def target(self) -> Array:
        """Return the target, (S, B, K)."""
        return _arrays(self.sequence, self.readout)[1]

    def h0(self) -> Array | None:
        """Return the initial state, (B, H); None is zero."""
        return None if self.initial is None else np.array(self.initial)

    def replace(self, **changed: Any) -> "Experiment":
        """Return this experiment with some fields replaced, checked as a whole.

        Raises
        ------
        ValueError
            The result does not fit together; one sentence.
        """
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        return make(Experiment, **{**kept, **changed})


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
        raise ValueError(sentence(error)) from None


def sentence(error: ValidationError) -> str:
    """Say the first fault that pydantic found: which field, what was expected, what came."""
    first = error.errors(include_url=False, include_context=True)[0]
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    where = ".".join(str(part) for part in first["loc"][:6]) or "experiment"
    expected = first["msg"][:1].lower() + first["msg"][1:]
    return f"{where}: {expected}, got {repr(first['input'])[:40]}"


@lru_cache(maxsize=64)
def _parameters(weights: Given | Drawn, inputs: int, outputs: int) -> Parameters:
    if isinstance(weights, Given):
        made = Parameters(weights.W_xh, weights.W_hh, weights.b_h, weights.W_hy, weights.b_y)
        if made.input_size != inputs or made.output_size != outputs:
            raise ValueError(
                f"W_xh, W_hy: expected {inputs} inputs and {outputs} outputs as in the sequence and "
                f"its target, got {made.input_size} and {made.output_size}"
            )
        return made
    drawn = initialise(
        weights.scheme,
        inputs,
        weights.hidden,
        outputs,
        seed=weights.seed,
        spectral_radius=weights.spectral_radius,
    )
    if not weights.edits:
        return drawn
    arrays = {name: array.copy() for name, array in drawn.items()}
    for name, row, column, number in weights.edits:
        array = arrays[name].reshape(len(arrays[name]), -1)
        if not (0 <= row < array.shape[0] and 0 <= column < array.shape[1]):
            raise ValueError(f"{name}: expected an edit within {array.shape}, got {(row, column)}")
        array[row, column] = number
    return Parameters(**arrays)


@lru_cache(maxsize=64)
def _arrays(sequence: Numbers | Text | Series, readout: Readout) -> tuple[Array, Array]:
    x, target = sequence.arrays(readout)
    x.setflags(write=False)
    target.setflags(write=False)
    return x, target


def _followed(values: Array, readout: Readout) -> tuple[Array, Array]:
    """Split a sequence into the input and the values that follow each step."""
    following = values[1:] if readout == "every" else values[-1:]
    return values[:-1].copy(), following.copy()


def _require_known(field: str, name: str, registry: Any) -> None:
    if name not in registry:
        raise ValueError(f"{field}: expected one of {', '.join(registry)}, got {name!r:.40}")


def _require_at_most(symbol: str, size: int, limit: int) -> None:
    if size > limit:
        raise ValueError(f"{symbol}: expected a size of at most {limit:,}, got {size:,}")


def _require_cube(name: str, cube: Cube) -> None:
    if not (cube and cube[0] and cube[0][0]):
        raise ValueError(f"{name}: expected at least one number, got none")
    _require_at_most("T", len(cube), MAX_STEPS)
    _require_at_most("B", len(cube[0]), MAX_BATCH)
    _require_at_most("K" if name == "target" else "D", len(cube[0][0]), MAX_WIDTH)
    for step, matrix in enumerate(cube, start=1):
        _require_matrix(f"{name}, step {step}", matrix, (len(cube[0]), len(cube[0][0])))


def _require_matrix(name: str, matrix: Matrix, shape: tuple[int, int]) -> None:
    if len(matrix) != shape[0] or any(len(row) != shape[1] for row in matrix):
        raise ValueError(f"{name}: expected {shape[0]} rows of {shape[1]}, got other lengths")
