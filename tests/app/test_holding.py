"""Numbers that are held: against PyTorch with the value put in, and what cannot be held."""

from typing import Any

import numpy as np
import pytest
import torch

from app.experiment import holding
from app.experiment.holding import Hold, held_run
from app.experiment.presets import PRESETS
from app.experiment.resizing import with_steps
from app.experiment.run import trace_of
from app.experiment.value import Experiment

EXACT = 1e-12


def experiment(cell: str) -> Experiment:
    return next(
        preset.experiment
        for preset in PRESETS.values()
        if preset.experiment.cell == cell
        and preset.experiment.has_target
        and preset.experiment.loss == "binary_cross_entropy"
        and preset.experiment.activation == "tanh"
        and preset.experiment.sizes[0] >= 3
        and trace_of(preset.experiment).params.hidden_size >= 2
    )


def in_torch(given: Experiment, held: dict[tuple[str, int, int], float]) -> tuple[Any, Any, float]:
    """Run in PyTorch; each quantity passes a hook that puts numbers in. Returns what it saw."""
    trace = trace_of(given)
    p = {
        name: torch.tensor(np.array(array, dtype=np.float64), requires_grad=True)
        for name, array in trace.params.items()
    }
    seen = {}

    def hook(name: str, t: int, value: torch.Tensor) -> torch.Tensor:
        for (quantity, step, unit), number in held.items():
            if (quantity, step) == (name, t):
                mask = torch.zeros_like(value, dtype=torch.bool)
                mask[unit - 1] = True
                value = torch.where(mask, torch.full_like(value, number), value)
        value.retain_grad()
        seen[name, t] = value
        return value

    b = given.sample
    state = {name: torch.tensor(np.array(trace[name][0, b])) for name in trace.cell.states}
    h, c, logits = state["h"], state.get("c"), {}
    for t in range(1, trace.steps + 1):
        x = torch.tensor(np.array(trace.x[t - 1, b]))
        if c is None:
            z = hook("z", t, p["W_xh"] @ x + p["W_hh"] @ h + p["b_h"])
            h = hook("h", t, torch.tanh(z))
        else:
            gates = {
                k: hook(k, t, (torch.tanh if k == "g" else torch.sigmoid)(
                    hook(f"z_{k}", t, p[f"W_x{k}"] @ x + p[f"W_h{k}"] @ h + p[f"b_{k}"])
                ))
                for k in "ifgo"
            }  # fmt: skip
            c = hook("c", t, gates["f"] * c + gates["i"] * gates["g"])
            h = hook("h", t, gates["o"] * torch.tanh(c))
        if t in trace.readout_steps:
            logits[t] = hook("a", t, p["W_hy"] @ h + p["b_y"])
    target = torch.tensor(np.array(trace.target)[:, b])
    loss = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.stack(list(logits.values())), target
    )
    loss.backward()
    return seen, p, loss.item()


CASES: dict[str, list[dict[tuple[str, int, int], float]]] = {
    "elman": [{("h", 2, 1): 0.5}, {("z", 1, 2): -3.0, ("h", 2, 1): 0.1}, {("h", 1, 1): 2.0}],
    "lstm": [{("c", 2, 1): 0.5}, {("z_f", 1, 2): -3.0, ("i", 2, 1): 0.1}, {("h", 2, 2): -1.5}],
}


@pytest.mark.parametrize("level", ["operation", "scalar"])
@pytest.mark.parametrize(("cell", "case"), [(cell, k) for cell in CASES for k in range(3)])
def test_a_held_number_gives_what_pytorch_computes_with_the_value_put_in(
    cell: str, case: int, level: str
) -> None:
    given, held = experiment(cell), CASES[cell][case]
    holds = tuple(Hold(f"{q}[{t},{unit}]", value) for (q, t, unit), value in held.items())
    run = held_run(given, holds, level)
    seen, parameters, loss = in_torch(given, held)
    assert run.said == ""
    assert run.unknown == ()
    assert run.loss is not None
    assert abs(run.loss - loss) < EXACT
    assert abs(run.loss - (trace_of(given).loss or 0)) > 1e-6
    for (name, t), tensor in seen.items():
        grad = torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
        for k, (value, slope) in enumerate(zip(tensor.tolist(), grad.tolist(), strict=True)):
            where = f"{name}[{t}]" if level == "operation" else f"{name}[{t},{k + 1}]"
            unit = k if level == "operation" else ...
            assert abs(run.values[where][unit] - value) < EXACT, where
            assert abs(run.grads[where][unit] - slope) < EXACT, where
    for name, tensor in parameters.items():
        grad = torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
        if level == "operation":
            assert np.abs(run.grads[name] - grad.numpy()).max() < EXACT, name


def test_holds_are_written_and_read() -> None:
    holds = [Hold("h[2,1]", 0.5), Hold("W_hh[1,2]·h[1,2]", -1e-30), Hold("W_hh h[1]#2", 3.0)]
    assert holding.written(holds) == "h[2,1]:0.5,W_hh[1,2]·h[1,2]:-1e-30,W_hh h[1]#2:3.0"
    assert holding.read(holding.written(holds)) == (holds, "")
    assert holding.read("") == ([], "")


@pytest.mark.parametrize(
    ("text", "held", "said"),
    [
        ("h[2,1]:nan,h[1,1]:2", ["h[1,1]"], "got 'h[2,1]:nan,'"),
        ("h[2,1]", [], "got 'h[2,1]'"),
        (":1", [], "got ':1'"),
        (",".join(f"h[{t},1]:0" for t in range(1, 12)), [f"h[{t},1]" for t in range(1, 9)],
         "at most 8 numbers, got 11"),
    ],
)  # fmt: skip
def test_what_an_address_cannot_hold_is_said(text: str, held: list[str], said: str) -> None:
    holds, sentence = holding.read(text)
    assert [hold.place for hold in holds] == held
    assert said in sentence


def test_a_place_is_named_alike_at_both_levels() -> None:
    assert holding.place_of("h[2]", 1) == "h[2,1]"
    assert holding.place_of("h[2,1]", None) == "h[2,1]"
    assert holding.place_of("W_hh h[1]", 2) == "W_hh h[1]#2"


def test_what_is_not_there_or_given_or_of_another_level_is_not_held() -> None:
    given = experiment("elman")
    holds = tuple(
        Hold(place, 1.0) for place in ("h[99,1]", "x[1,1]", "W_hh", "rest", "z", "W_hh h[1]#1")
    )
    run = held_run(given, holds, "scalar")
    assert [hold.place for hold in run.unknown] == ["h[99,1]", "x[1,1]", "W_hh", "rest", "z"]
    assert run.said.startswith("W_hh h[1]#1: no number of this level")
    assert run.loss is None
    assert not run.at
    only = held_run(given, holds, "operation")
    assert [name for name, _ in only.at.values()] == ["W_hh h[1]"]


def test_a_run_that_is_too_large_and_one_that_is_truncated_are_refused_in_a_sentence() -> None:
    given = experiment("elman")
    holds = (Hold("h[1,1]", 1.0),)
    cut = held_run(given.replace(truncate=1), holds, "operation")
    assert cut.said == (
        "Hold: expected gradients over all steps, got truncated ones; nothing is held."
    )
    long = held_run(with_steps(given, 2000), holds, "operation")
    assert "expected a graph of at most 8,000 nodes, got one of about 16,000" in long.said
    assert long.unknown == ()
    assert long.loss is None
