"""Numbers that are held: against PyTorch with the value put in, and what cannot be held."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from app.components.graph_view.held_terms import held_terms
from app.experiment import holding
from app.experiment.changes import with_network, with_readout
from app.experiment.held_run import held_run
from app.experiment.holding import Hold
from app.experiment.presets import PRESETS
from app.experiment.resizing import with_steps
from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment

EXACT = 1e-12


def experiment(cell: str) -> Experiment:
    """Return a preset of the cell, or the plain network's with another cell in it."""
    if cell not in {"elman", "lstm"}:
        return with_network(with_steps(experiment("elman"), 3), cell)
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


def in_torch(
    given: Experiment,
    held: dict[tuple[str, int, int], float],
    *,
    alone: int | None = None,
    horizon: int | None = None,
) -> tuple[Any, Any, float]:
    """Run in PyTorch; each quantity passes a hook that puts numbers in. Returns what it saw.

    With `alone` the loss is the share of that step, which goes back through `horizon` steps.
    """
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
        if alone is not None and horizon is not None and 1 < t == alone - horizon + 1:
            h, c = h.detach(), None if c is None else c.detach()
        x = torch.tensor(np.array(trace.x[t - 1, b]))
        h, c = stepped(trace.cell.name, p, x, h, c, partial(at, hook, t))
        if t in trace.readout_steps:
            logits[t] = hook("a", t, p["W_hy"] @ h + p["b_y"])
    target = torch.tensor(np.array(trace.target)[:, b])
    terms = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.stack(list(logits.values())), target, reduction="none"
    )
    rows = slice(None) if alone is None else alone - trace.readout_steps.start
    loss = terms[rows].sum() / terms.numel()
    loss.backward()
    return seen, p, loss.item()


def at(hook: Callable[..., Any], t: int, name: str, value: torch.Tensor) -> torch.Tensor:
    found: torch.Tensor = hook(name, t, value)
    return found


def stepped(cell: str, p: dict[str, Any], x: Any, h: Any, c: Any, hook: Callable[..., Any]) -> Any:
    """Return h_t and c_t, as each cell's paper writes them; every quantity passes the hook."""

    def gate(k: str, function: Callable[..., Any] = torch.sigmoid) -> Any:
        z = hook(f"z_{k}", p[f"W_x{k}"] @ x + p[f"W_h{k}"] @ h + p[f"b_{k}"])
        return hook(k, function(z))

    if cell == "lstm":
        i, f, g, o = gate("i"), gate("f"), gate("g", torch.tanh), gate("o")
        c = hook("c", f * c + i * g)
        return hook("h", o * torch.tanh(c)), c
    if cell.startswith("gru"):
        r, u = gate("r"), gate("u")
        if cell == "gru":
            m = hook("m", p["W_hn"] @ h + p["b_hn"])
            z = hook("z_n", p["W_xn"] @ x + p["b_xn"] + r * m)
        else:
            k = hook("k", r * h)
            z = hook("z_n", p["W_xn"] @ x + p["b_xn"] + p["W_hn"] @ k + p["b_hn"])
        return hook("h", (1 - u) * hook("n", torch.tanh(z)) + u * h), None
    z = hook("z", p["W_xh"] @ x + p["W_hh"] @ h + p["b_h"])
    if cell == "leaky":
        return hook("h", (1 - LEAK) * h + LEAK * hook("s", torch.tanh(z))), None
    return hook("h", torch.tanh(z)), None


