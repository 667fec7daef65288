"""The program of a network as text: the graph prints by it, and the browser runs it."""

import json

from app.work.caching import STORE
from rnn_core import Trace, program


def program_text(trace: Trace) -> str:
    """Return the program of a run's network as JSON; it depends on names and sizes only."""
    params = trace.params
    sizes = (params.input_size, params.hidden_size, params.output_size)
    names = (trace.activation, trace.loss_name, trace.readout)

    def made() -> str:
        activation, loss, readout = names
        found = program(trace.cell, *sizes, activation=activation, loss=loss, readout=readout)
        return json.dumps(found, separators=(",", ":"), ensure_ascii=False)

    return STORE.get((program_text, trace.cell, sizes, names), made)
