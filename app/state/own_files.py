"""Files that this session alone has, and the tab that shows it: no address holds them.

The tab (`components/editor/frontend/own_files.js`) keeps them for when its page is loaded anew, and
tells the session that begins then what it has kept, and of what it could keep the name alone.
Whoever gets the link is told nothing; closing the tab forgets them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

from app.experiment import link

MOST = 10  # more than there are places for a file
LONGEST = 4_000_000  # bytes of one that a tab brings: more than any place takes
LONGEST_NAME = 300
PARTS = ("name", "content", "read")


@dataclass(frozen=True)
class Kept:
    """A file, byte for byte, and how it is to be read, in the words of who reads it."""

    name: str
    content: bytes = field(repr=False)
    read: str = ""

    @cached_property
    def mark(self) -> str:
        """Tell this content from another."""
        return sha256(self.content).hexdigest()[:20]


def marker(place: str) -> str:
    """Return what an address calls the name of a place's file."""
    return f"tr_{place}_file"


def is_marker(name: str) -> bool:
    """Whether that is what `marker` returns."""
    return name.startswith("tr_") and name.endswith("_file")


@dataclass
class OwnFiles:
    """Files by their place: those that are open, and the names of those that a reload has lost."""

    held: dict[str, Kept] | None = None  # None in a session that has not said a word about files
    lost: dict[str, str] = field(default_factory=dict)
    unsaid: bool = False  # whether the reader has yet to hear what is lost
    asks: bool = False  # whether the tab is to say what it has, also where that is nothing
    unsent: set[str] = field(default_factory=set)  # places whose file the tab has yet to get
    unkept: set[str] = field(default_factory=set)  # places whose file it has no room for

    def hold(self, place: str, file: Kept) -> None:
        """Take note of a file that was opened, or is to be read in another way."""
        before = (self.held or {}).get(place)
        self.held = (self.held or {}) | {place: file}
        self.lost.pop(place, None)
        if before is None or before.mark != file.mark:
            self.unsent.add(place)
            self.unkept.discard(place)

    def read_as(self, place: str, read: str) -> None:
        """Take note of how a file is to be read."""
        if self.held and place in self.held:
            self.hold(place, replace(self.held[place], read=read))

    def let_go(self, place: str) -> None:
        """Forget a file that the reader can do without."""
        self.held = {key: file for key, file in (self.held or {}).items() if key != place}
        self.lost.pop(place, None)
        self.unsent.discard(place)
        self.unkept.discard(place)

    def lose(self, place: str, name: str) -> None:
        """Take note of what was open in the tab before a reload, unless it has been opened anew."""
        self.held = self.held or {}
        if place not in self.held and len(self.lost) < MOST:
            self.lost[place] = name
            self.unsaid = True

    def said(self) -> None:
        """Say no more of what is lost: the reader has gone on, or was told where it belongs."""
        self.unsaid = False

    def hear(self, what: str, place: str, written: str) -> None:
        """Take what the tab says: what it has kept, that it lacks a file, or has no room for it."""
        if what == "ask" and place in (self.held or {}):
            self.unsent.add(place)
        elif what == "cannot" and place in (self.held or {}):
            self.unkept.add(place)
        elif what == "kept":
            self.asks = False
            self.held = self.held or {}
            for found, name, file in _brought(written):
                if file is None:
                    self.lose(found, name)
                elif found not in self.held and len(self.held) < MOST:
                    self.held[found] = file

    def sent(self) -> dict[str, dict[str, str]] | None:
        """Return what the tab is to keep for the next reload; None to keep what it has.

        The content is sent once, with what makes it new, or when the tab asks for it.
        """
        if self.held is None:
            return None
        unsent, self.unsent = self.unsent, set()
        names = {place: {"name": name, "mark": ""} for place, name in self.lost.items()}
        return names | {
            place: {
                "name": file.name,
                "mark": file.mark,
                "read": file.read,
                "content": link.deflated(file.content) if place in unsent else "",
            }
            for place, file in self.held.items()
        }


def _brought(written: str) -> Iterator[tuple[str, str, Kept | None]]:
    """Yield place, name and file of what the tab has kept; None for a file that it has not."""
    try:
        found = json.loads(written)
        entries = list(found.items())[:MOST]
        texts = [
            (str(place)[:LONGEST_NAME], *(str(entry.get(key, "")) for key in PARTS))
            for place, entry in entries
        ]
    except (ValueError, AttributeError, RecursionError):
        return
    for place, name, content, read in texts:
        try:
            file = Kept(name[:LONGEST_NAME], link.inflated(content, LONGEST), read)
        except ValueError:
            yield place, name[:LONGEST_NAME], None
        else:
            yield place, name, file
