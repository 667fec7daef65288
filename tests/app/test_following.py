"""A number that is dragged: what the browser makes of it is what Python then sends."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from app.components.graph_view.extent import levels_offered
from app.components.graph_view.following import MOST_WORK, following
from app.components.graph_view.payload import payload
from app.experiment import changes, presets
from app.experiment.held_run import held_run
from app.experiment.holding import Hold
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.figures.common import common
from rnn_core import CELLS, LOSSES, Parameters, backward, forward
from tests.app.in_node import answer
from tests.conftest import ROOT
from tests.experiments import six_steps

SCRIPT = ROOT / "tests" / "app" / "compare_drag.js"
AGREES = 1e-12


def sent(experiment: Experiment, level: str, holds: tuple[Hold, ...] = ()) -> dict[str, Any]:
    """Return what the graph of an experiment gets from Python."""
    trace, grads = trace_of(experiment), gradients_if_any(experiment)
    held = (lambda base: held_run(experiment, holds, base)) if holds else None
    data = payload(trace, grads, level=level, sample=experiment.sample, held=held)
    return {**data, "run": following(trace, grads, experiment.sample)}


def edits(experiment: Experiment) -> Iterator[dict[str, Any]]:
    """Yield one number of every field, as a drag would change it."""
    given = LOSSES[experiment.loss].answer == "number"
    for field in changes.fields(experiment):
        if field == "target" and not (given and experiment.has_target):
            continue
        grid = changes.grid(experiment, field)
        row, column = len(grid) - 1, grid.shape[1] // 2
        value = round(float(grid[row, column]) + 0.0723, 12)  # puts no unit on the kink of its ReLU
        yield {"field": field, "row": row, "column": column, "value": value}


def dragged(
    experiment: Experiment, level: str, holds: tuple[Hold, ...] = ()
) -> Iterator[dict[str, Any]]:
    before = sent(experiment, level, holds)
    for change in edits(experiment):
        after = changes.with_cell(experiment, *change.values())
        yield {
            "before": before,
            "after": sent(after, level, holds),
            "change": change,
            "level": level,
        }


def agree(cases: list[dict[str, Any]]) -> None:
    found = answer(SCRIPT, [common(), *cases])
    wrong = [
        (case["level"], case["change"], each)
        for case, each in zip(cases, found, strict=True)
        if not each["by"] <= AGREES
    ]
    assert not wrong, f"{len(wrong)} of {len(cases)}, such as {wrong[:3]}"


@pytest.mark.parametrize("name", presets.PRESETS)
def test_what_stands_while_dragging_is_what_python_sends_on_release(name: str) -> None:
    experiment = presets.PRESETS[name].experiment
    trace = trace_of(experiment)
    if following(trace, gradients_if_any(experiment), experiment.sample) is None:
        pytest.fail(f"{name} is too large to follow")
    levels = levels_offered(trace)
    agree([case for level in levels for case in dragged(experiment, level)])


def test_a_batch_read_out_at_the_end_and_truncated_follows_too() -> None:
    experiment = presets.PRESETS["by_hand"].experiment
    for change in (
        lambda e: e.replace(truncate=1),
        lambda e: changes.with_readout(e, "every"),
        lambda e: changes.with_network(e, "gru_reset_before"),
        lambda e: changes.with_network(e, "leaky"),
    ):
        changed = change(experiment)
        agree([case for level in ("operation", "scalar") for case in dragged(changed, level)])
    agree([*dragged(experiment.replace(truncate=1), "operation", (Hold("L", 0.31),))])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("truncate", [None, 2])
def test_the_run_with_what_is_held_follows_at_every_level(cell: str, truncate: int | None) -> None:
    experiment = changes.with_network(six_steps(), cell).replace(truncate=truncate)
    line = experiment.kind.lines[0].name
    holds = (Hold("h[4,2]", 0.25), Hold(f"{line}[5,1]", -0.5))
    for level in levels_offered(trace_of(experiment)):
        cases = [*dragged(experiment, level, holds)]
        held = cases[0]["before"]["levels"][level]["held"]
        assert len(held["at"]) == len(holds)
        assert any(held["loss"] != case["after"]["levels"][level]["held"]["loss"] for case in cases)
        agree(cases)


@pytest.mark.parametrize(
    ("held", "readout", "truncate"),
    [
        ("l[6]", "last", None),
        ("l[6]", "every", 2),
        ("L", "every", None),
        ("L", "every", 2),
        ("L", "last", 1),
        ("product", "last", 2),
        ("product", "every", None),
    ],
)
def test_a_held_loss_and_a_held_term_of_a_product_follow(
    held: str, readout: str, truncate: int | None
) -> None:
    experiment = changes.with_readout(six_steps(), readout).replace(truncate=truncate)
    level = "scalar" if held == "product" else "operation"
    place = "W_hh[2,1]·h[3,1]" if held == "product" else held
    cases = [*dragged(experiment, level, (Hold(place, 0.31),))]
    sent_holds = cases[0]["before"]["levels"][level]["held"]
    assert [each["id"] for each in sent_holds["at"]] == [place]
    is_all = held == "L" or (held == "l[6]" and readout == "last")  # of the loss
    assert is_all or any(
        sent_holds["loss"] != case["after"]["levels"][level]["held"]["loss"] for case in cases
    )
    agree(cases)


def test_what_is_too_much_between_two_frames_is_left_to_python() -> None:
    params = Parameters.random(1, 8, 1, seed=0)
    steps = MOST_WORK // params.count
    x = np.zeros((steps + 1, 1, 1))
    within, beyond = forward(params, x[1:], 1), forward(params, x, 1)
    assert following(within, backward(within), 0) is not None
    assert following(beyond, backward(beyond), 0) is None
