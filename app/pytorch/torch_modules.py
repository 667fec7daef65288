"""A run of an LSTM or a GRU through PyTorch's own module, with the gradients by autograd.

The weights go there and the gradients come back under PyTorch's names (`rnn_core.to_torch`).
"""

from typing import Any

import numpy as np

from app.pytorch.torch_runs import loss_of
from rnn_core import Trace, to_torch

MODULES = {"lstm": "LSTM", "gru": "GRU"}
"""The class in `torch.nn` by the name of the cell; all of them have tanh for φ."""


def has_module(trace: Trace) -> bool:
    """Whether `torch.nn` has a module that computes this run."""
    return trace.cell.name in MODULES and trace.activation == "tanh"


def by_module(trace: Trace) -> dict[str, Any]:
    """Return h (T+1, B, H), the loss, and the gradients "dL/d…" of a run that has a target.

    Those of the parameters have PyTorch's names: "dL/drnn.weight_ih_l0" and so on.
    """
    import torch

    params = trace.params
    state = {name: torch.tensor(np.array(array)) for name, array in to_torch(params).items()}
    rnn = getattr(torch.nn, MODULES[trace.cell.name])(
        params.input_size, params.hidden_size, dtype=torch.float64
    )
    fc = torch.nn.Linear(params.hidden_size, params.output_size, dtype=torch.float64)
    parts = torch.nn.ModuleDict({"rnn": rnn, "fc": fc})
    parts.load_state_dict(state)
    x = torch.tensor(np.array(trace.x), requires_grad=True)
    states = {
        name: torch.tensor(np.array(trace[name][:1]), requires_grad=True)
        for name in trace.cell.states
    }
    given = tuple(states.values())
    out, _ = rnn(x, given if len(given) > 1 else given[0])
    logits = fc(out[-len(trace.logits) :])
    loss = loss_of(trace.family, logits, torch.tensor(np.array(trace.target)))
    loss.backward()
    found: dict[str, Any] = {
        "h": np.concatenate([trace.h[:1], out.detach().numpy()]),
        "loss": loss.item(),
        "dL/dx": _gradient(x),
        **{f"dL/d{name}_0": _gradient(tensor)[0] for name, tensor in states.items()},
    }
    return {**found, **{f"dL/d{name}": _gradient(p) for name, p in parts.named_parameters()}}


def _gradient(tensor: Any) -> Any:
    return np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
