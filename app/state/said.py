"""What there is to say of the experiment, and of what was asked for it."""

from collections.abc import Mapping
from typing import Any

from app.state.own_files import OwnFiles
from app.state.session import reader


def report(sentence: str | None) -> None:
    """Show a sentence about what could not be done, until the next that could (None)."""
    reader().problem = sentence


def problem() -> str | None:
    """Return the sentence to show, if any."""
    return reader().problem


def inform(sentence: str) -> None:
    """Say something of the experiment that is shown, until another one is."""
    reader().notice = sentence


def notice() -> str | None:
    """Return what there is to say of the experiment that is shown, if anything."""
    return reader().notice


def say(sentence: str) -> None:
    """Tell a screen reader what has become of what was asked for, where the page shows it."""
    reader().spoken = sentence


def spoken() -> str:
    """Return what a screen reader was told last."""
    return reader().spoken


def note(notes: Mapping[str, Any]) -> None:
    """Keep what the last commands have to say, for the component that sent them."""
    reader().notes = dict(notes)


def notes() -> dict[str, Any]:
    """Return what the last commands had to say."""
    return reader().notes


def files() -> OwnFiles:
    """Return the files that this session alone has, and the names of those it has lost."""
    return reader().files
