"""Arrays whose names tell little or nothing: single letters, `arr_0` and the like."""

from itertools import pairwise, takewhile

from app.experiment.reading.notice import Choice, Options
from app.experiment.weights_file import names, unfit
from app.experiment.weights_file.names import Role
from app.experiment.weights_file.parts import (
    ONNX_ORDER,
    NetworkParts,
    Part,
    has_gates,
    names_of,
    other_axis,
    take_parts,
)
from app.experiment.weights_file.stacks import elman_stack, stack
from app.experiment.weights_file.stored import Stored, listed, short_name


def by_letters(weights: list[Part], options: Options) -> tuple[NetworkParts, list[Part]] | None:
    """Tell U, V, W, b and c apart: one author's W is another one's U, so shapes decide."""
    ends = {part.name.last: part for part in weights}
    fitting: list[tuple[NetworkParts, list[Part]]] = []
    for letters in names.LETTERS:
        by_role: dict[Role, Part] = {
            role: ends[letter] for letter, role in letters.items() if letter in ends
        }
        recurrent, entry = by_role.get("recurrent"), by_role.get("input")
        readout = by_role.get("read-out", entry)
        if recurrent is None or entry is None or readout is None:
            continue
        if any(len(part.shape) != 2 for part in (recurrent, entry, readout)):
            continue
        if refusal := unfit.gated(recurrent.stored, [p.stored for p in weights]):
            if max(recurrent.shape) in entry.shape and max(recurrent.shape) != min(recurrent.shape):
                raise refusal
            continue
        hidden, is_gated = min(recurrent.shape), has_gates(entry.shape, recurrent.shape)
        is_even = recurrent.shape == (hidden, hidden) and hidden in entry.shape
        if not (is_even or is_gated) or not (readout is entry or hidden in readout.shape):
            continue
        found = NetworkParts(recurrent, input=entry, readout=by_role.get("read-out"))
        if is_gated and "r" in letters:
            found.order = ONNX_ORDER
        found.hidden_biases = [by_role["hidden bias"]] if "hidden bias" in by_role else []
        found.output_bias = by_role.get("output bias")
        said = f"{recurrent.name.last.upper()} taken as W_hh and {entry.name.last.upper()} as W_xh."
        found.said.append(said)
        taken = set(map(id, by_role.values()))
        fitting.append((found, [part for part in weights if id(part) not in taken]))
    if not fitting:
        return None
    swapped = options.get("swap") is True
    if len(fitting) > 1:
        fitting[0][0].choices.append(
            Choice("the other way round: swap W_hh and W_xh", "swap", True)
        )
        fitting[1][0].choices.append(Choice("swap W_hh and W_xh back", "swap", False))
    return fitting[1 if swapped and len(fitting) > 1 else 0]


def _share_gates(entry: tuple[int, ...], recurrent: tuple[int, ...]) -> bool:
    """Whether two matrices have the same longer side, as those of a cell with gates."""
    side = int(recurrent[1] > recurrent[0])
    is_square = recurrent[0] == recurrent[1] or entry[0] == entry[1]
    is_bias = min(recurrent) == 1
    return not (is_square or is_bias) and entry[side] == recurrent[side]


def _biases_of(recurrent: Part, entry: Part, rest: list[Part]) -> list[Part]:
    """Return the biases of all gates, once or twice: those right behind W_h, or else any."""

    def is_bias(part: Part) -> bool:
        times, left = divmod(part.stored.flat().shape[0], max(recurrent.shape))
        is_thin = len(part.shape) == 1 or min(part.shape) <= 2
        return part not in (entry, recurrent) and is_thin and times in (1, 2) and not left

    behind = takewhile(is_bias, rest[rest.index(recurrent) + 1 :])
    return [*behind] or [part for part in rest if is_bias(part)]


