"""A sheet as LaTeX: two pages with blanks, and a page with the key. It needs amsmath alone."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.listings.worksheets import parts
from app.listings.worksheets.markup import latex_symbol, latex_text
from rnn_core.cells import Notation
from rnn_core.practice import Sheet, shortest

HEAD = r"""\documentclass[a4paper,11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath}
\usepackage[margin=16mm]{geometry}
\setlength{\parindent}{0pt}
\newcommand{\blank}{\underline{\hspace{22mm}\rule{0pt}{5mm}}}
\newcommand{\filled}[1]{\mathbf{#1}}
\pagestyle{empty}
\begin{document}
\raggedright
"""


def latex_source(
    sheet: Sheet, notation: Notation | None = None, keys: Sequence[bool] = (False, True)
) -> str:
    """Return the source: a page forward and one back, and the key; or of these what `keys` says."""
    pages = "\n\\newpage\n".join("\n".join(_page(sheet, key, notation)) for key in keys)
    foot = latex_text(parts.foot_of(sheet))
    foot = rf"\makeatletter\def\@oddfoot{{\hfil\scriptsize {foot}}}\makeatother" + "\n"
    return f"{HEAD}{foot}{pages}\n\\end{{document}}\n"


def _page(sheet: Sheet, key: bool, notation: Notation | None) -> Iterator[str]:
    if not key:
        points = len(sheet.questions)
        yield r"Name \underline{\hspace{85mm}} \hfill Date \underline{\hspace{28mm}} \hfill"
        yield rf"Points \hspace{{12mm}} / {points}\par\bigskip"
    title = f"Key: {parts.entry_title(sheet)}" if key else parts.title_of(sheet)
    yield rf"{{\Large\bfseries {latex_text(title)}\par}}\medskip"
    if not key:
        yield latex_text(f"{parts.PURPOSE} {parts.HOW_MARKED} The logarithm is the natural one.")
    yield _heading("Given")
    given = [
        f"${latex_symbol(each.symbol)} = {_numbers(each.numbers, notation)}$"
        for each in parts.given_of(sheet.network, notation)
    ]
    yield r" \quad ".join(given)
    if nothing := parts.nothing_of(sheet.network, notation):
        names = ", ".join(f"${latex_symbol(each)}$" for each in nothing)
        yield rf"\quad no bias: {names} $= 0$"
    yield _heading("Network")
    yield r" \qquad ".join(f"${each}$" for each in parts.formulas_of(sheet.network, notation))
    for block in parts.blocks_of(sheet, notation):
        if not key and parts.begins_back(block):
            yield r"\newpage"
        yield _heading(parts.heading_of(block))
        yield r" \qquad ".join(_asked(each, key, notation) for each in block.asked)
        if not key:
            yield r"\vfill"


def _heading(title: str) -> str:
    return rf"\par\medskip\textbf{{{latex_text(title)}}}\par\smallskip"


def _numbers(numbers: NDArray[np.floating], notation: Notation | None) -> str:
    if not numbers.ndim:
        return shortest(float(numbers))
    rows = parts.standing(numbers, notation).tolist()
    return _matrix([[shortest(number) for number in row] for row in rows])


def _matrix(rows: list[list[str]]) -> str:
    return r"\begin{pmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{pmatrix}"


def _asked(asked: parts.Asked, key: bool, notation: Notation | None) -> str:
    symbol = latex_symbol(asked.symbol)
    if asked.of == "gradient":
        symbol = rf"\frac{{\partial {latex_symbol(asked.loss)}}}{{\partial {symbol}}}"
    entries = [rf"\filled{{{text}}}" if key else r"\blank" for text in asked.texts]
    if len(entries) == 1:
        return rf"$\displaystyle {symbol} = {entries[0]}$"
    rows = parts.standing(np.array(entries).reshape(asked.shape), notation).tolist()
    return rf"$\displaystyle {symbol} = {_matrix(rows)}$"
