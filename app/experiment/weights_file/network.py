"""From the arrays of a file to the five parameters, with what was concluded on the way."""

from dataclasses import dataclass

import numpy as np

from app.experiment.reading.notice import Choice, Options, Understood
from app.experiment.weights_file.parts import (
    BY_COLUMN,
    BY_ROW,
    HIDDEN_FIRST,
    INPUT_FIRST,
    NetworkParts,
    Part,
    gated_kind,
    hidden_size,
    matched,
    other_axis,
    say_precision,
)
from app.experiment.weights_file.stored import Array, short_name, size
from app.experiment.weights_file.unfit import require_sizes
from rnn_core import Parameters


def network(found: NetworkParts, options: Options) -> tuple[Parameters, Understood]:
    """Put the parameters together.

    Raises
    ------
    ValueError
        A shape does not fit the others, a size is too large, or numbers cannot be read.
    """
    hidden = hidden_size(found)
    said = list(found.said)
    choices = list(found.choices)
    rows = _orientation(found, hidden, options, choices)
    columns = [] if found.is_joint or found.input is None else [found.input.shape]
    if found.is_joint:
        inputs = max(found.recurrent.shape) - hidden
    else:
        inputs = _other(columns[0], hidden, 0 if rows.input else 1)
    symbols = inputs if found.embedding is None else found.embedding.shape[0]
    outputs = _outputs(found, hidden, options, rows.readout)
    require_sizes(symbols, hidden, outputs)
    if found.is_joint:
        W_xh, W_hh = _parts_of_joint(found, hidden, inputs, rows.recurrent, options, said, choices)
    else:
        W_hh = _turned(found.recurrent, rows.recurrent)
        W_xh = _turned(found.input, rows.input) if found.input else np.zeros((hidden, 1))
    if found.embedding is not None:
        W_xh = W_xh @ matched(found.embedding, W_xh.shape[1], said)
    b_h = _hidden_bias(found, hidden, said)
    if found.readout is None:
        W_hy, b_y = np.zeros((outputs, hidden)), np.zeros(outputs)
        said.append("No read-out in the file: W_hy and b_y are zeros.")
    else:
        W_hy = _turned(found.readout, rows.readout)
        b_y = np.zeros(outputs)
        if found.output_bias is not None:
            b_y = found.output_bias.stored.flat().read()
        else:
            said.append("No output bias in the file: zeros.")
    _say_turned(found, rows, said)
    say_precision(found, said)
    made = Parameters(W_xh, W_hh, b_h, W_hy, b_y)
    sizes = f"D = {made.input_size}, H = {made.hidden_size}, K = {made.output_size}."
    return made, Understood((f"Weights read: {sizes}", *said), tuple(choices))


def require_shown(found: NetworkParts) -> None:
    """Raise ValueError if a network is too large for the app; no number is read."""
    hidden = hidden_size(found)
    if found.embedding is not None:
        inputs = found.embedding.shape[0]
    else:
        inputs = other_axis(found.input or found.recurrent, max(found.recurrent.shape))
    outputs = other_axis(found.readout, hidden) if found.readout else 1
    require_sizes(inputs, hidden, outputs, gated_kind(found.recurrent))


@dataclass(frozen=True)
class _Rows:
    """Which matrices are stored for x W, with a column for each unit that they lead to."""

    input: bool
    recurrent: bool
    readout: bool


