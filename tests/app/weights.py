"""Files of weights, as the tests of their reader make them."""

import io
from collections.abc import Mapping

import numpy as np
import torch


def npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def linear(prefix: str, inputs: int, outputs: int) -> dict[str, torch.Tensor]:
    return {f"{prefix}.{n}": v for n, v in torch.nn.Linear(inputs, outputs).state_dict().items()}


def recurrent(kind: str, inputs: int, hidden: int, **settings: object) -> dict[str, torch.Tensor]:
    module = getattr(torch.nn, kind)(inputs, hidden, **settings)
    return {f"rnn.{name}": value for name, value in module.state_dict().items()}
