"""How much of a run is sent at once: levels that can be read, steps around a position."""

import re

from rnn_core import Trace
from rnn_core.cells import MATVEC, terms

LEVELS = ("rolled", "step", "operation", "scalar")
WHOLE_NODES = {"rolled": 4000, "step": 2000, "operation": 2400, "scalar": 1500}
"""The most nodes sent at once, by level, so that stepping needs no server."""
CHUNK_NODES = 600
"""A longer sequence comes in chunks of about this many nodes around the position."""
MOST_PER_STEP = 120
"""A scalar level with more nodes than this at each step cannot be read and is not offered."""


TIMED = re.compile(r"(?:^|[^\w\]])(?![Wb]_)[a-z]\w*\[(\d{1,9})[,\]]")  # also in W_hh[2,1]·h[3,1]
BEFORE = re.compile(r"W_h[^y]")  # a recurrent product reads the state of the step before


def step_of(at: str, steps: int) -> int:
    """Return the time step (1 … T) that a position of the player belongs to."""
    if found := TIMED.search(at):
        reads_before = BEFORE.search(at) is not None
        return min(max(int(found[1]) + reads_before, 1), steps)
    return steps if at in ("end", "f:L", "b:L") else 1


def chunk(steps: int, per_step: int, whole: int, step: int) -> tuple[int, int] | None:
    """Return the first and last step to send around `step`, None for the whole sequence.

    A sequence of at most `whole` nodes is sent whole.

    Chunks overlap by half and start at fixed places, so that walking along a sequence changes
    chunk rarely, and no nearer than a quarter of its length to its border.
    """
    length = max(8, CHUNK_NODES // max(per_step, 1))
    if steps * per_step <= whole or steps <= length:
        return None
    hop = length // 2
    start = round((step - length / 2) / hop) * hop
    start = min(max(start, 0), steps - length)
    return start + 1, start + length


def levels_offered(trace: Trace) -> list[str]:
    """Return the levels that can be read at this size."""
    return [
        name for name in LEVELS if name != "scalar" or nodes_per_step(trace, name) <= MOST_PER_STEP
    ]


def level_shown(trace: Trace, level: str) -> str:
    """Return the level, or the finest that is always offered in place of one that is not."""
    return level if level in levels_offered(trace) else "operation"


def nodes_per_step(trace: Trace, level: str) -> int:
    """Return how many nodes each time step has at a level."""
    hidden, inputs = trace.params.hidden_size, trace.params.input_size
    outputs = trace.params.output_size if len(trace.logits) > 1 else 0
    if level == "rolled":
        return 0
    cell = trace.cell
    if level == "step":
        return 1 + len(cell.states) + 4 * bool(outputs)
    if level == "operation":
        inside = sum(1 for line in cell.lines for _ in terms(line.term))  # each line is one itself
        return 1 + inside + 5 * bool(outputs)
    products = (
        sum(inputs if vector == "x" else hidden for _, vector in cell.multiplied.values() if vector)
        - hidden
    )  # without those of the readout, which are counted below
    others = sum(1 for line in cell.lines for term in terms(line.term) if term.op != MATVEC)
    return hidden * (products + others) + inputs + outputs * (hidden + 4)


def node_count(trace: Trace, level: str) -> int:
    """Return about how many nodes a level of the whole sequence has."""
    parameters = trace.params.count if level == "scalar" else len(trace.params.names)
    return trace.steps * nodes_per_step(trace, level) + parameters + 12


def window(trace: Trace, level: str, step: int) -> tuple[int, int] | None:
    """Return the first and last step sent around a step, None for all."""
    if level == "rolled":
        return None
    return chunk(trace.steps, nodes_per_step(trace, level), WHOLE_NODES[level], step)
