"""The next character of a text."""

import numpy as np
from numpy.typing import NDArray

from rnn_core._checks import finite, of, takes
from rnn_core._checks import text as a_text
from rnn_core.training.tasks.task import Batch, Setup, Task, same


@takes(text=a_text, train_share=finite(0, 1), setup=of(Setup))
def characters(text: str, *, train_share: float, setup: Setup) -> Task:
    """Return the task of the next character of a text, judged on its end.

    The alphabet is the characters that occur, in the order of their code points. The baseline is
    always to say the most frequent character; solved is half again as often right.

    Raises
    ------
    ValueError
        The text has fewer than two different characters, or a part is shorter than a window.
    """
    alphabet = sorted(set(text))
    if len(alphabet) < 2:
        raise ValueError(f"text: expected at least 2 different characters, got {len(alphabet)}")
    cut = int(train_share * len(text))
    if min(cut, len(text) - cut) < setup.length + 1:
        raise ValueError(
            f"text: expected at least {setup.length + 1} characters before and after the split, "
            f"got {cut} and {len(text) - cut}"
        )
    place = {symbol: index for index, symbol in enumerate(alphabet)}
    codes = np.array([place[symbol] for symbol in text])
    test = codes[cut:]
    hot = np.eye(len(alphabet))

    def windows(source: NDArray[np.intp], starts: NDArray[np.intp], length: int) -> Batch:
        taken = source[starts[np.newaxis, :] + np.arange(length + 1)[:, np.newaxis]]
        return Batch(hot[taken[:-1]], taken[1:])

    most = float(np.bincount(test).max() / len(test))
    return Task(
        name="characters",
        title="The next character of a text",
        source="Elman (1990); Karpathy (2015)",
        loss="softmax_cross_entropy",
        readout="every",
        inputs=len(alphabet),
        outputs=len(alphabet),
        measure="accuracy",
        draw=lambda rng, batch, length: windows(
            codes, rng.integers(0, cut - length, batch), length
        ),
        baseline=same(most),
        solved=same(min(1.0, 1.5 * most)),
        setup=setup,
        longest=min(cut, len(text) - cut) - 1,
        symbols="".join(alphabet),
        classes=tuple(alphabet),
        held_out=lambda length: windows(test, np.arange(0, len(test) - length, length), length),
    )
