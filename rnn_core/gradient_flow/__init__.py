"""How long the gradient is at each step back, and what theory says about it beforehand.

    ∂L/∂h_t = W_hyᵀ ∂L/∂a_t + J_{t+1}ᵀ ∂L/∂h_{t+1},   J_t = ∂h_t/∂h_{t-1} = diag φ′(z_t) W_hh

Lengths of products of matrices bound it from above (Pascanu, Mikolov and Bengio, 2013, section
2.1), and the spectral radius estimates it. All are kept with exponents of their own, so that a
gradient of 10^−2000 is a number here and not 0.
"""

from rnn_core.gradient_flow.any_cell import flow_through
from rnn_core.gradient_flow.bounds import Theory, norm_bound, theory
from rnn_core.gradient_flow.elman import activation_slopes, flow_back, jacobian_norms
from rnn_core.gradient_flow.lengths import Flow, direct_gradients, flow_of
from rnn_core.gradient_flow.spectrum import Spectrum, spectrum

__all__ = [
    "Flow",
    "Spectrum",
    "Theory",
    "activation_slopes",
    "direct_gradients",
    "flow_back",
    "flow_of",
    "flow_through",
    "jacobian_norms",
    "norm_bound",
    "spectrum",
    "theory",
]
