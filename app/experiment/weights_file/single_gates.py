"""A cell with gates whose file has arrays for each gate: the letters in their names tell which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.experiment.reading.notice import Choice, Options
from app.experiment.weights_file import names
from app.experiment.weights_file.parts import (
    BY_COLUMN,
    BY_ROW,
    HIDDEN_FIRST,
    INPUT_FIRST,
    NetworkParts,
    Part,
)
from app.experiment.weights_file.stored import Array, Stored, listed


@dataclass(frozen=True)
class Naming:
    """How the arrays of a gate are called: `{}` is its letter."""

    input: str
    recurrent: str  # "": the input matrix is one for x and h side by side
    biases: tuple[str, ...]  # those beside W_x before those beside W_h
    by_row: bool | None = None  # as in `names.Layout`


def _as_layers(naming: Naming) -> Naming:
    """Return the same symbols as layers, each with a weight and a bias of its own."""
    both = [symbol for symbol in (naming.input, naming.recurrent) if symbol]
    weights = [symbol + "weight" for symbol in both] + [""]
    return Naming(weights[0], weights[1], tuple(s + "bias" for s in both), by_row=False)


_BIASES = ("b{}", "bx{}", "bi{}", "bh{}")
_SYMBOLS = (
    Naming("wx{}", "wh{}", _BIASES),  # Zhang et al.
    Naming("wi{}", "wh{}", _BIASES),  # the equations in the documentation of PyTorch
    Naming("w{}x", "w{}h", _BIASES),
    Naming("w{}", "u{}", _BIASES),  # Cho et al.; W for x
    Naming("w{}", "", _BIASES),  # Ng; Olah
)
NAMINGS = (
    *_SYMBOLS,
    *map(_as_layers, _SYMBOLS),
    _as_layers(Naming("{}gate", "", ())),
    Naming("i{}kernel", "h{}kernel", ("i{}bias", "h{}bias"), by_row=True),  # Flax
)

LETTERS: Mapping[str, tuple[Sequence[str], ...]] = {
    "ifgo": ("ifgo", "ifco", "ufco", ("input", "forget", "cell", "output")),
    "run": ("run", "rzn", "rzh", "rzg", "rzc", "ruh", "ruc"),
}
"""The gates of a cell in the letters here, and the letters that others write for the same.

