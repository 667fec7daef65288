"""How long a way may take, before it is tried: what is slow waits until it is asked for."""

from app.experiment.value import Experiment
from app.views.without_the_loop.compute.ways import MOST_DENSE, MOST_ITERATIONS, WAYS, chunk_length
from rnn_core import Sizes, forward_cost

GUESSED = {
    "fixed_point": MOST_ITERATIONS,
    "chunked_jacobi": 20,
    "newton": 10,
    "quasi_newton": 60,
    "elk": 30,
    "quasi_elk": 90,
}
"""Iterations reckoned with before a way has run."""

CALL_S, ENTRY_S, PRODUCT_S = 8e-6, 1e-8, 1e-9
"""Seconds of a few NumPy calls, of φ, and of a multiply-add: measured, roughly."""


def estimate(experiment: Experiment, name: str) -> float:
    """Return about how many seconds a way takes, before it has run."""
    steps, batch, inputs, hidden, _ = experiment.sizes
    if name == "toeplitz" and steps * hidden > MOST_DENSE:
        return 0.0
    tries = min(steps, GUESSED.get(name, 1))
    sizes = Sizes(steps, inputs, hidden, batch, tries, chunk_length(steps))
    way = WAYS[name].cost
    if way in ("loop", "hoisted"):
        calls = steps
    else:
        calls = tries * (sizes.chunk if way == "chunked_jacobi" else sizes.levels)
    # Wide products run at many times the speed of narrow ones; diagonal ones are none.
    pace = 4.0 if name.startswith("quasi") else min(1.0, max(0.05, 4 / hidden))
    seconds = forward_cost(way, sizes).work * pace * PRODUCT_S
    return seconds + calls * CALL_S + tries * steps * batch * hidden * ENTRY_S
