"""The sheets of the page, drawn or made of the experiment, and their marks."""

from app.experiment.run import NO_TARGET, trace_of
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core.practice import DIGITS, Network, Sheet, questions_of, sheet_of


@cached
def drawn(grade: int, seed: int) -> Sheet:
    """Return the sheet of a grade and a seed."""
    return sheet_of(grade, seed)


@cached
def own(experiment: Experiment, *, rounded: bool = False) -> Sheet:
    """Return all that can be asked about the shown sequence of the experiment.

    `rounded` numbers have three digits, as a worksheet gives them.

    Raises
    ------
    ValueError
        It has no target, is truncated, or is too large to be redone by hand; one sentence.
    """
    if not experiment.has_target:
        raise ValueError(NO_TARGET)
    if experiment.truncate is not None and experiment.truncate < experiment.sizes[0]:
        raise ValueError(
            "truncate: expected the whole of back-propagation through time, got gradients cut "
            f"after {experiment.truncate} steps"
        )
    network = Network.of_trace(trace_of(experiment), experiment.sample)
    if rounded:
        network = network.rounded(DIGITS)
    return Sheet(network, questions_of(network), title=experiment.title)
