"""What a kernel is: the arrays of a run, and the loops through its steps, forward and back."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from rnn_core._arrays import FloatArray, read_only
from rnn_core._parameters import Parameters
from rnn_core.activations import Activation
from rnn_core.cells import Cell
from rnn_core.kernels.packing import Packing

StepSizes = tuple[int, int, int, int]
"""B, D, H and the bytes of a number."""

Arrays = Sequence[FloatArray]

Views = Iterable[tuple[Any, ...]]
"""For each step the parts of its rows that a loop reads and writes."""

View = Callable[[Arrays, int], FloatArray]
"""A quantity as a view of the arrays of a run, for H units."""


class KernelRun(Mapping[str, FloatArray]):
    """The quantities of a run by name, as views of the arrays that a loop wrote.

    Each is made when it is first asked for.
    """

    def __init__(self, arrays: Arrays, make: Mapping[str, View], hidden: int) -> None:
        for array in arrays:
            read_only(array)
        self.arrays = arrays
        self._make = make
        self._hidden = hidden
        self._made: dict[str, FloatArray] = {}

    def __getitem__(self, name: str) -> FloatArray:
        if name not in self._made:
            self._made[name] = read_only(self._make[name](self.arrays, self._hidden))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)


class Kernel(ABC):
    """The loops of one cell, through arrays of its own.

    An array of a run has a row for each step and sequence, (T, B, n), or one step more: for a
    state, and for a product (`multiplied` says why). Where B = 1 the loops get views without that
    axis. On the way back a stretch of steps has `factors`, arrays alike, and `totals` (states,
    steps + 1, B, H): ∂L/∂state, and at 0 what the stretch hands to the states before it.
    """

    cell: ClassVar[Cell]
    packing: ClassVar[Packing]
    """The weights that a step multiplies [1, x, h] by."""
    given: ClassVar[tuple[int, ...]]
    """The arrays of a run that hold something before the loop."""
    of_hidden: ClassVar[int]
    """Numbers of a run for each unit, step and sequence."""
    quantities: ClassVar[Mapping[str, View]]
    """Each quantity of the cell, in the order of its lines, as a view of the arrays."""

    def weights(self, params: Parameters) -> Any:
        """Return what `loop` multiplies by."""
        return self.packing.of(params)

    def weights_back(self, params: Parameters) -> Any:
        """Return what `loop_back` multiplies by: the part that belongs to h, (n, H)."""
        return self.packing.of(params)[-params.hidden_size :].T

    def width(self, sizes: StepSizes) -> int:
        """Return how many numbers of a run belong to a step of the batch."""
        batch, inputs, hidden, _ = sizes
        return batch * (1 + inputs + self.of_hidden * hidden)

    @abstractmethod
    def arrays(self, sizes: StepSizes, steps: int) -> Arrays:
        """Return room for the numbers of some steps."""

    @abstractmethod
    def begin(
        self, arrays: Arrays, params: Parameters, x: FloatArray, initial: Mapping[str, FloatArray]
    ) -> None:
        """Write what is there before the loop."""

    @abstractmethod
    def views(self, arrays: Arrays, sizes: StepSizes) -> Views:
        """Return what `loop` goes through."""

    @abstractmethod
    def loop(self, views: Views, weights: Any, activate: Any) -> None:
        """Compute these steps."""

    @abstractmethod
    def factors(self, sizes: StepSizes, steps: int) -> Arrays:
        """Return room for the factors of some steps."""

    @abstractmethod
    def fill(self, factors: Arrays, arrays: Arrays, phi: Activation) -> None:
        """Write what ∂L/∂state is multiplied by, for all steps of `arrays` at once."""

    @abstractmethod
    def views_back(self, factors: Arrays, totals: FloatArray, sizes: StepSizes) -> Views:
        """Return what `loop_back` goes through, from the last step to the first."""

    @abstractmethod
    def loop_back(self, views: Views, by_h: Any, entering: Iterable[FloatArray | None]) -> None:
        """Carry gradients through these steps.

        `by_h` is what `weights_back` returns; what enters at each step, from the last to the first,
        is added before.
        """

    @abstractmethod
    def sums(self, factors: Arrays, arrays: Arrays, totals: FloatArray) -> Arrays:
        """Return the sums over these steps from which `parameters` has the weights' gradients."""

    @abstractmethod
    def parameters(self, sums: Arrays, hidden: int) -> Iterator[tuple[str, FloatArray]]:
        """Yield each of the cell's parameters with its gradient."""

    def take_over(self, factors: Arrays, totals: FloatArray) -> None:  # noqa: B027
        """Bring what was handed to the last of these states, totals[:, -1], to where it is read.

        Both this and `hand_over` have nothing to do where the loop itself reads and writes there.
        """

    def hand_over(self, factors: Arrays, totals: FloatArray) -> None:  # noqa: B027
        """Write what is handed to the states before these steps to totals[:, 0]."""


class KernelWithJacobians(Kernel):
    """A kernel of a cell with one state, which can also go back by Jacobians of its steps."""

    @abstractmethod
    def jacobians(self, factors: Arrays, params: Parameters, out: FloatArray) -> None:
        """Write ∂h_t/∂h_{t-1} (n, H, H) of one sequence from what `fill` wrote, for all n steps."""

    @abstractmethod
    def spread_out(self, factors: Arrays, params: Parameters, by_h: FloatArray) -> None:
        """Multiply the factors by ∂L/∂h_t (n, H), as `loop_back` does on its way."""


STEPS_ALONE = slice(-1)
"""The entries of the steps, in an array that has one more."""


def block(array: int, number: int, entries: slice = slice(None), *, turned: bool = False) -> View:
    """Return the view of an array's H columns with this number, from the end where it is negative.

    With `turned` the sign is turned, which makes a copy.
    """

    def view(arrays: Arrays, hidden: int) -> FloatArray:
        columns = slice(number * hidden, (number + 1) * hidden or None)
        found = arrays[array][entries, :, columns]
        return -found if turned else found

    return view


def flat(array: FloatArray) -> FloatArray:
    """Return (T, B, n) as rows (T·B, n)."""
    return array.reshape(-1, array.shape[-1])
