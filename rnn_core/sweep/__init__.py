"""How much of a gradient arrives at the other end, for many spectral radii and lengths at once.

The quantity is the end-to-end Jacobian of the recurrence h_t = φ(W_hh h_{t-1} + W_xh x_t + b_h),

    J_T = ∂h_T/∂h_0 = D_T W_hh D_{T-1} W_hh … D_1 W_hh,   D_t = diag φ′(z_t),

(of another cell the product of its `state_jacobians`) and its spectral norm ‖J_T‖₂, the largest
factor by which a gradient can change on its way back: ‖∂L/∂h_0‖ ≤ ‖J_T‖₂ ‖∂L/∂h_T‖ for every loss
read from h_T, with equality for one direction of ∂L/∂h_T (Pascanu, Mikolov and Bengio, 2013,
equation 5). It does not depend on a loss, and J_t extends J_{t-1}, so one pass over the longest
sequence gives every shorter length.

A sweep is a description; `sweep_chunks` parts it into pieces of plain data, `run_sweep_chunk`
computes one anywhere, and `assemble_sweep` puts the numbers together. Each row, one network at one
radius, is computed by itself: its bits do not depend on the chunk or on where that runs.
"""

from rnn_core.sweep.plan import (
    CHUNK_SECONDS,
    Sweep,
    SweepChunk,
    SweepMap,
    assemble_sweep,
    repeat_to_length,
    spaced_lengths,
    sweep_chunks,
    sweep_seconds,
)
from rnn_core.sweep.row import run_sweep_chunk

__all__ = [
    "CHUNK_SECONDS",
    "Sweep",
    "SweepChunk",
    "SweepMap",
    "assemble_sweep",
    "repeat_to_length",
    "run_sweep_chunk",
    "spaced_lengths",
    "sweep_chunks",
    "sweep_seconds",
]
