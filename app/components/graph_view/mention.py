"""What a text beside the graph speaks of."""

from typing import NamedTuple


class Mention(NamedTuple):
    """A quantity of a step, as `Mention("h", (2, 1))`; "t" for whichever is shown; or a weight.

    `use` is a step: what is meant is the use of the weight there.
    """

    name: str
    place: tuple[int | str, ...] = ()
    use: int | None = None
