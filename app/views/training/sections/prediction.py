"""One sequence: what is read, what is right, and what the network says at the moment shown."""

from collections.abc import Sequence

from app import state
from app.figures.types import Chart
from app.views.shared.bound import choice
from app.views.training.figures import prediction
from app.views.training.runs.predicted import Predicted, predicted
from app.views.training.runs.probe import probe
from app.views.training.sections.shown import Page
from app.views.training.tasks.offers import OWN_SEQUENCE
from rnn_core.training import Checkpoint

KEY = "tr_probe"


def sequence(page: Page) -> int:
    """Draw the choice of a sequence and return it, counted from 0."""
    count = probe(page.plan.choice, page.plan.settings).x.shape[1]
    if count == 1:
        return 0
    if (state.control(KEY) or 1) > count:  # chosen of a task that has more
        state.set_controls({KEY: count})
    label = "Sequence held out" if page.task.name != OWN_SEQUENCE else "Sequence"
    numbers = {number: str(number) for number in range(1, count + 1)}
    return choice(label, KEY, numbers, 1, look="buttons") - 1


def chart(page: Page, at: Checkpoint, sample: int) -> Chart:
    """Return the chart of a sequence with what the network says after so many updates."""
    begun = page.checkpoint if page.run is None else page.run.checkpoint(0)
    first = None if at.updates == 0 else _said(page, begun, sample)
    return prediction.chart(
        "tr_prediction",
        "Prediction against target",
        _said(page, at, sample),
        before=first,
        updates=at.updates,
    )


def asked(page: Page, count: int) -> Sequence[Chart]:
    """Return the charts of the first sequences with their right answers alone."""
    batch = probe(page.plan.choice, page.plan.settings)
    activation = page.plan.settings.activation
    return [
        prediction.chart(
            f"tr_asked_{sample + 1}",
            f"Sequence {sample + 1}",
            predicted(page.task, batch, sample, None, activation),
        )
        for sample in range(min(count, batch.x.shape[1]))
    ]


def _said(page: Page, at: Checkpoint, sample: int) -> Predicted:
    batch = probe(page.plan.choice, page.plan.settings)
    return predicted(page.task, batch, sample, at.params, page.plan.settings.activation)
