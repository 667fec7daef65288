"""The forward pass in a format, every operation watched."""

from dataclasses import dataclass

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.forms.form import Form, evaluate
from rnn_core.frozen import Frozen
from rnn_core.interpreter.program import program_of
from rnn_core.precision import places
from rnn_core.precision._cell_forward import CellStep, Values
from rnn_core.precision.families import loss_by
from rnn_core.precision.watch import Place, Watch
from rnn_core.types import Parameters, Trace


@dataclass(frozen=True)
class FormatStep(Frozen):
    """What one step computes, by name, (B, …); the last two are there where it is read out."""

    values: Values
    logit: FloatArray | None
    term: FloatArray | None  # only with a target


def forward_pass(trace: Trace, watch: Watch, form: Form) -> Trace:
    """Return the run of `trace` in the watch's format, with its loss computed by `form`."""
    kind, cell = watch.dtype, trace.cell
    params = converted_parameters(trace.params, watch)
    initial = {
        state: watch.converted(places.timed(state, 0, "input"), trace[state][0])
        for state in cell.states
    }
    states, made = initial, []
    for t in range(1, trace.steps + 1):
        made.append(forward_step(trace, params, t, states, watch, form))
        states = {state: made[-1].values[state] for state in cell.states}
    values = {name: np.stack([step.values[name] for step in made]) for name in trace.quantities}
    for state, first in initial.items():
        values[state] = np.concatenate([first[np.newaxis], values[state]])
    terms = [step.term for step in made if step.term is not None]
    return Trace.of_quantities(
        values,
        params=params,
        activation=trace.activation,
        family=loss_by(trace.loss_name, form.name, kind.name),
        readout=trace.readout,
        logits=np.stack([step.logit for step in made if step.logit is not None]),
        target=None if trace.target is None else read_only(trace.target.astype(kind)),
        loss=mean_of(np.stack(terms), trace.steps, watch) if terms else None,
    )


def forward_step(
    trace: Trace, params: Parameters, t: int, states: Values, watch: Watch, form: Form
) -> FormatStep:
    """Compute step t from the states before it, with parameters in the watch's format."""
    x = watch.converted(places.timed("x", t, "input"), trace.x[t - 1])
    before = {state + BEFORE: array for state, array in states.items()}
    step = CellStep(program_of(trace.cell, trace.activation), params, watch, t)
    values = step.forward({INPUT: x, **before})
    if t not in trace.readout_steps:
        return FormatStep(values, None, None)
    logit = _logit(params, values["h"], t, watch)
    if trace.target is None:
        return FormatStep(values, logit, None)
    target = trace.target[t - trace.readout_steps.start].astype(watch.dtype)
    made = evaluate(form, {"a": logit, "y": target}, watch.dtype.name)
    return FormatStep(values, logit, watch.form(places.timed("l", t, "forward"), made))


def converted_parameters(params: Parameters, watch: Watch) -> Parameters:
    """Return the parameters in the watch's format."""
    arrays = {}
    for name, array in params.items():
        place = places.parameter(name, None, "input")
        arrays[name] = read_only(watch.converted(place, array[np.newaxis])[0])
    return Parameters.trusted_of(params.cell, arrays)


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
