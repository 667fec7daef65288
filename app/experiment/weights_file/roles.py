"""Which array of a file is which: names first, then shapes, then the order in the file."""

from collections.abc import Callable
from dataclasses import replace

from app.experiment.reading.notice import MOST_CHOICES, Choice, Options, Unread
from app.experiment.weights_file import names, unfit
from app.experiment.weights_file.parts import (
    NetworkParts,
    Part,
    gated_kind,
    hidden_size,
    names_of,
    other_axis,
    take_parts,
)
from app.experiment.weights_file.single_gates import by_single_gates
from app.experiment.weights_file.stacks import several
from app.experiment.weights_file.stored import Stored, listed, short_name, size
from app.experiment.weights_file.unnamed import by_letters, by_order


def roles(everything: list[Stored], options: Options) -> NetworkParts:
    """Tell which array is which.

    Raises
    ------
    ValueError
        It is no network of these cells, or more than one; in one sentence, `Unread` if a part
        can be opened.
    """
    single = by_single_gates(everything, options)
    left = single[1] if single else everything
    parts = [_as_matrix(Part(entry, names.read(entry.name))) for entry in left]
    weights = [part for part in parts if part.stored.is_real or part.name.role]
    _require_matrices(weights)
    cells = [part for part in weights if part.name.role == "recurrent"]
    joints = [part for part in weights if part.name.role == "joint"]
    if single is None:
        _require_no_gates(cells, everything)
    rest = list(weights)
    said: list[str] = []
    if single:
        found = single[0]
    elif cells:
        recurrent = _chosen(cells, rest, options, said)
        found = NetworkParts(recurrent)
        rest.remove(recurrent)
        _inputs_by_name(found, rest)
    elif joints:
        found = NetworkParts(joints[0], is_joint=True)
        rest.remove(joints[0])
    elif lettered := by_letters(weights, options):
        found, rest = lettered
    else:
        found, rest = by_order(weights, everything, options)
    found.said[:0] = said
    _biases_by_name(found, rest)
    _readout(found, rest, options)
    _leave_out(found, [part for part in parts if part in rest or part not in weights], options)
    return found


def _as_matrix(part: Part) -> Part:
    """Return a vector from a single input, or to a single output, as the matrix that it is."""
    if len(part.shape) != 1 or part.name.role not in ("input", "read-out"):
        return part
    shape = (*part.shape, 1) if part.name.role == "input" else (1, *part.shape)
    return Part(part.stored.reshaped(shape), replace(part.name, by_row=False))


def _require_matrices(weights: list[Part]) -> None:
    for part in weights:
        needs = 2 if part.name.role in names.MATRICES else len(part.shape)
        if len(part.shape) != needs or 0 in part.shape:
            raise ValueError(
                f"{short_name(part.stored.name)}: expected a {'vector or a ' * (needs != 2)}"
                f"matrix, got shape {part.shape!a:.40}"
            )


def _require_no_gates(cells: list[Part], everything: list[Stored]) -> None:
    for cell in cells:
        if refusal := unfit.gated(cell.stored, everything):
            raise refusal
    if refusal := unfit.gated_by_name(everything):
        raise refusal


def _chosen(cells: list[Part], rest: list[Part], options: Options, said: list[str]) -> Part:
    """Return the one recurrent layer, or that of several which is asked for; drop the others."""
    cells = sorted(cells, key=lambda part: (part.name.layer, part.name.reverse))
    units = {cell.name.unit for cell in cells}
    lone = [p for p in rest if (p.name.layer or p.name.reverse) and p.name.unit not in units]
    if lone:
        raise ValueError(
            f"weights file: expected one layer in one direction, got also {listed(names_of(lone))}"
        )
    if len(cells) == 1:
        return cells[0]
    chosen = options.get("layer")
    if type(chosen) is not int or not 0 <= chosen < len(cells):
        reverse = any(cell.name.reverse for cell in cells)
        layers = len(cells) // 2 if reverse else len(cells)
        raise Unread(
            "weights file: expected one layer in one direction, got "
            f"{gated_kind(cells[0])}{several(layers, reverse)} "
            f"({listed(cell.stored.name for cell in cells)}); one of them "
            "can be opened alone",
            [
                Choice(f"open {_called(cell)} alone", "layer", n)
                for n, cell in enumerate(cells[:MOST_CHOICES])
            ],
        )
    cell = cells[chosen]
    last = cell is cells[-1] and not any(other.name.reverse for other in cells)
    units = {other.name.unit for other in cells if other is not cell}
    dropped = [
        part
        for part in rest
        if part.name.unit in units or not (last or part.name.unit == cell.name.unit)
    ]
    rest[:] = [part for part in rest if part not in dropped]
    said.append(f"{_called(cell).capitalize()} alone: left out {listed(names_of(dropped))}.")
    return cell


