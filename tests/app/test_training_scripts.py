"""The scripts of a run: each prints the losses of our own run, for every optimiser and task."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from app.experiment import changes
from app.experiment.presets import default
from app.experiment.sources import Given, make
from app.views.training.runs.plan import Plan
from app.views.training.scripts import numpy_run, torch_run
from app.views.training.tasks.offers import (
    EXAMPLES,
    OFFERS,
    OWN_SEQUENCE,
    OWN_TEXT,
    TaskChoice,
    sequence_of,
)
from rnn_core import CELLS
from rnn_core.training import OPTIMISERS, SCHEDULES, Clip, Settings, train

UPDATES = 50
Write = Callable[[Plan], str]
WRITERS: dict[str, Write] = {"numpy": numpy_run, "torch": torch_run}

RUN_ALL = """
import runpy, sys
for name in ("app", "rnn_core", "streamlit"):
    sys.modules[name] = None  # the scripts must do without
paths, sys.argv = sys.argv[1:], ["run", "50"]
for path in paths:
    print("script", path)
    runpy.run_path(path)
"""
HOSTILE = "'''\"\"\"{0} # \\N ${x} %s; import os\n"


def plan(name: str = "first_bit", **changed: object) -> Plan:
    choice = (
        sequence_of(default()) if name == OWN_SEQUENCE else TaskChoice(name, EXAMPLES.get(name, ""))
    )
    task = Plan(choice, Settings(length=1, updates=1)).task()
    settings = replace(Settings.of(task), hidden=5, batch=6, updates=400)
    return Plan(choice, replace(settings, **changed))


def cases() -> dict[str, Plan]:
    """Each task once, each optimiser and schedule once, and everything else that can be set."""
    made = {f"task {name}": plan(name) for name in OFFERS}
    made |= {f"optimiser {name}": plan("adding", optimiser=name) for name in OPTIMISERS}
    made |= {f"schedule {name}": plan("sine", schedule=name, updates=60) for name in SCHEDULES}
    made["clipped"] = plan("parity", clip=Clip(norm=0.05, value=0.01), optimiser="momentum")
    made["chunks"] = plan("parity", length=7, chunk=3)
    made["cut at the end"] = plan("adding", truncate=4)
    made["cut at every step"] = plan("parity", truncate=3)
    made["cut, in chunks"] = plan("sine", truncate=2, chunk=5, schedule="linear")
    made["seed"] = plan("copy", seed=7, length=2, activation="identity", learning_rate=0.001)
    weights = make(
        Given, **{key: array.tolist() for key, array in plan("sine").begin().params.items()}
    )
    made["given weights"] = replace(plan("sine", seed=3), start=weights)
    for cell, activation in zip(CELLS, ("relu", *["tanh"] * len(CELLS)), strict=False):
        one = {"cell": cell, "activation": activation}
        made[f"{cell}, at the end"] = plan("adding", length=9, **one)
        made[f"{cell}, classes in chunks, cut"] = plan("text", length=8, chunk=5, truncate=3, **one)
    made["gates that keep"] = plan("parity", cell="lstm", keep_bias=3.0, activation="sigmoid")
    gated = changes.with_network(default(), "gru").weights
    made["the sidebar's gates"] = replace(plan("parity", cell="gru"), start=gated)
    made["hostile text"] = Plan(
        TaskChoice(OWN_TEXT, HOSTILE * 4), replace(plan(OWN_TEXT).settings, length=4)
    )
    return made


CASES = cases()


@pytest.fixture(scope="module", params=WRITERS)
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """Run all scripts of one library in one process; return the losses of each case."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    paths = {}
    for number, (name, case) in enumerate(CASES.items()):
        paths[name] = folder / f"{number}.py"
        paths[name].write_text(WRITERS[request.param](case), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN_ALL, *map(str, paths.values())],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": "1"},  # matrices as small as these only wait for more
    )
    assert run.returncode == 0, run.stderr[-2000:]
    parts = run.stdout.split("script ")[1:]
    return {
        name: [float(line.split()[1]) for line in part.splitlines()[1:]]
        for name, part in zip(paths, parts, strict=True)
    }


@cache
def losses_of(name: str) -> list[float]:
    case = CASES[name]
    records = train(case.task(), case.settings, case.begin())
    return [record.loss for record in islice(records, UPDATES)]


@pytest.mark.parametrize("name", CASES)
def test_the_script_prints_our_losses(name: str, printed: dict[str, list[float]]) -> None:
    ours = losses_of(name)
    assert len(printed[name]) == UPDATES
    np.testing.assert_allclose(printed[name], ours, rtol=1e-10, atol=1e-13)


def test_a_planted_error_is_found(tmp_path: Path) -> None:
    case = CASES["optimiser adam"]
    path = tmp_path / "wrong.py"
    script = numpy_run(case)
    assert "beta_2=0.999" in script
    path.write_text(script.replace("beta_2=0.999", "beta_2=0.998"), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(path), "5"], capture_output=True, text=True, check=True
    )
    losses = [float(line.split()[1]) for line in run.stdout.splitlines()]
    ours = [record.loss for record in islice(train(case.task(), case.settings, case.begin()), 5)]
    assert losses[0] == pytest.approx(ours[0], rel=1e-12)
    assert losses[-1] != pytest.approx(ours[-1], rel=1e-8)


@pytest.mark.parametrize("write", WRITERS.values())
def test_too_many_numbers_are_refused(write: Write) -> None:
    with pytest.raises(ValueError, match="script: expected at most 20,000 parameters"):
        write(plan(hidden=200))
