"""Whether a sheet can be redone by hand with the digits it asks for."""

from itertools import combinations

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.graph.plan import LETTER
from rnn_core.practice.mistakes import MISTAKES
from rnn_core.practice.network import Network
from rnn_core.practice.reckoning import Reckoning, by_place
from rnn_core.practice.sheet import Sheet
from rnn_core.practice.slack import slack

SMALLEST, LARGEST = 0.01, 100.0
"""What the size of an answer is between, so that it is written without an exponent."""

MOST_LOST = 0.01
"""The part of an answer that rounding its terms and their factors to three digits may change."""

MOST_ROUNDED = 0.005
"""The part that a pass with every number rounded to three digits differs by, at most."""


IN_A_SUM = ("bias_forgotten", "state_not_carried", "input_before", "columns_for_rows")
"""The mistakes that are made where a sum of the forward pass is formed."""

APART = 0.01


def is_in_range(network: Network) -> bool:
    """Whether no number of the run is so small or so large that it needs an exponent.

    0 is in range; 100 is not, nor 0.005.
    """
    trace, grads = network.trace, network.gradients
    numbers = np.concatenate(
        [
            *(trace[name].ravel() for name in network.cell.line),
            *(grads[name].ravel() for name in network.cell.line),
            grads.logits.ravel(),
            grads.parameters.vector,
            [trace.loss],
        ]
    )
    sizes = np.abs(numbers)
    return bool(sizes.max() < LARGEST and not ((sizes > 0) & (sizes < SMALLEST)).any())


def is_exact(sheet: Sheet) -> bool:
    """Whether every answer is exact to the digits asked for: none gets rounded."""
    return sheet.answers == sheet.key


def is_fair(sheet: Sheet) -> bool:
    """Whether every sum keeps its digits, and a pass rounded at every step gets the answers."""
    pairs = list(zip(sheet.questions, sheet.answers, strict=True))
    if not all(sheet.answers):
        return False
    exact = Reckoning(sheet.network, {})
    # The last first: most that is refused is so for a sum over time, which loses most.
    if not all(
        slack(exact, question) <= MOST_LOST * abs(answer) for question, answer in pairs[::-1]
    ):
        return False
    rounded = Reckoning(sheet.network, by_place(dict(zip(sheet.questions, sheet.key, strict=True))))
    return not any(
        abs(rounded.expected(question) - answer) > MOST_ROUNDED * abs(answer)
        for question, answer in pairs
    )


def transposes_tell_apart(network: Network) -> bool:
    """Whether no square matrix is its own transpose, which would hide that it was forgotten."""
    squares = [W for _, W in network.parameters.items() if W.ndim == 2 and 1 < len(W) == len(W.T)]
    return not any(np.array_equal(W, W.T) for W in squares)


def terms_tell_apart(network: Network) -> bool:
    """Whether in each sum over time the last term and the mean are no other term."""
    if network.steps == 1:
        return True
    for use in network.gradients.uses:
        terms = use.gradient[:, 0]
        if use.vector is not None:
            terms = terms[:, :, np.newaxis] * use.vector[:, 0, np.newaxis]
        if not _are_apart(terms):
            return False
    return True


def sums_tell_apart(sheet: Sheet) -> bool:
    """Whether the mistakes `IN_A_SUM` of the forward pass lead to different numbers."""
    network = sheet.network
    written = by_place(dict(zip(sheet.questions, sheet.key, strict=True)))
    right = Reckoning(network, written)
    wrong = [way(network, written) for name in IN_A_SUM for way in MISTAKES[name].ways(network)]
    for name in network.cell.sums:
        for t in network.read if name == LETTER else range(1, network.steps + 1):
            values = [each.formula("value", name, t) for each in (right, *wrong)]
            changed = [each for each in values[1:] if not np.array_equal(each, values[0])]
            for one, other in combinations(changed, 2):
                same = np.abs(one - other) <= APART * np.abs(one)
                if (same & (np.abs(one - values[0]) > APART * np.abs(values[0]))).any():
                    return False
    return True


def _are_apart(terms: FloatArray) -> bool:
    last, others, mean = terms[-1], terms[:-1], terms.mean(axis=0)
    same = (np.abs(others - last) <= APART * np.abs(last)) & (last != 0)
    averaged = (np.abs(terms - mean) <= APART * np.abs(mean)) & (mean != 0)
    return not (same.any() or averaged.any())
