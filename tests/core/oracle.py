"""PyTorch as the oracle: the same network, differentiated by autograd."""

from dataclasses import dataclass

import numpy as np
import torch

from rnn_core import PARAMETER_NAMES, Parameters

PHI = {"tanh": torch.tanh, "relu": torch.relu, "identity": lambda z: z}


@dataclass(frozen=True)
class Answer:
    values: dict[str, np.ndarray]
    gradients: dict[str, np.ndarray]


def mean_loss(name, logits, target):
    if name == "binary_cross_entropy":
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, target)
    if name == "squared_error":
        return 0.5 * torch.nn.functional.mse_loss(logits, target)
    classes = logits.shape[-1]
    return torch.nn.functional.cross_entropy(
        logits.reshape(-1, classes), target.reshape(-1, classes)
    )


def torch_answer(params, x, target, *, activation, loss, readout, h0, upstream=None, window=None):
    """Return states, loss and gradients; x (T, B, D), target (S, B, K), h0 (B, H) are arrays.

    `window` detaches the state that many steps before each readout, for truncated BPTT.
    """
    kind = torch.float64 if params.dtype == np.float64 else torch.float32
    leaves = {name: _leaf(array, kind) for name, array in params.items()}
    leaves |= {"x": _leaf(x, kind), "h0": _leaf(h0, kind)}
    states, pre = _states(leaves, activation, leaves["h0"], 0, len(x))
    read = range(1, len(x) + 1) if readout == "every" else [len(x)]
    logits = []
    for t in read:
        state = states[t]
        if window is not None and t - window > 0:
            again, _ = _states(leaves, activation, states[t - window].detach(), t - window, t)
            state = again[-1]
        logits.append(state @ leaves["W_hy"].T + leaves["b_y"])
    stacked = torch.stack(logits)
    if upstream is None:
        value = mean_loss(loss, stacked, torch.tensor(target, dtype=kind))
    else:
        value = (torch.stack(states[1:]) * torch.tensor(upstream, dtype=kind)).sum()
    for tensor in (*states, *pre, stacked):
        if tensor.requires_grad and not tensor.is_leaf:
            tensor.retain_grad()
    value.backward()
    gradients = {name: _gradient(leaf) for name, leaf in leaves.items()}
    gradients["h"] = np.stack([_gradient(state) for state in states])
    gradients["z"] = np.stack([_gradient(z) for z in pre])
    gradients["logits"] = _gradient(stacked)
    values = {
        "h": np.stack([state.detach().numpy() for state in states]),
        "z": np.stack([z.detach().numpy() for z in pre]),
        "logits": stacked.detach().numpy(),
        "loss": np.array(value.item()),
    }
    return Answer(values, gradients)


def _states(leaves, activation, start, first, stop):
    states, pre = [start], []
    for t in range(first, stop):
        z = leaves["x"][t] @ leaves["W_xh"].T + states[-1] @ leaves["W_hh"].T + leaves["b_h"]
        pre.append(z)
        states.append(PHI[activation](z))
    return states, pre


def _leaf(array, kind):
    return torch.tensor(np.array(array), dtype=kind, requires_grad=True)


def _gradient(tensor):
    return (torch.zeros_like(tensor) if tensor.grad is None else tensor.grad).detach().numpy()


def distance(found, expected):
    """Return the normwise relative difference."""
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    scale = np.linalg.norm(expected)
    gap = np.linalg.norm(found - expected)
    return gap / scale if scale > 0 else gap


@dataclass(frozen=True)
class Case:
    params: Parameters
    x: np.ndarray
    target: np.ndarray
    h0: np.ndarray
    settings: dict[str, str]


def problem(
    seed, steps, batch, inputs, hidden, outputs, activation, loss, readout, dtype="float64"
):
    """Return a random network of moderate weights with a random sequence, target and h0."""
    rng = np.random.default_rng(seed)
    params = Parameters.random(inputs, hidden, outputs, seed=rng, spectral_radius=0.9)
    shape = (steps if readout == "every" else 1, batch, outputs)
    target = rng.uniform(size=shape)
    if loss == "softmax_cross_entropy":
        target = target / target.sum(axis=-1, keepdims=True)
    return Case(
        params.astype(dtype),
        rng.normal(size=(steps, batch, inputs)).astype(dtype),
        target.astype(dtype),
        (0.5 * rng.normal(size=(batch, hidden))).astype(dtype),
        {"activation": activation, "loss": loss, "readout": readout},
    )


def parameter_arrays(gradients):
    return {name: getattr(gradients.parameters, name) for name in PARAMETER_NAMES}
