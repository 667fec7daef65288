"""The forward pass made parallel: the plots of the page Without the loop, of an Elman network."""

from collections.abc import Sequence

from rnn_core import ITERATIVE_METHODS, Sizes, Trace
from unrolled.experiments import experiment_of
from unrolled.laboratories._drawing import Figures, drawing, require_elman, require_sample

__all__ = [
    "chunks",
    "iterations",
    "linear",
    "padding",
    "slopes",
    "staircases",
    "tangents",
    "throughput",
    "waiting",
]


def staircases(steps: int = 16) -> Figures:
    """Return what waits for what in the loop over so many steps of one unit, and in a scan.

    Raises
    ------
    ValueError
        There are no steps.
    """
    with drawing() as figures:
        from app.views.without_the_loop.figures import waiting

        return figures(waiting.staircases(Sizes(steps=steps, inputs=1, hidden=1)))


def waiting(trace: Trace) -> Figures:
    """Return what waits for what in each way to compute the states, which are all tried.

    Raises
    ------
    ValueError
        The network is no Elman network, or the run is too large for the app.
    """
    require_elman(trace)
    with drawing() as figures:
        from app.views.without_the_loop.compute.ways import WAYS, result_of
        from app.views.without_the_loop.figures import waiting as drawn

        experiment = experiment_of(trace)
        return figures(drawn.charts({name: result_of(experiment, name) for name in WAYS}))


def throughput(trace: Trace, *, seconds: float = 1.5) -> Figures:
    """Return how many sequences a second this machine computes, by how many at once.

    Raises
    ------
    ValueError
        The network is no Elman network, or the run is too large for the app.
    """
    require_elman(trace)
    with drawing() as figures:
        from app.views.without_the_loop.compute.batches import MOST_STEPS, measure_throughput
        from app.views.without_the_loop.figures import batch

        measured = measure_throughput(experiment_of(trace), seconds)
        return figures([batch.throughput(measured.by_name, min(trace.steps, MOST_STEPS))])


def padding(trace: Trace, lengths: Sequence[int], *, sample: int = 0, unit: int = 1) -> Figures:
    """Return the states of one unit in a padded batch, of the first steps of a sequence.

    Parameters
    ----------
    lengths
        How many of its steps each sequence of the batch has.
    unit
        The hidden unit, from 1.

    Raises
    ------
    ValueError
        The network is no Elman network, there is no target, or a length or the unit is none.
    """
    require_elman(trace)
    require_sample(trace, sample)
    _require_unit(trace, unit)
    with drawing() as figures:
        from app.views.without_the_loop.compute.batches import checked_lengths, padding_of
        from app.views.without_the_loop.figures import batch

        experiment = experiment_of(trace, sample=sample)
        run = padding_of(experiment, checked_lengths(", ".join(map(str, lengths)), experiment)).run
        shown = run.trace.h[:, :, unit - 1]
        return figures([batch.padded(shown, run.mask.astype(float), unit - 1)])


def chunks(trace: Trace, *, length: int = 2, kind: str = "chunks") -> Figures:
    """Return where the gradient is cut, and what is lost by each length of the pieces.

    Parameters
    ----------
    length
        Steps between cuts.
    kind
        Where it is cut: a name in `rnn_core.TRUNCATIONS`.

    Raises
    ------
    ValueError
        The network is no Elman network, there is no target, or the length or the kind is none.
    """
    require_elman(trace)
    with drawing() as figures:
        from app.views.without_the_loop.compute.cuts import cuts_of, flow_of, lengths_of
        from app.views.without_the_loop.figures import cuts

        experiment = experiment_of(trace)
        lengths = tuple(sorted({*lengths_of(experiment, kind), length}))
        compared = cuts_of(experiment, lengths, kind)
        chosen = next(cut for cut in compared if cut.length == length)
        flow = flow_of(experiment, length, kind)
        return figures([cuts.flow(flow, trace.steps, ""), cuts.loss(compared, chosen)])


