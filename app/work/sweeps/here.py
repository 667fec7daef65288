"""Chunks one after the other in the calling thread."""

from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from app.work.turns import Turns

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_process(
    function: Callable[[Part], Result],
    parts: Sequence[Part],
    stop: Callable[[], bool],
    *,
    turns: Turns | None = None,
    who: object = None,
) -> Generator[tuple[int, Result], None, None]:
    """Yield (place, function(part)) in order, until `stop()`; each in a turn, where there are.

    `who` asks for them, if he wants to know his place among others.
    """
    turns = turns or Turns(1)
    with turns.member():
        for place, part in enumerate(parts):
            with turns.turn(stop, who) as mine:
                if mine is None or stop():
                    return
                result = function(part)
            yield place, result
