"""The states of a non-linear recurrence without the loop over time.

All states at once are the solution of one equation, h = F(h) with F(h)_t = φ(W_xh x_t +
W_hh h_{t-1} + b_h). Each method here starts from a guess of all of them and improves it over the
whole sequence at a time; each ends by the loop where it does not get there.
"""

from rnn_core.loop_free.chunks import chunked_jacobi
from rnn_core.loop_free.methods import ITERATIVE_METHODS, Method
from rnn_core.loop_free.newton import newton
from rnn_core.loop_free.picard import fixed_point_iteration
from rnn_core.loop_free.solution import Solution

__all__ = [
    "ITERATIVE_METHODS",
    "Method",
    "Solution",
    "chunked_jacobi",
    "fixed_point_iteration",
    "newton",
]
