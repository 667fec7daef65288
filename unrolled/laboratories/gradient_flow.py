"""Why gradients vanish or explode, and what helps: the plots of the page Gradient flow.

Of the sequence `sample` of a run's batch, from 0. Gradients are taken anew, cut to `truncate` steps
where that is said; without a target there are none.
"""

from rnn_core import Trace
from unrolled.experiments import experiment_of
from unrolled.laboratories._drawing import Figures, drawing, require_elman, require_sample

__all__ = [
    "clipping",
    "jacobians",
    "lengths",
    "path",
    "remedies",
    "spectrum",
    "state_space",
    "sweep",
]


def lengths(
    trace: Trace, *, sample: int = 0, truncate: int | None = None, last_only: bool = False
) -> Figures:
    """Return the length of the gradient at every step, beside the bounds of theory.

    Parameters
    ----------
    trace
        What `rnn_core.forward` returns.
    last_only
        Take the gradient of the last step's term of the loss alone.

    Raises
    ------
    ValueError
        There is no target or no such sequence, or the run is too large for the app.
    """
    require_sample(trace, sample)
    with drawing() as figures:
        from app.figures.types import Steps
        from app.views.gradient_flow.compute.over_time import over_time_of
        from app.views.gradient_flow.figures import over_time

        experiment = experiment_of(trace, sample=sample, truncate=truncate)
        found = over_time_of(experiment, last_only=last_only, with_norms=True)
        steps = Steps(found.steps)
        charts = [over_time.chart(found.flow, found.bounds, steps)]
        if len(found.flow.sums) > 1:
            charts.append(over_time.of_sums(found.flow, steps))
        return figures(charts)


def spectrum(trace: Trace, *, sample: int = 0) -> Figures:
    """Return eigenvalues and singular values of W_hh, and how the slopes φ′(z_t) are distributed.

    Raises
    ------
    ValueError
        The network is no Elman network, or there is no such sequence.
    """
    require_elman(trace)
    require_sample(trace, sample)
    with drawing() as figures:
        from app.figures import spectrum as spectra
        from app.figures.types import Steps
        from app.views.gradient_flow.figures import saturation
        from rnn_core import ACTIVATIONS, activation_slopes
        from rnn_core import spectrum as spectrum_of

        found, slope = spectrum_of(trace.params.W_hh), activation_slopes(trace, sample)
        symbol = ACTIVATIONS[trace.activation].symbol
        return figures(
            [
                spectra.eigenvalues(found),
                spectra.singular_values(found),
                saturation.over_time(slope, symbol, Steps(len(slope))),
                saturation.histogram(slope, symbol),
            ]
        )


def jacobians(trace: Trace, *, k: int = 0, sample: int = 0) -> Figures:
    """Return ∂h_T/∂h_k, and its singular values for all k.

    Raises
    ------
    ValueError
        There is no step k or no such sequence, or the run is too large for the app.
    """
    require_sample(trace, sample)
    if not 0 <= k <= trace.steps:
        raise ValueError(f"k: expected a step from 0 to {trace.steps}, got {k}")
    with drawing() as figures:
        from app.figures.types import Steps
        from app.views.gradient_flow.compute.sections import jacobians_of, states_listed
        from app.views.gradient_flow.figures import jacobian

        experiment, states = experiment_of(trace, sample=sample), trace.cell.states
        size = len(states) * trace.params.hidden_size
        (chosen,) = jacobians_of(experiment, (k,))
        listed = jacobians_of(experiment, states_listed(trace.steps, size))
        return figures(
            [
                jacobian.heat_map(chosen, trace.steps, states),
                jacobian.over_k(listed, k, Steps(trace.steps), jacobian.symbol(states)),
            ]
        )


def clipping(
    trace: Trace,
    *,
    norm_share: float = 0.5,
    value_share: float = 0.5,
    truncate: int | None = None,
) -> Figures:
    """Return what clipping does to the gradient of the parameters, by norm and by value.

    Parameters
    ----------
    norm_share
        The largest length, as a share of the gradient's.
    value_share
        The largest number, as a share of the largest |number|.

    Raises
    ------
    ValueError
        There is no target, or the gradient is zero or not finite.
    """
    with drawing() as figures:
        from app.views.gradient_flow.compute.sections import clippings_of
        from app.views.gradient_flow.figures import clipping as drawn

        experiment = experiment_of(trace, truncate=truncate)
        found = clippings_of(experiment, norm_share, value_share)
        parts = (found.before, found.by_norm, found.by_value)
        return figures([drawn.numbers(*parts), drawn.by_parameter(*parts)])


