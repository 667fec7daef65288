"""Elman networks in NumPy, with every number of the forward and the backward pass kept.

>>> from rnn_core import Parameters, backward, forward
>>> params = Parameters(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0], W_hy=[[2.0]], b_y=[0.0])
>>> trace = forward(params, [1.0, 0.0], 1.0, activation="relu")
>>> backward(trace).parameters.W_hh.item()
-0.5378828427399902
"""

from rnn_core._extended import Extended
from rnn_core.activations import ACTIVATIONS, Activation, activation_named
from rnn_core.backward import backward
from rnn_core.batching import PaddedRun, backward_padded, forward_padded, pad
from rnn_core.cells import CELLS, Cell, leaky_cell
from rnn_core.clipping import Clipped, clip_by_norm, clip_by_value, gradient_norm
from rnn_core.dependency import (
    FORWARD_WAYS,
    Cost,
    Sizes,
    critical_path,
    dependency_graph,
    forward_cost,
)
from rnn_core.fixed_points import (
    FixedPoint,
    FixedPoints,
    find_fixed_points,
    fixed_point_starts,
    vector_field,
)
from rnn_core.forward import forward
from rnn_core.gradcheck import Difference, GradientCheck, gradient_check
from rnn_core.gradient_flow import (
    Flow,
    Spectrum,
    Theory,
    activation_slopes,
    direct_gradients,
    flow_back,
    flow_of,
    flow_through,
    jacobian_norms,
    norm_bound,
    spectrum,
    theory,
)
from rnn_core.graph import (
    LEVELS,
    Path,
    Paths,
    computation_order,
    computational_graph,
    paths,
    replay,
    truncated_gradients,
)
from rnn_core.hoisting import hoisted, hoisted_in_chunks
from rnn_core.initialisers import INITIALISERS, initialise, with_spectral_radius
from rnn_core.interpreter.described import program
from rnn_core.interpreter.program import READOUTS
from rnn_core.jacobians import (
    EndJacobian,
    end_jacobians,
    end_jacobians_of,
    spectral_norms,
    state_jacobians,
)
from rnn_core.linear import (
    Linearisation,
    ScanLevel,
    ScanTree,
    block_toeplitz,
    doubling,
    linear_error,
    linearise,
    matrix_powers,
    prefix_scan,
    scan_tree,
    toeplitz_matrix,
)
from rnn_core.loop_free import (
    ITERATIVE_METHODS,
    Method,
    Solution,
    chunked_jacobi,
    fixed_point_iteration,
    newton,
)
from rnn_core.losses import LOSSES, Loss, loss_named
from rnn_core.precision import FormatRun, NonFinite, first_non_finite, run_in_format
from rnn_core.principal import Principal, principal_components
from rnn_core.remedies import REMEDIES, Remedy, Treated, apply_remedy
from rnn_core.sweep import (
    Sweep,
    SweepChunk,
    SweepMap,
    assemble_sweep,
    repeat_to_length,
    run_sweep_chunk,
    spaced_lengths,
    sweep_chunks,
    sweep_seconds,
)
from rnn_core.torch_state import from_torch, to_torch
from rnn_core.truncation import TRUNCATIONS, Cut, truncation_loss
from rnn_core.types import PARAMETER_NAMES, Gradients, Parameters, Trace

__all__ = [
    "ACTIVATIONS",
    "CELLS",
    "FORWARD_WAYS",
    "INITIALISERS",
    "ITERATIVE_METHODS",
    "LEVELS",
    "LOSSES",
    "PARAMETER_NAMES",
    "READOUTS",
    "REMEDIES",
    "TRUNCATIONS",
    "Activation",
    "Cell",
    "Clipped",
    "Cost",
    "Cut",
    "Difference",
    "EndJacobian",
    "Extended",
    "FixedPoint",
    "FixedPoints",
    "Flow",
    "FormatRun",
    "GradientCheck",
    "Gradients",
    "Linearisation",
    "Loss",
    "Method",
    "NonFinite",
    "PaddedRun",
    "Parameters",
    "Path",
    "Paths",
    "Principal",
    "Remedy",
    "ScanLevel",
    "ScanTree",
    "Sizes",
    "Solution",
    "Spectrum",
    "Sweep",
    "SweepChunk",
    "SweepMap",
    "Theory",
    "Trace",
    "Treated",
    "activation_named",
    "activation_slopes",
    "apply_remedy",
    "assemble_sweep",
    "backward",
    "backward_padded",
    "block_toeplitz",
    "chunked_jacobi",
    "clip_by_norm",
    "clip_by_value",
    "computation_order",
    "computational_graph",
    "critical_path",
    "dependency_graph",
    "direct_gradients",
    "doubling",
    "end_jacobians",
    "end_jacobians_of",
    "find_fixed_points",
    "first_non_finite",
    "fixed_point_iteration",
    "fixed_point_starts",
    "flow_back",
    "flow_of",
    "flow_through",
    "forward",
    "forward_cost",
    "forward_padded",
    "from_torch",
    "gradient_check",
    "gradient_norm",
    "hoisted",
    "hoisted_in_chunks",
    "initialise",
    "jacobian_norms",
    "leaky_cell",
    "linear_error",
    "linearise",
    "loss_named",
    "matrix_powers",
    "newton",
    "norm_bound",
    "pad",
    "paths",
    "prefix_scan",
    "principal_components",
    "program",
    "repeat_to_length",
    "replay",
    "run_in_format",
    "run_sweep_chunk",
    "scan_tree",
    "spaced_lengths",
    "spectral_norms",
    "spectrum",
    "state_jacobians",
    "sweep_chunks",
    "sweep_seconds",
    "theory",
    "to_torch",
    "toeplitz_matrix",
    "truncated_gradients",
    "truncation_loss",
    "vector_field",
    "with_spectral_radius",
]
