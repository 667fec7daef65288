"""Comparisons that show something at one click: a new one is one entry."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.views.training.runs.plan import Plan
from app.views.training.tasks.offers import TaskChoice
from rnn_core.training import Clip, Settings


@dataclass(frozen=True)
class Comparison:
    """Runs of one task that are to be seen beside one another: a question, and what they show."""

    title: str
    question: str
    sentence: str
    plans: tuple[Plan, ...]


_DELAY = Settings(
    length=150,
    updates=800,
    hidden=16,
    initialiser="chrono",
    learning_rate=0.01,
    clip=Clip(norm=1.0),
)
_FIRST_BIT = TaskChoice("first_bit")

COMPARISONS: Mapping[str, Comparison] = MappingProxyType(
    {
        "delay": Comparison(
            "Elman beside LSTM, over a delay of 150 steps",
            "Two networks of 16 units read 150 bits and are asked for the first one. Which learns "
            "it, and where in the plots is it seen why the other does not?",
            "At the end of 150 steps the first bit is asked for. Both networks have 16 units and "
            "are drawn as PyTorch draws them, but the LSTM's gates begin open for long memories. "
            "In the Elman network the gradient shrinks at every step on its way back and is "
            "nothing when it comes to the first bit; along the LSTM's cell state it arrives.",
            (Plan(_FIRST_BIT, _DELAY), Plan(_FIRST_BIT, replace(_DELAY, cell="lstm"))),
        ),
    }
)
"""By name; the last plan of each is the one whose settings the page takes."""