def _gated_by_order(
    rest: list[Part], matrices: list[Part], options: Options
) -> tuple[NetworkParts, list[Part]] | None:
    """Tell the arrays of an LSTM or a GRU apart, as Keras, PyTorch and ONNX write them.

    Returns the network, and the arrays that belong to it or to another layer.
    """
    layers = stack(
        [matrices], lambda one, other: _share_gates(one, other) and has_gates(one, other), rest
    )
    if layers is None:
        return None
    chosen = layers.chosen(options)
    first, second = layers.cells[chosen]
    before = matrices[: matrices.index(layers.cells[0][0])]
    inputs = other_axis(layers.cells[0][0], max(layers.cells[0][1].shape))
    words = [part for part in before if part.shape[1] == inputs]
    if any(len({*part.shape}) == 1 for part in before if part not in words):
        return None  # rather W_hh
    found = NetworkParts(second, input=first, by_order=True)
    found.hidden_biases = _biases_of(second, first, rest)
    own = [first, second, *found.hidden_biases]
    if words and chosen == 0:
        found.embedding = words[0]
        own.append(words[0])
    if any("onnx" in part.stored.name.lower() for part in rest):
        found.order = ONNX_ORDER
    found.said.append(
        f"Told apart by shape and order: {short_name(first.stored.name)} is W_x, "
        f"{short_name(second.stored.name)} is W_h."
    )
    if len(layers.cells) > 1:
        kept = layers.own(chosen, rest)
        dropped = [part for part in rest if part not in kept and part not in own]
        found.said.append(
            f"{layers.called(chosen).capitalize()} alone: left out {listed(names_of(dropped))}."
        )
        own += dropped
    return found, own


def by_order(
    weights: list[Part], everything: list[Stored], options: Options
) -> tuple[NetworkParts, list[Part]]:
    """Tell arrays apart whose names say nothing, as `arr_0`, by shapes and their order."""
    rest = list(weights)
    named = take_parts(rest, lambda p: p.name.role in ("matrix", "bias") and len(p.shape) < 3)
    if not any(len(part.shape) == 2 for part in rest):
        rest, named = named, []
    matrices = [part for part in rest if len(part.shape) == 2]
    if gated := _gated_by_order(rest, matrices, options):
        return gated[0], [part for part in (*rest, *named) if part not in gated[1]]
    for first, second in pairwise(matrices):
        refusal = unfit.gated(second.stored, everything)
        if refusal and _share_gates(first.shape, second.shape):
            raise refusal
    pairs = [
        (at, recurrent)
        for at, recurrent in enumerate(matrices)
        if recurrent.shape[0] == recurrent.shape[1]
        and any(recurrent.shape[0] in other.shape for other in matrices if other is not recurrent)
    ]
    unnamed = all(part.name.role is None for part in weights)
    if not pairs or not (unnamed or named) or unfit.other_kind(everything):
        raise unfit.nothing_recurrent(everything)
    recurrent = pairs[0][1]
    alone = ""
    if (layers := elman_stack(rest)) is not None:  # in the order of Keras, PyTorch and most
        chosen = layers.chosen(options)
        recurrent = layers.cells[chosen][1]
        if len(layers.cells) > 1:
            own = layers.own(chosen, rest)
            dropped = names_of(part for part in rest if part not in own)
            alone = f"{layers.called(chosen).capitalize()} alone: left out {listed(dropped)}."
            rest = own
            matrices = [part for part in rest if len(part.shape) == 2]
    hidden = recurrent.shape[0]
    others = [p for p in matrices if p is not recurrent]
    before = matrices[: matrices.index(recurrent)]
    entry = next((p for p in (*reversed(before), *others) if hidden in p.shape), None)
    if entry is None:
        raise unfit.nothing_recurrent(everything)
    found = NetworkParts(recurrent, input=entry, by_order=True)
    others.remove(entry)
    if embedding := next((p for p in before if p in others and p.shape[1] in entry.shape), None):
        found.embedding = embedding
        others.remove(embedding)
    two_biases = [p for p in others if p.shape == (1, 2 * hidden)]  # as ONNX has them
    others = [p for p in others if p not in two_biases]
    vectors = two_biases + [part for part in rest if len(part.shape) == 1]
    if not vectors:  # biases as columns, or as rows where the matrices are for x W
        thin = 1 if entry.shape[0] == hidden else 0
        vectors = [p for p in others if p.shape[thin] == 1 and p not in before]
        others = [p for p in others if p not in vectors]
    after = [p for p in others if hidden in p.shape]
    found.readout = after[0] if len(after) == 1 and not named else None
    if found.readout is not None and vectors:
        outputs = other_axis(found.readout, hidden)
        last = vectors[-1]
        many = len(vectors) > 1 or rest.index(last) > rest.index(found.readout)
        if many and max(last.shape) == outputs:
            found.output_bias = last
            vectors.remove(last)
    found.hidden_biases = [p for p in vectors if max(p.shape) in (hidden, 2 * hidden)]
    known = [recurrent, entry, found.embedding, found.readout, found.output_bias]
    taken = {id(part) for part in (*known, *found.hidden_biases) if part is not None}
    found.said.append(
        f"Told apart by shape and order: {short_name(entry.stored.name)} is W_xh, "
        f"{short_name(recurrent.stored.name)} is W_hh."
    )
    found.said += [alone] * bool(alone)
    return found, [part for part in (*rest, *named) if id(part) not in taken]
