"""Matrices pasted one after another: nothing is dropped without a word, and each can be turned."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.components.editor import commands
from app.components.editor.pasting import pasted
from app.experiment import presets
from app.experiment.reading.notice import Understood, Unread
from app.experiment.value import Experiment
from rnn_core import forward

CASES = Path(__file__).parent / "cases"
X = "[[1.0, 0.5, 0.0, 0.2], [0.8, 0.1, 0.4, 0.6]]"
W_XH = "[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9], [1.0, 1.1, 1.2]]"
W_HH = "[[0.5, -0.1, 0.3], [0.2, 0.4, -0.6], [0.1, -0.3, 0.9]]"


def paste(
    experiment: Experiment, field: str, text: str, **options: Any
) -> tuple[Experiment, Understood]:
    command = commands.read({"n": 1, "do": "paste", "field": field, "text": text})
    return commands.done(experiment, command.model_copy(update={"options": options}))


def states(experiment: Experiment) -> np.ndarray:
    trace = forward(experiment.parameters(), experiment.x(), activation=experiment.activation)
    return np.asarray(trace.h)[1:, 0]


def test_what_a_paste_drops_is_said_and_the_transpose_keeps_it() -> None:
    with_x, _ = paste(presets.default(), "x", X)
    cut, understood = paste(with_x, "W_xh", W_XH)
    assert cut.sizes[2:4] == (3, 4)
    assert "x: column 4 left out (D = 3 now). Undo brings them back." in understood.line
    [choice] = understood.choices
    assert choice.label == "these are for x W: transpose"
    kept, understood = paste(with_x, "W_xh", W_XH, **{choice.option: choice.value})
    assert kept.sizes[2:4] == (4, 3)
    assert kept.x()[:, 0].tolist() == [[1, 0.5, 0, 0.2], [0.8, 0.1, 0.4, 0.6]]
    assert "left out" not in understood.line
    assert [one.label for one in understood.choices] == ["as they were pasted"]
    _, understood = paste(cut, "W_hh", W_HH)
    assert "W_xh: row 4 left out (H = 3 now)." in understood.line


def test_states_of_the_row_convention_are_those_of_the_persons_own_program() -> None:
    experiment, _ = paste(presets.default(), "x", X)
    for field, text in (("W_xh", W_XH), ("W_hh", W_HH)):
        experiment, _ = paste(experiment, field, text, transpose=True)
    experiment, _ = paste(experiment, "b_h", "[0.1, 0.2, 0.3]")
    x, W, U = (np.array(json.loads(text)) for text in (X, W_XH, W_HH))
    first = np.tanh(x[0] @ W + [0.1, 0.2, 0.3])
    last = np.tanh(x[1] @ W + first @ U + [0.1, 0.2, 0.3])
    np.testing.assert_allclose(states(experiment), [first, last], rtol=1e-15)
    np.testing.assert_allclose(first, [0.5371, 0.7014, 0.8144], atol=1e-4)
    np.testing.assert_allclose(last, [0.9202, 0.8793, 0.9734], atol=1e-4)


def test_all_of_them_in_one_text_can_be_pasted_into_each_field() -> None:
    text = (CASES / "paste-row-convention.txt").read_text(encoding="utf-8")
    experiment, understood = paste(presets.default(), "x", text)
    assert "x read, the others left out." in understood.line
    for field in ("W_xh", "W_hh"):
        experiment, _ = paste(experiment, field, text, transpose=True)
    experiment, _ = paste(experiment, "b_h", text)
    assert np.round(states(experiment)[1], 4).tolist() == [0.9202, 0.8793, 0.9734]


@pytest.mark.parametrize("name", ["grad-fn", "tf-tensor", "name-without-equals", "julia", "r"])
@pytest.mark.parametrize("field", ["x", "W_hh"])
def test_cases_of_matrices(field: str, name: str) -> None:
    text = (CASES / f"paste-{name}.txt").read_text(encoding="utf-8")
    made, _ = paste(presets.default(), field, text)
    found = made.x()[:, 0] if field == "x" else made.parameters().W_hh
    assert np.asarray(found).tolist() == [[0.1, 0.2], [0.3, 0.4]]


def test_the_scale_factor_of_matlab() -> None:
    text = (CASES / "paste-matlab-scaled.txt").read_text(encoding="utf-8")
    made, understood = paste(presets.default(), "W_hh", text)
    assert made.parameters().W_hh.tolist() == [[1, 1200], [2, 2400]]
    assert "Every number times 10^3" in understood.line


def test_batch_first_is_a_choice() -> None:
    text = (CASES / "paste-batch-first-x.txt").read_text(encoding="utf-8")
    made, understood = paste(presets.default(), "x", text)
    assert made.x()[:, 1].tolist() == [[2, 2], [3, 3], [5, 5]]
    [choice] = understood.choices
    turned, _ = paste(presets.default(), "x", text, **{choice.option: choice.value})
    assert turned.x()[:, 1].tolist() == [[2, 2], [3, 3], [4, 4]]


def test_a_size_that_cuts_numbers_says_so() -> None:
    experiment, _ = paste(presets.default(), "x", X)
    for field, text, said in (
        ("T", "1", "x: step 2 left out (T = 1 now)."),
        ("D", "2", "x: columns 3 to 4 left out (D = 2 now)."),
    ):
        command = commands.read({"n": 1, "do": "size", "field": field, "text": text})
        assert said in commands.done(experiment, command)[1].line
    command = commands.read({"n": 1, "do": "size", "field": "T", "text": "9"})
    assert not commands.done(experiment, command)[1]


def test_a_preset_is_cut_without_a_word_and_so_are_zeros() -> None:
    size = commands.read({"n": 1, "do": "size", "field": "T", "text": "1"})
    assert not commands.done(presets.default(), size)[1]
    experiment, _ = paste(presets.default(), "x", "[[1, 2], [0, 0]]")
    assert not commands.done(experiment, size)[1]


def test_a_plain_block_of_cells_says_nothing() -> None:
    _, understood = paste(presets.default(), "x", "1\t2\n3\t7\n6\t5")
    assert not understood.sentences
    _, understood = paste(presets.default(), "b_h", "[1, 2]")
    assert not understood


def test_another_number_of_steps_is_said_and_can_be_kept_as_it_was() -> None:
    before = presets.default()  # three steps, read out at the last
    made, said = pasted(before, "x", (0, 0), "[[4], [5]]", {})
    assert made.sizes[0] == 2
    assert said.line == "T is 2 now, it was 3."
    assert [choice.label for choice in said.choices] == ["keep T = 3"]
    made, said = pasted(before, "x", (0, 0), "[[4], [5]]", {"keep": True})
    assert made.x().ravel().tolist() == [4, 5, -1]
    assert said.line == "T stays 3: the steps after 2 are as they were."
    assert [choice.label for choice in said.choices] == ["T = 2"]
    assert pasted(before, "x", (0, 0), "1 2 3 4", {})[1].line == "T is 4 now, it was 3."
    assert not pasted(before, "x", (0, 0), "[[1], [2], [3]]", {})[1]
    _, wider = pasted(before, "x", (0, 0), "[[1, 2], [3, 4]]", {})
    assert "keep T = 3" not in [choice.label for choice in wider.choices]  # D is another one, too


def test_a_target_for_every_step_is_offered_where_one_for_the_last_is_expected() -> None:
    before = presets.default()
    with pytest.raises(Unread, match="one row, for the last step, got 3 × 1") as refusal:
        pasted(before, "target", (0, 0), "[[1], [0], [1]]", {})
    (choice,) = refusal.value.choices
    assert choice.label == "read out at every step"
    made, _ = pasted(before, "target", (0, 0), "[[1], [0], [1]]", {choice.option: choice.value})
    assert made.readout == "every"
    assert made.target().ravel().tolist() == [1, 0, 1]
