"""One symbol of ours in a notation of others: which it is, and what stands for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from rnn_core._short import Shown
from rnn_core.cells.notation import spoken
from rnn_core.cells.renaming import PREDICTIONS, Renaming, Symbol, of_prediction

READ_OUT, OUTPUTS = ("a", "y"), ("i", "j", "k")
"""What has a number for each output, and the letters that say which one."""


@dataclass(frozen=True)
class Found(Shown):
    """A symbol of ours: what stands for it, and the step and the places that it is at.

    `second` is the other one of two biases that are added; `is_matrix` is a matrix, not an entry;
    `of_another` is a quantity of another cell.
    """

    symbol: Symbol
    step: str = ""
    places: tuple[str, ...] = ()
    second: Symbol | None = None
    is_matrix: bool = False
    of_matrix: bool = False
    of_another: bool = False


def symbol_found(table: Renaming, letter: str, below: Sequence[str]) -> Found | None:
    """Return what a letter with so much below it is, None where it is no symbol of the cell.

    `below` is what stands there between commas: hh, 2, 1 or i, t−1, 2.
    """
    first = below[0] if below else ""
    whole = f"{letter}_{first}"
    if whole in table["parameters"]:
        of_matrix = whole in table["matrices"]
        return Found(
            table["parameters"][whole],
            places=tuple(below[1:]),
            second=table["second"].get(whole),
            is_matrix=of_matrix and len(below) == 1,
            of_matrix=of_matrix,
        )
    if letter == "δ":
        gate = table["deltas"].get(f"z_{first}")
        return _timed(gate, below[1:]) if gate else _timed(table["deltas"]["z"], below)
    if whole in table["quantities"]:
        return _timed(table["quantities"][whole], below[1:])
    if not below and letter in table["size_letters"]:
        return Found(table["size_letters"][letter])
    if letter in PREDICTIONS:
        return _timed(of_prediction(table["quantities"], letter), _of_outputs(below))
    if letter in table["quantities"]:
        other = letter in table["others"]
        if other and not below:  # that may be an index, or a number of something
            return None
        places = _of_outputs(below) if letter in READ_OUT else below
        return replace(_timed(table["quantities"][letter], places), of_another=other)
    return None


def _of_outputs(below: Sequence[str]) -> Sequence[str]:
    """Return what stands below what is read out, its step first: y_k is of an output."""
    return ("", *below) if below and below[0] in OUTPUTS else below


def _timed(symbol: Symbol, below: Sequence[str]) -> Found:
    return Found(symbol, step=below[0] if below else "", places=tuple(below[1:]))


def scripts(table: Renaming, each: Found) -> tuple[str, str]:
    """Return what stands below and above a symbol, in LaTeX."""
    places = each.places
    if table["rows"] and each.of_matrix and len(places) == 2:
        places = (places[1], places[0])
    step = each.step.replace("−", "-")
    low = [each.symbol.below, *(() if table["raised"] else (step,)), *places]
    high = [each.symbol.above, f"({step})" if step and table["raised"] else ""]
    return ",".join(filter(None, low)), "".join(filter(None, high))


def latex(table: Renaming, each: Found, power: str = "", over: str = "") -> str:
    r"""Return the LaTeX of a symbol; `power` stands above it besides, `over` is an accent."""
    low, high = scripts(table, each)
    base = rf"{over}{{{each.symbol.base}}}" if over else each.symbol.base
    if power == r"\top":
        high += power
    elif power and high:
        return f"{{{_scripted(table, base, low, high)}}}^{_braced(power)}"
    else:
        high = high or power
    return _scripted(table, base, low, high)


def _scripted(table: Renaming, base: str, low: str, high: str) -> str:
    """Return a letter with its scripts; a raised step stands before a unit."""
    below = f"_{_braced(low)}" if low else ""
    above = f"^{_braced(high)}" if high else ""
    above_first = table["raised"] or high.startswith(r"\prime")
    return base + above + below if above_first else base + below + above


def _braced(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


def plain_symbol(table: Renaming, each: Found, *, brackets: bool = False) -> str:
    """Return a symbol in plain text: h^(3)_1, W_hh[1,2]; `brackets` hold the places of a number."""
    bracketed = brackets or each.of_matrix
    low, high = scripts(table, each)
    if bracketed and each.places:
        low, _ = scripts(table, Found(each.symbol, each.step, of_matrix=each.of_matrix))
    text = spoken(_scripted(table, each.symbol.base, low, high)).replace("-1", "−1")
    text = normalize("NFC", text)
    if not bracketed or not each.places:
        return text
    places = each.places[::-1] if table["rows"] and len(each.places) == 2 else each.places
    return f"{text}[{','.join(places)}]"
