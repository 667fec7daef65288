"""An LSTM or a GRU from the arrays of a file: which gates lie one after the other in a matrix."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.experiment.reading.notice import Choice, Options, Understood
from app.experiment.weights_file.parts import (
    NetworkParts,
    Part,
    gated_kind,
    hidden_size,
    matched,
    other_axis,
    say_precision,
)
from app.experiment.weights_file.stored import Array, Stored, short_name, size
from app.experiment.weights_file.unfit import require_sizes
from rnn_core import CELLS, Parameters
from rnn_core.cells import ELMAN

RESET = "reset before"


@dataclass(frozen=True)
class Order:
    """In which order the gates of a cell lie in a matrix, and who has them so."""

    title: str
    gates: str  # in the letters of the cell here
    by_row: bool | None = None  # as in `names.Layout`; None: found by its choice alone


ORDERS: Mapping[str, tuple[Order, ...]] = {
    "lstm": (
        Order("i, f, g, o as in PyTorch and Keras", "ifgo"),
        Order("i, o, f, g as in ONNX", "iofg"),
    ),
    "gru": (
        Order("r, z, n as in PyTorch", "run", by_row=False),
        Order("z, r, h as in Keras and ONNX", "urn", by_row=True),
    ),
}
CELL_OF = {4: "lstm", 3: "gru"}


def own(everything: list[Stored]) -> tuple[Parameters, Understood] | None:
    """Return the parameters of a file whose arrays have the names of a gated cell here.

    Raises
    ------
    ValueError
        The names are those, and a shape does not fit.
    """
    named = {entry.name: entry for entry in everything}
    for cell in CELLS.values():
        if cell.parameters != ELMAN.parameters and named.keys() >= set(cell.parameters[:-2]):
            return _by_names(cell.name, named)
    return None


def _by_names(cell: str, named: Mapping[str, Stored]) -> tuple[Parameters, Understood]:
    kind = CELLS[cell]
    hidden = named[kind.parameters[1]].shape[0]
    arrays: dict[str, Array] = {"W_hy": np.zeros((1, hidden)), "b_y": np.zeros(1)}
    said = []
    for name, shape in kind.shapes.items():
        if name in named:
            stored = named[name]
            arrays[name] = (stored if len(shape) > 1 else stored.flat()).read()
    if "W_hy" not in named:
        said.append("No read-out in the file: W_hy and b_y are zeros.")
    left = [short_name(name) for name in named if name not in kind.shapes]
    if left:
        said.append(f"Left out: {', '.join(left[:4])}.")
    made = Parameters.of(cell, arrays)
    require_sizes(made.input_size, made.hidden_size, made.output_size)
    return made, Understood((_read(made), *said))


def gated(found: NetworkParts, options: Options) -> tuple[Parameters, Understood] | None:
    """Return the parameters of a cell with gates; None where the recurrent matrix is square.

    Options: order (int, of `ORDERS`), "reset before" (bool), outputs (int).

    Raises
    ------
    ValueError
        A shape does not fit the others, or a size is too large; one sentence.
    """
    hidden = hidden_size(found)
    name = CELL_OF.get(max(found.recurrent.shape) // hidden)
    if name is None or found.input is None:
        return None
    by_row = found.recurrent.shape[0] == hidden
    length = max(found.recurrent.shape)
    inputs = other_axis(found.input, length)
    if length not in found.input.shape:
        raise ValueError(
            f"{short_name(found.input.stored.name)}: expected {length} as one size, "
            f"as {short_name(found.recurrent.stored.name)} has, got {size(found.input.shape)}"
        )
    outputs = _outputs(found, hidden, options)
    symbols = inputs if found.embedding is None else found.embedding.shape[0]
    require_sizes(symbols, hidden, outputs, gated_kind(found.recurrent))
    choices: list[Choice] = []
    said: list[str] = []
    order = _order(found, name, by_row, options, said, choices)
    of_x = _blocks(found.input, length, by_row, order, "W_x")
    if found.embedding is not None:
        vectors = matched(found.embedding, inputs, said)
        of_x = {gate: block @ vectors for gate, block in of_x.items()}
    arrays = {**of_x, **_blocks(found.recurrent, length, by_row, order, "W_h")}
    first, second = _biases(found, order, hidden, said)
    before = _reset_before(name, found, hidden, options, said, choices)
    for number, gate in enumerate(order.gates):
        at = slice(number * hidden, (number + 1) * hidden)
        if name == "gru" and gate == "n":
            arrays |= {"b_xn": first[at], "b_hn": second[at]}
        else:
            arrays[f"b_{gate}"] = first[at] + second[at]
    arrays |= _readout(found, hidden, outputs, said, by_row=by_row or found.by_row)
    made = Parameters.of("gru_reset_before" if before else name, arrays)
    if by_row:
        said.append("Stored for x W: transposed.")
    say_precision(found, said)
    return made, Understood((_read(made), *found.said, *said), (*found.choices, *choices))


def _read(made: Parameters) -> str:
    sizes = f"D = {made.input_size}, H = {made.hidden_size}, K = {made.output_size}."
    return f"Weights read, of the cell {made.cell.title}: {sizes}"


def _order(
    found: NetworkParts,
    name: str,
    by_row: bool,
    options: Options,
    said: list[str],
    choices: list[Choice],
) -> Order:
    """Return the order that the names tell, or else the likely one, and offer the others."""
    if found.gates:
        return Order("", found.gates)
    orders = ORDERS[name]
    usual = next((n for n, order in enumerate(orders) if order.by_row == by_row), 0)
    likely = usual if found.order is None else found.order
    asked = options.get("order")
    chosen = asked if type(asked) is int and 0 <= asked < len(orders) else likely
    choices += [
        Choice(f"gates {order.title}", "order", n) for n, order in enumerate(orders) if n != chosen
    ]
    said.append(f"The gates lie in the order {orders[chosen].title}.")
    return orders[chosen]


def _blocks(part: Part, length: int, by_row: bool, order: Order, stem: str) -> dict[str, Array]:
    numbers = part.stored.read()
    if numbers.shape[0] != numbers.shape[1]:
        by_row = numbers.shape[0] != length
    rows = numbers.T if by_row else numbers
    return {
        f"{stem}{gate}": block
        for gate, block in zip(order.gates, np.split(rows, len(order.gates)), strict=True)
    }


def _biases(found: NetworkParts, order: Order, hidden: int, said: list[str]) -> tuple[Array, Array]:
    """Return the biases beside W_x and beside W_h, each of all gates.

    Equinox and MLX keep a GRU's b_hn, the only one that does not add up, by itself.
    """
    length = len(order.gates) * hidden
    inside = np.zeros(length)
    parts = sorted(
        found.hidden_biases,
        key=lambda part: not part.stored.name.lower().endswith(("ih", "ih_l0", "ih_l0_reverse")),
    )
    halves: list[Array] = []
    for part in parts:
        numbers = part.stored.flat().read()
        if len(numbers) == hidden and "n" in order.gates:
            at = order.gates.index("n") * hidden
            inside[at : at + hidden] = numbers
            continue
        if len(numbers) not in (length, 2 * length):
            raise ValueError(
                f"{short_name(part.stored.name)}: expected {length} numbers, one for each row of "
                f"the gates, got {size(part.shape)}"
            )
        halves += np.split(numbers, len(numbers) // length)
    if not halves:
        said.append("No hidden bias in the file: zeros.")
    if len(halves) > 1:
        said.append("Two biases of each gate added up.")
    halves += [np.zeros(length)] * (2 - len(halves))
    return halves[0], halves[1] + inside


def _reset_before(
    name: str,
    found: NetworkParts,
    hidden: int,
    options: Options,
    said: list[str],
    choices: list[Choice],
) -> bool:
    """Decide where a GRU resets: with one bias a gate, as Keras writes it, before the product."""
    if name != "gru":
        return False
    numbers = sum(part.stored.flat().shape[0] for part in found.hidden_biases)
    asked = options.get(RESET)
    before = asked if isinstance(asked, bool) else numbers == 3 * hidden
    if before:
        said.append("The reset gate acts before the product: W_hn (r ⊙ h).")
        choices.append(Choice("reset after the product", RESET, False))
    else:
        said.append("The reset gate acts after the product: r ⊙ (W_hn h + b_hn).")
        choices.append(Choice("reset before the product", RESET, True))
    return before


def _outputs(found: NetworkParts, hidden: int, options: Options) -> int:
    if found.readout is None:
        asked = options.get("outputs", 1)
        return asked if type(asked) is int else 1
    return other_axis(found.readout, hidden)


def _readout(
    found: NetworkParts, hidden: int, outputs: int, said: list[str], *, by_row: bool
) -> dict[str, Array]:
    if found.readout is None:
        said.append("No read-out in the file: W_hy and b_y are zeros.")
        return {"W_hy": np.zeros((outputs, hidden)), "b_y": np.zeros(outputs)}
    W_hy, told = found.readout.stored.read(), found.readout.name.by_row
    turned = W_hy.shape != (outputs, hidden)
    if outputs == hidden:
        turned = by_row if told is None else told
    b_y = np.zeros(outputs)
    if found.output_bias is None:
        said.append("No output bias in the file: zeros.")
    else:
        b_y = found.output_bias.stored.flat().read()
    return {"W_hy": W_hy.T if turned else W_hy, "b_y": b_y}
