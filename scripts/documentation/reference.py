"""The reference of the library: every public name, under what it is about."""

from collections.abc import Iterable, Mapping
from inspect import isclass, isfunction
from types import ModuleType

import rnn_core
import unrolled
from rnn_core import practice, training
from unrolled import laboratories

GROUPS = {
    "The two passes": "Parameters forward Trace backward Gradients gradient_check GradientCheck "
    "Difference PARAMETER_NAMES READOUTS program",
    "Cells, activations, losses": "CELLS Cell leaky_cell ACTIVATIONS Activation activation_named "
    "LOSSES Loss loss_named",
    "Weights": "INITIALISERS initialise with_spectral_radius from_torch to_torch",
    "The graph": "computational_graph LEVELS computation_order replay truncated_gradients paths "
    "Paths Path",
    "How gradients travel": "flow_of flow_back flow_through Flow direct_gradients "
    "activation_slopes jacobian_norms norm_bound theory Theory spectrum Spectrum state_jacobians "
    "spectral_norms end_jacobians end_jacobians_of EndJacobian Extended",
    "What helps": "clip_by_norm clip_by_value gradient_norm Clipped REMEDIES Remedy apply_remedy "
    "Treated",
    "Where states rest": "find_fixed_points fixed_point_starts vector_field FixedPoint FixedPoints "
    "principal_components Principal",
    "Many networks": "Sweep run_sweep_chunk sweep_chunks assemble_sweep SweepChunk SweepMap "
    "sweep_seconds spaced_lengths repeat_to_length",
    "Batches and chunks": "pad forward_padded backward_padded PaddedRun hoisted hoisted_in_chunks "
    "truncation_loss TRUNCATIONS Cut",
    "Without the loop": "linearise Linearisation linear_error prefix_scan scan_tree ScanTree "
    "ScanLevel doubling matrix_powers toeplitz_matrix block_toeplitz ITERATIVE_METHODS Method "
    "Solution fixed_point_iteration newton chunked_jacobi",
    "What waits for what": "FORWARD_WAYS forward_cost dependency_graph critical_path Sizes Cost",
    "Floating-point formats": "run_in_format FormatRun first_non_finite NonFinite",
}
"""Of `rnn_core`, in the order in which they are read."""

PACKAGES = {
    "unrolled": (unrolled, "unrolled", "A live network, shown with every number."),
    "rnn_core.training": (training, "Training", "Tasks, optimisers, and runs that can be resumed."),
    "rnn_core.practice": (practice, "Practice", "Sheets to redo by hand, and their marking."),
}
"""Other packages, with what is in each."""

PAGES = {
    "Gradient flow": laboratories.gradient_flow,
    "Training": laboratories.training,
    "Numerics": laboratories.numerics,
    "Without the loop": laboratories.without_the_loop,
}
"""Of `unrolled.laboratories`, by the page whose plots each has."""


def pages() -> dict[str, str]:
    """Return the Markdown of each page by its name.

    Raises
    ------
    ValueError
        A public name stands in no group, or a group has a name that is not public.
    """
    grouped = {title: names.split() for title, names in GROUPS.items()}
    named = sorted(name for names in grouped.values() for name in names)
    if named != sorted(rnn_core.__all__):
        odd = ", ".join(sorted({*named} ^ {*rnn_core.__all__}) or ["a name twice"])
        raise ValueError(f"reference: expected each public name in one group, got it wrong: {odd}")
    core = [f"## {title}\n\n{_listed(rnn_core, names)}" for title, names in grouped.items()]
    made = {
        "rnn_core": "# rnn_core\n\nWhat the library offers. It needs NumPy and NetworkX alone. "
        "Arrays are float64 or float32, and every result is read-only. Shapes are said in letters: "
        "T steps, B sequences, D inputs, H hidden units, K outputs.\n\n" + "\n\n".join(core)
    }
    for name, (module, title, about) in PACKAGES.items():
        made[name] = f"# {title}\n\n{about} In `{name}`:\n\n{_listed(module, module.__all__)}"
    drawn = [
        f"## {title}\n\n{module.__doc__}\n{_listed(module, module.__all__)}"
        for title, module in PAGES.items()
    ]
    made["unrolled.laboratories"] = "\n\n".join(
        [f"# Plots of the laboratories\n\n{laboratories.__doc__}", *drawn]
    )
    return {name: text + "\n" for name, text in made.items()}


def _listed(module: ModuleType, names: Iterable[str]) -> str:
    lines = [f".. py:currentmodule:: {module.__name__}", ""]
    for name in names:
        lines += [*_one(name, getattr(module, name)), ""]
    return "\n".join(["```{eval-rst}", *lines, "```"])


def _one(name: str, value: object) -> list[str]:
    if isclass(value):
        return [f".. autoclass:: {name}", "   :members:"]
    if isfunction(value) or callable(value):
        return [f".. autofunction:: {name}"]
    if isinstance(value, Mapping):
        said = f"By name: {', '.join(f'``{key}``' for key in value)}."
    elif isinstance(value, tuple | list):
        said = f"{', '.join(f'``{each}``' for each in value)}."
    else:
        said = f"``{value!r}``"
    return [f".. py:data:: {name}", "", f"   {said}"]
