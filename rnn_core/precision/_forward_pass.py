"""The forward pass in a format, every operation watched."""

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core.activations import activation_named
from rnn_core.precision import places
from rnn_core.precision.families import loss_by
from rnn_core.precision.forms import Form, evaluate
from rnn_core.precision.watch import Place, Watch
from rnn_core.types import Parameters, Trace


def forward_pass(trace: Trace, watch: Watch, form: Form) -> Trace:
    """Return the run of `trace` in the watch's format, with its loss computed by `form`."""
    kind = watch.dtype
    phi = activation_named(trace.activation)
    params = _parameters(trace.params, watch)
    target = None if trace.target is None else trace.target.astype(kind)
    h = watch.converted(places.timed("h", 0, "input"), trace.h0)
    states, inputs, z, logits, terms = [h], [], [], [], []
    for t in range(1, trace.steps + 1):
        inputs.append(watch.converted(places.timed("x", t, "input"), trace.x[t - 1]))
        z.append(_pre_activation(params, inputs[-1], h, t, watch))
        h = phi(z[-1])  # finite wherever z is, for every activation there is
        states.append(h)
        if t not in trace.readout_steps:
            continue
        logits.append(_logit(params, h, t, watch))
        if target is not None:
            row = target[t - trace.readout_steps.start]
            made = evaluate(form, {"a": logits[-1], "y": row}, kind.name)
            terms.append(watch.form(places.timed("l", t, "forward"), made))
    family = loss_by(trace.loss_name, form.name, kind.name)
    ones = np.ones((trace.steps + 1, trace.batch, 1), kind)
    rows = [np.stack([*inputs, np.zeros_like(inputs[0])]), np.stack(states), ones]
    return Trace.trusted(
        params=params,
        activation=trace.activation,
        loss_name=trace.loss_name,
        readout=trace.readout,
        z=read_only(np.stack(z)),
        logits=read_only(np.stack(logits)),
        target=target,
        loss=_mean(np.stack(terms), trace.steps, watch) if terms else None,
        predict=family.predict,
        family=family,
        states=read_only(np.concatenate(rows, axis=2)),
    )


def _parameters(params: Parameters, watch: Watch) -> Parameters:
    arrays = {}
    for name, array in params.items():
        place = places.parameter(name, None, "input")
        arrays[name] = read_only(watch.converted(place, array[np.newaxis])[0])
    return Parameters.trusted(**arrays)


def _pre_activation(
    params: Parameters, x: FloatArray, h: FloatArray, t: int, watch: Watch
) -> FloatArray:
    """Return z = (W_xh x + W_hh h) + b_h, added from left to right."""
    by_input = watch.product(
        places.product("W_xh", "x", t, t),
        params.W_xh,
        x,
        (places.weight("W_xh"), places.unit("x", t)),
    )
    by_state = watch.product(
        places.product("W_hh", "h", t - 1, t),
        params.W_hh,
        h,
        (places.weight("W_hh"), places.unit("h", t - 1)),
    )
    place = places.timed("z", t, "forward")
    first, second = f"W_xh x_{t}", f"W_hh h_{t - 1}"
    both = watch.elementwise(
        place, "add", (by_input, by_state), (places.called(first), places.called(second))
    )
    return watch.elementwise(
        place,
        "add",
        (both, np.broadcast_to(params.b_h, both.shape)),
        (places.called(f"{first} + {second}"), places.called("b_h")),
    )


def _logit(params: Parameters, h: FloatArray, t: int, watch: Watch) -> FloatArray:
    product = watch.product(
        places.product("W_hy", "h", t, t),
        params.W_hy,
        h,
        (places.weight("W_hy"), places.unit("h", t)),
    )
    return watch.elementwise(
        places.timed("a", t, "forward"),
        "add",
        (product, np.broadcast_to(params.b_y, product.shape)),
        (places.called(f"W_hy h_{t}"), places.called("b_y")),
    )


def _mean(terms: FloatArray, steps: int, watch: Watch) -> float:
    """Add up the n-th parts, so that no sum of finite terms is larger than the format holds."""
    parts = (terms / watch.dtype.type(terms.size)).reshape(1, -1)
    place = Place("L", "L", steps, "forward")
    ones = np.ones((1, parts.size), watch.dtype)
    names = (places.called("1"), places.called("the next ℓ/n"))
    return float(watch.product(place, ones, parts, names)[0, 0])
