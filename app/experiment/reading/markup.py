"""A table of HTML as lines and cells; what else begins with a tag is named. Linear in the text."""

import html
import re
from collections.abc import Iterable

from app.experiment.reading.notice import Choice, Options, Understood, Unread, whole
from app.experiment.reading.words import counted

MOST_CHARACTERS = 200_000
MOST_TABLES = 6  # that are offered
WIDEST = 16  # columns that a title may go over

_TAG = re.compile(r"\s*+<(?:[a-zA-Z][\w:-]*+[\s>/]|!DOCTYPE|!--|\?xml)", re.IGNORECASE)
_PAGE = re.compile(
    r"<(?:!DOCTYPE html|html|head|body|table|t[dhr]|pre|code|div|span|p|br|[uo]l|li|h\d|a|b|i|meta"
    r"|style|script|section|article|main)\b",
    re.IGNORECASE,
)
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]*+>", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b([^<>]*+)>", re.IGNORECASE)
_END = re.compile(r"</(?:tr|table|tbody|thead)\b", re.IGNORECASE)
_UNSEEN = re.compile(r"<(?:style|script)\b[^<>]*+>|</(?:style|script)\b[^<>]*+>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*+>")
_CLOSED = re.compile(r"</\w|/>|<[?!]\w")
_SPAN = re.compile(r"\bcolspan\s{0,9}=\s{0,9}[\"']?(\d{1,3})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]\w{1,30});")


def without(text: str, where: str, options: Options) -> tuple[str, Understood]:
    """Return the table of a text in HTML, its cells parted by tabs; another text as it is.

    Option: `table`, which of several, from 0.

    Raises
    ------
    ValueError
        It is HTML without a table, or XML; one sentence that says what to do.
    """
    if _TAG.match(text) is None:
        return text, Understood()
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"{where}: expected HTML of at most {MOST_CHARACTERS:,} characters, "
            f"got {len(text):,}: save its table as .csv"
        )
    seen = _seen(text)
    tables = [table for table in map(_table, _TABLE.split(seen)[1:] or [seen]) if table]
    if not tables:
        is_page = _PAGE.match(text.lstrip()) is not None
        if not is_page and not _CLOSED.search(text):
            return text, Understood()  # a program's `<Tensor …>`
        kind = "HTML without a table" if is_page else "XML"
        raise Unread(
            f"{where}: expected numbers, got {kind}: copy the numbers out of it and paste them, "
            "or save them as .csv",
            [Choice("read as a text", "as", "text")],
        )
    asked = whole(options, "table")
    if asked is None or not 0 <= asked < len(tables):
        asked = max(range(len(tables)), key=lambda n: len(tables[n]))
    said = "Read from a table of HTML."
    if len(tables) > 1:
        said = (
            f"{counted(len(tables), 'table')} of HTML: number {asked + 1} read, "
            "the others left out."
        )
    choices = tuple(
        Choice(f"read table {n + 1}", "table", n)
        for n in range(min(len(tables), MOST_TABLES) * (len(tables) > 1))
        if n != asked
    )
    return "\n".join(tables[asked]), Understood((said,), choices)


def _seen(text: str) -> str:
    """Leave out what a browser does not show: styles and scripts."""
    parts = _UNSEEN.split(text)
    return "".join(parts[::2]) if len(parts) % 2 else text


def _table(text: str) -> list[str]:
    """Return the lines of one table, each with its cells parted by tabs."""
    rows = (_CELL.split(_END.split(row, maxsplit=1)[0])[1:] for row in _ROW.split(text)[1:])
    lines = ["\t".join(_cells(row[::2], row[1::2])) for row in rows if row]
    return [line for line in lines if line.strip()]


def _cells(heads: Iterable[str], inner: Iterable[str]) -> Iterable[str]:
    for head, content in zip(heads, inner, strict=True):
        plain = _ENTITY.sub(lambda found: html.unescape(found[0]), _MARKUP.sub(" ", content))
        yield " ".join(plain.split())
        span = _SPAN.search(head)
        yield from [""] * (int(span[1]) - 1 if span and int(span[1]) <= WIDEST else 0)
