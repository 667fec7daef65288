"""How far a prediction is from what is right, in one sentence."""

import numpy as np

from app.figures.types import Floats
from app.figures.words import class_label, plural, short
from app.views.training.runs.predicted import Predicted
from app.views.training.tasks.asked import output_names
from rnn_core import loss_named

NOT_FINITE = "what the network says is not a finite number."


def told(shown: Predicted, before: Predicted | None, updates: int) -> str:
    """Say it; `before` is the network before it was trained, None where that is this one."""
    if shown.judged is None:
        return _right(shown)
    when = f"After {updates:,} {'update' if updates == 1 else 'updates'}"
    return f"{when if updates else 'Before training'}: {_told(shown, before)}"


def _told(shown: Predicted, before: Predicted | None) -> str:
    judged = shown.judged
    if judged is None or not np.isfinite(judged).all():
        return NOT_FINITE
    answer = loss_named(shown.task.loss).answer
    if answer == "number":
        return _numbers(shown, before)
    if answer == "probability":
        return _binary(shown, before)
    return _classes(shown, before)


def right_at(judged: Floats, target: Floats, loss: str) -> Floats:
    """Return where the most probable answer is the right one, (S,)."""
    if loss_named(loss).answer == "class":
        return np.asarray(judged.argmax(axis=1) == target.argmax(axis=1))
    return np.asarray(((judged > 0.5) == (target > 0.5)).all(axis=1))


def _right(shown: Predicted) -> str:
    """Say what is right, where there is one answer."""
    task, target = shown.task, shown.target
    if not shown.at_end:
        return ""
    if loss_named(task.loss).answer == "class":
        return f"The right answer is {class_label(_class(shown, target[0]))}."
    return f"The right answer is {_row(target[0])}."


def _numbers(shown: Predicted, before: Predicted | None) -> str:
    judged, target = shown.judged, shown.target
    assert judged is not None  # noqa: S101  # `told` has asked
    off = short(_miss(shown))
    since = ""
    if before is not None and np.isfinite(_miss(before)):
        since = f" ({short(_miss(before))} before training)"
    if shown.at_end:
        return (
            f"at the end the network says {_row(judged[-1])}; right is {_row(target[-1])}. "
            f"It is off by {off}{since}."
        )
    return f"the prediction is off by {off} on average{since}: the closer the lines, the better."


def _miss(shown: Predicted) -> float:
    judged = shown.judged
    return float("nan") if judged is None else float(np.abs(judged - shown.target).mean())


def _binary(shown: Predicted, before: Predicted | None) -> str:
    judged, target = shown.judged, shown.target
    assert judged is not None  # noqa: S101  # `told` has asked
    if shown.at_end and judged.shape[1] == 1:
        p, y = float(judged[-1, 0]), float(target[-1, 0])
        side = "above" if p > 0.5 else "not above"
        verdict = "right" if (p > 0.5) == (y > 0.5) else "wrong"
        return (
            f"at the end p = {short(p)}, {side} the threshold 0.5: the answer is "
            f"{'yes (1)' if p > 0.5 else 'no (0)'}, which is {verdict}."
        )
    count, since = _hits(shown, before)
    return f"the prediction is on the right side of the threshold at {count}{since}."


def _classes(shown: Predicted, before: Predicted | None) -> str:
    judged, target = shown.judged, shown.target
    assert judged is not None  # noqa: S101  # `told` has asked
    given = (judged * target).sum(axis=1)
    if shown.at_end:
        best, wanted = int(judged[-1].argmax()), int(target[-1].argmax())
        most = f"{class_label(_class(shown, judged[-1]))}, {short(float(judged[-1, best]))}"
        if best == wanted:
            return f"at the end the most probable answer is {most}, and that is right."
        return (
            f"at the end the most probable answer is {most}; right is "
            f"{class_label(_class(shown, target[-1]))}, {short(float(given[-1]))}."
        )
    count, since = _hits(shown, before)
    return (
        f"the right answer gets a probability of {short(float(given.mean()))} on average, "
        f"and is the most probable one at {count}{since}."
    )


def _hits(shown: Predicted, before: Predicted | None) -> tuple[str, str]:
    """Return "9 of 12 steps" and " (5 before training)"."""
    assert shown.judged is not None  # noqa: S101  # `told` has asked
    loss = shown.task.loss
    found = right_at(shown.judged, shown.target, loss)
    since = ""
    if before is not None and before.judged is not None and np.isfinite(before.judged).all():
        first = int(right_at(before.judged, before.target, loss).sum())
        since = f" ({first} before training)"
    return f"{int(found.sum())} of {plural(len(found), 'step')}", since


def _class(shown: Predicted, row: Floats) -> str:
    return output_names(shown.task)[int(row.argmax())]


def _row(row: Floats) -> str:
    numbers = [short(float(value)) for value in row[:4]]
    more = ", …" if len(row) > len(numbers) else ""
    return numbers[0] if len(row) == 1 else f"({', '.join(numbers)}{more})"
