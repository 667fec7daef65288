"""Sheets to redo by hand, and marks for what somebody made of them.

>>> from rnn_core.practice import mark, sheet_of
>>> sheet = sheet_of(grade=2, seed=0)
>>> marks = mark(sheet, {sheet.questions[0]: sheet.key[0]})
>>> marks[sheet.questions[0]].status
'right'
"""

from rnn_core.practice.arithmetic import DIGITS, ROUNDING
from rnn_core.practice.digits import rounded, shortest, written
from rnn_core.practice.grades import GRADES, MOST_SEED, Grade, sheet_of
from rnn_core.practice.marking import NOTHING, TOLERANCE, Mark, mark
from rnn_core.practice.mistakes import MISTAKES, Mistake
from rnn_core.practice.network import Network
from rnn_core.practice.sheet import LOSS, PREDICTION, Question, Sheet, questions_of

__all__ = [
    "DIGITS",
    "GRADES",
    "LOSS",
    "MISTAKES",
    "MOST_SEED",
    "NOTHING",
    "PREDICTION",
    "ROUNDING",
    "TOLERANCE",
    "Grade",
    "Mark",
    "Mistake",
    "Network",
    "Question",
    "Sheet",
    "mark",
    "questions_of",
    "rounded",
    "sheet_of",
    "shortest",
    "written",
]
