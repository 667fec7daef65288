"""Chunks of time side by side: each sweep runs all chunks through their steps as one batch."""

from numpy.typing import ArrayLike

from rnn_core.loop_free.solution import Solution
from rnn_core.types import Parameters


def chunked_jacobi(
    params: Parameters,
    x: ArrayLike,
    *,
    chunk: int | None = None,
    h0: ArrayLike | None = None,
    activation: str = "tanh",
    tolerance: float = 0.0,
    max_iterations: int | None = None,
    keep_iterates: bool = False,
) -> Solution:
    """Solve for all states by Jacobi iteration over chunks of time.

    The T steps are cut into C chunks of `chunk` steps (the last may be shorter). A sweep runs
    all chunks side by side, as C·B columns of one batch, through their steps; each starts from
    the state its predecessor ended in at the last sweep (at first: from h_0). A chunk whose
    start did not change is final and rests; and as soon as a chunk's state is, bit for bit, what
    it was at the same step of the last sweep, the rest of the chunk is final too. After k sweeps
    the first k chunks are final.

    Parameters
    ----------
    params, x, h0, activation
        As for `forward`: x is (T, B, D), (T, D), or (T,) for D = 1; h0 (B, H) or (H,).
    chunk
        Steps in a chunk, 1 … T; about the cheapest for T and H unless given. 1 is fixed-point
        iteration, T is the loop.
    tolerance
        Stop when no state differs from φ(z_t) by more than `tolerance`·max(1, |h_t|). Zero, the
        default: until a sweep reproduces every bit.
    max_iterations
        Give up after so many sweeps and do what is not final by the loop; C unless given.
    keep_iterates
        Keep the states after every sweep, for showing them: the memory for max_iterations + 1 of
        them must be within `limits`.

    Returns
    -------
    Solution
        h = φ(z) exactly; `iterations` counts sweeps; read-only arrays.

    Raises
    ------
    ValueError
        As `forward`, or `chunk` is not from 1 to T, the tolerance is negative, or max_iterations
        is not positive.
    """
    raise NotImplementedError
