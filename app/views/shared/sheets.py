"""The sheets of practice, drawn or made of the experiment: which one is asked for."""

from collections.abc import Mapping

from app.experiment.run import NO_TARGET, trace_of
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core.practice import DIGITS, GRADES, MOST_SEED, Network, Sheet, questions_of, sheet_of

CONTROLS = GRADE, SEED, ROUNDED = "pr", "pr_seed", "pr_round"
"""The page's controls that say which sheet, as in its address."""
FIRST_GRADE, FIRST_SEED = 1, 1
OWN = 0
"""In place of a grade: the sheet is made of the experiment."""


@cached
def drawn(grade: int, seed: int) -> Sheet:
    """Return the sheet of a grade and a seed."""
    return sheet_of(grade, seed)


@cached
def own(experiment: Experiment, *, rounded: bool = False) -> Sheet:
    """Return all that can be asked about the shown sequence of the experiment.

    `rounded` numbers have three digits, as a worksheet gives them; where none has more, it is as
    it was.

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
    if rounded and not network.is_short:
        network = network.rounded(DIGITS)
    return Sheet(network, questions_of(network), title=experiment.title)


def asked(experiment: Experiment, controls: Mapping[str, str]) -> Sheet:
    """Return the sheet that the page shows with controls that stand so in its address.

    What of them cannot be has its default, as on the page.

    Raises
    ------
    ValueError
        As `own`.
    """
    grade = _whole(controls.get(GRADE, ""), (OWN, *GRADES), FIRST_GRADE)
    if grade == OWN:
        return own(experiment, rounded=controls.get(ROUNDED, "").lower() == "true")
    return drawn(grade, _whole(controls.get(SEED, ""), range(MOST_SEED + 1), FIRST_SEED))


def _whole(text: str, offered: tuple[int, ...] | range, default: int) -> int:
    number = int(text) if text.isdecimal() and len(text) <= len(str(MOST_SEED)) else default
    return number if number in offered else default
