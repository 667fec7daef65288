r"""Texts of ours in a notation of others: in formulas, in plain text and in Markdown."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from rnn_core._short import Shown
from rnn_core.cells.cell import Cell
from rnn_core.cells.naming import Found, plain_symbol, symbol_found
from rnn_core.cells.notation import Notation
from rnn_core.cells.renaming import Renaming, renaming
from rnn_core.cells.rewriting_latex import rewritten

_STEP = r"[A-Za-z0-9]+(?:[−+-]1)?"
_LETTER = r"(?:[^\W\d_][\u0302\u0304]?)"
_NAME = re.compile(
    rf"(?<![\w.])(?P<letter>{_LETTER})"
    rf"(?:_(?:\{{(?P<braced>{_STEP}(?:,\s?{_STEP})*)\}}|(?P<below>{_STEP}(?:,{_STEP})*)))?"
    rf"(?P<place>\[[\d,\s]+\])?(?P<turned>ᵀ?)(?!\w)"
)
_SLOPE = "∂L/∂"
_WORD = re.compile(r"[^\W\d_]{2,}")
_KNOWN_WORDS = {"tanh", "exp", "log", "max", "min", "diag", "relu", "softmax"}
_PRODUCT = re.compile(r" · | |·")
_MARKED = re.compile(r"(?P<math>\$\$.+?\$\$|\$[^$\n]+?\$)|(?P<code>`[^`\n]+`)", re.DOTALL)
_SET = re.compile(r"(?<![\w*])(?P<mark>\*{1,2})(?P<inside>[^*\s][^*\n]{0,11}?)(?P=mark)(?![\w*])")


@dataclass(frozen=True)
class Rewriter(Shown):
    """What writes symbols of a cell as a notation has them; `table` is None for ours.

    Nothing may be written twice: a letter of theirs can be another one of ours.
    """

    table: Renaming | None
    own: frozenset[str] = field(default=frozenset())

    def __hash__(self) -> int:
        return id(self)

    def latex(self, text: str) -> str:
        """Return a formula of LaTeX."""
        return text if self.table is None else rewritten(self.table, text, self.own)

    def plain(self, text: str) -> str:
        """Return a text: its symbols with a subscript, and all letters of one that is a formula."""
        if self.table is None:
            return text
        return _Text(self.table, self.own, is_formula(text)).written(text)

    def markdown(self, text: str) -> str:
        """Return Markdown: formulas between dollars, letters that are set as symbols, and words."""
        if self.table is None:
            return text
        pieces, at = [], 0
        for match in _MARKED.finditer(text):
            pieces += [self._prose(text[at : match.start()]), self._marked(match)]
            at = match.end()
        return "".join([*pieces, self._prose(text[at:])])

    def _marked(self, match: "re.Match[str]") -> str:
        if match["math"]:
            sign = "$$" if match[0].startswith("$$") else "$"
            return f"{sign}{self.latex(match[0][len(sign) : -len(sign)])}{sign}"
        inside = match[0][1:-1]
        return f"`{self.plain(inside)}`" if _NAME.fullmatch(inside) else match[0]

    def _prose(self, text: str) -> str:
        """Return words with what is set as a symbol among them: *h*, **L**."""
        pieces, at = [], 0
        for match in _SET.finditer(text):
            inside = match["inside"]
            set_as_symbol = is_formula(inside)
            written = self.plain(inside) if set_as_symbol else inside
            if not set_as_symbol:
                continue
            pieces += [self._words(text[at : match.start()]), match["mark"], written, match["mark"]]
            at = match.end()
        return "".join([*pieces, self._words(text[at:])])

    def _words(self, text: str) -> str:
        return _Text(self.table, self.own, is_formula=False).written(text) if self.table else text


def is_formula(text: str) -> bool:
    """Whether all words of a text are letters, names and functions, so that it is a formula."""
    rest = _NAME.sub(" ", text)
    return bool(text.strip()) and all(word in _KNOWN_WORDS for word in _WORD.findall(rest))


@dataclass(frozen=True)
class _Text(Shown):
    """A text that is written anew."""

    table: Renaming
    own: frozenset[str]
    is_formula: bool

    def written(self, text: str) -> str:
        pieces: list[str] = []
        at = 0
        while match := _NAME.search(text, at):
            each = self._found(match, text[: match.start()])
            pieces.append(text[at : match.start()])
            at = match.end()
            if each is None:
                pieces.append(match[0])
                continue
            own = self._name(match, each, text)
            of_matrix = each.of_matrix or bool(match["turned"])
            if self.table["rows"] and (other := self._factor(text, at, of_matrix=of_matrix)):
                sign, written, at = other  # of rows, a product is the other way round
                own = f"{written}{sign}{own}"
            pieces.append(own)
        return "".join([*pieces, text[at:]])

    def _factor(self, text: str, at: int, *, of_matrix: bool) -> tuple[str, str, int] | None:
        """Return the factor that stands behind a product's sign, and where it ends."""
        sign = _PRODUCT.match(text, at)
        if not sign:
            return None
        start = sign.end()
        if text.startswith("(", start) and of_matrix:
            end = _closing(text, start)
            inside = text[start + 1 : end - 1]
            if end and is_formula(inside):
                return sign[0], f"({self.written(inside)})", end
            return None
        match = _NAME.match(text, start)
        if not match:
            match = (
                _NAME.match(text, start + len(_SLOPE)) if text.startswith(_SLOPE, start) else None
            )
        each = match and self._found(match, text[: match.start()])
        if not match or not each or not (of_matrix or each.of_matrix or match["turned"]):
            return None
        before = text[start : match.start()]
        written = (self.written(before) if before else "") + self._name(match, each, text)
        return sign[0], written, match.end()

    def _found(self, match: "re.Match[str]", before: str) -> Found | None:
        """Return what a name says; of a letter alone only where it can be no word."""
        below, place = match["braced"] or match["below"] or "", match["place"] or ""
        text = match["letter"] + (f"_{below}" if below else "")
        alone = not below and not place
        if text in self.own or (alone and not self.is_formula and not before.endswith("∂")):
            return None
        parts = [*re.split(r",\s?", below), *re.split(r",\s*", place[1:-1])]
        letter = match["letter"].replace("y\u0302", "ŷ")
        each = symbol_found(self.table, letter, [part for part in parts if part])
        return None if each and each.of_another and letter in self.own else each

    def _name(self, match: "re.Match[str]", each: Found, text: str) -> str:
        written = plain_symbol(self.table, each, brackets=bool(match["place"]))
        if each.second and text[: match.start()].endswith("+ "):
            second = Found(each.second, places=each.places)
            written += f" + {plain_symbol(self.table, second, brackets=bool(match['place']))}"
        return written + match["turned"]


def _closing(text: str, start: int) -> int:
    """Return where what is bracketed ends, 0 where it does not."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if not depth:
            return at + 1
    return 0


OURS = Rewriter(None)


@lru_cache(maxsize=256)
def rewriter_of(
    cell: Cell, notation: Notation | None, own: frozenset[str], others: tuple[Cell, ...]
) -> Rewriter:
    """Return what writes texts about a cell in a notation, None for ours.

    `own` are symbols that mean something else where the text stands, and stay; `others` are cells
    that it may speak of besides.
    """
    return OURS if notation is None else Rewriter(renaming(cell, notation, others), own)