Ng's u, beside a candidate c, takes the new state where it is 1; the others keep the old one.
"""
TAKING = ("ruc",)
UPDATE = "update takes"
READOUTS = ("read-out", "matrix", None)
"""Roles of names that a read-out may have."""


def by_single_gates(
    everything: list[Stored], options: Options
) -> tuple[NetworkParts, list[Stored]] | None:
    """Return the arrays of each gate put one below the other, and the rest; None without them.

    Options: transpose (bool), "hidden first" (bool), "update takes" (bool).
    """
    arrays = _by_key(everything)
    for naming, gates, letters in _ways():
        entries = _named(arrays, naming.input, letters)
        states = _named(arrays, naming.recurrent, letters) if naming.recurrent else entries
        if not _are_even(entries, states, is_joint=not naming.recurrent):
            continue
        biases = [_named(arrays, pattern, letters) for pattern in naming.biases]
        if gates == "run" and not biases[-1]:
            biases.append(_named(arrays, naming.biases[-1], letters[-1:]))
        taken = {entry.name for group in (entries, states, *biases) for entry in group}
        rest = [entry for entry in everything if entry.name not in taken]
        found = NetworkParts(Part(states[0], _NAME), gates=gates)
        found.said.append(f"An array for each gate: {listed(entry.name for entry in entries)}.")
        signs = _signs(letters, gates, options, found)
        by_row = _by_row(naming, entries, rest, options, found)
        found.recurrent, found.input = _matrices(entries, states, signs, by_row, options, found)
        found.hidden_biases = [
            Part(_in_a_row(group, signs[-len(group) :]), _NAME) for group in biases if group
        ]
        return found, rest
    return None


_NAME = names.Name("recurrent", "an array for each gate", by_row=False)


def _ways() -> Iterator[tuple[Naming, str, Sequence[str]]]:
    for naming in NAMINGS:
        for gates, every in LETTERS.items():
            for letters in every:
                yield naming, gates, letters


def _by_key(everything: Sequence[Stored]) -> dict[str, Stored]:
    """Return the arrays by the last words of their names, as far as these are of one array."""
    found: dict[str, Stored | None] = {}
    for entry in everything:
        for key in names.endings(entry.name):
            found[key] = None if key in found else entry
    return {key: entry for key, entry in found.items() if entry is not None}


def _named(arrays: Mapping[str, Stored], pattern: str, letters: Sequence[str]) -> list[Stored]:
    """Return the array of each letter, in their order; none if one is not there."""
    keys = [pattern.format(letter) for letter in letters]
    return [arrays[key] for key in keys] if all(key in arrays for key in keys) else []


def _are_even(entries: list[Stored], states: list[Stored], *, is_joint: bool) -> bool:
    """Return whether the matrices of all gates have one shape, and H on both sides of W_h."""
    for group in (entries, states):
        if len({entry.shape for entry in group}) != 1 or len(group[0].shape) != 2:
            return False
    shape = states[0].shape
    return min(shape) > 0 and (is_joint or (shape[0] == shape[1] and shape[0] in entries[0].shape))


def _signs(
    letters: Sequence[str], gates: str, options: Options, found: NetworkParts
) -> tuple[int, ...]:
    """Return the sign of each gate: σ(−a) = 1 − σ(a), where an update gate takes the new state."""
    if gates != "run":
        return (1,) * len(gates)
    asked = options.get(UPDATE)
    takes = asked if isinstance(asked, bool) else letters in TAKING
    letter = letters[1]
    does, other = (
        ("takes the new", "keeps the old") if takes else ("keeps the old", "takes the new")
    )
    found.said.append(f"Where {letter} is 1, it {does} state.")
    found.choices.append(Choice(f"{letter} {other} state", UPDATE, not takes))
    return (1, -1 if takes else 1, 1)


def _by_row(
    naming: Naming,
    entries: list[Stored],
    rest: Sequence[Stored],
    options: Options,
    found: NetworkParts,
) -> bool:
    """Decide whether the matrices are stored for x W, by shapes, and offer the other way."""
    rows, columns = entries[0].shape
    if rows != columns:
        hidden = min(rows, columns) if not naming.recurrent else found.recurrent.shape[0]
        by_row = columns == hidden
    elif naming.by_row is not None:
        by_row = naming.by_row
    else:
        readouts = (one.shape for one in rest if names.read(one.name).role in READOUTS)
        told = [shape[0] == rows for shape in readouts if len({*shape}) == 2 and rows in shape]
        asked = options.get("transpose")
        by_row = told[0] if told else asked is True
        if not told:
            found.choices.append(BY_COLUMN if by_row else BY_ROW)
    found.by_row = by_row
    if by_row:
        found.said.append("Stored for x W: transposed.")
    return by_row


def _matrices(
    entries: list[Stored],
    states: list[Stored],
    signs: Sequence[int],
    by_row: bool,
    options: Options,
    found: NetworkParts,
) -> tuple[Part, Part]:
    """Return W_h and W_x of all gates, split where one matrix is for x and h side by side."""
    whole = _below(entries, signs, by_row=by_row)
    if states is not entries:
        return Part(_below(states, signs, by_row=by_row), _NAME), Part(whole, _NAME)
    hidden = whole.shape[0] // len(signs)
    hidden_first = options.get("hidden first") is not False
    cut = hidden if hidden_first else whole.shape[1] - hidden
    which = ("h", "x") if hidden_first else ("x", "h")
    found.said.append(
        f"Each split: its first {cut} columns are for {which[0]}, the rest for {which[1]}."
    )
    found.choices.append(INPUT_FIRST if hidden_first else HIDDEN_FIRST)
    halves = (Part(_columns(whole, at), _NAME) for at in (slice(cut), slice(cut, None)))
    first, second = halves
    return (first, second) if hidden_first else (second, first)


def _below(entries: Sequence[Stored], signs: Sequence[int], *, by_row: bool) -> Stored:
    """Return matrices, turned if they are stored for x W, one below the other with their signs."""
    shape = entries[0].shape[::-1] if by_row else entries[0].shape

    def numbers() -> Array:
        read = (entry.read().T if by_row else entry.read() for entry in entries)
        return np.concatenate([sign * one for sign, one in zip(signs, read, strict=True)])

    return replace(entries[0], shape=(len(entries) * shape[0], shape[1]), numbers=numbers)


def _in_a_row(entries: Sequence[Stored], signs: Sequence[int]) -> Stored:
    """Return biases one after the other with their signs."""
    vectors = [entry.flat() for entry in entries]

    def numbers() -> Array:
        pairs = zip(signs, vectors, strict=True)
        return np.concatenate([sign * one.read() for sign, one in pairs])

    return replace(entries[0], shape=(sum(one.shape[0] for one in vectors),), numbers=numbers)


def _columns(whole: Stored, at: slice) -> Stored:
    rows, columns = whole.shape
    kept = len(range(*at.indices(columns)))
    return replace(whole, shape=(rows, kept), numbers=lambda: whole.read()[:, at])
