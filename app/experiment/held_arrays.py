"""The run with the holds as a trace and gradients, for whoever draws a run."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.held_run import held_run
from app.experiment.holding import Hold
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import Gradients, Trace
from rnn_core.graph import names

Arrays = Mapping[str, NDArray[Any]]


@cached
def held_arrays(
    experiment: Experiment, holds: tuple[Hold, ...], level: str
) -> tuple[Trace, Gradients | None] | None:
    """Return the run with the holds, None where nothing is held; see `held_run`.

    Its numbers are those of the shown sequence; the others of a batch are as they are. Of the
    gradients there are those by the quantities of the cell and by the logits: they no longer follow
    from one another by the network's equations alone.
    """
    run = held_run(experiment, holds, level)
    if not run.at:
        return None
    trace, grads = trace_of(experiment), gradients_if_any(experiment)
    put = _Putter(experiment.sample, trace)
    logits = put.into(trace.logits, "a", run.values)
    held = Trace.of_quantities(
        {name: put.into(array, name, run.values) for name, array in trace.quantities.items()},
        params=trace.params,
        activation=trace.activation,
        family=trace.family,
        readout=trace.readout,
        logits=logits,
        target=trace.target,
        loss=run.loss,
    )
    if grads is None:
        return held, None
    values = {name: put.into(array, name, run.grads) for name, array in grads.quantities.items()}
    return held, Gradients.trusted(
        trace=held,
        parameters=grads.parameters,
        z=values.get("z"),
        h=values["h"],
        logits=put.into(grads.logits, "a", run.grads),
        truncate=grads.truncate,
        upstream=None,
        values=values,
        kept_handed=None,
        kept_uses=None,
    )


class _Putter:
    """Puts the numbers of a graph's nodes into arrays of one sequence of a batch."""

    def __init__(self, sample: int, trace: Trace) -> None:
        self.sample, self.steps = sample, trace.steps

    def into(self, array: NDArray[Any], name: str, found: Arrays) -> NDArray[Any]:
        """Return a copy with the nodes `name[t]` or `name[t,unit]`; the last row is step T."""
        made = np.array(array)
        first = self.steps + 1 - len(made)
        for row in range(len(made)):
            t = first + row
            if (whole := found.get(names.node(name, t))) is not None:
                made[row, self.sample] = whole
                continue
            for unit in range(made.shape[-1]):
                if (number := found.get(names.node(name, t, unit + 1))) is not None:
                    made[row, self.sample, unit] = number
        made.setflags(write=False)
        return made
