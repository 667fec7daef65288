"""When running chunks side by side is worth it: an estimate, in units of one NumPy step.

A step over a batch costs two NumPy calls, whatever its size, and then some for each number in it.
The loop pays for the calls T times; chunks pay as many times as a chunk has steps, and again for
as many steps as the recurrence remembers, because so long the starts they guessed are felt.
"""

from dataclasses import dataclass
from math import log, sqrt

LOOP_CALLS = 0.7
"""The calls of one step on vectors, against those on matrices: measured."""

NUMBER, PRODUCT = 0.003, 0.0001
"""One activation and one multiplication, in the same unit: measured."""

MEMORY = 192
"""Steps until a start is forgotten that are reckoned with beforehand."""

PATIENCE = 64
"""Steps after which the speed of forgetting is believed."""

WORTH = 0.5
"""The estimate must be below this part of the loop's: many remember longer than `MEMORY`."""

TOO_SMALL = "For this length and width the loop is estimated to be quicker."
TOO_SLOW = (
    "The sweeps come closer to each other so slowly that the loop is estimated to be quicker."
)


@dataclass(frozen=True)
class ChunkSizes:
    """T, B, H and D."""

    steps: int
    batch: int
    hidden: int
    inputs: int

    def numbers_cost(self, columns: int) -> float:
        """Return what one step of so many columns costs beside its calls."""
        products = self.hidden + self.inputs + 1
        return columns * self.hidden * (NUMBER + PRODUCT * products)

    @property
    def cheapest_chunk(self) -> int:
        """The L that minimises (L + memory)·(cost of a step of T·B/L columns)."""
        all_at_once = self.numbers_cost(self.steps * self.batch)
        return min(self.steps, max(1, round(sqrt(MEMORY * all_at_once))))


class Economy:
    """Watches sweeps over chunks and says whether to go on."""

    def __init__(self, sizes: ChunkSizes, chunk: int, tolerance: float) -> None:
        columns = -(-sizes.steps // chunk) * sizes.batch
        self._loop = sizes.steps * (LOOP_CALLS + sizes.numbers_cost(sizes.batch))
        self._step = 1 + sizes.numbers_cost(columns)
        self._chunk = chunk
        self._tolerance = max(tolerance, 1e-16)
        self._steps = 0
        self._first_distance = 0.0

    @property
    def promising(self) -> bool:
        """Whether to begin at all."""
        return (self._chunk + MEMORY) * self._step <= WORTH * self._loop

    def begin(self, distance: float) -> None:
        """Note how far the first sweep's starts were off."""
        self._first_distance = distance

    def worth_going_on(self, distance: float, steps: int) -> bool:
        """Whether, `distance` being left after `steps` more, the rest is cheaper than the loop.

        Distances are taken to shrink at the rate they have shrunk at so far.
        """
        self._steps += steps
        if self._steps < PATIENCE:
            return True
        if not 0 < distance < self._first_distance:  # also where it is nan
            return False
        rate = log(self._first_distance / distance) / self._steps
        left = log(max(distance / self._tolerance, 1.0)) / rate
        return max(self._chunk + self._steps, left) * self._step < self._loop
