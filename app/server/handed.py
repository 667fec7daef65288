"""Files that whoever starts the server names, handed to the first page that shows the secret.

The address that the server prints holds the secret. It opens the files once: they are the
operator's own, and no other visitor is shown them, nor who is sent the address later.
"""

import hmac
import secrets
import threading
from dataclasses import dataclass

NAME = "files"
"""What the secret is called in the address."""

TAKEN = (
    "files: expected the address that was printed at the start, opened for the first time, got it "
    "again, or another: start the app with the files once more, or open them in the sidebar"
)


@dataclass(frozen=True)
class File:
    """A file that was read: its name, and what is in it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Files:
    """What there is to open: each at most once."""

    data: File | None = None  # a sequence, a text, or a saved experiment
    weights: File | None = None
    lesson: File | None = None


class Hand:
    """What is held out to the page that comes for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: Files | None = None
        self._secret = ""

    def hold_out(self, files: Files) -> None:
        """Hold files out to whoever shows a secret that is made here."""
        with self._lock:
            self._files, self._secret = files, secrets.token_urlsafe(16)

    def take(self, secret: str) -> Files:
        """Return the files, once.

        Raises
        ------
        ValueError
            The secret is another one, or they are taken; one sentence.
        """
        with self._lock:
            files = self._files
            shown = secret.encode(errors="replace")
            if files is None or not hmac.compare_digest(shown, self._secret.encode()):
                raise ValueError(TAKEN)
            self._files = None
            return files

    def query(self) -> str:
        """Return what an address asks for the files with; nothing if none are held out."""
        with self._lock:
            return "" if self._files is None else f"?{NAME}={self._secret}"


HAND = Hand()
