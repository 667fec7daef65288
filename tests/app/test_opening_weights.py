"""Weights opened in the sidebar: the experiment is made to fit, and what was done is said."""

import base64

import numpy as np
import pytest
import torch
from safetensors.torch import save as save_torch

from app.components.editor import commands
from app.components.editor.commands import Command
from app.experiment import presets, sequences
from app.experiment.reading.notice import Options, Understood
from app.experiment.value import Experiment
from app.experiment.weights_file import to_npz
from rnn_core import Parameters, forward

FIRST = presets.PRESETS["spiral"].experiment
TEXT = presets.PRESETS["text"].experiment


def opened(
    experiment: Experiment, content: bytes, options: Options | None = None
) -> tuple[Experiment, Understood]:
    command = Command(n=1, do="weights", text=base64.b64encode(content).decode())
    return commands.done(experiment, command.model_copy(update={"options": options or {}}))


def loss(experiment: Experiment) -> float:
    found = forward(
        experiment.parameters(),
        experiment.x(),
        experiment.target(),
        activation=experiment.activation,
        loss=experiment.loss,
        readout=experiment.readout,
    ).loss
    assert found is not None
    return found


@pytest.mark.parametrize("start", [preset.experiment for preset in presets.PRESETS.values()])
@pytest.mark.parametrize("sizes", [(1, 2, 1), (3, 4, 1), (2, 5, 6), (7, 8, 7), (60, 2, 2)])
def test_every_experiment_is_made_to_fit(start: Experiment, sizes: tuple[int, int, int]) -> None:
    params = Parameters.random(*sizes, seed=3)
    for options in ({}, {"sequence": "sine"}, {"activation": "relu"}):
        after, understood = opened(start, to_npz(params), options)
        assert after.sizes[2:] == sizes
        assert np.array_equal(after.parameters().W_hh, params.W_hh)
        assert np.isfinite(loss(after))
        assert understood.line


def test_what_is_filled_up_and_cut_is_said() -> None:
    _, understood = opened(FIRST, to_npz(Parameters.random(3, 2, 2, seed=1)))
    assert "x had 1 input: filled up with zeros to 3." in understood.sentences
    assert "The target had 1 output: filled up with zeros to 2." in understood.sentences
    after, understood = opened(TEXT, to_npz(Parameters.random(2, 3, 1, seed=1)))
    assert "x had 7 inputs: cut to 2." in understood.sentences
    assert after.loss == "binary_cross_entropy"
    assert any("A softmax needs two outputs" in said for said in understood.sentences)


def test_an_index_in_front_is_what_is_left_out_where_there_is_an_input_too_many() -> None:
    counted = sequences.with_values(FIRST, [[[step, step**2, -step]] for step in (3, 4, 5, 6)])
    content = to_npz(Parameters.random(2, 3, 1, seed=1))
    after, understood = opened(counted, content)
    assert after.x()[:, 0].tolist() == [[9, -3], [16, -4], [25, -5], [36, -6]]
    assert "x had 3 inputs: cut to 2. The first was an index" in understood.line
    (use,) = (choice for choice in understood.choices if choice.option == "index")
    kept, understood = opened(counted, content, {use.option: use.value})
    assert kept.x()[:, 0].tolist() == [[3, 9], [4, 16], [5, 25], [6, 36]]
    assert "index" not in understood.line
    for x in (
        [[[1, 0, 2]], [[2, 5, 1]], [[4, 1, 9]]],
        [[[1, 2, 3]], [[2, 0, 1]]],
    ):  # none, or too short
        after, understood = opened(sequences.with_values(FIRST, x), content)
        assert after.x()[:, 0].tolist() == [row[:2] for (row,) in x]
        assert "index" not in understood.line


def test_weights_that_fit_leave_the_sequence_alone() -> None:
    after, understood = opened(FIRST, to_npz(Parameters.random(1, 3, 1, seed=1)))
    assert after.sequence == FIRST.sequence
    assert not any("had" in said for said in understood.sentences)


def test_the_activation_is_asked_for_and_set_by_a_button() -> None:
    content = to_npz(Parameters.random(1, 3, 1, seed=1))
    after, understood = opened(FIRST, content)
    assert after.activation == "tanh"
    assert "tanh or ReLU? It is tanh here." in understood.line
    relu = next(choice for choice in understood.choices if choice.label == "activation: ReLU")
    after, understood = opened(FIRST, content, {relu.option: relu.value})
    assert after.activation == "relu"
    assert "It is ReLU here." in understood.line


def test_a_sine_is_the_input_by_a_button() -> None:
    content = to_npz(Parameters.random(1, 3, 1, seed=1))
    _, understood = opened(FIRST, content)
    sine = next(choice for choice in understood.choices if choice.label == "use a sine as input")
    after, understood = opened(FIRST, content, {sine.option: sine.value})
    expected = np.sin(2 * np.pi * np.arange(51) / 25)
    assert np.abs(after.x()[:, 0, 0] - expected[:-1]).max() < 1e-14
    target = after.target()
    assert target is not None
    assert np.abs(target[:, 0, 0] - expected[1:]).max() < 1e-14
    assert "x is a sine, of 50 steps; the target is the next value." in understood.sentences


def test_inputs_beside_each_other_are_sines_one_later_than_the_other() -> None:
    after, _ = opened(FIRST, to_npz(Parameters.random(5, 3, 2, seed=1)), {"sequence": "sine"})
    steps = np.arange(50)
    for place in range(5):
        expected = np.sin(2 * np.pi * (steps + 5 * place) / 25)
        assert np.abs(after.x()[:, 0, place] - expected).max() < 1e-13


def test_a_network_without_a_read_out_has_as_many_outputs_as_the_sequence() -> None:
    state = {n: v.clone() for n, v in torch.nn.RNN(7, 3).state_dict().items()}
    after, understood = opened(TEXT, save_torch(state))
    assert after.sizes[2:] == (7, 3, 7)
    assert after.sequence == TEXT.sequence
    assert "No read-out in the file" in understood.line


def test_what_was_opened_is_named_and_titles_the_experiment() -> None:
    content = base64.b64encode(to_npz(Parameters.random(1, 3, 1, seed=1))).decode()
    for name, told, title in (
        ("char.rnn.npz", "char.rnn.npz", "char.rnn"),
        ("w\n" + 60 * "a" + ".npz", "w" + 39 * "a", "w" + 39 * "a"),
    ):
        command = Command(n=1, do="weights", name=name, text=content)
        after, understood = commands.done(FIRST, command)
        assert understood.line.startswith(f"From {told}. Weights read: D = 1, H = 3, K = 1.")
        assert after.title == title
    again, _ = commands.done(after, command)
    assert again == after


def test_the_loss_of_several_outputs_is_said_and_softmax_is_a_button() -> None:
    content = to_npz(Parameters.random(1, 3, 3, seed=1))
    after, understood = opened(FIRST, content)
    assert after.loss == "binary_cross_entropy"
    assert "The loss is not in the file: binary cross-entropy over 3 outputs here." in (
        understood.sentences
    )
    softmax = next(choice for choice in understood.choices if choice.label == "use softmax")
    for more in ({}, {"sequence": "sine"}, {"activation": "relu"}):
        after, understood = opened(FIRST, content, {softmax.option: softmax.value, **more})
        assert after.loss == "softmax_cross_entropy"
        assert "softmax cross-entropy over 3 outputs" in understood.line
        assert softmax not in understood.choices
        assert np.isfinite(loss(after))
    _, understood = opened(FIRST, to_npz(Parameters.random(1, 3, 1, seed=1)))
    assert "The loss is not" not in understood.line
