"""A plan as the values of the page's controls, by their names in the address."""

from dataclasses import replace
from typing import Any

from app.experiment.value import Experiment
from app.views.training.runs.plan import Plan
from app.views.training.tasks.offers import EXAMPLES, MOST_TYPED, OWN_SEQUENCE, sequence_of
from rnn_core.training import Settings, Task


def usual_controls(task: Task, experiment: Experiment) -> dict[str, Any]:
    """Return the settings with which a task is known to be solved, by control."""
    usual = Settings.of(task)
    if task.name == OWN_SEQUENCE:
        own = replace(usual, activation=experiment.activation, cell=experiment.cell)
        return _by_control(own, "sidebar")
    return _by_control(usual, "drawn")


def controls_for(plan: Plan, present: Plan, experiment: Experiment) -> dict[str, Any] | None:
    """Return what turns the present plan into another one, by control.

    None where the controls cannot: the other starts from weights, or learns data, that the page
    does not hold any more.
    """
    name, data = plan.choice.name, plan.choice.data
    controls = {"tr_task": name} | _by_control(plan.settings, "sidebar" if plan.start else "drawn")
    held = (experiment.weights, experiment.cell)
    if plan.start is not None and (plan.start, plan.settings.cell) != held:
        return None
    if plan.choice == present.choice or name not in EXAMPLES:
        same = name != OWN_SEQUENCE or plan.choice == sequence_of(experiment)
        return controls if same else None
    if plan.choice.private or len(data) > MOST_TYPED:
        return None
    return controls | {f"tr_{name}": data}


def _by_control(settings: Settings, start: str) -> dict[str, Any]:
    return {
        "tr_cell": settings.cell,
        "tr_opt": settings.optimiser,
        "tr_rate": settings.learning_rate,
        "tr_updates": settings.updates,
        "tr_start": start,
        "tr_length": settings.length,
        "tr_hidden": settings.hidden,
        "tr_act": settings.activation,
        "tr_init": settings.initialiser,
        "tr_keep": settings.keep_bias,
        "tr_batch": settings.batch,
        "tr_sched": settings.schedule,
        "tr_clip": settings.clip.norm or 0.0,
        "tr_clipv": settings.clip.value or 0.0,
        "tr_cut": settings.truncate or 0,
        "tr_chunk": settings.chunk or 0,
        "tr_seed": settings.seed,
    }
