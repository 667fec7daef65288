"""Learning with any cell: updates, runs in chunks, truncation, padding, clipping, drawn texts."""

import dataclasses
import pickle

import numpy as np
import pytest
import torch

from rnn_core import (
    CELLS,
    Parameters,
    backward,
    backward_padded,
    clip_by_norm,
    clip_by_value,
    forward,
    forward_padded,
    from_torch,
    gradient_norm,
    pad,
    to_torch,
    truncation_loss,
)
from rnn_core.training import (
    OPTIMISERS,
    TASKS,
    Clip,
    Settings,
    batch_of,
    begin,
    make_update,
    sample,
    train,
    train_step,
)

RNG = np.random.default_rng(21)
T, B, D, H, K = 7, 2, 2, 3, 2
X, Y = RNG.normal(size=(T, B, D)), RNG.normal(size=(T, B, K))
H0, C0 = RNG.normal(size=(B, H)), RNG.normal(size=(B, H))
GATED = [name for name in CELLS if name != "elman"]
SETTINGS = {"loss": "squared_error", "readout": "every"}


def start_of(params):
    return {"h0": H0} | ({"c0": C0} if "c" in params.cell.states else {})


def close(one, other):
    one, other = np.asarray(one), np.asarray(other)
    assert one.shape == other.shape
    assert np.linalg.norm(one - other) <= 1e-12 * max(1e-3, np.linalg.norm(other))


