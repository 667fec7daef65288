"""A padded batch against separate runs, and against PyTorch's packed sequences."""

import numpy as np
import pytest
import torch

from rnn_core import PARAMETER_NAMES, Parameters, backward, forward
from rnn_core.batching import backward_padded, forward_padded, pad
from tests.core.oracle import distance

LENGTHS = (5, 1, 9, 3)


def batch(seed=0, lengths=LENGTHS, inputs=2, hidden=4, outputs=2):
    rng = np.random.default_rng(seed)
    params = Parameters.random(inputs, hidden, outputs, seed=rng, spectral_radius=1.1)
    sequences = [rng.normal(size=(steps, inputs)) for steps in lengths]
    return params, sequences, rng.uniform(size=(len(lengths), outputs)), rng.normal(size=hidden)


def test_pad_by_hand():
    x, mask = pad([[1.0, 2.0, 3.0], [4.0]])
    np.testing.assert_array_equal(x[..., 0], [[1, 4], [2, 0], [3, 0]])
    np.testing.assert_array_equal(mask, [[True, True], [True, False], [True, False]])


@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "softmax_cross_entropy", "squared_error"])
def test_a_padded_batch_is_its_sequences_one_by_one(activation, loss):
    params, sequences, target, h0 = batch()
    if loss == "softmax_cross_entropy":
        target = target / target.sum(axis=1, keepdims=True)
    settings = {"activation": activation, "loss": loss}
    run = forward_padded(params, *pad(sequences), target, h0=h0, **settings)
    grads = backward_padded(run)
    losses, sums = [], dict.fromkeys(PARAMETER_NAMES, 0.0)
    for b, sequence in enumerate(sequences):
        alone = forward(params, sequence, target[b], h0=h0, **settings)
        back = backward(alone)
        steps = len(sequence)
        losses.append(alone.loss)
        assert distance(run.logits[b], alone.logits[0, 0]) < 1e-12
        assert distance(run.last[b], alone.h[-1, 0]) < 1e-12
        assert distance(run.trace.h[: steps + 1, b], alone.h[:, 0]) < 1e-12
        assert distance(grads.z[:steps, b] * len(sequences), back.z[:, 0]) < 1e-12
        assert distance(grads.x[:steps, b] * len(sequences), back.x[:, 0]) < 1e-12
        assert distance(grads.h[0, b] * len(sequences), back.h[0, 0]) < 1e-12
        assert not grads.z[steps:, b].any()
        assert not grads.h[steps + 1 :, b].any()
        np.testing.assert_array_equal(
            run.trace.h[steps:, b],
            np.broadcast_to(run.last[b], run.trace.h[steps:, b].shape),
        )
        for name in PARAMETER_NAMES:
            sums[name] = sums[name] + getattr(back.parameters, name) / len(sequences)
    assert run.loss == pytest.approx(np.mean(losses), rel=1e-13)
    for name in PARAMETER_NAMES:
        assert distance(getattr(grads.parameters, name), sums[name]) < 1e-12


def torch_packed(params, sequences, target, h0):
    rnn = torch.nn.RNN(params.input_size, params.hidden_size, dtype=torch.float64)
    head = torch.nn.Linear(params.hidden_size, params.output_size, dtype=torch.float64)
    with torch.no_grad():
        rnn.weight_ih_l0[:] = torch.tensor(params.W_xh)
        rnn.weight_hh_l0[:] = torch.tensor(params.W_hh)
        rnn.bias_ih_l0[:] = torch.tensor(params.b_h)
        rnn.bias_hh_l0[:] = 0
        head.weight[:] = torch.tensor(params.W_hy)
        head.bias[:] = torch.tensor(params.b_y)
    packed = torch.nn.utils.rnn.pack_sequence(
        [torch.tensor(sequence) for sequence in sequences], enforce_sorted=False
    )
    start = torch.tensor(h0).expand(1, len(sequences), -1)
    _, last = rnn(packed, start.contiguous())
    loss = torch.nn.functional.binary_cross_entropy_with_logits(head(last[0]), torch.tensor(target))
    loss.backward()
    return loss.item(), {
        "W_xh": rnn.weight_ih_l0.grad,
        "W_hh": rnn.weight_hh_l0.grad,
        "b_h": rnn.bias_ih_l0.grad,
        "W_hy": head.weight.grad,
        "b_y": head.bias.grad,
    }


