"""What stands for what in other books and libraries: the network of the experiment in each one."""

from functools import lru_cache

import streamlit as st

from app.experiment.value import Experiment
from app.figures import symbols
from rnn_core import LOSSES, Cell
from rnn_core.cells import NOTATIONS, Notation, equations, readout_equation
from rnn_core.cells import symbol as ours
from rnn_core.cells.cell import INPUT

LABEL = "Other notations"


def render(experiment: Experiment) -> None:
    """Draw the button that opens it; what it holds is made only then."""
    with st.popover(LABEL, key="notations", on_change="rerun", help=HELP) as place:
        if not place.open:
            return
        tabs = st.tabs([each.title for each in NOTATIONS.values()])
        kind = (experiment.kind, experiment.activation, experiment.loss)
        for tab, notation in zip(tabs, NOTATIONS.values(), strict=True):
            tab.markdown(_written(*kind, experiment.readout == "every", notation.name))


HELP = "How PyTorch, Keras and two books write this network: equations, and names for each symbol."


@lru_cache(maxsize=64)
def _written(cell: Cell, activation: str, loss: str, every: bool, name: str) -> str:
    """Return the equations of a network in a notation, and a table of the symbols, as Markdown."""
    notation = NOTATIONS[name]
    lines = [
        *equations(cell, activation, notation=notation),
        readout_equation(cell, notation, every=every),
    ]
    gated = notation.note_of_gates if len(cell.sums) > 1 else ""
    notes = " ".join(filter(None, (notation.note, gated)))
    rows = [
        f"| ${ours(own)}$ | {words} | {theirs} |"
        for own, words, theirs in _rows(cell, loss, notation)
    ]
    return "\n\n".join(
        (
            f"As in {notation.source}:",
            *(rf"$\displaystyle {line}$" for line in lines),
            notes,
            "\n".join(("| here | what it is | there |", "|:--|:--|:--|", *rows)),
        )
    )


def _rows(cell: Cell, loss: str, notation: Notation) -> list[tuple[str, str, str]]:
    """Return our name of each symbol, its words, and what stands for it there."""
    found = []
    for name, words in symbols.quantities(cell, loss).items():
        if name in (INPUT, *cell.line, "a", "p", "y"):
            latex = notation.quantity(cell, name)
            written = f"${latex}$" if latex else "*no name of its own*"
            found.append((_prediction(loss) if name == "p" else name, words, written))
    for name, words in symbols.parameters(cell, loss).items():
        latex, text = notation.parameter(cell, name), symbols.called(notation, cell, name)
        spelled = f" `{text}`" if notation.plain else ""
        turned = "" if spelled or "transposed" not in text else ", transposed"
        found.append((name, words, f"{spelled.strip() or f'${latex}$'}{turned}"))
    return found


def _prediction(loss: str) -> str:
    return str(LOSSES[loss].prediction_symbol)
