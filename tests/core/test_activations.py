"""Each activation and its slope against PyTorch's function and autograd, and its forms."""

import numpy as np
import pytest
import torch

from rnn_core import ACTIVATIONS

THEIRS = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "sigmoid": torch.sigmoid,
    "identity": torch.clone,
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_torchs_and_so_is_its_slope_also_at_a_kink(name: str, dtype: str) -> None:
    phi, z = ACTIVATIONS[name], np.linspace(-6, 6, 301).astype(dtype)
    assert 0 in z
    given = torch.tensor(z, requires_grad=True)
    theirs = THEIRS[name](given)
    theirs.sum().backward()
    bound = 8 * np.finfo(dtype).eps
    np.testing.assert_allclose(phi(z), theirs.detach().numpy(), rtol=bound)
    np.testing.assert_allclose(phi.slope(z), given.grad.numpy(), rtol=bound, atol=bound)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_forms_of_an_entry_are_what_the_activation_computes(name: str) -> None:
    phi, z = ACTIVATIONS[name], np.linspace(-30, 30, 301)
    np.testing.assert_allclose(phi.form.of(z=z), phi(z), rtol=1e-12)
    slope = np.broadcast_to(phi.slope_form.of(z=z, h=phi(z)), z.shape)
    np.testing.assert_allclose(slope, phi.slope(z), rtol=1e-10, atol=1e-300)
