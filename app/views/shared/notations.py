"""Whose names the symbols have: the control, and what stands for what in each notation."""

from functools import lru_cache

import streamlit as st

from app import state
from app.experiment.value import Experiment
from app.figures import symbols
from app.figures.notation import kept_as_typed
from app.views.shared import bound
from rnn_core import LOSSES, Cell
from rnn_core.cells import (
    NOTATIONS,
    Notation,
    Rewriter,
    backward_equations,
    equations,
    has_names,
    readout_equation,
    rewriter,
)
from rnn_core.cells import symbol as ours
from rnn_core.cells.cell import INPUT
from rnn_core.forms.form import filled_in, templated

LABEL = "Other notations"
CONTROL = "notation"
OURS = "ours"
TITLES = {OURS: "Ours", **{name: each.title for name, each in NOTATIONS.items()}}
ASKED_HELP = (
    "Whose names the symbols have, on every page and in what is saved. Code keeps its own, and "
    "what is typed is ours: where vectors are rows, a matrix is the transpose."
)


def asked(cell: Cell, page: str) -> Rewriter | None:
    """Draw the control, and return what writes symbols of a page as it says, None for ours."""
    name = bound.choice("Notation", CONTROL, TITLES, OURS, help=ASKED_HELP)
    if name == OURS:
        return None
    if note := NOTATIONS[name].note:
        st.caption(note)
    return rewriter(cell, NOTATIONS[name], frozenset(symbols.OF_PAGES.get(page, ())))


def offer(name: str) -> None:
    """Draw the button that turns a notation on where its readers are, or goes back to ours."""
    is_on = state.control(CONTROL) == name
    st.button(
        "Our names" if is_on else f"{TITLES[name]}’s names",
        key="notation_here",
        help=ASKED_HELP,
        on_click=state.set_controls,
        args=({CONTROL: OURS if is_on else name},),
    )


def render(experiment: Experiment) -> None:
    """Draw the button that opens it; what it holds is made only then."""
    with st.popover(LABEL, key="notations", on_change="rerun", help=HELP) as place:
        if not place.open:
            return
        if experiment.truncate is not None and experiment.truncate < experiment.sizes[0]:
            st.caption(f"Here each loss goes back {experiment.truncate} steps at most.")
        tabs = st.tabs([each.title for each in NOTATIONS.values()])
        steps, batch, _, _, outputs = experiment.sizes
        every = experiment.readout == "every"
        terms = LOSSES[experiment.loss].count((steps if every else 1, batch, outputs))
        for tab, notation in zip(tabs, NOTATIONS.values(), strict=True):
            tab.markdown(
                kept_as_typed(
                    written(
                        experiment.kind,
                        experiment.activation,
                        experiment.loss,
                        notation.name,
                        every=every,
                        terms=terms if experiment.has_target else 0,
                    )
                )
            )


HELP = "How PyTorch, Keras and two books write this network: equations, and names for each symbol."


@lru_cache(maxsize=64)
def written(cell: Cell, activation: str, loss: str, name: str, *, every: bool, terms: int) -> str:
    """Return a network in a notation, as Markdown: the equations of both passes, and its symbols.

    `terms` is how many the loss is the mean of, 0 without a target: then nothing goes back.
    """
    notation = NOTATIONS[name]
    forward = [
        *equations(cell, activation, notation=notation),
        readout_equation(cell, notation, every=every),
    ]
    gated = notation.note_of_gates if len(cell.sums) > 1 else ""
    rows = [
        f"| ${own if own in notation.size_letters else ours(own)}$ | {words} | {theirs} |"
        for own, words, theirs in _rows(cell, loss, notation)
    ]
    return "\n\n".join(
        (
            f"As in {notation.source}:",
            *(rf"$\displaystyle {line}$" for line in forward),
            " ".join(filter(None, (notation.note, gated))),
            *(_backward(cell, activation, loss, notation, every, terms) if terms else ()),
            "\n".join(("| here | what it is | there |", "|:--|:--|:--|", *rows)),
        )
    )


def _backward(
    cell: Cell, activation: str, loss: str, notation: Notation, every: bool, terms: int
) -> list[str]:
    """Return the backward pass, or why it is not written out."""
    if not has_names(cell, notation):
        nameless = [line.name for line in cell.lines if not notation.quantity(cell, line.name)]
        words = symbols.quantities(cell, loss)
        (own, *_) = [words[name] for name in nameless if not name.startswith("z")]
        return [f"The way back is not written out: it needs a name for the {own}, and has none."]
    step = "t" if every else "T"
    logit = notation.quantity(cell, "a", step) or ""
    found = backward_equations(
        cell,
        activation,
        every=every,
        by_logit=rf"\frac{{\partial L}}{{\partial {logit}}}",
        by_logit_latex=_by_logit(cell, loss, notation, step, terms),
        notation=notation,
    )
    delta = notation.delta(cell, cell.sums[0])
    own, loss = (rf"\partial {letter}}}" for letter in ("L", notation.letter(cell, "L") or "L"))
    return [
        f"And backwards, where ${delta}$ is the gradient by the sum inside the function:",
        *(rf"$\displaystyle {each.latex.replace(own, loss)}$" for each in found),
    ]


def _by_logit(cell: Cell, loss: str, notation: Notation, step: str, terms: int) -> str:
    """Return what ∂L/∂a is: prediction − target, of each term of the mean."""
    family = LOSSES[loss]
    logit, target = (notation.quantity(cell, name, step) or "" for name in "ay")
    predicted = filled_in(templated(family.prediction_latex, "a"), a=logit)
    prediction = notation.quantity(cell, "p", step) or predicted
    difference = filled_in(templated(family.by_logit, "apy"), a=logit, p=prediction, y=target)
    return difference if terms == 1 else rf"\tfrac{{1}}{{{terms}}}({difference})"


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
    found.extend(
        (name, symbols.GENERAL[name], f"${notation.size(name)}$") for name in notation.size_letters
    )
    return found


def _prediction(loss: str) -> str:
    return str(LOSSES[loss].prediction_symbol)