def remedies(
    trace: Trace,
    *,
    step: float = 0.25,
    truncate: int = 3,
    last_only: bool = False,
    sample: int = 0,
) -> Figures:
    """Return the length of the gradient with each remedy that the network can have.

    Parameters
    ----------
    step
        ε of the leaky network.
    truncate
        Steps after which the gradient of every loss is cut, in the line that is cut.
    last_only
        Take the gradient of the last step's term of the loss alone.

    Raises
    ------
    ValueError
        There is no target or no such sequence, or the run is too large for the app.
    """
    require_sample(trace, sample)
    with drawing() as figures:
        from app.figures.types import Steps
        from app.views.gradient_flow.compute.sections import remedies_of, treated_of
        from app.views.gradient_flow.figures import remedies as drawn

        experiment = experiment_of(trace, sample=sample)
        found = [
            treated_of(experiment, name, step, min(truncate, trace.steps), last_only=last_only)
            for name in remedies_of(experiment)
        ]
        return figures([drawn.chart(found, Steps(trace.steps))])


def state_space(trace: Trace, *, held: str = "zero", step: int = 1, sample: int = 0) -> Figures:
    """Return the state space: its field, the path through it, and its fixed points.

    Parameters
    ----------
    held
        The input that is held: "zero", "mean" of the sequence, or that of a "step".
    step
        That step, from 1.

    Raises
    ------
    ValueError
        The network is no Elman network, the input or the sequence is none of these, or no state is
        finite.
    """
    require_elman(trace)
    require_sample(trace, sample)
    with drawing() as figures:
        from app.views.gradient_flow.compute.space import INPUTS, fixed_points_of, input_of
        from app.views.gradient_flow.figures import state_space as drawn

        if held not in INPUTS:
            raise ValueError(f"held: expected one of {', '.join(INPUTS)}, got {held!r}")
        if not 1 <= step <= trace.steps:
            raise ValueError(f"step: expected one from 1 to {trace.steps}, got {step}")
        experiment = experiment_of(trace, sample=sample)
        found = fixed_points_of(experiment, held, step)
        return figures(drawn.charts(experiment, found, input_of(experiment, held, step)))


def path(trace: Trace, *, sample: int = 0) -> Figures:
    """Return the path of all states of a cell, in the plane in which it moves most.

    Raises
    ------
    ValueError
        There is no such sequence, the state is one number, or no state is finite.
    """
    require_sample(trace, sample)
    with drawing() as figures:
        from app.views.gradient_flow.compute.space import plane_of
        from app.views.gradient_flow.figures import trajectory

        plane = plane_of(trace, sample)
        if plane is None:
            raise ValueError("trace: expected finite states of two numbers or more, got others")
        return figures([trajectory.chart(plane.path, plane.names)])


def sweep(
    trace: Trace,
    *,
    radii: tuple[float, float, int] = (0.5, 1.6, 12),
    longest: int = 100,
    lengths: int = 12,
    noise: bool = False,
    sample: int = 0,
) -> Figures:
    """Return the map of ‖∂h_T/∂h_0‖ over spectral radius and length.

    Parameters
    ----------
    radii
        The smallest, the largest and how many, evenly spaced.
    longest, lengths
        The longest T, and how many lengths, evenly in ratio.
    noise
        Take N(0, 1) as input in place of the run's own sequence.

    Raises
    ------
    ValueError
        It is too much work, or a recurrent weight cannot be scaled.
    """
    require_sample(trace, sample)
    low, high, count = radii
    if not 0 < low <= high:
        raise ValueError(f"radii: expected 0 < smallest ≤ largest, got {low} and {high}")
    with drawing() as figures:
        from app.views.gradient_flow.compute import sweep as computed
        from app.views.gradient_flow.figures import sweep as drawn

        _require_count("radii", count, computed.MOST_RADII)
        _require_count("longest", longest, computed.LONGEST)
        _require_count("lengths", lengths, computed.MOST_LENGTHS)
        grid = computed.Grid(low, high, count, longest, lengths, noise=noise)
        return figures([drawn.chart(computed.map_of(experiment_of(trace, sample=sample), grid))])


def _require_count(name: str, count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise ValueError(f"{name}: expected a whole number from 1 to {most}, got {count}")
