"""Weights as PyTorch names and stacks them: `state_dict` in, `state_dict` or `.grad` out.

PyTorch is not needed: a state is names and arrays (its tensors are read by their own methods).

    weight_ih_l0 (g·H, D), weight_hh_l0 (g·H, H), bias_ih_l0 and bias_hh_l0 (g·H,)

hold one block of H rows for each of the g gates: one of nn.RNN, r z n of nn.GRU (z is our u) and
i f g o of nn.LSTM. A nn.Linear reads the state out: weight (K, H), bias (K,).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core._arrays import FLOAT32, FLOAT64, FloatArray, real_array
from rnn_core._checks import of, optional, takes, text
from rnn_core._short import Shown
from rnn_core.activations import activation_named
from rnn_core.cells import CELLS, Cell
from rnn_core.cells.cell import TorchLayout
from rnn_core.types import Gradients, Parameters

RECURRENT = re.compile(r"(.*?)(weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(?:_l(\d+)(_\w+)?)?")
READ_OUT = re.compile(r"(.*?)(weight|bias)")
PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


@dataclass(frozen=True)
class _Found(Shown):
    """The names in a state, by what they are of one recurrent module and one nn.Linear."""

    recurrent: Mapping[str, str]
    linear: Mapping[str, str]


@takes(state=of(Mapping), activation=optional(text))
def from_torch(state: Mapping[str, Any], *, activation: str | None = None) -> Parameters:
    """Return the parameters in a `state_dict` of one recurrent layer and one nn.Linear after it.

    Parameters
    ----------
    state
        Names to arrays or tensors, of an nn.RNN, nn.GRU or nn.LSTM and an nn.Linear, whatever
        stands before the names. The shapes say which cell it is. The two biases are added, but for
        b_hn of a GRU, which is its own; a module without biases has zeros.
    activation
        φ, where it is known: a state does not hold it. It is looked at, and not kept: nn.RNN has
        tanh and ReLU, the others tanh.

    Raises
    ------
    ValueError
        A name or a shape is not that of such modules (also several layers, directions or a
        projection), or the activation is not one that the module has.
    """
    found = _sorted(state)
    arrays = {
        name: _array(name, state[name])
        for name in (*found.recurrent.values(), *found.linear.values())
    }
    w_hh = arrays[found.recurrent["weight_hh"]]
    _require_shape(found.recurrent["weight_hh"], w_hh, ("g·H", "H"), {})
    hidden = w_hh.shape[1]
    cell, layout = _layout(found.recurrent["weight_hh"], w_hh)
    _require_activation(layout, activation)
    rows = len(layout.gates) * hidden
    shapes = {"weight_ih": ("g·H", "D"), "bias_ih": ("g·H",), "bias_hh": ("g·H",)}
    for part, letters in shapes.items():
        if part in found.recurrent:
            name = found.recurrent[part]
            _require_shape(name, arrays[name], letters, {"g·H": rows})
    weight = found.linear["weight"]
    _require_shape(weight, arrays[weight], ("K", "H"), {"H": hidden})
    outputs = len(arrays[weight])
    if "bias" in found.linear:
        bias = found.linear["bias"]
        _require_shape(bias, arrays[bias], ("K",), {"K": outputs})
    blocks = {part: _blocks(arrays, found.recurrent.get(part), hidden, rows) for part in PARTS}
    made: dict[str, FloatArray] = {}
    for gate, w_x, w_h, b_x, b_h in zip(layout.gates, *blocks.values(), strict=True):
        made |= {gate.weight_ih: w_x, gate.weight_hh: w_h}
        made |= (
            {gate.bias_ih: b_x + b_h}
            if gate.bias_hh is None
            else {gate.bias_ih: b_x, gate.bias_hh: b_h}
        )
    made["W_hy"] = arrays[weight]
    made["b_y"] = arrays[found.linear["bias"]] if "bias" in found.linear else np.zeros(outputs)
    single = all(array.dtype == FLOAT32 for array in arrays.values())
    return Parameters.of(cell, made, dtype=FLOAT32 if single else FLOAT64)


@takes(source=of(Parameters, Gradients))
def to_torch(source: Parameters | Gradients) -> dict[str, FloatArray]:
    """Return the `state_dict` of a network, or what `.grad` of each of its entries holds.

    Of parameters, the bias stands in `bias_ih_l0` and zeros in `bias_hh_l0` (but for b_hn of a
    GRU); of gradients both hold the gradient, since the loss depends on the sum of the two.

    Returns
    -------
    dict
        "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "fc.weight" and
        "fc.bias", new arrays in the dtype of the network.

    Raises
    ------
    ValueError
        PyTorch has no module for the cell.
    """
    params = source if isinstance(source, Parameters) else source.parameters
    layout = params.cell.torch
    if layout is None:
        modules = ", ".join(f"nn.{layout.module}" for _, layout in _layouts())
        raise ValueError(
            f"source: expected a network that PyTorch has a module for ({modules}), "
            f"got the cell {params.cell.name}"
        )
    of_gradients = isinstance(source, Gradients)
    last = []
    for gate in layout.gates:
        known = gate.bias_hh or (gate.bias_ih if of_gradients else None)
        last.append(np.zeros_like(params[gate.bias_ih]) if known is None else params[known])
    return {
        "rnn.weight_ih_l0": np.concatenate([params[gate.weight_ih] for gate in layout.gates]),
        "rnn.weight_hh_l0": np.concatenate([params[gate.weight_hh] for gate in layout.gates]),
        "rnn.bias_ih_l0": np.concatenate([params[gate.bias_ih] for gate in layout.gates]),
        "rnn.bias_hh_l0": np.concatenate(last),
        "fc.weight": np.array(params.W_hy, order="C"),
        "fc.bias": np.array(params.b_y, order="C"),
    }


def _layouts() -> Iterator[tuple[Cell, TorchLayout]]:
    for cell in CELLS.values():
        if cell.torch is not None:
            yield cell, cell.torch


def _sorted(state: Mapping[str, Any]) -> _Found:
    """Return the names of the recurrent module and of the nn.Linear; refuse what is neither."""
    recurrent: dict[str, str] = {}
    linear: dict[str, dict[str, str]] = {}
    prefixes: set[str] = set()
    for name in state:
        if not isinstance(name, str):
            raise ValueError(f"state: expected names of arrays, got {name!r:.40}")  # noqa: TRY004
        if found := RECURRENT.fullmatch(name):
            prefix, part, layer, direction = found.groups()
            _require_plain(name, part, layer, direction, state)
            prefixes.add(prefix)
            recurrent[part] = name
        elif found := READ_OUT.fullmatch(name):
            linear.setdefault(found.group(1), {})[found.group(2)] = name
        else:
            raise ValueError(
                "state: expected the weights of a recurrent layer and an nn.Linear alone, "
                f"got also {name:.60}"
            )
    if len(prefixes) > 1:
        raise ValueError(
            f"state: expected one recurrent module, got {len(prefixes)}: "
            f"{', '.join(sorted(prefix or 'one without a name' for prefix in prefixes)):.80}"
        )
    for part in ("weight_ih", "weight_hh"):
        if part not in recurrent:
            raise ValueError(
                f"state: expected {part}_l0 of an nn.RNN, nn.GRU or nn.LSTM, got none "
                f"among {_listed(state)}"
            )
    if len(linear) != 1 or "weight" not in next(iter(linear.values())):
        came = ", ".join(prefix or "one without a name" for prefix in linear) or "none"
        raise ValueError(f"state: expected one nn.Linear after the recurrent layer, got {came:.80}")
    return _Found(recurrent, next(iter(linear.values())))


def _require_plain(
    name: str, part: str, layer: str | None, direction: str | None, state: Mapping[str, Any]
) -> None:
    """Refuse what a module of one layer in one direction does not have, and say what it is."""
    if direction is not None:
        raise ValueError(f"state: expected one direction, got a bidirectional network: {name:.60}")
    if part == "weight_hr":
        size = np.shape(_array(name, state[name]))[:1]
        raise ValueError(
            f"state: expected a state that is not projected, got an LSTM with proj_size = "
            f"{', '.join(map(str, size))}: {name:.60}"
        )
    if layer is not None and int(layer) > 0:
        names = map(RECURRENT.fullmatch, filter(lambda name: isinstance(name, str), state))
        layers = 1 + max(int(found.group(3) or 0) for found in names if found)
        raise ValueError(f"state: expected one layer, got {layers} layers: {name:.60}")


def _layout(name: str, w_hh: FloatArray) -> tuple[Cell, TorchLayout]:
    """Return the cell whose number of gates the rows of weight_hh (g·H, H) are."""
    rows, hidden = w_hh.shape
    known = {len(layout.gates) * hidden: (cell, layout) for cell, layout in _layouts()}
    if rows not in known:
        wanted = ", ".join(
            f"{len(layout.gates) * hidden} (nn.{layout.module})" for _, layout in _layouts()
        )
        raise ValueError(f"{name}: expected {wanted} rows with H = {hidden}, got {rows}")
    return known[rows]


def _require_activation(layout: TorchLayout, activation: str | None) -> None:
    if activation is None:
        return
    activation_named(activation)
    if activation not in layout.activations:
        raise ValueError(
            f"activation: expected {' or '.join(layout.activations)}, which nn.{layout.module} "
            f"has, got {activation!r}"
        )


def _require_shape(
    name: str, array: FloatArray, letters: tuple[str, ...], sizes: Mapping[str, int]
) -> None:
    fits = array.ndim == len(letters) and 0 not in array.shape
    if not fits or any(
        sizes.get(letter, size) != size for letter, size in zip(letters, array.shape, strict=True)
    ):
        wanted = ", ".join(str(sizes.get(letter, letter)) for letter in letters)
        raise ValueError(
            f"{name}: expected shape ({', '.join(letters)}) = ({wanted}), got {array.shape}"
        )


def _blocks(
    arrays: Mapping[str, FloatArray], name: str | None, hidden: int, rows: int
) -> list[FloatArray]:
    """Return H rows for each gate; zeros for a bias that the module does not have."""
    array = arrays[name] if name is not None else np.zeros(rows, next(iter(arrays.values())).dtype)
    return [array[start : start + hidden] for start in range(0, rows, hidden)]


def _array(name: str, value: Any) -> FloatArray:
    """Return finite numbers as float32 where they are that, else as float64."""
    single = str(getattr(value, "dtype", "")).removeprefix("torch.") == FLOAT32.name
    return real_array(name, value, FLOAT32 if single else FLOAT64)


def _listed(state: Mapping[str, Any]) -> str:
    return (", ".join(state) or "no names")[:80]