def slopes(trace: Trace, *, sample: int = 0) -> Figures:
    """Return φ′(z_t) of each unit and step with tanh, and with ReLU on the same weights.

    Raises
    ------
    ValueError
        The network is no Elman network, or there is no such sequence.
    """
    require_elman(trace)
    require_sample(trace, sample)
    with drawing() as figures:
        from app.views.without_the_loop.compute.pieces import COMPARED, slopes_of
        from app.views.without_the_loop.figures import slopes as drawn
        from rnn_core import ACTIVATIONS

        experiment = experiment_of(trace)
        maps = {
            name: (ACTIVATIONS[name].symbol, slopes_of(experiment, name).slope[:, sample])
            for name in COMPARED
        }
        return figures([drawn.slopes(maps, dict.fromkeys(maps, ""))])


def tangents(trace: Trace, *, around: str = "zero", sample: int = 0) -> Figures:
    """Return the network with a tangent in place of φ, and the error of each over what goes in.

    Parameters
    ----------
    around
        Where that of the states is taken: at z = "zero", at h = 0 with the "input", or along the
        "trajectory".

    Raises
    ------
    ValueError
        The network is no Elman network, there is no such sequence or tangent.
    """
    require_elman(trace)
    require_sample(trace, sample)
    with drawing() as figures:
        from app.views.without_the_loop.compute.approximations import AROUND, tangents_of
        from app.views.without_the_loop.figures import tangents as drawn

        if around not in AROUND:
            raise ValueError(f"around: expected one of {', '.join(AROUND)}, got {around!r}")
        made, refused = tangents_of(experiment_of(trace, sample=sample))
        if around in refused:
            raise ValueError(refused[around])
        return figures([drawn.states(made[around]), drawn.errors(made)])


def linear(trace: Trace) -> Figures:
    """Return how the network without φ is solved without a loop: scans, powers and one matrix.

    Raises
    ------
    ValueError
        The network is no Elman network, or the run is too large for the app.
    """
    require_elman(trace)
    with drawing() as figures:
        from app.views.without_the_loop.figures import tangents as drawn

        return figures(drawn.solutions(experiment_of(trace)))


def iterations(
    trace: Trace,
    method: str = "fixed_point",
    *,
    number: int | None = None,
    most: int = 100,
    chunk: int = 4,
    unit: int = 1,
    sample: int = 0,
) -> Figures:
    """Return an iterate of a method without the loop, and how all of them come nearer.

    Parameters
    ----------
    method
        A name in `rnn_core.ITERATIVE_METHODS`.
    number
        Which iterate, from 0; usually the last.
    most
        Iterations after which the loop does the rest.
    chunk
        Steps in a chunk, of "chunked_jacobi".
    unit
        The hidden unit that is drawn, from 1.

    Raises
    ------
    ValueError
        The network is no Elman network, or there is no such method, iterate, unit or sequence.
    """
    require_elman(trace)
    require_sample(trace, sample)
    _require_unit(trace, unit)
    if method not in ITERATIVE_METHODS:
        raise ValueError(f"method: expected one of {', '.join(ITERATIVE_METHODS)}, got {method!r}")
    if chunk < 1:
        raise ValueError(f"chunk: expected a whole number of at least 1, got {chunk}")
    with drawing() as figures:
        from app.views.without_the_loop.compute.solve import played_of
        from app.views.without_the_loop.figures import iterates

        played = played_of(experiment_of(trace, sample=sample), method, most, chunk)
        last = len(played.iterates) - 1
        at = last if number is None else number
        if not 0 <= at <= last:
            raise ValueError(f"number: expected an iterate from 0 to {last}, got {number}")
        return figures(
            [
                iterates.states(played.iterates[at], played.loop, unit - 1, at, played.fronts[at]),
                iterates.convergence(played.differences, at),
                iterates.residuals(played.solution.residuals, at),
            ]
        )


def _require_unit(trace: Trace, unit: int) -> None:
    hidden = trace.params.hidden_size
    if not 1 <= unit <= hidden:
        raise ValueError(f"unit: expected one from 1 to {hidden}, got {unit}")
