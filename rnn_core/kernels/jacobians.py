"""Steps back by Jacobians, where calls cost more than arithmetic: few hidden units, one sequence.

∂h_t/∂h_{t-1} is made for all steps of a stretch at once. Then a step back is one product with it,
and what the gates and sums of a step get follows for all steps at once, too.
"""

from collections.abc import Callable, Iterable

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._parameters import Parameters
from rnn_core._workspace import JACOBIAN_HIDDEN, dot_of
from rnn_core.kernels.kernel import Kernel, KernelWithJacobians, StepSizes, Views


def with_jacobians(kernel: Kernel, sizes: StepSizes) -> KernelWithJacobians | None:
    """Return the kernel where these steps are gone back by Jacobians, else None."""
    batch, _, hidden, _ = sizes
    if isinstance(kernel, KernelWithJacobians) and batch == 1 and hidden <= JACOBIAN_HIDDEN:
        return kernel
    return None


def views_by_jacobians(totals: FloatArray, jacobians: FloatArray) -> Views:
    """Return what `loop_by_jacobians` goes through, from the last step to the first.

    `totals` is (1, steps + 1, 1, H), `jacobians` (steps, H, H) with row j for ∂h_t[j].
    """
    rows = totals[0, :, 0]
    later, sooner = rows[:0:-1], rows[-2::-1]
    return zip(later, map(dot_of, later), jacobians[::-1], sooner, strict=True)


def loop_by_jacobians(views: Views, entering: Iterable[FloatArray | None]) -> None:
    """Carry s = ∂L/∂h_t back through these steps; what enters at each is added before."""
    for (s, dot, jacobian, s_before), comes in zip(views, entering, strict=False):
        if comes is not None:
            np.add(s, comes, s)
        dot(jacobian, s_before)


def spread(params: Parameters, key: str, groups: Callable[[], list[FloatArray]]) -> FloatArray:
    """Return the (n H, H·H) by which factors [f_1 … f_n] are Σ_g diag(f_g) W_g, row after row.

    `groups` makes all W_g, (H, H) or several below one another; it is asked once for these
    parameters and this key.
    """
    found = params.prepared.get(key)
    if found is None:
        hidden = params.hidden_size
        weights = np.concatenate(groups()).reshape(-1, hidden, hidden)
        made = np.zeros((len(weights), hidden, hidden, hidden), params.dtype)
        units = np.arange(hidden)
        made[:, units, units] = weights
        found = params.prepared[key] = made.reshape(-1, hidden * hidden)
    return found