def test_agrees_with_packed_sequences_of_torch():
    params, sequences, target, h0 = batch(seed=1)
    run = forward_padded(params, *pad(sequences), target, h0=h0)
    grads = backward_padded(run)
    loss, gradients = torch_packed(params, sequences, target, h0)
    assert run.loss == pytest.approx(loss, rel=1e-13)
    for name, expected in gradients.items():
        assert distance(getattr(grads.parameters, name), expected.numpy()) < 1e-12
    # A planted fault: the mask left out reads every sequence at the end of the longest.
    x, mask = pad(sequences)
    unmasked = forward_padded(params, x, np.ones_like(mask), target, h0=h0)
    assert abs(unmasked.loss - loss) > 1e-6


def test_what_explodes_in_the_padding_stays_out():
    params = Parameters([[1.0]], [[1e200]], [1.0], [[1.0]], [0.0])
    x, mask = pad([[1.0], [0.0, 0.0]])
    run = forward_padded(params, x, mask, [[0.0], [0.0]], activation="identity")
    longer = forward_padded(
        params,
        np.concatenate([x, np.zeros((3, 2, 1))]),
        np.concatenate([mask, np.zeros((3, 2), bool)]),
        [[0.0], [0.0]],
        activation="identity",
    )
    assert longer.loss == run.loss
    first, second = backward_padded(run).parameters, backward_padded(longer).parameters
    for name in PARAMETER_NAMES:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
        assert np.isfinite(getattr(second, name)).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: pad([]), "sequences: expected at least one, got none"),
        (lambda: pad([[]]), r"sequence 1: expected shape \(T, D\) or \(T,\), got \(0,\)"),
        (lambda: pad([[1.0], [[1.0, 2.0]]]), "sequences: expected one D for all, got 1, 2"),
        (lambda: pad([[1.0], [np.nan]]), "sequence 2: expected finite numbers"),
    ],
)
def test_refuses_what_cannot_be_padded(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize(
    "mask",
    [
        [[1.0], [1.0]],
        [[True], [False], [True]],
        [[False], [False], [False]],
        [[True], [True]],
    ],
)
def test_refuses_a_mask_that_is_not_one_run_of_steps(mask):
    params = Parameters([[1.0]], [[0.5]], [0.0], [[1.0]], [0.0])
    with pytest.raises(ValueError, match=r"^mask: expected"):
        forward_padded(params, [1.0, 2.0, 3.0], mask)


def test_needs_a_target_to_go_back():
    params = Parameters([[1.0]], [[0.5]], [0.0], [[1.0]], [0.0])
    run = forward_padded(params, *pad([[1.0]]))
    with pytest.raises(ValueError, match="backward_padded: expected a run with a target"):
        backward_padded(run)


def test_an_exploding_batch_has_gradients_that_are_not_finite_and_is_no_error():
    """As PyTorch: the loss of an infinite logit is infinite, and its gradient inf and nan."""
    params = Parameters([[1.0]], [[10.0]], [0.0], [[1.0]], [0.0])
    x, mask = pad([np.ones(400), np.ones(3)])
    run = forward_padded(params, x, mask, [[0.0], [0.0]], activation="relu", loss="squared_error")
    assert run.loss == np.inf
    grads = backward_padded(run)
    assert not np.isfinite(grads.h[-1, 0]).any()
    alone = forward(params, x[:3, 1:], 0.0, activation="relu", loss="squared_error")
    np.testing.assert_array_equal(grads.z[:3, 1], backward(alone).z[:, 0] / 2)
