"""The browser's interpreter of a network's program, run in Node, against the core."""

import base64
import json
from collections.abc import Iterator
from itertools import cycle, islice, product
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from rnn_core import (
    ACTIVATIONS,
    LOSSES,
    Gradients,
    Parameters,
    Trace,
    backward,
    forward,
    loss_named,
    program,
)
from rnn_core.cells import READOUT
from tests.app.in_node import answer
from tests.app.plants import LOG_COSH, SOFTSIGN
from tests.conftest import ROOT
from tests.core.graph_cells import CASES

SCRIPT = ROOT / "tests" / "app" / "compare_runs.js"
AGREES = 1e-13


def packed(array: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f8").tobytes()).decode()


def described(trace: Trace, grads: Gradients | None, truncate: int | None = None) -> dict[str, Any]:
    """Return a run as the script reads it: what is given, and the numbers that follow."""
    cell, family = trace.cell, trace.family
    given = {**dict(trace.params.items()), "x": trace.x}
    given |= {state: trace[state][0] for state in cell.states}
    value = dict(trace.quantities) | {"readout": trace.logits, "p": trace.prediction}
    if trace.target is not None:
        given["y"] = trace.target
        value |= {"l": family.terms(trace.logits, trace.target), "L": np.array(trace.loss)}
    found: dict[str, Any] = {}
    if grads is not None:
        found = dict(grads.quantities) | dict(grads.parameters.items())
        count = family.count(trace.logits.shape)
        by_target = family.by_target(trace.logits, trace.target) / count
        found |= {"readout": grads.logits, "y": by_target, "L": np.ones(())}
    inputs, hidden, outputs, _ = trace.params.layout
    return {
        "program": program(
            cell,
            inputs,
            hidden,
            outputs,
            activation=trace.activation,
            loss=trace.loss_name,
            readout=trace.readout,
        ),
        "steps": trace.steps,
        "batch": trace.batch,
        "truncate": truncate,
        "given": {name: packed(array) for name, array in given.items()},
        "value": {name: packed(array) for name, array in value.items()},
        "grad": {name: packed(array) for name, array in found.items()},
    }


def in_the_browser(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return by how much each run of JavaScript differs from NumPy's, and where most."""
    found: list[dict[str, Any]] = answer(SCRIPT, runs)
    assert len(found) == len(runs)
    return found


def networks(
    cells: list[str], activations: list[str], losses: list[str]
) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield runs without end: every cell, activation, loss and readout, of any sizes.

    A run's numbers follow from its names alone: an entry more leaves those of the others.
    """
    every = list(product(cells, activations, losses, ("last", "every")))
    for run, (name, activation, loss, readout) in enumerate(cycle(every)):
        said = f"{name} {activation} {loss} {readout} {run // len(every)}"
        seed = crc32(said.encode())
        rng = np.random.default_rng(seed)
        steps, batch, inputs, hidden = rng.integers(1, (9, 4, 4, 6))
        spans = loss_named(loss).spans_outputs
        outputs = int(rng.integers(1 + spans, 4))
        params = Parameters.random(inputs, hidden, outputs, seed=rng, cell=CASES[name])
        initial = {"h0": rng.normal(size=(batch, hidden))}
        if "c" in params.cell.states:
            initial["c0"] = rng.normal(size=(batch, hidden))
        shape = (steps if readout == "every" else 1, batch, outputs)
        target = rng.uniform(size=shape)
        if spans:
            target /= target.sum(axis=-1, keepdims=True)
        trace = forward(
            params,
            rng.normal(size=(steps, batch, inputs)),
            target,
            activation=activation,
            loss=loss,
            readout=readout,
            **initial,
        )
        truncate = int(rng.integers(1, steps + 1)) if seed % 3 == 0 else None
        grads = backward(trace, truncate=truncate)
        yield described(trace, grads, truncate), f"{said} truncate {truncate}"


def same(cases: list[tuple[dict[str, Any], str]], *, within: float = AGREES) -> None:
    found = in_the_browser([case for case, _ in cases])
    wrong = [
        (said, each)
        for (_, said), each in zip(cases, found, strict=True)
        if not each["by"] <= within
    ]
    assert not wrong, f"{len(wrong)} of {len(cases)}, such as {wrong[:3]}"


def test_a_thousand_networks_have_the_same_numbers_in_the_browser() -> None:
    every = networks(list(CASES), list(ACTIVATIONS), list(LOSSES))
    same(list(islice(every, 1000)))


def test_a_planted_activation_and_loss_need_no_javascript(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, SOFTSIGN.name, SOFTSIGN)
    monkeypatch.setitem(LOSSES, LOG_COSH.name, LOG_COSH)
    runs = networks(list(CASES), [SOFTSIGN.name], [LOG_COSH.name])
    same(list(islice(runs, 40)), within=1e-12)  # log cosh d, less log 2, cancels where d is small


def test_a_program_says_how_its_formulas_are_written() -> None:
    """The graph prints by the same entries as the browser runs: there are no others."""
    for name, entry in ACTIVATIONS.items():
        assert program("elman", 1, 1, 1, activation=name)["ops"][name] == entry.described()
    for name, family in LOSSES.items():
        said = program("elman", 1, 1, 1, loss=name)["loss"]
        assert said == {"name": name, **family.described()}


def test_a_run_without_a_target_has_values_and_no_loss() -> None:
    params = Parameters.random(2, 3, 2, seed=0, cell="lstm")
    trace = forward(params, np.random.default_rng(0).normal(size=(4, 2, 2)))
    same([(described(trace, None), "no target")])


def test_a_wrong_number_is_found() -> None:
    (case, _), *_ = islice(networks(["gru"], ["tanh"], ["squared_error"]), 1)
    case["grad"]["W_hr"] = packed(np.frombuffer(base64.b64decode(case["grad"]["W_hr"])) + 1e-9)
    (found,) = in_the_browser([case])
    assert found["by"] > AGREES
    assert found["what"] == "grad of W_hr"


def test_the_program_is_json_and_knows_the_shapes() -> None:
    said = program("lstm", 2, 3, 1, activation="relu", loss="squared_error", readout="every")
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert said["parameters"]["W_xi"] == [3, 2]
    assert list(said["parameters"])[-2:] == list(READOUT)
    assert set(said["ops"]) == {"sigmoid", "relu", "identity"}
    assert [name for name, _, _ in said["lines"] if "." not in name][-2:] == ["c", "h"]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"activation": "sine"}, "activation"),
        ({"loss": "hinge"}, "loss"),
        ({"readout": "first"}, "readout"),
        ({"cell": "ran"}, "cell"),
        ({"hidden_size": 0}, "hidden_size"),
    ],
)
def test_a_program_of_what_there_is_not_is_one_sentence(wrong: dict[str, Any], named: str) -> None:
    good = {"cell": "gru", "input_size": 1, "hidden_size": 2, "output_size": 1}
    with pytest.raises(ValueError, match=rf"^{named}: expected [^\n]*got [^\n]*$"):
        program(**{**good, **wrong})
