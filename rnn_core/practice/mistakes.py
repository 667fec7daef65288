"""Mistakes with names: each is the reckoning with one thing done wrongly, throughout.

What somebody wrote stays what it is, so that where all before a number is written down, the mistake
is in that number alone. A new one is a class below, or in `slips`, and its entry in `MISTAKES`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from rnn_core._short import Shown
from rnn_core.practice import slips
from rnn_core.practice.network import Network
from rnn_core.practice.reckoning import Reckoning

Way = Callable[..., Reckoning]  # of a network, what is written, and maybe an arithmetic


@dataclass(frozen=True)
class Mistake(Shown):
    """A mistake: what it is called, what is said to who made it, and the ways it can be made.

    `ways(network)` are reckonings that make it, more than one where the network has more than one
    place for it.
    """

    name: str
    says: str
    ways: Callable[[Network], Iterator[Way]]


def _always(*ways: Way) -> Callable[[Network], Iterator[Way]]:
    return lambda network: iter(ways)


def _pairs_of_gates(network: Network) -> Iterator[Way]:
    gates = [line.name for line in network.cell.lines if line.op == "sigmoid"]
    for pair in combinations(gates, 2):
        yield partial(slips.GatesSwapped, pair=pair)


def _turned_gates(network: Network) -> Iterator[Way]:
    for step in network.plan.instructions:
        if step.op.name == "one_minus":
            yield partial(slips.GateTurned, gate=str(step.operands[0]))


def _last_step(network: Network) -> Iterator[Way]:
    yield partial(slips.OneStep, t=network.steps)


def _single_steps(network: Network) -> Iterator[Way]:
    for t in range(1, network.steps):
        yield partial(slips.OneStep, t=t)


MISTAKES: Mapping[str, Mistake] = {
    mistake.name: mistake
    for mistake in (
        Mistake(
            "bias_forgotten",
            "the bias is left out of the sum",
            _always(slips.BiasForgotten),
        ),
        Mistake(
            "state_not_carried",
            "the state of the step before is not carried on: the initial one stands in its place",
            _always(slips.StateNotCarried),
        ),
        Mistake(
            "input_before",
            "x of the step before stands in place of this step's",
            _always(slips.InputBefore),
        ),
        Mistake(
            "columns_for_rows",
            "the matrix is read by columns: Wᵀ stands in place of W",
            _always(slips.ColumnsForRows),
        ),
        Mistake(
            "function_left_out",
            "the function is left out: this is the number that goes into it",
            _always(slips.FunctionLeftOut),
        ),
        Mistake(
            "other_function",
            "tanh and σ are exchanged",
            _always(slips.OtherFunction),
        ),
        Mistake("gates_swapped", "two gates are exchanged", _pairs_of_gates),
        Mistake(
            "gate_turned",
            "the gate is the other way round: 1 − u in place of u",
            _turned_gates,
        ),
        Mistake(
            "other_class",
            "the loss is that of the other class: 1 − p in place of p",
            _always(slips.OtherClass),
        ),
        Mistake(
            "common_logarithm",
            "the logarithm is that to base 10, not the natural one",
            _always(slips.CommonLogarithm),
        ),
        Mistake("half_forgotten", "the factor ½ is left out", _always(slips.HalfForgotten)),
        Mistake("target_minus", "y − p stands in place of p − y", _always(slips.TargetMinus)),
        Mistake("target_forgotten", "p stands in place of p − y", _always(slips.TargetForgotten)),
        Mistake(
            "slope_of_prediction",
            "σ′(a) is multiplied in, which p − y already contains",
            _always(slips.SlopeOfPrediction),
        ),
        Mistake(
            "no_transpose",
            "the matrix is not transposed: W stands in place of Wᵀ",
            _always(slips.NoTranspose),
        ),
        Mistake(
            "slope_at_value",
            "φ′ is taken at φ(z), where z belongs",
            _always(slips.SlopeAtValue),
        ),
        Mistake(
            "slope_of_input",
            "z stands in place of φ(z) in φ′, as in 1 − z²",
            _always(slips.SlopeOfInput),
        ),
        Mistake("slope_forgotten", "φ′ is left out", _always(slips.SlopeForgotten)),
        Mistake(
            "later_forgotten",
            "the way through the next step is left out",
            _always(slips.LaterForgotten),
        ),
        Mistake(
            "now_forgotten",
            "the way through this step's own readout is left out",
            _always(slips.NowForgotten),
        ),
        Mistake(
            "state_after",
            "h_t stands in place of h_{t−1}",
            _always(slips.StateAfter),
        ),
        Mistake(
            "last_step_only",
            "only the last step's term of the sum over time is there (truncated)",
            _last_step,
        ),
        Mistake(
            "no_sum",
            "there is no sum over time: this is the term of one step",
            _single_steps,
        ),
        Mistake(
            "mean_for_sum",
            "the terms of the steps are averaged, not added up",
            _always(slips.MeanForSum),
        ),
        Mistake(
            "outer_turned",
            "the outer product is turned round: row and column are exchanged",
            _always(slips.OuterTurned),
        ),
    )
}
"""The mistakes, by name, in the order of the computation."""
