"""The forward pass in a format, every operation watched."""

from dataclasses import dataclass

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core.activations import activation_named
from rnn_core.forms.form import Form, evaluate
from rnn_core.frozen import Frozen
from rnn_core.precision import places
from rnn_core.precision.families import loss_by
from rnn_core.precision.watch import Place, Watch
from rnn_core.types import Parameters, Trace


@dataclass(frozen=True)
class Step(Frozen):
    """What one step computes: arrays (B, …); the last two are there where it is read out."""

    x: FloatArray
    z: FloatArray
    h: FloatArray
    logit: FloatArray | None
    term: FloatArray | None  # only with a target


def forward_pass(trace: Trace, watch: Watch, form: Form) -> Trace:
    """Return the run of `trace` in the watch's format, with its loss computed by `form`."""
    kind = watch.dtype
    params = converted_parameters(trace.params, watch)
    h = watch.converted(places.timed("h", 0, "input"), trace.h0)
    initial, made = h, []
    for t in range(1, trace.steps + 1):
        made.append(forward_step(trace, params, t, h, watch, form))
        h = made[-1].h
    x, states = [step.x for step in made], [initial, *(step.h for step in made)]
    terms = [step.term for step in made if step.term is not None]
    family = loss_by(trace.loss_name, form.name, kind.name)
    ones = np.ones((trace.steps + 1, trace.batch, 1), kind)
    rows = [np.stack([*x, np.zeros_like(x[0])]), np.stack(states), ones]
    return Trace.trusted(
        params=params,
        activation=trace.activation,
        loss_name=trace.loss_name,
        readout=trace.readout,
        z=read_only(np.stack([step.z for step in made])),
        logits=read_only(np.stack([step.logit for step in made if step.logit is not None])),
        target=None if trace.target is None else read_only(trace.target.astype(kind)),
        loss=mean_of(np.stack(terms), trace.steps, watch) if terms else None,
        predict=family.predict,
        family=family,
        states=read_only(np.concatenate(rows, axis=2)),
    )


def forward_step(
    trace: Trace, params: Parameters, t: int, h: FloatArray, watch: Watch, form: Form
) -> Step:
    """Compute step t from the state before it, with parameters in the watch's format."""
    x = watch.converted(places.timed("x", t, "input"), trace.x[t - 1])
    z = _pre_activation(params, x, h, t, watch)
    # The activation is finite wherever z is, for every one there is.
    state = activation_named(trace.activation)(z)
    if t not in trace.readout_steps:
        return Step(x, z, state, None, None)
    logit = _logit(params, state, t, watch)
    if trace.target is None:
        return Step(x, z, state, logit, None)
    target = trace.target[t - trace.readout_steps.start].astype(watch.dtype)
    made = evaluate(form, {"a": logit, "y": target}, watch.dtype.name)
    return Step(x, z, state, logit, watch.form(places.timed("l", t, "forward"), made))


def converted_parameters(params: Parameters, watch: Watch) -> Parameters:
    """Return the parameters in the watch's format."""
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


def mean_of(terms: FloatArray, steps: int, watch: Watch) -> float:
    """Return L as a sum of n-th parts: no sum of finite terms is larger than the format holds."""
    parts = (terms / watch.dtype.type(terms.size)).reshape(1, -1)
    place = Place("L", "L", steps, "forward")
    ones = np.ones((1, parts.size), watch.dtype)
    names = (places.called("1"), places.called("the next ℓ/n"))
    return float(watch.product(place, ones, parts, names)[0, 0])
