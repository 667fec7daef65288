"""What a change leaves out of the numbers that somebody typed, pasted or opened, in sentences."""

import numpy as np

from app import presets
from app.experiment import Experiment
from app.sources import Array, Drawn, Numbers, Text
from rnn_core import PARAMETER_NAMES

AXES = {
    "x": (("step", "T"), ("sequence", "B"), ("column", "D")),
    "target": (("step", "T"), ("sequence", "B"), ("column", "K")),
    "W_xh": (("row", "H"), ("column", "D")),
    "W_hh": (("row", "H"), ("column", "H")),
    "b_h": (("row", "H"),),
    "W_hy": (("row", "K"), ("column", "H")),
    "b_y": (("row", "K"),),
    "h_0": (("sequence", "B"), ("row", "H")),
}
"""What the places along each axis of an array are called, and the size that counts them."""


def dropped(before: Experiment, after: Experiment, replaced: frozenset[str]) -> tuple[str, ...]:
    """Say which numbers are gone that were not those of a preset, nor to be replaced.

    Numbers that are zero, or drawn from a seed, are not missed.
    """
    if presets.name_of(before) is not None:
        return ()
    old, new = _given(before), _arrays(after)
    said = [
        _cut(name, old[name], new[name]) for name in AXES if name in old and name not in replaced
    ]
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
        own |= {*PARAMETER_NAMES}
    if experiment.initial is not None:
        own |= {"h_0"}
    return {name: array for name, array in arrays.items() if name in own}


def _arrays(experiment: Experiment) -> dict[str, Array]:
    initial = experiment.h0()
    _, batch, _, hidden, _ = experiment.sizes
    return {
        "x": experiment.x(),
        "target": experiment.kept_target(),
        **{name: np.asarray(array) for name, array in experiment.parameters().items()},
        "h_0": np.zeros((batch, hidden)) if initial is None else initial,
    }


def _cut(name: str, old: Array, new: Array) -> str:
    """Say which places of an array are gone, unless all in them was zero."""
    if old.ndim != new.ndim or (name == "target" and (len(old) == 1 or len(new) == 1)):
        return ""
    parts: list[str] = []
    for axis, (noun, symbol) in enumerate(AXES[name]):
        size, was = new.shape[axis], old.shape[axis]
        gone = np.take(old, range(size, was), axis=axis) if size < was else np.zeros(0)
        if gone.any() and not any(f"({symbol} =" in part for part in parts):
            places = f"{noun} {was}" if was == size + 1 else f"{noun}s {size + 1} to {was}"
            parts.append(f"{places} left out ({symbol} = {size} now)")
    return f"{name}: {', '.join(parts)}." if parts else ""
