"""What a page that works without a server is told: the network, what it is given, and its graphs.

No number that the network computes is among it: the page runs the program itself.
"""

from typing import Any

from app.components.editor.payload import payload as controls
from app.components.graph_view import asking
from app.components.graph_view.detail import ledger_words
from app.components.graph_view.extent import level_shown, levels_offered
from app.components.graph_view.following import numbers_of_run
from app.components.graph_view.held_terms import LEDGER_ROWS
from app.components.graph_view.network_program import program_text
from app.components.portable.shape import SIGNS, level_data
from app.components.shared.meanings import words_of
from app.experiment import link
from app.experiment.holding import MOST_HELD
from app.experiment.resizing import numbers_of
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.sources import Series, Text
from app.experiment.value import VERSION, Experiment
from app.figures import words
from app.figures.common import DEFAULT_LEVEL, common
from app.figures.equations import equations
from rnn_core import ACTIVATIONS, CELLS, LOSSES, Cell, Trace
from rnn_core.cells import NOTATIONS, rewriter
from rnn_core.numerals import DIGITS

MOST_HIDDEN_NUMBERS = 2000
"""T · H at most: the graphs of a longer run are too large for a page."""
MOST_GIVEN = 100_000
"""Numbers of x, y and the weights at most: they are most of the bytes of a page."""

MOST_SAVED = 500_000
"""Characters of the experiment itself, packed, at most: beside its numbers it is a second copy."""

ROW, COLUMN = "⟦i⟧", "⟦j⟧"  # where the page puts a place into the words of a ledger


def why_not(trace: Trace) -> str:
    """Return why there is no page of a run, in a sentence; empty where there is one."""
    hidden = trace.steps * trace.params.hidden_size
    if hidden > MOST_HIDDEN_NUMBERS:
        return (
            f"Page: expected at most {MOST_HIDDEN_NUMBERS:,} hidden numbers, T · H, got {hidden:,}."
        )
    numbers = trace.x.size + trace.logits.size + trace.params.count
    if numbers > MOST_GIVEN:
        return f"Page: expected at most {MOST_GIVEN:,} given numbers, got {numbers:,}."
    return ""


def page_data(
    experiment: Experiment,
    *,
    level: str = DEFAULT_LEVEL,
    selected: str | None = None,
    at: str = "start",
    digits: int = DIGITS,
    notation: str = "",
) -> dict[str, Any]:
    """Return what the page of an experiment is told, as JSON can hold it.

    Parameters
    ----------
    level, selected, at
        What is looked at first, as the address of the app has it.
    digits
        How many significant digits the numbers have first.
    notation
        Whose names the symbols have first, by its name in `NOTATIONS`; empty for ours.

    Raises
    ------
    ValueError
        The run is too large for a page, or cannot be computed at all.
    """
    trace, grads = trace_of(experiment), gradients_if_any(experiment)
    if reason := why_not(trace):
        raise ValueError(reason)
    offered, labels = levels_offered(trace), experiment.labels()
    answer = LOSSES[experiment.loss].answer
    return {
        "common": common(),
        "title": experiment.title,
        "about": _about(experiment),
        "experiment": _kept(experiment),
        "view": {"level": level_shown(trace, level), "selected": selected, "at": at},
        "digits": {"first": digits, "choices": list(words.CHOICES)},
        "notation": {"first": notation, "choices": _notations(trace.cell)},
        "symbols": words_of(trace.cell, experiment.loss),
        "quantities": list(trace.quantities),
        "fields": controls(experiment, {})["fields"],
        "fixed": _fixed(experiment),
        "bounds": {"target": [0, 1]} if answer == "probability" else {},
        "held": MOST_HELD,
        "ledger": {"rows": LEDGER_ROWS, "of": _ledgers(trace)},
        "infinite": asking.NOT_FINITE,
        "graph": {
            "T": trace.steps,
            "offered": offered,
            "program": program_text(trace),
            "labels": None if labels is None else list(labels),
            "equations": equations(trace, experiment.truncate),
            "run": numbers_of_run(trace, grads, experiment.sample),
            "predict": {**asking.told(trace, "mixed"), "kind": ""},
        },
        "signs": SIGNS,
        "levels": {name: level_data(trace, grads, experiment.sample, name) for name in offered},
    }


def _notations(cell: Cell) -> list[dict[str, Any]]:
    """Return what symbols are written by in each notation, as `app.figures.notation.sent` does."""
    return [{"table": rewriter(cell, each).table, "own": []} for each in NOTATIONS.values()]


def _ledgers(trace: Trace) -> dict[str, Any]:
    """Return by parameter what its ledger says, and what a term of it is a product of."""
    found = {}
    for name in trace.params.names:
        line, vector = trace.cell.multiplied[name]
        place = (ROW, COLUMN)[: trace.params[name].ndim]
        found[name] = {**ledger_words(trace.cell, name, place), "line": line, "vector": vector}
    return found


def _fixed(experiment: Experiment) -> dict[str, str]:
    """Return by field why its numbers cannot be changed on the page."""
    found = {}
    if isinstance(experiment.sequence, Text):
        found = dict.fromkeys(("x", "target"), "expected other characters, which the app can read")
    elif not experiment.has_target:
        found = {"target": "expected an experiment with a target"}
    elif LOSSES[experiment.loss].answer == "class":
        found = {"target": "expected another class, which can be chosen in the app"}
    return found


def _about(experiment: Experiment) -> str:
    """Return what network it is, in one line."""
    where = "after every step" if experiment.readout == "every" else "after the last step"
    function = ACTIVATIONS[experiment.activation].symbol
    parts = [CELLS[experiment.cell].title, f"φ = {function}", f"read out {where}"]
    if experiment.has_target:
        parts.append(LOSSES[experiment.loss].title)
    if experiment.truncate is not None:
        parts.append(f"truncated after {experiment.truncate} steps")
    return ", ".join(parts)


def _kept(experiment: Experiment) -> dict[str, Any]:
    """Return the experiment for the app: its token, or none where it is too large for a page."""
    token, sequence = link.encode(experiment), experiment.sequence
    numbers = None
    if isinstance(sequence, Series):
        numbers = numbers_of(experiment.x(), experiment.kept_target()).model_dump()
    _, batch, _, hidden, _ = experiment.sizes
    return {
        "token": token if len(token) <= MOST_SAVED else "",
        "numbers": numbers,
        "states": {"rows": batch, "columns": hidden},
        "longest": link.MAX_TOKEN,
        "version": VERSION,
    }
