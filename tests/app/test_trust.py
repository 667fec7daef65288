"""The badge: what the witnesses say of right gradients, of wrong ones, and of what has none."""

import dataclasses

import numpy as np
import pytest

from app.experiment.presets import PRESETS, default
from app.experiment.run import gradients_of
from app.experiment.sources import Series, make
from app.figures.words import short
from app.pytorch import torch_reference
from app.views.explore.compute import trust
from app.views.explore.compute.trust import checked_gradients, needs_permission, verdicts_of
from app.views.explore.sections.header import _LOOKS, _figure, _text, digits
from rnn_core import Gradients, Parameters


def planted(grads: Gradients, name: str, factor: float) -> Gradients:
    """The same gradients with one parameter's first number wrong by a factor."""
    arrays = {each: np.array(array) for each, array in grads.parameters.items()}
    arrays[name].flat[0] *= factor
    return dataclasses.replace(grads, parameters=Parameters(**arrays))


@pytest.mark.parametrize("name", list(PRESETS))
def test_both_witnesses_agree_on_every_preset(name: str) -> None:
    verdicts = verdicts_of(PRESETS[name].experiment)
    assert [verdict.agrees for verdict in verdicts] == [True, True], verdicts


@pytest.mark.parametrize("name", ["W_xh", "W_hh", "b_h", "W_hy", "b_y"])
def test_a_wrong_gradient_is_found_and_named_by_both(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = planted(gradients_of(default()), name, 1.01)
    monkeypatch.setattr(trust, "gradients_of", lambda experiment: wrong)
    numeric, torch = verdicts_of.__wrapped__(default())
    assert (numeric.agrees, numeric.culprit) == (False, name)
    assert (torch.agrees, torch.culprit) == (False, f"dL/d{name}")
    assert _text(numeric) == f"finite differences: {name} differs"
    assert (
        f"the largest relative difference is {short(numeric.difference, 2)}, at {name}"
        in _figure(numeric)
    )
    assert _LOOKS[numeric.agrees][0] == "red"


def test_a_truncated_gradient_is_not_called_checked() -> None:
    verdicts = verdicts_of(default().replace(truncate=2))
    assert [verdict.agrees for verdict in verdicts] == [None, None]
    assert _text(verdicts[0]) == "gradient not checked: the gradient is cut after 2 steps"
    assert _text(verdicts[1]) == "PyTorch not checked: the gradient is cut after 2 steps"


@pytest.mark.parametrize(
    ("difference", "agreed"), [(7.2e-11, 10), (9.9e-10, 9), (1e-9, 9), (3e-17, 15), (1.0, 0)]
)
def test_the_badge_counts_the_digits_that_agree(difference: float, agreed: int) -> None:
    assert digits(difference) == agreed


def test_the_badge_says_digits_and_the_figure_to_who_points_at_it() -> None:
    numeric, torch = verdicts_of(default())
    agreed = int(-np.log10(numeric.difference))
    assert _text(numeric) == f"gradient checked: agrees to {agreed} digits"
    assert f"{short(numeric.difference, 2)}" in _figure(numeric)
    assert _text(dataclasses.replace(torch, difference=0.0)) == "PyTorch agrees exactly"


def test_without_pytorch_the_badge_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_reference, "available", lambda: False)
    numeric, torch = verdicts_of.__wrapped__(default())
    assert numeric.agrees
    assert torch.agrees is None
    assert "not installed" in torch.reason


def test_a_large_experiment_is_checked_only_if_asked() -> None:
    sequence = make(Series, name="sine", length=300, scaling="none")
    large = default().replace(sequence=sequence, loss="squared_error")
    assert needs_permission(large)
    assert not needs_permission(default())
    assert verdicts_of(large)[0].agrees is None
    assert checked_gradients(large).agrees


def test_a_difference_that_is_not_finite_never_agrees() -> None:
    assert torch_reference.normwise(np.nan, 1.0) == np.inf
    assert torch_reference.normwise([1.0, np.inf], [1.0, 2.0]) == np.inf
    assert torch_reference.normwise([3.0, 4.0], [3.0, 5.0]) == 0.2
