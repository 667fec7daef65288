"""The formats of worksheets, by name: a new one is one file here and one entry below."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.listings.worksheets.json_file import json_file
from app.listings.worksheets.latex import latex_source
from app.listings.worksheets.moodle import moodle
from app.listings.worksheets.notebook import notebook
from app.listings.worksheets.parts import identifier
from app.listings.worksheets.pdf import pdf
from app.listings.worksheets.qti import qti
from rnn_core.cells import Notation
from rnn_core.practice import Sheet

KEYS: Mapping[str, tuple[tuple[bool, ...], ...]] = {
    "with": ((False, True),),
    "apart": ((False,), (True,)),
    "none": ((False,),),
}
"""Where the key of a sheet stands: its files, and of each whether a part is the key."""


@dataclass(frozen=True)
class Format:
    """A format: its title, how its files end, and what writes them.

    Either `one` writes a file for each sheet, `parts` one of its sheet, its key or both, or `all`
    one for all sheets.
    """

    title: str
    suffix: str
    mime: str
    one: Callable[[Sheet, Notation | None], bytes] | None = None
    parts: Callable[[Sheet, Notation | None, Sequence[bool]], bytes] | None = None
    all: Callable[[Sequence[Sheet], Notation | None], bytes] | None = None

    def files(
        self, sheets: Sequence[Sheet], notation: Notation | None = None, key: str = "with"
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the files of some sheets, each with its name; symbols are those of a notation.

        `key` is an entry of `KEYS`, which formats with `parts` follow.
        """
        last = sheets[-1].seed
        if self.parts is not None:
            for sheet in sheets:
                for keys in KEYS[key]:
                    name = self._called(identifier(sheet, last), is_key=all(keys))
                    yield name, self.parts(sheet, notation, keys)
        elif self.one is not None:
            for sheet in sheets:
                yield self._called(identifier(sheet, last)), self.one(sheet, notation)
        elif self.all is not None:
            yield self.name_of(sheets[0], last), self.all(sheets, notation)

    def name_of(self, sheet: Sheet, last_seed: int | None = None) -> str:
        """Return the name of a sheet's file, or of one of all sheets up to the last seed."""
        several = last_seed is not None and last_seed != sheet.seed
        return self._called(f"{identifier(sheet)}{f'-to-{last_seed}' if several else ''}")

    def _called(self, name: str, *, is_key: bool = False) -> str:
        return f"{name}{'-key' if is_key else ''}.{self.suffix}"


FORMATS: Mapping[str, Format] = {
    "pdf": Format("PDF", "pdf", "application/pdf", parts=pdf),
    "latex": Format(
        "LaTeX",
        "tex",
        "application/x-tex",
        parts=lambda sheet, notation, keys: latex_source(sheet, notation, keys).encode(),
    ),
    "moodle": Format("Moodle XML", "moodle.xml", "application/xml", all=moodle),
    "qti": Format("QTI 1.2 (Canvas)", "qti.zip", "application/zip", all=qti),
    "ipynb": Format("Notebook", "ipynb", "application/x-ipynb+json", one=notebook),
    "json": Format("JSON", "json", "application/json", all=lambda sheets, _: json_file(sheets)),
}
