"""Chunks one after the other in the calling thread."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_process(
    function: Callable[[Part], Result], parts: Sequence[Part], stop: Callable[[], bool]
) -> Iterator[tuple[int, Result]]:
    """Yield (place, function(part)) in order, until `stop()`."""
    for place, part in enumerate(parts):
        if stop():
            return
        yield place, function(part)
