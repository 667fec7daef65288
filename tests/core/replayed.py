"""Replays as their tests make them anew, and compare."""

import numpy as np

from rnn_core import backward, forward

LEVELS = ("step", "operation", "scalar")
SQUARED = {"loss": "squared_error", "readout": "every"}


def largest_gap(found, expected, key):
    gaps = [
        np.abs(found.nodes[n][key] - np.asarray(expected.nodes[n][key])).max() for n in expected
    ]
    return max(gaps)


def anew(trace, changed, sample, truncate=None):
    """Run forward and backward with changed leaves of one sample, given as nodes of level step."""
    params = trace.params.replace(
        **{n: v for n, v in changed.items() if n in dict(trace.params.items())}
    )
    x, h0, target = np.array(trace.x), np.array(trace.h0), np.array(trace.target)
    for name, value in changed.items():
        if name.startswith("x["):
            x[int(name[2:-1]) - 1, sample] = value
        if name == "h[0]":
            h0[sample] = value
        if name.startswith("y["):
            target[int(name[2:-1]) - trace.readout_steps.start, sample] = value
    again = forward(
        params,
        x,
        target,
        h0=h0,
        activation=trace.activation,
        loss=trace.loss_name,
        readout=trace.readout,
    )
    return again, backward(again, truncate=truncate)


def by_entry(changed):
    """The same change at the scalar level."""
    found = {}
    for name, value in changed.items():
        stem = name[:-1] + "," if name.endswith("]") else name + "["
        for index in np.ndindex(value.shape):
            found[stem + ",".join(str(i + 1) for i in index) + "]"] = value[index]
    return found
