"""A live PyTorch network: what its modules say. PyTorch itself is never imported."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_core import Parameters, from_torch

Array = NDArray[np.float64]

OF_TORCH = "torch.nn.modules."
LAYERS = ("RNN", "GRU", "LSTM")
CELLS = tuple(f"{name}Cell" for name in LAYERS)  # of one step
LINEAR = "Linear"
WANTED = "an nn.RNN, nn.GRU or nn.LSTM (or its cell), alone or with one nn.Linear"
NO_NUMBERS = "cSUMm"  # complex ones, texts and dates, which NumPy would make numbers of
LOSSES = {
    "MSELoss": "mean_squared_error",
    "BCEWithLogitsLoss": "binary_cross_entropy",
    "CrossEntropyLoss": "softmax_cross_entropy",
    "HuberLoss": "huber",
}
"""Modules of PyTorch's that are losses of ours."""


@dataclass(frozen=True)
class Live:
    """A network with the modules that it was read from; none of a state or of `Parameters`."""

    params: Parameters
    activation: str
    batch_first: bool = False
    recurrent: Any = None
    linear: Any = None
    whole: Any = None  # what both are parts of
    said: tuple[str, ...] = ()  # what was done to it


def live(model: Any, activation: str | None) -> Live:
    """Read a network of any of the forms that `show` takes.

    Raises
    ------
    ValueError
        It is none of them; the message says which can be shown.
    """
    if isinstance(model, Parameters):
        return Live(model, activation or "tanh")
    if isinstance(model, Mapping):
        state = {name: numbers(value, str(name)[:80]) for name, value in model.items()}
        params = from_torch(state, activation=activation)
        return Live(params, activation or "tanh", said=_moved(model.values()))
    recurrent, linear, whole = _parts(model)
    _require_one_layer(recurrent)
    own = getattr(recurrent, "nonlinearity", "tanh")
    if activation not in (None, own):
        raise ValueError(f"activation: expected {own}, which the module has, got {activation!r}")
    state = {f"rnn.{name}": numbers(value) for name, value in recurrent.state_dict().items()}
    said = _moved(recurrent.parameters())
    if linear is None:
        state["fc.weight"] = np.eye(int(recurrent.hidden_size))
        said = (*said, "there is no nn.Linear, so the state itself is read out")
    else:
        state |= {f"fc.{name}": numbers(value) for name, value in linear.state_dict().items()}
    return Live(
        from_torch(state, activation=own),
        own,
        bool(getattr(recurrent, "batch_first", False)),
        recurrent,
        linear,
        whole,
        said,
    )


def numbers(value: Any, name: str = "model") -> Array:
    """Return what a tensor or an array holds, in float64 and in the memory of the processor.

    Raises
    ------
    ValueError
        Its numbers are not real, or there are none, as on PyTorch's device "meta".
    """
    if hasattr(value, "detach"):
        if getattr(value, "is_meta", False):
            raise ValueError(f'{name}: expected numbers, got a tensor on the device "meta"')
        value = value.detach().cpu()
        value = (value if value.is_complex() else value.double()).numpy()
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name}: expected rows of numbers of equal length, got {repr(value)[:40]}"
        ) from None
    if array.dtype.kind not in NO_NUMBERS:
        with suppress(TypeError, ValueError):
            return np.asarray(array, dtype=np.float64)
    raise ValueError(f"{name}: expected real numbers, got {repr(value)[:40]}")


def loss_name(loss: Any) -> str:
    """Return our name of a loss: a name, or a module of PyTorch's that takes the mean.

    Raises
    ------
    ValueError
        It is a module of another kind.
    """
    if isinstance(loss, str):
        return loss
    kind = kind_of(loss, LOSSES)
    if kind is None or getattr(loss, "reduction", "") != "mean":
        raise ValueError(
            f"loss: expected a name or {', '.join(f'nn.{name}()' for name in LOSSES)}, "
            f"got {type(loss).__name__}{'' if kind is None else ' without the mean'}"
        )
    if kind == "HuberLoss" and loss.delta != 1:
        raise ValueError(f"loss: expected nn.HuberLoss with delta = 1, got {loss.delta:g}")
    return LOSSES[kind]


def kind_of(module: Any, names: Iterable[str]) -> str | None:
    """Return which of PyTorch's modules it is, or is derived from; None for none of the names."""
    kinds = [kind.__name__ for kind in type(module).__mro__ if kind.__module__.startswith(OF_TORCH)]
    return next((name for name in kinds if name in names), None)


def _parts(model: Any) -> tuple[Any, Any, Any]:
    """Return the recurrent module, the nn.Linear if any, and what both are parts of, if any."""
    pair = model if isinstance(model, tuple | list) else None
    holders = pair if pair is not None else [model]
    if not holders or not all(hasattr(each, "named_modules") for each in holders):
        raise ValueError(
            f"model: expected {WANTED}, a state dict or Parameters, got {type(model).__name__}"
        )
    found: dict[str, list[Any]] = {"recurrent": [], "linear": [], "other": []}
    for module in (part for each in holders for part in each.modules()):
        if kind_of(module, (*LAYERS, *CELLS)):
            found["recurrent"].append(module)
        elif kind_of(module, (LINEAR,)):
            found["linear"].append(module)
        elif any(True for _ in module.parameters(recurse=False)):
            found["other"].append(module)
    if len(found["recurrent"]) != 1 or len(found["linear"]) > 1 or found["other"]:
        came = [type(each).__name__ for kind in found.values() for each in kind]
        raise ValueError(f"model: expected {WANTED}, got {', '.join(came) or 'none'}"[:300])
    recurrent, linear = found["recurrent"][0], next(iter(found["linear"]), None)
    is_part = pair is None and model is not recurrent
    return recurrent, linear, model if is_part else None


def _require_one_layer(recurrent: Any) -> None:
    if getattr(recurrent, "num_layers", 1) != 1:
        raise ValueError(f"model: expected one layer, got {recurrent.num_layers}")
    if getattr(recurrent, "bidirectional", False):
        raise ValueError("model: expected one direction, got a bidirectional module")
    if getattr(recurrent, "proj_size", 0):
        raise ValueError(
            f"model: expected a state that is not projected, got proj_size={recurrent.proj_size}"
        )


def _moved(tensors: Iterable[Any]) -> tuple[str, ...]:
    """Say what had to be moved or widened."""
    first = next(iter(tensors), None)
    device = str(getattr(first, "device", "cpu"))
    dtype = str(getattr(first, "dtype", "float64")).removeprefix("torch.")
    said = [] if device.startswith("cpu") else [f"moved from {device}"]
    return (*said, *([] if dtype == "float64" else [f"widened from {dtype} to float64"]))
