"""Runs of many kinds, and ways to read what the figures hold of them."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnn_core import Gradients, Parameters, Trace, backward, forward


def run(
    steps: int = 6,
    hidden: int = 2,
    *,
    inputs: int = 1,
    outputs: int = 1,
    batch: int = 1,
    target: Any = 1.0,
    truncate: int | None = None,
    cell: str = "elman",
    **options: Any,
) -> tuple[Trace, Gradients]:
    params = Parameters.random(inputs, hidden, outputs, seed=1, cell=cell)
    x = np.random.default_rng(2).normal(size=(steps, batch, inputs))
    trace = forward(params, x, target, **options)
    return trace, backward(trace, truncate=truncate)


def exploded() -> tuple[Trace, Gradients]:
    params = Parameters([[1e200], [1e200]], np.eye(2) * 1e100, [0, 0], [[1, 1]], [0])
    trace = forward(params, [1.0, 0, 0, 0], 1.0, activation="identity")
    return trace, backward(trace)


def huge() -> tuple[Trace, Gradients]:
    params = Parameters([[1e300]], [[1.0]], [0], [[1e-300]], [0])
    options: dict[str, Any] = {"activation": "identity", "loss": "squared_error"}
    trace = forward(params, [1.0, -0.5, 0.2], 0.5, **options)
    return trace, backward(trace)


def dead() -> tuple[Trace, Gradients]:
    params = Parameters([[1.0]] * 3, -np.eye(3), [-5] * 3, [[1, 1, 1]], [0])
    trace = forward(params, np.random.default_rng(3).normal(size=8), 1.0, activation="relu")
    return trace, backward(trace)


CASES = {
    "small": run,
    "one step, one unit": lambda: run(1, 1),
    "three units": lambda: run(5, 3),
    "many units": lambda: run(9, 14, inputs=5),
    "every step": lambda: run(7, 2, target=np.ones((7, 1, 1)), readout="every"),
    "two outputs": lambda: run(7, 2, outputs=2, target=np.ones((1, 1, 2))),
    "two outputs, every step": lambda: run(
        7, 2, outputs=2, target=np.ones((7, 1, 2)), readout="every"
    ),
    "squared error": lambda: run(6, 2, loss="squared_error"),
    "classes": lambda: run(6, 2, outputs=5, target=[3], loss="softmax_cross_entropy"),
    "classes, every step": lambda: run(
        6, 2, outputs=5, target=np.zeros((6, 1), int), loss="softmax_cross_entropy", readout="every"
    ),
    "batch": lambda: run(6, 2, batch=3, target=np.ones((1, 3, 1))),
    "truncated": lambda: run(20, 2, truncate=4),
    "long": lambda: run(1500, 5),
    "long, every step": lambda: run(1500, 2, target=np.ones((1500, 1, 1)), readout="every"),
    "LSTM": lambda: run(7, 3, inputs=2, cell="lstm"),
    "GRU": lambda: run(7, 2, cell="gru", target=np.ones((7, 1, 1)), readout="every"),
    "leaky": lambda: run(5, 3, cell="leaky"),
    "exploded": exploded,
    "huge": huge,
    "dead": dead,
}


def unpacked(spec: Any) -> np.ndarray:
    if not isinstance(spec, dict):
        return np.asarray(spec)
    flat = np.frombuffer(base64.b64decode(spec["bdata"]), np.dtype(spec["dtype"]).newbyteorder("<"))
    return flat.reshape([int(n) for n in spec["shape"].split(",")]) if "shape" in spec else flat


def charts(data: dict[str, Any]) -> dict[str, Any]:
    return {chart["id"]: chart for group in data["groups"] for chart in group["charts"]}


def views(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, chart in charts(data).items():
        for view in chart["views"]:
            yield name, view


def heat(view: dict[str, Any]) -> np.ndarray:
    return unpacked(view["figure"]["data"][0]["z"])
