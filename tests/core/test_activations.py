"""Each activation and its slope against PyTorch's function and autograd, and its forms."""

import numpy as np
import pytest
import torch

from rnn_core import ACTIVATIONS
from rnn_core.cells import ELMAN, backward_equations

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


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("tanh", r"(1 - {h_t}^2) \odot"),
        ("leaky_relu", r"(\mathbf{1}[{z_t} > 0] + 0.01\,\mathbf{1}[{z_t} \le 0]) \odot"),
        ("relu", r"\mathbf{1}[{z_t} > 0] \odot"),
        ("sigmoid", r"{h_t} \odot (1 - {h_t}) \odot"),
    ],
)
def test_a_slope_stands_in_brackets_as_a_factor_where_it_is_a_sum(name: str, slope: str) -> None:
    told = backward_equations(ELMAN, name, every=False, by_logit="d", by_logit_latex="p-y")
    (delta,) = (each.latex for each in told if each.latex.startswith(r"\delta_t = "))
    assert delta.partition(r"\partial z_t} = ")[2].startswith(slope)
