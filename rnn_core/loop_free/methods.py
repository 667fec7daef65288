"""The methods without the loop, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from rnn_core._arrays import FloatArray, choose
from rnn_core._short import Shown
from rnn_core.activations import Activation
from rnn_core.loop_free.chunks import chunked_jacobi, fill_by_chunks
from rnn_core.loop_free.newton import newton
from rnn_core.loop_free.picard import fixed_point_iteration
from rnn_core.loop_free.solution import Solution
from rnn_core.types import Parameters

FILL_CAP = 200
"""Iterations of a method in place of the loop of `forward`."""


@dataclass(frozen=True)
class Method(Shown):
    """One way to the states without the loop, and where it comes from.

    `solve(params, x, *, h0, activation, tolerance, max_iterations, keep_iterates)` runs it.
    """

    name: str
    title: str
    idea: str  # one sentence
    source: str
    solve: Callable[..., Solution]


ITERATIVE_METHODS: Mapping[str, Method] = MappingProxyType(
    {
        method.name: method
        for method in (
            Method(
                "fixed_point",
                "Fixed-point iteration",
                "Every step at once, from the states of the last iteration.",
                "Song et al., ICML 2021",
                fixed_point_iteration,
            ),
            Method(
                "chunked_jacobi",
                "Chunked Jacobi",
                "Chunks of time side by side, each from where the one before ended last time.",
                "Song et al., ICML 2021 (block Jacobi)",
                chunked_jacobi,
            ),
            Method(
                "newton",
                "Newton (DEER)",
                "Each iteration solves the recurrence linearised at the present states by a scan.",
                "Lim et al., ICLR 2024",
                newton,
            ),
            Method(
                "quasi_newton",
                "Quasi-Newton (quasi-DEER)",
                "Newton with only the diagonal of the Jacobians.",
                "Gonzalez et al., NeurIPS 2024",
                partial(newton, quasi=True),
            ),
            Method(
                "elk",
                "Damped Newton (ELK)",
                "Newton in a trust region: each step is the mean of a Kalman smoother.",
                "Gonzalez et al., NeurIPS 2024",
                partial(newton, damping=1.0),
            ),
            Method(
                "quasi_elk",
                "Damped quasi-Newton (quasi-ELK)",
                "The trust region with only the diagonal of the Jacobians.",
                "Gonzalez et al., NeurIPS 2024",
                partial(newton, quasi=True, damping=1.0),
            ),
        )
    }
)


def fill_by(
    solver: str, params: Parameters, phi: Activation, states: FloatArray, z: FloatArray
) -> bool:
    """Write h_1 … h_T and z_1 … z_T without the loop; return False where the loop has to.

    The rows of states (T + 1, B, D + H + 1) are [x_{t+1}, h_t, 1], with x and h_0 filled in;
    z is (T, B, H). Both are as they were where nothing was found.

    Raises
    ------
    ValueError
        The solver is unknown, or needs more memory or work than `limits` allow.
    """
    method = choose("solver", {"loop": None, **ITERATIVE_METHODS}, solver)
    if method is None:
        return False
    if solver == "chunked_jacobi":
        return fill_by_chunks(params, phi, states, z)
    inputs = params.input_size
    found = method.solve(
        params,
        states[:-1, :, :inputs],
        h0=states[0, :, inputs:-1],
        activation=phi.name,
        max_iterations=min(len(z), FILL_CAP),
    )
    if found.fell_back:
        return False
    states[1:, :, inputs:-1] = found.h[1:]
    z[...] = found.z
    return True