@pytest.mark.parametrize("cell", ["elman", "gru", "lstm"])
def test_five_updates_are_those_of_pytorch_with_clipping_and_adam(cell):
    params = Parameters.random(D, H, K, seed=1, cell=cell)
    module = {"elman": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[cell](D, H)
    network = torch.nn.ModuleDict({"rnn": module, "fc": torch.nn.Linear(H, K)}).double()
    network.load_state_dict({n: torch.from_numpy(a) for n, a in to_torch(params).items()})
    # One of the two biases learns, as here: together they would move twice as far.
    module.bias_hh_l0.requires_grad_(cell == "gru")
    optimiser = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=0.02)
    state = OPTIMISERS["adam"].start(params)
    for _ in range(5):
        update = train_step(
            params, state, X, Y, optimiser=OPTIMISERS["adam"], learning_rate=0.02, **SETTINGS
        )
        params, state = update.params, update.state
        optimiser.zero_grad()
        out = network["fc"](module(torch.tensor(X))[0])
        loss = (0.5 * (out - torch.tensor(Y)) ** 2).mean()
        loss.backward()
        if cell == "gru":  # of r and u, the second bias is not a parameter here
            module.bias_hh_l0.grad[: 2 * H] = 0
        optimiser.step()
        assert update.loss == pytest.approx(loss.item(), rel=1e-11)
    theirs = from_torch(network.state_dict())
    for name in params.names:
        np.testing.assert_allclose(params[name], theirs[name], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_a_run_learns_and_can_be_resumed_bit_for_bit(cell):
    """Two marks among letters are in reach of any cell, also where no gate looks at the state.

    A network that has kept only one of them is at log 2 of log 4.
    """
    settings = Settings(
        length=5, updates=60, hidden=8, batch=16, seed=3, cell=cell, learning_rate=0.1
    )
    task = TASKS["temporal_order"]
    records = list(train(task, settings))
    assert records[-1].loss < 0.2 * records[0].loss
    assert records[-1].checkpoint.params.cell is CELLS[cell]
    middle = pickle.loads(pickle.dumps(records[19].checkpoint))  # noqa: S301
    again = list(train(task, settings, middle))
    assert np.array_equal(again[-1].checkpoint.params.vector, records[-1].checkpoint.params.vector)


def test_settings_without_a_cell_are_those_of_an_elman_network():
    settings = Settings(length=5, updates=2)
    assert settings.cell == "elman"
    assert [field.name for field in dataclasses.fields(settings)][-2:] == ["cell", "keep_bias"]
    old = object.__new__(Settings)  # as a pickle of before there were cells makes it
    for name, value in vars(settings).items():
        if name not in ("cell", "keep_bias"):
            object.__setattr__(old, name, value)
    assert begin(TASKS["parity"], old).params.cell.name == "elman"
    with pytest.raises(ValueError, match=r"cell: expected one of elman, .*got 'lsmt'"):
        Settings(length=5, updates=2, cell="lsmt")


@pytest.mark.parametrize("cell", CELLS)
def test_a_run_in_chunks_carries_every_state(cell):
    """Seven steps in chunks of three: each starts where the one before ended, h and c."""
    task = TASKS["parity"]
    settings = Settings(length=7, updates=3, hidden=3, batch=2, chunk=3, cell=cell)
    at = begin(task, settings)
    whole = batch_of(task, settings, 1)
    states = {}
    for part in range(3):
        update = make_update(task, settings, at)
        here = slice(3 * part, 3 * part + 3)
        trace = forward(at.params, whole.x[here], whole.target[here], readout="every", **states)
        for name in CELLS[cell].line:
            np.testing.assert_array_equal(update.trace[name], trace[name])
        at, states = at.after(update, settings), update.carried_states
        assert set(states) == {f"{state}0" for state in CELLS[cell].states}
        np.testing.assert_array_equal(update.carried, trace.h[-1])


def detached_lstm(params, length):
    """Return the gradients of nn.LSTM with both states detached at the start of each chunk."""
    module = torch.nn.LSTM(D, H)
    network = torch.nn.ModuleDict({"rnn": module, "fc": torch.nn.Linear(H, K)}).double()
    network.load_state_dict({n: torch.from_numpy(a) for n, a in to_torch(params).items()})
    states = (torch.tensor(H0[None]), torch.tensor(C0[None]))
    loss = 0.0
    for start in range(0, T, length):
        states = tuple(state.detach() for state in states)
        out, states = module(torch.tensor(X[start : start + length]), states)
        difference = network["fc"](out) - torch.tensor(Y[start : start + length])
        loss = loss + 0.5 * (difference**2).sum() / Y.size
    loss.backward()
    return from_torch({name: p.grad for name, p in network.named_parameters()
                       if "bias_hh" not in name})  # fmt: skip


@pytest.mark.parametrize("length", [1, 2, 3, 7, 9])
def test_chunks_of_an_lstm_are_pytorch_with_detached_states(length):
    params = Parameters.random(D, H, K, seed=4, cell="lstm")
    trace = forward(params, X, Y, h0=H0, c0=C0, **SETTINGS)
    (cut,) = truncation_loss(trace, [length])
    wanted = detached_lstm(params, length)
    for name in params.names:
        close(cut.gradient[name], wanted[name])
    assert set(cut.cosine) == {*params.names, "all"}


@pytest.mark.parametrize("cell", GATED)
@pytest.mark.parametrize("kind", ["chunks", "window"])
def test_cuts_of_every_cell_are_runs_of_the_pieces(cell, kind):
    params = Parameters.random(D, H, K, seed=5, cell=cell)
    trace = forward(params, X, Y, **start_of(params), **SETTINGS)
    for cut in truncation_loss(trace, [2, 3, T], kind=kind):
        total = {name: np.zeros_like(array) for name, array in params.items()}
        for first, last in pieces(kind, cut.length):
            states = {f"{state}0": trace[state][first] for state in params.cell.states}
            piece = forward(params, X[first:last], Y[first:last], **states, **SETTINGS)
            if kind == "chunks":
                weight, grads = (last - first) / T, backward(piece)
            else:
                upstream = np.zeros_like(piece.h[1:])
                upstream[-1] = (piece.logits[-1] - Y[last - 1]) @ params.W_hy / Y.size
                weight, grads = 1.0, backward(piece, upstream=upstream)
            for name in params.names:
                total[name] += weight * grads.parameters[name]
        for name in params.names:
            if kind == "chunks" or name not in ("W_hy", "b_y"):
                close(cut.gradient[name], total[name])


def pieces(kind, length):
    """Return the steps of each chunk, or of each loss's window."""
    if kind == "chunks":
        return [(start, min(start + length, T)) for start in range(0, T, length)]
    return [(max(0, last - length), last) for last in range(1, T + 1)]


@pytest.mark.parametrize("cell", CELLS)
def test_a_padded_batch_is_the_sequences_alone(cell):
    params = Parameters.random(D, H, K, seed=6, cell=cell)
    sequences, y = [X[:7, 0], X[:3, 1], X[2:7, 0]], RNG.normal(size=(3, K))
    x, mask = pad(sequences)
    states = {name: RNG.normal(size=(3, H)) for name in start_of(params)}
    run = forward_padded(params, x, mask, y, loss="squared_error", **states)
    grads = backward_padded(run)
    total = {name: np.zeros_like(array) for name, array in params.items()}
    losses = []
    for b, sequence in enumerate(sequences):
        alone = forward(
            params, sequence, y[b], loss="squared_error",
            **{name: state[b] for name, state in states.items()},
        )  # fmt: skip
        found = backward(alone)
        losses.append(alone.loss)
        close(run.logits[b], alone.logits[0, 0])
        for name in params.cell.line:
            steps = len(alone[name])
            close(run.trace[name][:steps, b], alone[name][:, 0])
            close(3 * grads[name][:steps, b], found[name][:, 0])
            assert not grads[name][steps:, b].any()
        for name in params.names:
            total[name] += found.parameters[name] / 3
    assert run.loss == pytest.approx(np.mean(losses), rel=1e-12)
    for name in params.names:
        close(grads.parameters[name], total[name])


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_of_every_cell_are_clipped_as_one_vector(cell):
    params = Parameters.random(D, H, K, seed=7, cell=cell)
    gradient = backward(forward(params, X, Y, **SETTINGS)).parameters
    size = np.sqrt(sum((array**2).sum() for _, array in gradient.items()))
    assert gradient_norm(gradient) == pytest.approx(size, rel=1e-12)
    shorter = clip_by_norm(gradient, size / 4)
    assert shorter.norm_after == pytest.approx(size / 4, rel=1e-12)
    for name, array in gradient.items():
        np.testing.assert_allclose(shorter.gradients[name], array / 4, rtol=1e-12)
        np.testing.assert_array_equal(
            clip_by_value(gradient, 1e-3).gradients[name], np.clip(array, -1e-3, 1e-3)
        )
    np.testing.assert_allclose(
        Clip(norm=size / 4)(gradient.vector), gradient.vector * (size / 4 / (size + 1e-6))
    )


@pytest.mark.parametrize("cell", CELLS)
def test_characters_are_drawn_by_the_probabilities_that_the_network_gives(cell):
    params = Parameters.random(4, 3, 4, seed=8, cell=cell)
    drawn = sample(params, [1, 2], 12, seed=0, temperature=0.5)
    rng = np.random.default_rng(0)
    for count, character in enumerate(drawn):
        x = np.eye(4)[[1, 2, *drawn[:count]]]
        p = np.exp(forward(params, x).logits[-1, 0] / 0.5)
        assert character == np.searchsorted(np.cumsum(p), rng.random() * p.sum(), side="right")


@pytest.mark.parametrize("cell", CELLS)
def test_what_was_first_not_finite_in_an_update_is_named_for_every_cell(cell):
    params = Parameters.random(D, H, K, seed=9, cell=cell)
    update = train_step(
        params, OPTIMISERS["sgd"].start(params), X, Y,
        optimiser=OPTIMISERS["sgd"], learning_rate=0.1, **SETTINGS,
    )  # fmt: skip
    assert update.trouble() is None
    second = params.names[1]
    arrays = {name: np.array(array) for name, array in params.items()}
    arrays[second].flat[0] = np.nan
    bad = Parameters.trusted_of(params.cell, arrays)
    assert dataclasses.replace(update, params=bad).trouble() == second
    spoilt = dataclasses.replace(update.gradients, parameters=bad)
    assert dataclasses.replace(update, gradients=spoilt).trouble() == f"∂L/∂{second}"


@pytest.mark.parametrize(("cell", "bias"), [("lstm", "b_f"), ("gru", "b_u")])
def test_the_gate_that_keeps_the_state_can_begin_open(cell, bias):
    settings = Settings(length=5, updates=2, hidden=3, cell=cell, keep_bias=5.0)
    plain = dataclasses.replace(settings, keep_bias=None)
    begun, drawn = begin(TASKS["parity"], settings).params, begin(TASKS["parity"], plain).params
    for name in begun.names:
        wanted = np.full(3, 5.0) if name == bias else drawn[name]
        np.testing.assert_array_equal(begun[name], wanted)
    with pytest.raises(ValueError, match=r"keep_bias: expected None for the cell elman, .*got 5"):
        dataclasses.replace(settings, cell="elman")
