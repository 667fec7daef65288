"""The numbers of a run by name, as a lesson writes them: {h[2,1]}, {dL/dW_hh[1,2]}, {L}.

Names are those of the graph: a quantity with its step and unit, a parameter with its place, all
counted from 1; without the last index it is the whole vector. `dL/d…` is the gradient; behind a
parameter's, `@ 3` is the term of step 3 in its sum over time. `|…|` is the Euclidean norm.
"""

import re
from typing import Any

import numpy as np

from app.components.graph_view.mention import Mention
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.figures import notation
from app.figures.words import short
from app.views.lessons.prose import pieces
from rnn_core import Gradients, Trace

MOST_ENTRIES = 12
_NAME = re.compile(
    r"(?P<norm>\|)?\s*(?P<of>(?:dL/d|∂L/∂))?(?P<name>[A-Za-z]\w{0,20})"
    r"(?:\[(?P<index>\d{1,7}(?:,\d{1,7}){0,2})\])?(?:\s*@\s*(?P<step>\d{1,7}))?\s*(?P<end>\|)?"
    r"(?:\s*:\s*(?P<digits>\d{1,2}))?"
)

_SYMBOL = re.compile(r"(?<![A-Za-z\\])([A-Za-z])_(\{\w{1,9}\}|[a-z]|\d)")


def number(experiment: Experiment, name: str, *, turned: bool = False) -> str:
    """Return a number of the experiment's run, or a vector of a few.

    Behind a colon stands to how many digits at most, `{h[2,1]:2}`. Of a whole matrix the rows are
    ours, or, `turned`, those of the notation that is asked for.

    Raises
    ------
    ValueError
        The run has none of that name.
    """
    found = _NAME.fullmatch(name.strip())
    if found is None or bool(found["norm"]) != bool(found["end"]):
        raise ValueError(_unknown(experiment, name))
    value = _value(experiment, found, name)
    if found["norm"]:
        value = np.sqrt(np.sum(np.square(value)))
    if turned:
        value = notation.turned_to_rows(np.asarray(value))
    if np.size(value) > MOST_ENTRIES:
        raise ValueError(f"{{{name[:40]}}}: expected at most {MOST_ENTRIES} numbers, got more")
    return _written(np.asarray(value), max(1, int(found["digits"])) if found["digits"] else None)


def mentions(text: str) -> tuple[Mention, ...]:
    """Return what of the graph a scene's text speaks of: its numbers, and its formulas' symbols."""
    found: list[Mention] = []
    for each in pieces(text):
        if each["number"]:
            about = _NAME.fullmatch(each["number"].strip())
            if about is None:
                continue
            place = tuple(map(int, about["index"].split(","))) if about["index"] else ()
            found.append(
                Mention(about["name"], place, int(about["step"]) if about["step"] else None)
            )
        for letter, sub in _SYMBOL.findall(each["math"] or ""):
            below = sub.strip("{}")
            place = (int(below) if below.isdecimal() else below,)
            found.append(Mention(f"{letter}_{below}") if letter in "Wb" else Mention(letter, place))
    return tuple(dict.fromkeys(found))


def is_given(experiment: Experiment, name: str) -> bool:
    """Whether a name is of what a run is given, a size among it, and of nothing computed."""
    found = _NAME.fullmatch(name.strip())
    if found is None or found["of"]:
        return False
    trace, own = trace_of(experiment), found["name"]
    is_before = own in trace.cell.states and (found["index"] or "").split(",")[0] == "0"
    return is_before or own in {*"TBDHKxy", *trace.params.names}


def _written(value: Any, most: int | None) -> str:
    if value.size == 1:
        return short(float(value.item()), most)
    return f"({', '.join(_written(entry, most) for entry in value)})"


def _value(experiment: Experiment, found: re.Match[str], name: str) -> Any:
    trace = trace_of(experiment)
    of, own = found["of"], found["name"]
    index = tuple(int(part) for part in (found["index"] or "").split(",") if part)
    sizes = dict(zip("TBDHK", experiment.sizes, strict=True))
    if own in sizes and not (of or index or found["step"]):
        return sizes[own]
    grads = gradients_if_any(experiment)
    if of and grads is None:
        raise ValueError(f"{{{name[:40]}}}: expected an experiment with a target, got none")
    try:
        if found["step"]:
            return _term(grads, own, int(found["step"]), index, of)
        if own in trace.params.names:
            source = grads.parameters if of and grads else trace.params
            return _entry(source[own], index)
        return _quantity(trace, grads if of else None, own, index, experiment.sample)
    except (KeyError, IndexError):
        raise ValueError(_unknown(experiment, name)) from None


def _term(
    grads: Gradients | None, own: str, step: int, index: tuple[int, ...], of: str | None
) -> Any:
    if not of or grads is None or own not in grads.trace.params.names:
        raise KeyError(own)
    return _entry(grads.contribution(own).sum(axis=1), (step, *index))


def _quantity(
    trace: Trace, grads: Gradients | None, own: str, index: tuple[int, ...], sample: int
) -> Any:
    if own == "L" and not index:
        if trace.loss is None:
            raise KeyError(own)
        return 1.0 if grads else trace.loss
    read = {"a": trace.logits, "p": trace.prediction}
    if trace.target is not None:
        read["y"] = trace.target
    if own in read and (not index or own not in trace.quantities):
        if grads and own != "a":
            raise KeyError(own)
        array = (grads.logits if grads else read[own])[:, sample]
        if not index:  # the only one, or the last
            return array[-1] if array.shape[1] > 1 else array[-1, 0]
        return _entry(array, (index[0] - trace.readout_steps[0] + 1, *index[1:]))
    array = (grads or trace)[own][:, sample]
    if not index:
        raise KeyError(own)
    first = 0 if own in trace.cell.states else 1
    if index[0] < first:
        raise IndexError(index)
    return _entry(array, (index[0] - first + 1, *index[1:]))


def _entry(array: Any, index: tuple[int, ...]) -> Any:
    """Return an entry by an index that counts from 1; a column's only number without its own."""
    if len(index) > array.ndim or any(each < 1 for each in index):
        raise IndexError(index)
    return array[tuple(each - 1 for each in index)]


def _unknown(experiment: Experiment, name: str) -> str:
    return (
        f"{{{name[:40]}}}: expected a number of the run such as {{h[2,1]}}, {{L}} or "
        f"{{dL/dW_hh[1,2]}}, got none by that name among {', '.join(_known(experiment))}"
    )


def _known(experiment: Experiment) -> tuple[str, ...]:
    """Return what a text calls the numbers of a run, whatever the notation."""
    kind = experiment.kind
    return ("x", *kind.line, "a", "p", "y", "L", *kind.shapes)
