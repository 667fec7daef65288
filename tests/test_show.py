"""A live PyTorch network, shown: what the page is of is what the module computes."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from app.experiment import link
from app.experiment.run import gradients_of
from rnn_core import LOSSES, Parameters, to_torch
from unrolled import Page, live, show

AGREES = re.compile(r"agrees with your module to (\de-\d+)")


class Model(nn.Module):
    """What people write: the last state, read out."""

    def __init__(self, factor: float = 1.0) -> None:
        super().__init__()
        self.factor = factor
        self.lstm = nn.LSTM(2, 3, batch_first=True)
        self.out = nn.Linear(3, 1)

    def forward(self, x: Any) -> Any:
        logits: Any = self.out(self.lstm(x)[0][:, -1])
        return self.factor * logits


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def shown(*given: Any, **more: Any) -> Page:
    return show(*given, browser=False, **more)


def closeness(page: Page) -> float:
    found = AGREES.match(page.said)
    assert found, page.said
    return float(found[1])


@pytest.mark.parametrize(
    "recurrent",
    [
        nn.RNN(2, 3, nonlinearity="relu"),
        nn.GRU(2, 3, batch_first=True),
        nn.LSTM(2, 3, bias=False),
        nn.RNNCell(2, 3),
        nn.GRUCell(2, 3),
        nn.LSTMCell(2, 3),
    ],
    ids=lambda module: type(module).__name__,
)
def test_the_experiment_has_the_gradients_that_the_module_has(recurrent: Any) -> None:
    linear = nn.Linear(3, 1).double()
    recurrent = recurrent.double()
    x, y = torch.randn(5, 4, 2).double(), torch.rand(5, 4, 1).double()
    page = shown((recurrent, linear), x, y, loss=nn.BCEWithLogitsLoss(), readout="every")
    assert closeness(page) < 1e-12
    assert "widened" not in page.said

    states: Any = None
    if hasattr(recurrent, "num_layers"):
        states = recurrent(x)[0]
    else:
        state, found = None, []
        for step in x:
            state = recurrent(step, state)
            found.append(state[0] if isinstance(state, tuple) else state)
        states = torch.stack(found)
    nn.BCEWithLogitsLoss()(linear(states), y).backward()
    opened = link.decode(page.experiment.partition("?e=")[2])
    ours = to_torch(gradients_of(opened))
    for name, parameter in recurrent.named_parameters():
        own = ours[f"rnn.{name.removesuffix('_l0')}_l0"]
        np.testing.assert_allclose(own, parameter.grad, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(ours["fc.weight"], linear.weight.grad, rtol=1e-10, atol=1e-14)


def test_a_module_that_holds_both_is_read_batch_first_and_its_output_compared() -> None:
    x, y = torch.randn(4, 6, 2), torch.randn(4, 1)
    page = shown(Model(), x, y, loss=nn.MSELoss())
    assert closeness(page) < 1e-12
    assert page.said.endswith("widened from float32 to float64")
    opened = link.decode(page.experiment.partition("?e=")[2])
    assert opened.sizes == (6, 4, 2, 3, 1)
    assert opened.title == "Model"
    assert "it does more than these two" in shown(Model(2.0), x, y).said


def test_a_state_dict_parameters_and_a_layer_alone_are_shown_too() -> None:
    model, x = Model(), torch.randn(6, 2)
    assert shown(model.state_dict(), x, [1.0]).said.startswith("not compared")
    assert shown(Parameters.random(2, 3, 1, seed=0), x.numpy()).said.startswith("not compared")
    alone = shown(nn.GRU(2, 3).half(), x, torch.zeros(3))
    assert closeness(alone) < 1e-12
    assert "widened from float16 to float64" in alone.said
    assert "the state itself is read out" in alone.said
    classes = shown(
        (nn.RNN(2, 3), nn.Linear(3, 2)), x, torch.tensor([1]), loss=nn.CrossEntropyLoss()
    )
    assert closeness(classes) < 1e-12


@pytest.mark.parametrize("loss", [*LOSSES, nn.HuberLoss()], ids=str)
def test_each_loss_is_the_one_of_pytorch(loss: Any) -> None:
    linear = nn.Linear(3, 2)
    with torch.no_grad():
        linear.bias[:] = torch.tensor([4.0, 0.5])  # errors beyond the bend of the Huber loss, too
    page = shown((nn.GRU(2, 3), linear), torch.randn(6, 2), torch.tensor([0.0, 1.0]), loss=loss)
    assert closeness(page) < 1e-12


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (nn.LSTM(2, 3, 2), "model: expected one layer, got 2"),
        (nn.GRU(2, 3, bidirectional=True), "model: expected one direction, got a bidirectional"),
        (nn.LSTM(2, 3, proj_size=1), "expected a state that is not projected, got proj_size=1"),
        (nn.Sequential(nn.Embedding(3, 2), nn.RNN(2, 3)), "got RNN, Embedding"),
        (nn.Linear(2, 2), "got Linear"),
        (3, "a state dict or Parameters, got int"),
        (nn.GRU(4, 3), "x: expected shape (T, D) or (T, B, D) with D = 4, got (6, 2)"),
    ],
    ids=str,
)
def test_what_cannot_be_shown_is_said_in_one_sentence(model: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        shown(model, torch.randn(6, 2))
    with pytest.raises(ValueError, match="expected numbers, got a tensor on the device"):
        shown(nn.RNN(2, 3, device="meta"), torch.randn(6, 2))
    with pytest.raises(ValueError, match=r"^loss: expected a name or nn\.MSELoss\(\)"):
        shown(nn.RNN(2, 3), torch.randn(6, 2), loss=nn.L1Loss())
    with pytest.raises(ValueError, match=r"^loss: expected nn\.HuberLoss with delta = 1, got 2"):
        shown(nn.RNN(2, 3), torch.randn(6, 2), loss=nn.HuberLoss(delta=2.0))


def test_what_is_no_real_number_is_refused_by_the_name_of_what_holds_it() -> None:
    x = torch.randn(6, 2)
    for wrong in ("hello", x * 1j, x.numpy() * 1j, [["a", 1.0]], [[None, object()]]):
        with pytest.raises(ValueError, match=r"^x: expected real numbers, got "):
            shown(nn.RNN(2, 3, batch_first=True), wrong)
    with pytest.raises(ValueError, match=r"^x: expected rows of numbers of equal length, got "):
        shown(nn.RNN(2, 3), [[1, 2], [3]])
    with pytest.raises(ValueError, match=r"^x: expected shape \(B, T, D\) .*, got \(4, 5, 3\)"):
        shown(nn.RNN(2, 3, batch_first=True), torch.zeros(4, 5, 3))
    with pytest.raises(ValueError, match=r"^y: expected real numbers, got 'one'"):
        shown(nn.RNN(2, 3), x, "one")
    with pytest.raises(ValueError, match=r"^rnn\.bias: expected real numbers, got 'none'"):
        shown({"rnn.bias": "none"}, x)


def test_an_experiment_too_long_for_an_address_says_how_long_and_what_keeps_it() -> None:
    page = shown(nn.RNN(8, 24), torch.randn(5, 8))
    with pytest.raises(
        ValueError, match=r"at most 6,000 characters for an address, got \d+,\d+; \.save"
    ):
        page.experiment  # noqa: B018  # asking for it is what is refused


def test_a_notebook_shows_the_page_and_a_script_opens_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = shown(nn.RNN(1, 2), [[1.0], [0.5]])
    style, output = page._repr_html_().split("</style>", 1)
    assert style.startswith("<style>")
    assert output.startswith('<iframe srcdoc="<!doctype html>')
    assert output.count('"') == 2 * len(re.findall(r' \w+="', output[:20] + output[-300:]))
    assert f">{live.UNTRUSTED}</iframe>" in output
    assert page.save(tmp_path / "page.html").read_text(encoding="utf-8") == page.html
    assert len(repr(page)) < 200

    opened: list[str] = []
    monkeypatch.setattr(live.webbrowser, "open", lambda url: opened.append(url) or bool(opened))
    monkeypatch.setattr(live, "KERNELS", ())
    monkeypatch.setattr(live.tempfile, "mkdtemp", lambda prefix: str(tmp_path))
    show(nn.RNN(1, 2), [[1.0], [0.5]])
    assert opened == [(tmp_path / "network.html").as_uri()]
    assert capsys.readouterr().out.splitlines()[-1] == f"opened {tmp_path / 'network.html'}"
