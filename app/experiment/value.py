"""The experiment: everything that determines the numbers on the screen, as one frozen value."""

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from app.experiment.sources import (
    MAX_HIDDEN,
    MAX_STEPS,
    Array,
    Drawn,
    Given,
    Matrix,
    Named,
    Numbers,
    Readout,
    Sequence,
    Series,
    Text,
    Value,
    Weights,
    make,
    require_at_most,
    require_known,
    require_matrix,
)
from app.work.caching import cached
from rnn_core import ACTIVATIONS, CELLS, LOSSES, Cell, Parameters, initialise

VERSION: Literal[1] = 1
MAX_NUMBERS = 1_000_000  # T·B·(D + nH + K) for a cell of n lines: what a forward pass keeps
MAX_TITLE = 80


class Experiment(Value):
    """A network, its sequence and its loss. Equal experiments give equal numbers."""

    sequence: Sequence
    weights: Weights
    cell: str = "elman"
    activation: str = "tanh"
    loss: str = "binary_cross_entropy"
    readout: Readout = "last"
    has_target: bool = True  # False: the forward pass alone, without loss and gradients
    initial: Matrix | None = None  # (B, H) h_0; None is zero
    initial_cell: Matrix | None = None  # (B, H) c_0 of a cell that has one; None is zero
    truncate: int | None = Field(default=None, ge=1, le=MAX_STEPS)
    sample: int = Field(default=0, ge=0)  # the sequence of the batch that is shown, from 0
    title: str = Field(default="", max_length=MAX_TITLE)
    version: Literal[1] = VERSION

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        require_known("cell", self.cell, CELLS)
        require_known("activation", self.activation, ACTIVATIONS)
        require_known("loss", self.loss, LOSSES)
        if not self.title.isprintable():
            raise ValueError(
                f"title: expected characters that can be shown, got {self.title!a:.60}"
            )
        steps, batch, _, _ = self.sequence.shape()
        if self.sample >= batch:
            raise ValueError(f"sample: expected one of {batch} sequences, got {self.sample + 1}")
        require_at_most("H", self.hidden, MAX_HIDDEN)
        require_budget(*self.sizes, lines=len(self.kind.lines))
        if isinstance(self.sequence, Numbers):
            read = len(self.sequence.target)
            if read != (1 if self.readout == "last" else steps):
                raise ValueError(
                    f"target: expected a row for each step read out ({self.readout}), got {read}"
                )
            if len(self.sequence.target[0]) != batch:
                given = len(self.sequence.target[0])
                raise ValueError(f"target: expected {batch} sequences as in x, got {given}")
        if self.initial is not None:
            require_matrix("h_0", self.initial, (batch, self.hidden))
        if self.initial_cell is not None:
            if "c" not in self.kind.states:
                raise ValueError(f"c_0: expected none for the cell {self.cell}, got one")
            require_matrix("c_0", self.initial_cell, (batch, self.hidden))
        self.parameters()  # shapes, eigenvalues: the core's own sentence
        return self

    @property
    def hidden(self) -> int:
        """H, the number of hidden units."""
        if isinstance(self.weights, Drawn):
            return self.weights.hidden
        if isinstance(self.weights, Given):
            return len(self.weights.W_hh)
        row = self.weights.array("W_hy")[0]
        return len(row) if isinstance(row, tuple) else 1

    @property
    def kind(self) -> Cell:
        """The cell of the network, as data."""
        return CELLS[self.cell]

    @property
    def sizes(self) -> tuple[int, int, int, int, int]:
        """T, B, D, H and K."""
        steps, batch, inputs, outputs = self.sequence.shape()
        return steps, batch, inputs, self.hidden, outputs

    def parameters(self) -> Parameters:
        """Return the arrays of the network."""
        _, _, inputs, outputs = self.sequence.shape()
        return parameters_of(self.weights, self.cell, inputs, outputs)

    def x(self) -> Array:
        """Return the input, (T, B, D)."""
        return _arrays(self.sequence, self.readout)[0]

    def target(self) -> Array | None:
        """Return the target, (S, B, K), or None if there is no loss."""
        return self.kept_target() if self.has_target else None

    def kept_target(self) -> Array:
        """Return the target that comes with the sequence, (S, B, K), whether it is used or not."""
        return _arrays(self.sequence, self.readout)[1]

    def h0(self) -> Array | None:
        """Return the initial state, (B, H); None is zero."""
        return None if self.initial is None else np.array(self.initial)

    def c0(self) -> Array | None:
        """Return the initial cell state, (B, H); None is zero, or that the cell has none."""
        return None if self.initial_cell is None else np.array(self.initial_cell)

    def labels(self) -> tuple[str, ...] | None:
        """Return what each step is called (a character, a year), or None if only numbered."""
        return self.sequence.labels()

    def replace(self, **changed: Any) -> "Experiment":
        """Return this experiment with some fields replaced, checked as a whole.

        Raises
        ------
        ValueError
            The result does not fit together; one sentence.
        """
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        return make(Experiment, **{**kept, **changed})


def require_budget(
    steps: int, batch: int, inputs: int, hidden: int, outputs: int, *, lines: int = 2
) -> None:
    """Raise ValueError if an experiment of these sizes is too large for the app.

    `lines` is the number of vectors that the cell computes in a step.
    """
    numbers = steps * batch * (inputs + lines * hidden + outputs)
    if numbers > MAX_NUMBERS:
        raise ValueError(
            f"experiment: expected T·B·(D + {lines}H + K) of at most {MAX_NUMBERS:,}, "
            f"got {numbers:,}; "
            "compute larger ones with rnn_core"
        )


def given_parameters(weights: Given | Named, cell: str) -> Parameters:
    """Return weights that are numbers as the parameters of a network with that cell.

    Raises
    ------
    ValueError
        They are not those of the cell.
    """
    arrays = weights.model_dump() if isinstance(weights, Given) else dict(weights.arrays)
    return Parameters.of(cell, arrays)


@cached
def parameters_of(
    weights: Given | Drawn | Named, cell: str, inputs: int, outputs: int
) -> Parameters:
    """Return weights as the parameters of a network with that cell, D inputs and K outputs.

    Raises
    ------
    ValueError
        They do not fit, or cannot be drawn.
    """
    if not isinstance(weights, Drawn):
        made = given_parameters(weights, cell)
        if made.input_size != inputs or made.output_size != outputs:
            raise ValueError(
                f"{made.cell.input_weight}, W_hy: expected {inputs} inputs and {outputs} "
                "outputs as in the sequence "
                f"and its target, got {made.input_size} and {made.output_size}"
            )
        return made
    drawn = initialise(
        weights.scheme,
        inputs,
        weights.hidden,
        outputs,
        seed=weights.seed,
        spectral_radius=weights.spectral_radius,
        cell=cell,
    )
    if not weights.edits:
        return drawn
    edited = {name: array.copy() for name, array in drawn.items()}
    for name, row, column, number in weights.edits:
        require_known("edit", name, edited)
        array = edited[name].reshape(len(edited[name]), -1)
        if not (0 <= row < array.shape[0] and 0 <= column < array.shape[1]):
            raise ValueError(f"{name}: expected an edit within {array.shape}, got {(row, column)}")
        array[row, column] = number
    return Parameters.of(cell, edited)


@cached
def _arrays(sequence: Numbers | Text | Series, readout: Readout) -> tuple[Array, Array]:
    x, target = sequence.arrays(readout)
    x.setflags(write=False)
    target.setflags(write=False)
    return x, target
