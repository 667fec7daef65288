"""What Undo can take back: the experiments before this one, bounded in number and in bytes."""

from collections import deque

from app.experiment.value import Experiment
from app.work.caching import size_of

KEPT_STEPS = 100
KEPT_BYTES = 12 * 2**20
"""Some eighty edits of the largest weights, or twenty of the largest sequence: a step keeps only
what the next one has changed, so most experiments reach the number of steps long before."""


class Past:
    """A stack of experiments that forgets its oldest ones; the newest is always kept."""

    def __init__(self) -> None:
        self._kept: deque[tuple[Experiment, int]] = deque()
        self._size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def append(self, experiment: Experiment) -> None:
        """Put an experiment on top, and forget the oldest that have no room beside it."""
        size = size_of([part for part in _parts(experiment) if not self._has(part)])
        self._kept.append((experiment, size))
        self._size += size
        while len(self) > 1 and (len(self) > KEPT_STEPS or self._size > KEPT_BYTES):
            self._size -= self._kept.popleft()[1]

    def _has(self, part: object) -> bool:
        """Whether the newest is made of the same part, which then takes no more room."""
        return bool(self._kept) and any(part is each for each in _parts(self._kept[-1][0]))

    def pop(self) -> Experiment:
        """Take the newest from the top."""
        experiment, size = self._kept.pop()
        self._size -= size
        return experiment

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
        self._size = 0


def _parts(experiment: Experiment) -> tuple[object, ...]:
    return experiment.sequence, experiment.weights, experiment.initial