LEAK = 0.5
CASES: dict[str, list[dict[tuple[str, int, int], float]]] = {
    "elman": [{("h", 2, 1): 0.5}, {("z", 1, 2): -3.0, ("h", 2, 1): 0.1}, {("h", 1, 1): 2.0}],
    "lstm": [{("c", 2, 1): 0.5}, {("z_f", 1, 2): -3.0, ("i", 2, 1): 0.1}, {("h", 2, 2): -1.5}],
    "leaky": [{("h", 2, 1): 0.5}, {("z", 1, 2): -3.0, ("s", 2, 1): 0.1}, {("a", 3, 1): 2.0}],
    "gru": [{("u", 2, 1): 0.5}, {("z_r", 1, 2): -3.0, ("m", 2, 1): 0.1}, {("n", 2, 2): -1.5}],
    "gru_reset_before": [
        {("r", 2, 1): 0.5},
        {("z_u", 1, 2): -3.0, ("k", 2, 1): 0.1},
        {("h", 2, 2): -1.5, ("n", 1, 1): 0.2},
    ],
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


def test_a_run_that_is_too_large_is_refused_in_a_sentence() -> None:
    long = held_run(with_steps(experiment("elman"), 2000), (Hold("h[1,1]", 1.0),), "operation")
    assert "expected a graph of at most 8,000 nodes, got one of about 16,000" in long.said
    assert long.unknown == ()
    assert long.loss is None


@pytest.mark.parametrize("level", ["operation", "scalar"])
@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("cell", CASES)
def test_a_held_number_of_a_truncated_run_gives_what_pytorch_computes_loss_by_loss(
    cell: str, readout: str, level: str
) -> None:
    """Each loss by a run of its own, whose state is detached where truncation cuts it off."""
    given = with_readout(experiment(cell), readout).replace(truncate=2)
    held = CASES[cell][1]
    run = held_run(given, tuple(Hold(f"{q}[{t},{u}]", v) for (q, t, u), v in held.items()), level)
    assert run.said == ""
    values, grads, weights = {}, {}, {}
    for step in trace_of(given).readout_steps:
        seen, parameters, _ = in_torch(given, held, alone=step, horizon=2)
        for (name, t), tensor in seen.items():
            values[name, t] = tensor.detach().numpy()
            grad = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
            grads[name, t] = grads.get((name, t), 0) + grad
        for name, tensor in parameters.items():
            grad = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
            weights[name] = weights.get(name, 0) + grad
    for (name, t), grad in grads.items():
        for k in range(len(grad)):
            where = f"{name}[{t}]" if level == "operation" else f"{name}[{t},{k + 1}]"
            unit = k if level == "operation" else ...
            assert abs(run.values[where][unit] - values[name, t][k]) < EXACT, where
            assert abs(run.grads[where][unit] - grad[k]) < EXACT, where
    if level == "operation":
        for name, total in weights.items():
            assert np.abs(run.grads[name] - total).max() < EXACT, name


def test_of_a_truncated_batch_the_other_sequences_count_as_they_are() -> None:
    """Nothing is held: all gradients are those that the core computes."""
    given = PRESETS["first_bit"].experiment.replace(truncate=2)
    assert given.sizes[1] > 1
    run = held_run(given, (), "operation")
    for name, array in gradients_of(given).parameters.items():
        assert np.abs(run.grads[name] - array).max() < EXACT, name


@pytest.mark.parametrize("truncate", [None, 2])
@pytest.mark.parametrize("level", ["operation", "scalar"])
def test_the_ledger_with_the_hold_adds_up_and_what_is_held_gives_nothing(
    level: str, truncate: int | None
) -> None:
    given = experiment("lstm").replace(truncate=truncate)
    run = held_run(given, (Hold("z_f[2,1]", 0.5), Hold("c[1,2]", -1.0)), level)
    trace = trace_of(given)
    assert run.graph is not None
    for name, array in trace.params.items():
        for index in np.ndindex(array.shape):
            found = held_terms(run.graph, name, index)
            terms = [row["term"] for row in found["rows"]]
            assert abs(sum(terms) - found["total"]) < EXACT, name
            products = [
                row["upstream"] * (1 if row["factor"] is None else row["factor"])
                for row in found["rows"]
            ]
            assert np.allclose(terms, products, rtol=0, atol=EXACT)
    row = held_terms(run.graph, "W_hf", (0, 0))["rows"][1]
    assert row["t"] == 2
    assert row["term"] == 0  # f of unit 1 is no longer computed there
    other = held_terms(run.graph, "W_hf", (1, 0))["rows"][1]["term"]
    assert (other == 0) is (truncate is not None and trace.steps > truncate + 1)
