"""How much of a run is sent at once: levels that can be read, steps around a position."""

from app.figures.common import DEFAULT_LEVEL
from rnn_core import Trace, computational_graph
from rnn_core.cells import MATVEC, terms
from rnn_core.graph import LEVELS, names

WHOLE_NODES = {"rolled": 4000, "step": 2000, "operation": 2400, "scalar": 1500}
"""The most nodes sent at once, by level, so that stepping needs no server."""
CHUNK_NODES = 600
"""A longer sequence comes in chunks of about this many nodes around the position."""
MOST_PER_STEP = 120
"""A scalar level with more nodes than this at each step cannot be read and is not offered."""

PHASES = ("f:", "b:")  # what stands before a node in a position of the player
MOST_STEPS_TRIED = 6  # of a term that an address names: those that it mentions, and the next ones


def step_of(trace: Trace, level: str, at: str) -> int:
    """Return the time step (1 … T) that a position of the player at a level belongs to.

    A term says what it reads, not where it stands, since it may read the step before: its node
    says that.
    """
    name = at[2:] if at.startswith(PHASES) else at
    if name in ("end", "L"):
        return trace.steps
    said = names.read(name, trace.params.names)
    step = said.t
    if step is None and said.steps:
        step = _step_of_term(trace, level, name, said.steps)
    return 1 if step is None else min(max(step, 1), trace.steps)


def _step_of_term(trace: Trace, level: str, name: str, mentioned: tuple[int, ...]) -> int:
    """Look for a node at the level shown, then at the others, that a link may have left."""
    near = sorted({step + later for step in mentioned for later in (0, 1)})
    levels = dict.fromkeys((level, *levels_offered(trace)))
    for shown in levels:
        for step in near[:MOST_STEPS_TRIED]:
            if shown != "rolled" and 1 <= step <= trace.steps:
                graph = computational_graph(
                    trace, None, level=shown, steps=(step, step), jacobians=False
                )
                if name in graph:
                    return int(graph.nodes[name]["t"])
    return max(mentioned)


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
    return level if level in levels_offered(trace) else DEFAULT_LEVEL


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
