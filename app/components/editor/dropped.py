"""What a change leaves out of the numbers that somebody typed, pasted or opened, in sentences."""

import numpy as np

from app.experiment import changes, presets
from app.experiment.sources import Array, Drawn, Numbers, Text
from app.experiment.value import Experiment

AXES = {
    "x": (("step", "T"), ("sequence", "B"), ("column", "D")),
    "target": (("step", "T"), ("sequence", "B"), ("column", "K")),
    **dict.fromkeys(changes.INITIAL, (("sequence", "B"), ("row", "H"))),
}
"""What the places along each axis of an array are called, and the size that counts them."""


def _axes(experiment: Experiment) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return `AXES` with those of the network's parameters."""
    shapes = experiment.kind.shapes.items()
    places = {name: tuple(zip(("row", "column"), shape, strict=False)) for name, shape in shapes}
    return {**AXES, **places}


def dropped(before: Experiment, after: Experiment, replaced: frozenset[str]) -> tuple[str, ...]:
    """Say which numbers are gone that were not those of a preset, nor to be replaced.

    Numbers that are zero, or drawn from a seed, are not missed.
    """
    if presets.name_of(before) is not None:
        return ()
    old, new = _given(before), _arrays(after)
    places = _axes(before)
    said = [
        _cut(name, old[name], new[name], places[name])
        for name in old
        if name in new and name not in replaced
    ]
    if absent := [name for name in old if name not in new and old[name].any()]:
        said.append(f"{', '.join(absent)}: left out, the cell {after.cell} has none.")
    if isinstance(before.sequence, Text) and isinstance(after.sequence, Text) and not replaced:
        gone = len(before.sequence.text) - len(after.sequence.text)
        said.append(f"text: its last {gone:,} characters left out." if gone > 0 else "")
    if isinstance(before.weights, Drawn) and isinstance(after.weights, Drawn):
        kept = {edit[:3] for edit in after.weights.edits}
        lost = [edit for edit in before.weights.edits if edit[:3] not in kept]
        lost = [edit for edit in lost if edit[0] not in replaced]
        if lost:
            said.append(
                f"{', '.join(dict.fromkeys(e[0] for e in lost))}: cells changed by hand left out."
            )
    found = [sentence for sentence in said if sentence]
    return (*found, "Undo brings them back.") if found else ()


def _given(experiment: Experiment) -> dict[str, Array]:
    """Return the arrays that hold numbers of somebody's own."""
    arrays = _arrays(experiment)
    own = set()
    if isinstance(experiment.sequence, Numbers):
        own |= {"x", "target"}
    if not isinstance(experiment.weights, Drawn):
        own |= {*experiment.kind.parameters}
    own |= {field for field, place in changes.INITIAL.items() if getattr(experiment, place)}
    return {name: array for name, array in arrays.items() if name in own}


def _arrays(experiment: Experiment) -> dict[str, Array]:
    _, batch, _, hidden, _ = experiment.sizes
    states = {field: getattr(experiment, changes.INITIAL[field]) for field in changes.INITIAL}
    return {
        "x": experiment.x(),
        "target": experiment.kept_target(),
        **{name: np.asarray(array) for name, array in experiment.parameters().items()},
        **{
            field: np.array(states[field]) if states[field] else np.zeros((batch, hidden))
            for field in changes.INITIAL
            if field[0] in experiment.kind.states
        },
    }


def _cut(name: str, old: Array, new: Array, places: tuple[tuple[str, str], ...]) -> str:
    """Say which places of an array are gone, unless all in them was zero."""
    if old.ndim != new.ndim or (name == "target" and (len(old) == 1 or len(new) == 1)):
        return ""
    parts: list[str] = []
    for axis, (noun, symbol) in enumerate(places):
        size, was = new.shape[axis], old.shape[axis]
        gone = np.take(old, range(size, was), axis=axis) if size < was else np.zeros(0)
        if gone.any() and not any(f"({symbol} =" in part for part in parts):
            gone_from = f"{noun} {was}" if was == size + 1 else f"{noun}s {size + 1} to {was}"
            parts.append(f"{gone_from} left out ({symbol} = {size} now)")
    return f"{name}: {', '.join(parts)}." if parts else ""
