"""Numbers from a seed, the same on every machine and with every release of NumPy."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count
from typing import TypeVar

Item = TypeVar("Item")


class Draws:
    """A stream of choices that a seed determines: bytes of SHA-256 of the seed and a counter."""

    def __init__(self, seed: str) -> None:
        self._bytes = _bytes_of(seed)

    def one(self, choices: Sequence[Item]) -> Item:
        """Return one of at most 256 choices."""
        return choices[next(self._bytes) % len(choices)]

    def some(self, choices: Sequence[Item], size: int) -> list[Item]:
        """Return that many choices, each by itself."""
        return [self.one(choices) for _ in range(size)]


def _bytes_of(seed: str) -> Iterator[int]:
    for block in count():
        yield from sha256(f"{seed}/{block}".encode()).digest()
