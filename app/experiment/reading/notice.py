"""What was understood of a text or a file, said in sentences, with the other ways to read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Options = dict[str, Any]
"""How to read: by name, in plain JSON; what is not named is decided by what the text shows."""

MOST_CHOICES = 8
"""Buttons under one line: more are no choice but a list."""


@dataclass(frozen=True)
class Choice:
    """Another way to read the same text: a button beside what was understood."""

    label: str  # "leave out column day", "time first"
    option: str
    value: Any  # plain JSON: what the option is to be


@dataclass(frozen=True)
class Understood:
    """What was concluded from a text, in sentences, and how it can be read otherwise."""

    sentences: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()

    def __add__(self, other: "Understood") -> "Understood":
        """Return what both say."""
        return Understood(self.sentences + other.sentences, self.choices + other.choices)

    def __bool__(self) -> bool:
        """Return whether there is anything to say."""
        return bool(self.sentences or self.choices)

    @property
    def line(self) -> str:
        """The sentences as one line."""
        return " ".join(self.sentences)


class Unread(ValueError):
    """A refusal, in one sentence, of what could be read in another way."""

    def __init__(self, sentence: str, choices: Iterable[Choice] = ()) -> None:
        super().__init__(sentence)
        self.choices = tuple(choices)


def choices_of(error: ValueError) -> tuple[Choice, ...]:
    """Return the ways on that a refusal offers."""
    return error.choices if isinstance(error, Unread) else ()


def whole(options: Options, name: str) -> int | None:
    """Return an option that is a whole number; None if it is anything else."""
    value = options.get(name)
    return value if type(value) is int else None


def wholes(options: Options, name: str) -> set[int]:
    """Return an option that is a list of whole numbers; none of what is anything else."""
    value = options.get(name)
    return {one for one in value if type(one) is int} if isinstance(value, list) else set()