def _orientation(
    found: NetworkParts, hidden: int, options: Options, choices: list[Choice]
) -> _Rows:
    """Decide by shapes; where both ways fit, by names; where they do not tell, offer the other."""
    joint = found.recurrent.shape if found.is_joint else None
    entry = found.input.shape if found.input is not None else None
    by_input = joint[0] > joint[1] if joint else _by_shape(entry, hidden, 1)
    by_readout = _by_shape(found.readout.shape if found.readout else None, hidden, 0)
    told = [p.name.by_row for p in (found.recurrent, found.input, found.readout) if p is not None]
    of_cell = next((by_row for by_row in told[:2] if by_row is not None), None)
    of_readout = told[-1] if found.readout is not None else None
    certain = next((way for way in (by_input, of_cell, by_readout) if way is not None), None)
    asked = options.get("transpose")
    if certain is not None:
        cell = certain
    else:
        cell = asked if isinstance(asked, bool) else found.by_order
        choices.append(BY_COLUMN if cell else BY_ROW)
    readout = next(way for way in (by_readout, of_readout, cell) if way is not None)
    recurrent = found.recurrent.name.by_row
    if by_input is not None and recurrent is not None and found.input is not None:
        told_input = found.input.name.by_row
        cell_told_wrong = told_input is not None and told_input != by_input
        recurrent = by_input if cell_told_wrong else recurrent
    return _Rows(
        input=by_input if by_input is not None else cell,
        recurrent=cell if recurrent is None or found.is_joint else recurrent,
        readout=readout,
    )


def _by_shape(shape: tuple[int, ...] | None, hidden: int, axis: int) -> bool | None:
    """Whether the axis that is H in a matrix for x W has that size; None if both axes do."""
    if shape is None or shape[0] == shape[1]:
        return None
    return shape[axis] == hidden


def _other(shape: tuple[int, ...], hidden: int, axis: int) -> int:
    if shape[1 - axis] != hidden:
        raise ValueError(
            f"weights file: expected an input matrix with H = {hidden} as one size, "
            f"got {size(shape)}"
        )
    return shape[axis]


def _outputs(found: NetworkParts, hidden: int, options: Options, by_row: bool) -> int:
    if found.readout is None:
        asked = options.get("outputs", 1)
        return asked if type(asked) is int else 1
    return found.readout.shape[1 if by_row else 0]


def _turned(part: Part, by_row: bool) -> Array:
    numbers = part.stored.read()
    return numbers.T if by_row else numbers


def _parts_of_joint(
    found: NetworkParts,
    hidden: int,
    inputs: int,
    by_row: bool,
    options: Options,
    said: list[str],
    choices: list[Choice],
) -> tuple[Array, Array]:
    """Split (H, D + H) into W_xh and W_hh; which comes first is not in the file."""
    name = short_name(found.recurrent.stored.name)
    if inputs < 1:
        raise ValueError(
            f"{name}: expected x and h side by side, H × (D + H), got {size(found.recurrent.shape)}"
        )
    joint = _turned(found.recurrent, by_row)
    if options.get("hidden first") is True:
        said.append(f"{name} split: its first {hidden} columns are for h, the rest for x.")
        choices.append(INPUT_FIRST)
        return joint[:, hidden:], joint[:, :hidden]
    said.append(f"{name} split: its first {inputs} columns are for x, the rest for h.")
    choices.append(HIDDEN_FIRST)
    return joint[:, :inputs], joint[:, inputs:]


def _hidden_bias(found: NetworkParts, hidden: int, said: list[str]) -> Array:
    total = np.zeros(hidden)
    if not found.hidden_biases:
        said.append("No hidden bias in the file: zeros.")
        return total
    for part in found.hidden_biases:
        numbers = part.stored.flat().read()
        if len(numbers) not in (hidden, 2 * hidden):
            raise ValueError(
                f"{short_name(part.stored.name)}: expected a bias of H = {hidden} numbers, "
                f"got {size(part.shape)}"
            )
        total = total + numbers.reshape(-1, hidden).sum(axis=0)  # two halves in ONNX
    several = len(found.hidden_biases) > 1
    if several or any(part.stored.flat().shape[0] > hidden for part in found.hidden_biases):
        together = " and ".join(short_name(part.stored.name) for part in found.hidden_biases[:4])
        said.append(f"{together} added up to b_h.")
    return total


def _say_turned(found: NetworkParts, rows: _Rows, said: list[str]) -> None:
    pairs = (
        ([], False) if found.is_joint else (["W_xh"], rows.input),
        (["W_xh, W_hh"] if found.is_joint else ["W_hh"], rows.recurrent),
        (["W_hy"] if found.readout else [], rows.readout),
    )
    turned = [name for names, by_row in pairs if by_row for name in names]
    if turned:
        said.append(f"Stored for x W: {', '.join(turned)} transposed.")
