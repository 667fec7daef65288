"""A text of the reader's own as a task: the next character, judged on the end of the text."""

from dataclasses import replace

from rnn_core.training import Setup, Task, characters

MOST_CHARACTERS = 200_000
MOST_SYMBOLS = 128
TRAIN_SHARE = 0.8
LONGEST = 30

EXAMPLE = "the cat sat on the mat. the dog sat on the log. the cat saw the dog. " * 5


def task(name: str, text: str) -> Task:
    """Return the task of a text.

    Raises
    ------
    ValueError
        The text is too long or too short, or has too many or too few different characters.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"text: expected at most {MOST_CHARACTERS:,} characters, got {len(text):,}"
        )
    different = len(set(text))
    if different > MOST_SYMBOLS:
        raise ValueError(
            f"text: expected at most {MOST_SYMBOLS} different characters, got {different}"
        )
    held_out = len(text) - int(TRAIN_SHARE * len(text))
    length = max(2, min(LONGEST, held_out - 1))
    setup = Setup(length=length, hidden=64, updates=500, learning_rate=0.005)
    return replace(characters(text, train_share=TRAIN_SHARE, setup=setup), name=name)
