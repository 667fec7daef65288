"""What a run has done, as a table that other programs read."""

import csv
import io
from collections.abc import Sequence

from app.views.training.runs.stretch import Point

COLUMNS = (
    "update",
    "loss",
    "gradient_norm",
    "clipped_norm",
    "weight_norm",
    "learning_rate",
    "held_out_loss",
    "held_out_value",
    "not_finite",
)


def to_csv(points: Sequence[Point]) -> str:
    """Return a line for each update; numbers read back to the same bits, what is not is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for point in points:
        judged = point.judged
        writer.writerow(
            [
                point.number,
                point.loss,
                point.gradient_norm,
                point.clipped_norm,
                point.weight_norm,
                point.learning_rate,
                "" if judged is None else judged.loss,
                "" if judged is None else judged.value,
                point.trouble or "",
            ]
        )
    return text.getvalue()
