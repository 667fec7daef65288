"""A file, or a long text, of the reader's own: it lives in his session and nowhere else."""

from dataclasses import dataclass

from app.experiment.reading.notice import Options, Understood
from app.experiment.reading.sequence import as_text

MOST_BYTES = 1_000_000
LONGEST_NAME = 80
ENDINGS = ("csv", "tsv", "txt", "dat", "json", "jsonl")
PASTED = "a long text that was pasted"


@dataclass(frozen=True)
class OwnFile:
    """What was opened or pasted, byte for byte."""

    name: str
    content: bytes

    @classmethod
    def of(cls, name: str, content: bytes) -> "OwnFile":
        """Return a file as it is kept.

        Raises
        ------
        ValueError
            It is too large.
        """
        if len(content) > MOST_BYTES:
            raise ValueError(f"file: expected at most {MOST_BYTES:,} bytes, got {len(content):,}")
        return cls(shown_name(name), content)

    @classmethod
    def pasted(cls, text: str) -> "OwnFile":
        """Return a text that is too long for the address; see `of`."""
        return cls.of(PASTED, text.encode("utf-8", "replace"))

    def text(self, options: Options) -> tuple[str, Understood]:
        """Return what it says, and what was done to read it; option: `encoding`.

        Raises
        ------
        ValueError
            It is no text.
        """
        return as_text(self.content, "file", options)


def shown_name(name: str) -> str:
    """Return a name of a file without what cannot be shown, and not too long."""
    return "".join(filter(str.isprintable, name))[:LONGEST_NAME] or "file"
