"""How a network learns, update by update: the plots of the page Training.

Runs, tasks and moments of a run are those of `rnn_core.training`.
"""

from collections.abc import Mapping, Sequence

from rnn_core import Parameters
from rnn_core.training import Checkpoint, Record, Settings, Task, held_out
from unrolled.laboratories._drawing import Figures, drawing

__all__ = [
    "compared",
    "prediction",
    "progress",
    "reading",
    "update",
    "weights",
]


def progress(records: Sequence[Record], task: Task, settings: Settings) -> Figures:
    """Return loss, measure and lengths over the updates that `rnn_core.training.train` made."""
    with drawing() as figures:
        from app.views.training.figures import curves
        from app.views.training.runs.stretch import point_of

        points = [point_of(record) for record in records]
        return figures(curves.charts(points, task, settings.length, settings.updates))


def compared(runs: Mapping[str, Sequence[Record]], task: Task) -> Figures:
    """Return several runs of one task over one another, by what each is called."""
    with drawing() as figures:
        from app.views.training.figures import compare
        from app.views.training.runs.stretch import point_of

        shown = [
            compare.Shown(name, [point_of(record) for record in records], role)
            for role, (name, records) in enumerate(runs.items())
        ]
        last = max((run.points[-1].number for run in shown if run.points), default=1)
        return figures(compare.charts(shown, task, last))


def prediction(
    task: Task, settings: Settings, at: Checkpoint | None = None, *, sample: int = 0
) -> Figures:
    """Return a sequence that is not trained on, what is right, and what the network says of it.

    Parameters
    ----------
    at
        A moment of a run; without one, the right answer is shown alone.
    sample
        Which of the sequences that are held out, from 0.

    Raises
    ------
    ValueError
        There is no such sequence, or the task cannot be had with these settings.
    """
    exam = held_out(task, settings)
    if not 0 <= sample < exam.x.shape[1]:
        raise ValueError(f"sample: expected one of {exam.x.shape[1]} from 0, got {sample}")
    with drawing() as figures:
        from app.views.training.figures.prediction import chart
        from app.views.training.runs.predicted import predicted

        params = None if at is None else at.params
        shown = predicted(task, exam, sample, params, settings.activation)
        updates = 0 if at is None else at.updates
        return figures([chart("prediction", "Prediction against target", shown, updates=updates)])


def update(
    task: Task, settings: Settings, before: Checkpoint, *, parameter: str | None = None
) -> Figures:
    """Return the update after a moment of a run: parameters, gradient, and every stage between.

    Raises
    ------
    ValueError
        There is no such parameter, or the task cannot be had with these settings.
    """
    names = before.params.names
    if parameter is not None and parameter not in names:
        raise ValueError(f"parameter: expected one of {', '.join(names)}, got {parameter!r}")
    with drawing() as figures:
        from app.views.training.figures import lens
        from app.views.training.runs.lens import lens_of

        seen = lens_of(task, settings, before)
        name = parameter or before.params.cell.leading
        return figures([lens.maps(seen), lens.table(seen, name)])


def reading(
    task: Task, params: Parameters, text: str, *, activation: str = "tanh", unit: int = 1
) -> Figures:
    """Return what a network expects after each character of a text, and a hidden unit over it.

    Parameters
    ----------
    task
        One whose inputs are characters.
    unit
        The hidden unit, from 1.

    Raises
    ------
    ValueError
        The task reads no characters or knows none of these, or there is no such unit.
    """
    if not task.symbols:
        raise ValueError(f"task: expected one that reads characters, got {task.name}")
    if not 1 <= unit <= params.hidden_size:
        raise ValueError(f"unit: expected one from 1 to {params.hidden_size}, got {unit}")
    with drawing() as figures:
        from app.views.training.figures import text as drawn
        from app.views.training.runs.reading import read_text

        found = read_text(task, params, activation, text)
        return figures([drawn.expectations(found, task.classes), drawn.unit(found, unit - 1)])


def weights(params: Parameters) -> Figures:
    """Return all parameters as heat maps, on one scale of colours."""
    with drawing() as figures:
        from app.views.training.figures.weights import chart

        return figures([chart("weights", "Parameters", params)])
