"""Files that this session alone has: no address holds them, and a page loaded anew has lost them.

The tab keeps their names (`components/editor/frontend/own_files.js`) and tells a new session what
was open there; whoever gets the link is told nothing.
"""

from dataclasses import dataclass, field

MOST = 10  # more than there are places for a file


@dataclass
class OwnFiles:
    """Names of files by their place: those that are open, and those that a reload has lost."""

    held: dict[str, str] | None = None  # None in a session that has not said a word about files
    lost: dict[str, str] = field(default_factory=dict)
    unsaid: bool = False  # whether the reader has yet to hear what is lost

    def hold(self, place: str, name: str) -> None:
        """Take note of a file that was opened."""
        self.held = (self.held or {}) | {place: name}
        self.lost.pop(place, None)

    def let_go(self, place: str) -> None:
        """Forget a file that the reader can do without."""
        self.held = {key: name for key, name in (self.held or {}).items() if key != place}
        self.lost.pop(place, None)

    def lose(self, place: str, name: str) -> None:
        """Take note of what was open in the tab before a reload, unless it has been opened anew."""
        self.held = self.held or {}
        if place not in self.held and len(self.lost) < MOST:
            self.lost[place] = name
            self.unsaid = True

    def said(self) -> None:
        """Say no more of what is lost: the reader has gone on, or was told where it belongs."""
        self.unsaid = False

    def known(self) -> dict[str, str] | None:
        """Return what the tab keeps for the next reload; None to keep what it has."""
        return None if self.held is None else self.lost | self.held
