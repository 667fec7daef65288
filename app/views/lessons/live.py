"""The numbers of a run by name, as a lesson writes them: {h[2,1]}, {dL/dW_hh[1,2]}, {L}.

Names are those of the graph: a quantity with its step and unit, a parameter with its place, all
counted from 1; without the last index it is the whole vector. `dL/d…` is the gradient; behind a
parameter's, `@ 3` is the term of step 3 in its sum over time. `|…|` is the Euclidean norm.
"""

import re
from typing import Any

import numpy as np

from app.components.graph_view.mention import Mention
from app.figures import notation
from app.figures.words import short
from app.views.lessons.prose import pieces
from app.views.lessons.runs import Run
from rnn_core import Gradients, Trace

MOST_ENTRIES = 12
_NAME = re.compile(
    r"(?P<norm>\|)?\s*(?P<of>(?:dL/d|∂L/∂))?(?P<name>[A-Za-z]\w{0,20})"
    r"(?:\[(?P<index>\d{1,7}(?:,\d{1,7}){0,2})\])?(?:\s*@\s*(?P<step>\d{1,7}))?\s*(?P<end>\|)?"
    r"(?:\s*:\s*(?P<digits>\d{1,2}))?"
)

NAMES = (
    (
        ("h[2,1]", "z[2]", "x[3]"),
        "of step 2, unit 1; without a unit the vector. Names as on the graph, counted from 1",
    ),
    (("W_hh[1,2]", "b_h"), "a parameter"),
    (("a", "p", "y", "L"), "logit, prediction, target, loss"),
    (("dL/dh[2,1]", "dL/dW_hh[1,2]"), "a gradient"),
    (("dL/dW_hh[1,2] @ 3",), "what step 3 adds to it"),
    (("|dL/dh[1]|",), "a Euclidean norm"),
    (("T", "H", "D", "K", "B"), "sizes"),
    (("L : 8",), "with eight digits instead of four"),
)
"""What can stand in braces, by example, and what number it is; `docs/lessons.md` says the same."""

_SYMBOL = re.compile(r"(?<![A-Za-z\\])([A-Za-z])_(\{\w{1,9}\}|[a-z]|\d)")


def number(run: Run, name: str, *, turned: bool = False) -> str:
    """Return a number of a run, or a vector of a few.

    Behind a colon stands to how many digits at most, `{h[2,1]:2}`. Of a whole matrix the rows are
    ours, or, `turned`, those of the notation that is asked for.

    Raises
    ------
    ValueError
        The run has none of that name.
    """
    found = _NAME.fullmatch(name.strip())
    if found is None or bool(found["norm"]) != bool(found["end"]):
        raise ValueError(_unknown(run.trace, name))
    value = _value(run, found, name)
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


def is_given(trace: Trace, name: str) -> bool:
    """Whether a name is of what a run is given, a size among it, and of nothing computed."""
    found = _NAME.fullmatch(name.strip())
    if found is None or found["of"]:
        return False
    own = found["name"]
    is_before = own in trace.cell.states and (found["index"] or "").split(",")[0] == "0"
    return is_before or own in {*"TBDHKxy", *trace.params.names}


def _written(value: Any, most: int | None) -> str:
    if value.size == 1:
        return short(float(value.item()), most)
    return f"({', '.join(_written(entry, most) for entry in value)})"


def _value(run: Run, found: re.Match[str], name: str) -> Any:
    trace, grads, sample = run
    of, own = found["of"], found["name"]
    index = tuple(int(part) for part in (found["index"] or "").split(",") if part)
    sizes = dict(
        zip("TBDHK", (*trace.x.shape, trace.h.shape[-1], trace.logits.shape[-1]), strict=True)
    )
    if own in sizes and not (of or index or found["step"]):
        return sizes[own]
    if of and grads is None:
        raise ValueError(f"{{{name[:40]}}}: expected an experiment with a target, got none")
    try:
        if found["step"]:
            return _term(grads, own, int(found["step"]), index, of)
        if own in trace.params.names:
            source = grads.parameters if of and grads else trace.params
            return _entry(source[own], index)
        return _quantity(trace, grads if of else None, own, index, sample)
    except KeyError:
        raise ValueError(_unknown(run.trace, name)) from None
    except IndexError as error:
        raise ValueError(f"{{{name[:40]}}}: {error}") from None


def _term(
    grads: Gradients | None, own: str, step: int, index: tuple[int, ...], of: str | None
) -> Any:
    if not of or grads is None or own not in grads.trace.params.names:
        raise KeyError(own)
    terms = grads.contribution(own).sum(axis=1)
    return _entry(terms, (step, *index), ("step", "row", "column"))


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
        return _entry(array, index, ("step", "unit"), first=trace.readout_steps[0])
    array = (grads or trace)[own][:, sample]
    if not index:
        raise IndexError(f"step: expected one in brackets, such as {own}[1], got none")
    return _entry(array, index, ("step", "unit"), first=0 if own in trace.cell.states else 1)


def _entry(
    array: Any,
    index: tuple[int, ...],
    axes: tuple[str, ...] = ("row", "column"),
    *,
    first: int = 1,
) -> Any:
    """Return an entry by an index that counts from 1, along its first axis from `first`.

    Without its last places it is a vector, or a column's only number.

    Raises
    ------
    IndexError
        There is none; it says which place is the wrong one.
    """
    if len(index) > array.ndim:
        most = ", ".join(axes[: array.ndim])
        raise IndexError(f"place: expected {most}, got {len(index)} numbers")
    starts = (first, *(1 for _ in axes[1:]))
    for place, start, axis, size in zip(index, starts, axes, array.shape, strict=False):
        if not start <= place < start + size:
            most = f" to {start + size - 1}" if size > 1 else ""
            raise IndexError(f"{axis}: expected {start}{most}, got {place}")
    return array[tuple(place - start for place, start in zip(index, starts, strict=False))]


def _unknown(trace: Trace, name: str) -> str:
    return (
        f"{{{name[:40]}}}: expected a number of the run such as {{h[2,1]}}, {{L}} or "
        f"{{dL/dW_hh[1,2]}}, got none by that name among {', '.join(_known(trace))}"
    )


def _known(trace: Trace) -> tuple[str, ...]:
    """Return what a text calls the numbers of a run, whatever the notation."""
    return ("x", *trace.cell.line, "a", "p", "y", "L", *trace.params.names)
