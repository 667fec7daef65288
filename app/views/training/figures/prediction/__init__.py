"""What a network says of one sequence, against what is right: the first thing to look at."""

from app.figures.types import Chart, Steps, view
from app.views.training.figures.prediction import letters, over_time, words
from app.views.training.runs.predicted import Predicted


def chart(
    name: str,
    title: str,
    shown: Predicted,
    *,
    before: Predicted | None = None,
    updates: int = 0,
) -> Chart:
    """Return the chart of one sequence, its right answer and, if there is one, the prediction.

    `updates` are those made so far; `before` is what the network said when there were none.
    """
    if letters.suits(shown):
        drawn, table = letters.drawing(shown), letters.table(shown)
    else:
        steps = Steps(len(shown.x), shown.labels)
        drawn, table = over_time.drawing(shown, steps), over_time.table(shown, steps)
    return {
        "id": name,
        "title": title,
        "phase": "",
        "views": [view("", drawn.figure, words.told(shown, before, updates), *drawn.notes)],
        "tables": [table],
        "wide": True,
    }
