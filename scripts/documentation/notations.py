"""What other books and libraries call our quantities, as a page."""

from app.figures.symbols import GENERAL
from rnn_core.cells import CELLS, NOTATIONS, Cell, Notation, equations, readout_equation, symbol
from rnn_core.cells.notations import SIZES

QUANTITIES = {
    "x": "input",
    "z": "pre-activation",
    "h": "hidden state",
    "a": "logit",
    "p": "prediction",
    "y": "target",
}
PARAMETERS = {
    "W_xh": "input to hidden",
    "W_hh": "hidden to hidden",
    "b_h": "hidden bias",
    "W_hy": "hidden to output",
    "b_y": "output bias",
}
SHOWN = ("elman", "gru", "lstm")
OURS = r"a_T = W_{hy}\,h_T + b_y"


def page() -> str:
    """Return the page as Markdown."""
    parts = [
        "# Other notations",
        "The same network is written with other letters elsewhere. These tables come from the "
        "library's own `NOTATIONS`. **Notation**, in the app's sidebar, writes the app in any of "
        "them.",
        "## Names",
        _table(CELLS["elman"]),
        "A dash: it has no name there and is written out where it is used.",
        *(f"**{each.title}**: {each.source}. {each.note}".strip() for each in NOTATIONS.values()),
    ]
    for name in SHOWN:
        cell = CELLS[name]
        parts += [f"## {cell.title}", _equations(cell, None, "Here")]
        parts += [_equations(cell, each, each.title) for each in NOTATIONS.values()]
    return "\n\n".join(parts) + "\n"


def _table(cell: Cell) -> str:
    others = list(NOTATIONS.values())
    rows = [["", "here", *(each.title for each in others)], ["---"] * (len(others) + 2)]
    for name, words in QUANTITIES.items():
        rows.append([words, f"${symbol(name)}$", *(_math(n.quantity(cell, name)) for n in others)])
    for name, words in PARAMETERS.items():
        called = (f"${each.parameter(cell, name)}$" for each in others)
        rows.append([words, f"${symbol(name)}$", *called])
    rows += [
        [GENERAL[size], f"${size}$", *(f"${each.size(size)}$" for each in others)] for size in SIZES
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _math(latex: str | None) -> str:
    return f"${latex}$" if latex else "–"


def _equations(cell: Cell, notation: Notation | None, title: str) -> str:
    lines = [*equations(cell, "tanh", notation=notation)]
    lines.append(OURS if notation is None else readout_equation(cell, notation, every=False))
    aligned = " \\\\\n".join(line.replace(" = ", " &= ", 1) for line in lines)
    return f"**{title}**\n\n$$\n\\begin{{aligned}}\n{aligned}\n\\end{{aligned}}\n$$"
