"""A sheet in the language of Typst: two pages with blanks, and a page with the key."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.listings.worksheets import parts
from app.listings.worksheets.markup import typst_math, typst_symbol, typst_text
from rnn_core.cells import Notation
from rnn_core.practice import Sheet, shortest

HEAD = """\
#set document(title: "Worksheet")
#set page(paper: "a4", margin: (x: 16mm, y: 13mm))
#set text(font: ("Noto Sans", "Noto Sans Math"), size: 10.5pt, lang: "en")
#show math.equation: set text(font: ("Noto Sans Math", "Noto Sans"))
#show math.equation: set text(size: 11.5pt)
#set par(leading: 0.55em)
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set text(size: 11pt)
#show heading.where(level: 2): set block(above: 9pt, below: 5pt, sticky: true)
#let blank = box(width: 22mm, height: 6.4mm, stroke: (bottom: 0.5pt + luma(90)))
#let filled(text) = box(width: 22mm, height: 6.4mm, align(center + horizon, strong(text)))
#let bracketed(body) = box(stroke: (left: 0.6pt, right: 0.6pt), radius: 3pt, inset: 2.5pt, body)
#let row(symbol, entries) = box(inset: (y: 2pt), grid(
  columns: 2, column-gutter: 3pt, align: horizon, symbol, entries,
))
#let line-for(label, width) = [#label #box(width: width, stroke: (bottom: 0.5pt + luma(90)))]
#let work = v(1fr)
"""
"""What is left of a page is shared out below its parts, for the working."""

COLUMNS = 4


def typst_source(
    sheet: Sheet, notation: Notation | None = None, keys: Sequence[bool] = (False, True)
) -> str:
    """Return the source: a page forward and one back, and the key; or of these what `keys` says."""
    foot = typst_text(parts.foot_of(sheet))
    foot = f"#set page(footer: align(right, text(8pt, fill: luma(90))[{foot}]))\n"
    pages = ("\n".join(_page(sheet, key, notation)) for key in keys)
    return HEAD + foot + "\n#pagebreak()\n".join(pages)


def _page(sheet: Sheet, key: bool, notation: Notation | None) -> Iterator[str]:
    title = f"Key · {parts.entry_title(sheet)}" if key else parts.title_of(sheet)
    if not key:
        points = len(sheet.questions)
        yield '#grid(columns: (1fr, auto, auto), column-gutter: 6mm, line-for("Name", 80%),'
        yield f'  line-for("Date", 28mm), [Points #h(12mm) \\/ {points}])'
    yield f"= {typst_text(title)}"
    yield typst_text(parts.PURPOSE if not key else "All answers to the digits asked for.")
    if not key:
        yield "\n" + typst_text(parts.HOW_MARKED + " The logarithm is the natural one.")
    yield "== Given"
    yield _given(sheet, notation)
    yield "== Network"
    formulas = [typst_math(each) for each in parts.formulas_of(sheet.network, notation)]
    yield f"#grid(columns: (auto,) * {_columns(formulas)}, column-gutter: 9mm, row-gutter: 5pt,"
    yield "  " + ", ".join(f"${each}$" for each in formulas) + ")"
    for block in parts.blocks_of(sheet, notation):
        if not key and parts.begins_back(block):
            yield f"#pagebreak()\n#text(9pt)[{typst_text(title)} · backward]"
        yield f"== {typst_text(parts.heading_of(block))}"
        cells = [_asked(each, key, notation) for each in block.asked]
        columns = min(COLUMNS, _fitting(block))
        width = "1fr" if columns > 3 else "auto"
        spacing = f"columns: ({width},) * {columns}, column-gutter: 7mm, row-gutter: 4pt"
        yield f"#grid({spacing}, align: horizon, " + ", ".join(cells) + ")"
        if not key:
            yield "#work"


def _columns(formulas: list[str]) -> int:
    return 3 if max(map(len, formulas)) < 60 else 2


def _fitting(block: parts.Block) -> int:
    """Return how many quantities stand side by side: fewer of matrices."""
    widest = max(each.shape[-1] for each in block.asked)
    return {1: 4, 2: 3}.get(widest, 1)


def _given(sheet: Sheet, notation: Notation | None) -> str:
    network = sheet.network
    cells = [
        f"${typst_symbol(each.symbol)} = {_numbers(each.numbers, notation)}$"
        for each in parts.given_of(network, notation)
    ]
    found = "#" + "#h(5mm)#".join(f"box(inset: (y: 2pt))[{cell}]" for cell in cells)
    if nothing := parts.nothing_of(network, notation):
        zero = ", ".join(f"${typst_symbol(each)}$" for each in nothing)
        found += f"#h(5mm)#box[no bias: {zero} #sym.eq 0]"
    return found


def _numbers(numbers: NDArray[np.floating], notation: Notation | None) -> str:
    if not numbers.ndim:
        return shortest(float(numbers))
    rows = parts.standing(numbers, notation).tolist()
    written = "; ".join(", ".join(map(shortest, row)) for row in rows)
    # Our fonts have no brackets that grow: they are drawn, as around what is asked for.
    return f"#bracketed($display(mat(delim: #none, {written}))$)"  # else its numbers are small


def _asked(asked: parts.Asked, key: bool, notation: Notation | None) -> str:
    symbol = typst_symbol(asked.symbol)
    if asked.of == "gradient":
        symbol = f"display((partial {typst_symbol(asked.loss)}) / (partial {symbol}))"
    if key:
        entries = [f'#filled("{text.replace("-", "−")}")' for text in asked.texts]
    else:
        entries = ["#blank"] * len(asked.questions)
    if len(entries) == 1:
        return f"row[${symbol} =$][{entries[0]}]"
    rows = parts.standing(np.array(entries).reshape(asked.shape), notation)
    joined = ", ".join(f"[{entry}]" for entry in rows.ravel().tolist())
    grid = f"grid(columns: {rows.shape[1]}, column-gutter: 2mm, row-gutter: 1.2mm, {joined})"
    look = "baseline: 40%, stroke: (left: 0.6pt, right: 0.6pt), inset: 2.5pt, radius: 3pt"
    body = f"#box({look}, {grid})"
    return f"row[${symbol} =$][{body}]"