def _called(cell: Part) -> str:
    direction = " backwards" if cell.name.reverse else ""
    where = f" of {short_name(cell.name.owner)}" if cell.name.owner else ""
    return f"layer {cell.name.layer + 1}{direction}{where}"


def _inputs_by_name(found: NetworkParts, rest: list[Part]) -> None:
    """Find the input matrix: of that role, or the other matrix of the same layer."""
    unit = found.recurrent.name.unit
    tests: tuple[Callable[[Part], bool], ...] = (
        lambda p: p.name.role == "input" and p.name.unit == unit,
        lambda p: p.name.role == "input",
        lambda p: p.name.role == "joint",  # i2h beside h2h is a matrix for x alone
        lambda p: p.name.role == "matrix" and p.name.unit == unit and len(p.shape) == 2,
    )
    for test in tests:
        matching = [part for part in rest if test(part)]
        if len(matching) == 1:
            found.input = matching[0]
            rest.remove(matching[0])
            return
    hidden = found.recurrent.shape[0]
    near = [p for p in rest if p.name.role is None and len(p.shape) == 2 and hidden in p.shape]
    if not near:
        raise ValueError(
            "weights file: expected an input matrix W_xh beside "
            f"{short_name(found.recurrent.stored.name)}, "
            f"got {listed(names_of(rest)) or 'nothing else'}"
        )
    found.input = near[0]
    rest.remove(near[0])
    found.said.append(f"{short_name(near[0].stored.name)} taken as W_xh by its shape.")


def _biases_by_name(found: NetworkParts, rest: list[Part]) -> None:
    """Add the biases that are named as hidden ones, or stand beside the recurrent matrix."""
    owners = {p.name.unit for p in (found.recurrent, found.input) if p is not None}
    if any(part.name.role == "hidden bias" and part.name.unit in owners for part in rest):
        own = take_parts(rest, lambda p: p.name.role == "hidden bias" and p.name.unit in owners)
    else:
        own = take_parts(rest, lambda p: p.name.role == "hidden bias")
    if not any(part.name.role == "matrix" and part.name.unit in owners for part in rest):
        own += take_parts(rest, lambda p: p.name.role == "bias" and p.name.unit in owners)
    found.hidden_biases += own
    if found.embedding is None:
        rows = [p for p in rest if p.name.role == "embedding" and len(p.shape) == 2]
        if len(rows) == 1:
            found.embedding = rows[0]
            rest.remove(rows[0])


def _readout(found: NetworkParts, rest: list[Part], options: Options) -> None:
    """Find the read-out and its bias among what is left, by name or by shape."""
    if found.readout is None:
        hidden = hidden_size(found)
        candidates = [p for p in rest if p.name.role == "read-out" and len(p.shape) == 2]
        candidates = candidates or [
            p
            for p in rest
            if p.name.role in ("matrix", None) and len(p.shape) == 2 and p.stored.is_real
        ]
        if len(candidates) > 1 or any(hidden not in p.shape for p in candidates):
            if options.get("rest") != "leave out":
                seen = [f"{short_name(p.stored.name)} ({size(p.shape)})" for p in candidates[:3]]
                raise Unread(
                    "weights file: expected one matrix that reads out the state of "
                    f"{hidden} units, as one weight of an nn.Linear, got {', '.join(seen)}",
                    [LEFT_OUT],
                )
            return
        if not candidates:
            return
        found.readout = candidates[0]
        rest.remove(candidates[0])
    if found.output_bias is None:
        owner = found.readout.name.unit
        tests: tuple[Callable[[Part], bool], ...] = (
            lambda p: p.name.role == "output bias",
            lambda p: p.name.role == "bias" and p.name.unit == owner,
            lambda p: p.name.role in ("bias", None) and len(p.shape) == 1,
        )
        outputs = other_axis(found.readout, hidden_size(found)) if found.readout else 0
        for test in tests:
            fitting = [p for p in rest if test(p) and outputs in p.shape]
            if len(fitting) == 1:
                found.output_bias = fitting[0]
                rest.remove(fitting[0])
                return


LEFT_OUT = Choice("open without them", "rest", "leave out")


def _leave_out(found: NetworkParts, rest: list[Part], options: Options) -> None:
    """Say what is left out; refuse, with the choice, what may change what is computed."""
    past = [part for part in rest if part.name.role == "past"]
    if past:
        found.said.append(
            f"{listed(names_of(past))} reads x_t and h_(t−1) instead of h_t: left out."
        )
    open_ones = [
        part
        for part in rest
        if part not in past
        and part.stored.is_real
        and len(part.shape) > 0
        and not names.is_memory(part.stored.name)
    ]
    if open_ones and options.get("rest") != "leave out":
        raise Unread(
            "weights file: expected nothing else beside an Elman network and its read-out, "
            f"got also {listed(names_of(open_ones))}",
            [LEFT_OUT],
        )
    others = [part for part in rest if part not in past]
    if others:
        found.said.append(f"Left out: {listed(names_of(others))}.")
