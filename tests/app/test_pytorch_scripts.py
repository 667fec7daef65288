"""The exported scripts: each prints what the core computes, whatever the experiment is called."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from app.experiment import changes
from app.experiment.presets import PRESETS, default
from app.experiment.run import gradients_of, trace_of
from app.experiment.sources import Drawn, Given, Numbers, Text, make
from app.experiment.value import Experiment
from app.listings import MAX_NUMBERS, numpy_script, printed, short_lines, torch_script
from app.views.training.runs.plan import Plan
from app.views.training.scripts import numpy_run, torch_run
from app.views.training.tasks.offers import TaskChoice
from rnn_core import ACTIVATIONS, CELLS, LOSSES
from rnn_core.training import Settings
from tests.app.plants import GELU

Write = Callable[[Experiment], str]
WRITERS: dict[str, Write] = {"numpy": numpy_script, "torch": torch_script}

RUN_ALL = """
import runpy, sys
for name in ("app", "rnn_core", "streamlit"):
    sys.modules[name] = None  # the scripts must do without
for path in sys.argv[1:]:
    print("script", path)
    runpy.run_path(path)
"""
HOSTILE = "'''\"\"\"{0} # \\N ${x} %s; import os"


def batch(readout: str, loss: str, activation: str) -> Experiment:
    """Three sequences of two inputs, with an initial state and soft targets."""
    rng = np.random.default_rng(7)

    def tuples(array: np.ndarray) -> tuple[object, ...]:
        return tuple(tuple(map(tuple, matrix)) for matrix in array.tolist())

    target = rng.uniform(0.1, 0.9, (1 if readout == "last" else 5, 3, 2))
    if loss == "softmax_cross_entropy":
        target /= target.sum(axis=-1, keepdims=True)
    return make(
        Experiment,
        title=HOSTILE,
        sequence=make(Numbers, values=tuples(rng.normal(size=(5, 3, 2))), target=tuples(target)),
        weights=Drawn(scheme="xavier_uniform", seed=4, hidden=4),
        initial=tuple(map(tuple, rng.normal(size=(3, 4)).tolist())),
        activation=activation,
        loss=loss,
        readout=readout,
    )


def of_cell(cell: str, experiment: Experiment) -> Experiment:
    """The same with another cell, and a c_0 where it has one."""
    made = changes.with_network(experiment, cell)
    if "c" not in made.kind.states:
        return made
    c_0 = np.random.default_rng(8).normal(size=(3, 4))
    return made.replace(initial_cell=tuple(map(tuple, c_0.tolist())))


SATURATED = (
    ("binary_cross_entropy", (1.0,)),
    ("binary_cross_entropy", (0.0,)),
    ("softmax_cross_entropy", (1.0, 0.0)),
    ("softmax_cross_entropy", (0.3, 0.7)),
)


def saturated(loss: str, target: tuple[float, ...]) -> Experiment:
    """The first logit is 40 above: 1 − p is far below the rounding of p."""
    outputs = len(target)
    weights = Given(
        W_xh=((0.5,),),
        W_hh=((0.25,),),
        b_h=(0.0,),
        W_hy=((0.5,), (-0.25,))[:outputs],
        b_y=(40.0, 0.0)[:outputs],
    )
    return make(
        Experiment,
        sequence=make(Numbers, values=(((1.0,),), ((-1.0,),)), target=((target,),)),
        weights=weights,
        loss=loss,
    )


def experiments() -> Iterator[tuple[str, Experiment]]:
    for name, preset in PRESETS.items():
        yield name, preset.experiment
    for readout in ("last", "every"):
        for loss, activation in zip(LOSSES, cycle(ACTIVATIONS), strict=False):
            case = batch(readout, loss, activation)
            yield f"{readout}-{loss}", case
            yield f"{readout}-{loss}-truncated", case.replace(truncate=2)
    for cell in CELLS:
        for truncate, readout in ((None, "last"), (2, "last"), (2, "every")):
            case = of_cell(cell, batch(readout, "binary_cross_entropy", "tanh"))
            yield f"{cell}-{readout}-{truncate}", case.replace(truncate=truncate)
        yield f"{cell}-relu", of_cell(cell, batch("every", "softmax_cross_entropy", "relu"))
    for loss, target in SATURATED:
        yield f"saturated-{loss}", saturated(loss, target)
    yield (
        "text",
        PRESETS["text"].experiment.replace(
            sequence=Text(text="it's \"\\n\n{T}\u00a0'''#end"), title=HOSTILE, truncate=3
        ),
    )


CASES = [(f"{number}-{name}", case) for number, (name, case) in enumerate(experiments())]


def numbers_printed(text: str) -> dict[str, object]:
    """Read `name = number or lists`, line by line."""
    lines = [line.partition(" = ") for line in text.splitlines()]
    return {name: ast.literal_eval(value) for name, _, value in lines}


def computed(experiment: Experiment) -> dict[str, object]:
    trace, grads = trace_of(experiment), gradients_of(experiment)
    found = {"loss": trace.loss, "dx": grads.x}
    found |= {f"d{state}_0": grads[state][0] for state in trace.cell.states}
    return found | {f"d{name}": array for name, array in grads.parameters.items()}


def difference(found: dict[str, object], experiment: Experiment) -> float:
    """Return the largest difference, normwise, with gradients on the scale of the largest one."""
    wanted = computed(experiment)
    assert found.keys() == wanted.keys() == set(printed(experiment.kind))
    largest = max(np.abs(wanted[name]).max() for name in wanted if name != "loss")
    worst = 0.0
    for name, value in wanted.items():
        assert np.shape(found[name]) == np.shape(value), name
        scale = max(np.abs(value).max(), 0.0 if name == "loss" else 1e-3 * largest)
        worst = max(worst, float(np.abs(np.subtract(found[name], value)).max() / scale))
    return worst


@pytest.mark.parametrize("library", list(WRITERS))
def test_gradients_far_below_the_rounding_of_p_are_printed(library: str, tmp_path: Path) -> None:
    """At b_y = 40, y = 1, σ(a) − y rounds to 0; the gradient of b_y is −e^−40 or so."""
    for loss, target in SATURATED:
        case = saturated(loss, target)
        path = tmp_path / "experiment.py"
        path.write_text(WRITERS[library](case), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", str(path)], capture_output=True, text=True, check=True
        )
        printed, wanted = numbers_printed(done.stdout), computed(case)
        for name in ("loss", "db_y", "dW_hy", "dW_hh"):
            size = np.abs(wanted[name]).max()
            assert np.abs(np.subtract(printed[name], wanted[name])).max() <= 1e-13 * size, name
            assert size > 0


@pytest.mark.parametrize("library", list(WRITERS))
def test_scripts_print_the_loss_and_gradients_of_the_core(library: str, tmp_path: Path) -> None:
    paths = []
    for name, case in CASES:
        path = tmp_path / f"{name}.py"
        path.write_text(WRITERS[library](case), encoding="utf-8")
        paths.append(str(path))
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", RUN_ALL, *paths],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    parts = done.stdout.split("script ")[1:]
    assert len(parts) == len(CASES)
    for part, (name, case) in zip(parts, CASES, strict=True):
        printed = numbers_printed(part.partition("\n")[2])
        assert difference(printed, case) < 1e-12, name


def test_a_script_runs_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "experiment.py"
    path.write_text(numpy_script(default()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(path)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert difference(numbers_printed(done.stdout), default()) < 1e-12


def test_a_planted_error_is_found() -> None:
    printed = computed(default())
    assert difference(printed, default()) == 0
    assert difference(printed | {"dW_hh": np.multiply(printed["dW_hh"], 1.001)}, default()) > 1e-4


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_texts_are_only_literals(write: Write) -> None:
    titled = write(default().replace(title=HOSTILE))
    assert titled.splitlines()[0] == f"# Experiment: {HOSTILE!r}"
    plain = write(default().replace(title=""))
    assert ast.dump(ast.parse(titled)) == ast.dump(ast.parse(plain))
    text = "a\n'''b'''\\\u00a0# {x}"
    spelt = write(PRESETS["text"].experiment.replace(sequence=Text(text=text)))
    assigned = {
        node.targets[0].id: node.value
        for node in ast.parse(spelt).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert ast.literal_eval(assigned["text"]) == text
    assert ast.literal_eval(assigned["alphabet"]) == "".join(sorted(set(text)))


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_numbers_are_written_to_the_last_bit(write: Write) -> None:
    awkward = (0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308)
    weights = Given(
        W_xh=((1.0,),) * 4,
        W_hh=((0.0,) * 4,) * 4,
        b_h=awkward,
        W_hy=((0.0,) * 4,),
        b_y=(0.0,),
    )
    script = write(default().replace(weights=weights))
    line = next(line for line in script.splitlines() if line.startswith("b_h = "))
    written = ast.parse(line).body[0].value.args[0]  # type: ignore[attr-defined]
    assert [float(number).hex() for number in ast.literal_eval(written)] == [
        float(number).hex() for number in awkward
    ]


def scripts(cases: Sequence[tuple[str, Experiment]] = CASES) -> Iterator[str]:
    for _, case in cases:
        yield from (write(case) for write in WRITERS.values())


def test_lines_are_short_enough_to_read() -> None:
    assert max(len(line) for script in scripts() for line in script.splitlines()) <= 110


def test_a_line_that_is_parted_computes_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    written = {}
    for longest in (30, 10**6):
        monkeypatch.setattr(short_lines, "LONGEST", longest)
        written[longest] = list(scripts(CASES[::4]))
    assert sum(map(len, written[30])) > sum(map(len, written[10**6]))
    for parted, whole in zip(written[30], written[10**6], strict=True):
        assert ast.dump(ast.parse(parted)) == ast.dump(ast.parse(whole))


def test_an_activation_whose_slope_is_long_is_written_on_short_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACTIVATIONS, "gelu", GELU)
    assert len(GELU.passed_in_numpy("z[t]", "h[t + 1]", "dh[t + 1]")) > 250
    for cell in ("elman", "gru"):
        case = changes.with_network(default().replace(activation="gelu"), cell)
        parts = [write(case) for write in WRITERS.values()]
        plan = Plan(TaskChoice("parity"), Settings(5, 4, activation="gelu", cell=cell))
        parts += [numpy_run(plan), torch_run(plan)]
        assert max(len(line) for script in parts for line in script.splitlines()) <= 110, cell
        path = tmp_path / "experiment.py"
        path.write_text(parts[0], encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", str(path)], capture_output=True, text=True, check=True
        )
        assert difference(numbers_printed(done.stdout), case) < 1e-12


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_too_many_numbers_are_one_sentence(write: Write) -> None:
    values = tuple(((0.5,) * 64,) * 8 for _ in range(50))
    large = default().replace(
        sequence=make(Numbers, values=values, target=(((1.0,),) * 8,)),
        weights=Drawn(scheme="xavier_uniform", seed=1, hidden=2),
    )
    with pytest.raises(ValueError, match=f"script: expected at most {MAX_NUMBERS:,} numbers"):
        write(large)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_the_two_biases_are_answered(write: Write) -> None:
    torch = write is torch_script
    assert ("b_ih + b_hh" in write(default())) == torch
