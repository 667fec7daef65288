"""The tasks of the page: all that are offered can be had and learnt, and bad data is refused."""

import json
from itertools import count

import numpy as np
import pytest

from app.experiment import own_data
from app.experiment.presets import default
from app.views.training.runs.probe import experiment_of, probe
from app.views.training.tasks import own_text
from app.views.training.tasks.offers import (
    EXAMPLES,
    OFFERS,
    OWN_SEQUENCE,
    TaskChoice,
    sequence_of,
    task_of,
)
from rnn_core.training import Settings, begin, held_out, train

SLOW = {"adding", "copy", "parity"}  # tried with their own settings in the core's tests


def choice(name: str) -> TaskChoice:
    return (
        sequence_of(default()) if name == OWN_SEQUENCE else TaskChoice(name, EXAMPLES.get(name, ""))
    )


@pytest.mark.parametrize("name", OFFERS)
def test_every_task_opens_in_explore(name: str) -> None:
    task = task_of(choice(name))
    settings = Settings.of(task)
    params = begin(task, settings).params
    batch = probe(choice(name), settings)
    experiment = experiment_of(choice(name), settings, params, batch.x.shape[1] - 1)
    assert np.array_equal(experiment.x()[:, 0], batch.x[:, -1])
    assert np.array_equal(experiment.parameters().vector, params.vector)
    assert experiment.kept_target().shape[2] == task.outputs


@pytest.mark.parametrize("name", sorted(set(OFFERS) - SLOW))
def test_every_task_is_solved_with_its_usual_settings(name: str) -> None:
    task = task_of(choice(name))
    records = train(task, Settings.of(task))  # made one by one: no further than to the mark
    assert any(record.judged.solved for record in records if record.judged)
    assert task.baseline(10) <= task.solved(10) or task.measure != "accuracy"


def test_names_end_at_the_last_step_and_their_split_is_fixed() -> None:
    task = task_of(TaskChoice("names"))
    exam = held_out(task, Settings.of(task))
    assert exam.x.shape == (12, 60, 26)
    filled = exam.x.sum(axis=2)
    assert (np.diff(filled, axis=0) >= 0).all()  # zeros in front only
    assert (filled[-1] == 1).all()
    assert np.array_equal(np.bincount(exam.target[0]), [12] * 5)
    assert sorted(exam.target[0, :5]) == list(range(5))  # those shown are of different languages
    letters = "".join(task.symbols[i] for i in exam.x[:, 0].argmax(axis=1)[filled[:, 0] > 0])
    assert letters == "brown"
    assert task.classes[exam.target[0, 0]] == "English"


def test_own_numbers_choose_the_loss() -> None:
    lines = ["sequence,x,y"] + [f"{n},{t},{t % 2}" for n in range(5) for t in range(3)]
    every = own_data.task("own", "\n".join(lines))
    assert (every.loss, every.readout, every.inputs) == ("binary_cross_entropy", "every", 1)
    found = [{"x": [[n, 1], [n, 2]], "y": [[n / 2, 3]]} for n in range(5)]
    last = own_data.task("own", json.dumps(found))
    assert (last.loss, last.readout, last.outputs) == ("squared_error", "last", 2)
    exam = last.held_out and last.held_out(2)
    assert exam
    assert exam.x[:, 0].tolist() == [[4, 1], [4, 2]]
    assert exam.target[0, 0].tolist() == [2, 3]


def test_own_labels_are_classes_and_short_sequences_are_filled_up() -> None:
    found = [{"x": [1.0] * (n + 1), "y": "ab"[n % 2]} for n in range(6)]
    task = own_data.task("own", json.dumps(found))
    assert task.classes == ("a", "b")
    assert task.shortest == 6
    assert task.held_out is not None
    exam = task.held_out(6)
    assert exam.x[:, 0, 0].tolist() == [1] * 6
    assert task.draw(np.random.default_rng(0), 50, 6).x[:, :, 0].sum(axis=0).min() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "data: expected a first line such as sequence,x1,x2,y"),
        ("a,b\n1,2", "data: expected a first line such as sequence,x1,x2,y"),
        ("sequence,x,y\n1,2", "data row 2: expected 3 numbers as in row 1, got 2"),
        ("sequence,x,y\n1,a,2\n2,1,1", "line 2: expected finite numbers, got 'a'"),
        ("sequence,x,y\n1,inf,2\n2,1,1", "line 2: expected finite numbers, got 'inf'"),
        ("sequence,x,y\n1,1,2", "data: expected at least 2 sequences, got 1"),
        ("sequence,x,y\n1,1,\n1,1,\n2,1,1\n2,1,1", "lines 2 to 3: expected a y at every step"),
        ("sequence,x,y\n1,1,1\n1,1,1\n2,1,\n2,1,1", "sequence 2: expected 2 of y"),
        ("sequence,x,y\n1,1,nan\n2,1,1", "y: expected finite numbers"),
        ("[1, 2]", "data: expected a first line such as sequence,x1,x2,y"),
        ("{}", "data: expected a JSON list"),
        ("[" * 100_000, "data: expected numbers in closed brackets, got"),
        ('[{"x": 1, "y": 1}]', "data: expected a first line such as sequence,x1,x2,y, or a JSON"),
        ('[{"x": [[1], [1, 2]], "y": 1}, {"x": [1], "y": 1}]', "sequence 1: expected 1 to 64 inp"),
        ('[{"x": [], "y": 1}, {"x": [1], "y": 1}]', "sequence 1: expected 1 to 300 steps, got 0"),
        ('[{"x": [null], "y": 1}]', "sequence 1: expected numbers, got"),
        ('[{"x": [[[1]]], "y": 1}]', "sequence 1: expected finite numbers, got"),
        ('[{"x": [1, 2], "y": "a"}, {"x": [1, 3], "y": "a"}]', "y: expected 2 to 64 labels, got 1"),
        ('[{"x": [1], "y": []}, {"x": [1], "y": 1}]', "sequence 1: expected 1 of y, one for each"),
        ('[{"x": [1], "y": [[]]}, {"x": [1], "y": 1}]', "sequence 1: expected at least one answer"),
        ('[{"x": [1], "y": 1%s}, {"x": [1], "y": 1}]' % ("0" * 400), "y: expected finite numbers"),
        ('[{"x": [[1], [2, 3]], "y": 1}, {"x": [[1], [2]], "y": 1}]', "sequence 1: expected 1 to"),
        ("x" * 1_000_001, "data: expected at most 1,000,000 characters, got 1,000,001"),
        ('sequence,x,y\n"1,1,1\n2,1,1', "data row 2: expected 3 numbers as in row 1, got 1"),
    ],
)
def test_data_that_does_not_fit_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="^" + said.replace("(", r"\(")[:60]) as caught:
        own_data.task("own", text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_too_many_sequences_or_numbers_are_refused() -> None:
    rows = [f"{n},1,1" for n in range(5001)]
    with pytest.raises(ValueError, match="data: expected at most 5,000 sequences, got more"):
        own_data.task("own", "\n".join(["sequence,x,y", *rows]))
    long = [{"x": [1] * 300, "y": 1}] + [{"x": [1], "y": 0}] * 2000
    with pytest.raises(ValueError, match="with all sequences as long as the longest, got 600,300"):
        own_data.task("own", json.dumps(long))


def test_a_text_that_does_not_fit_is_refused() -> None:
    symbols = "".join(chr(i) for i in range(32, 32 + 129))
    for text, said in (
        ("", "at least 2 different characters, got 0"),
        ("abc", "before and after the split"),
        (symbols * 3, "text: expected at most 128 different characters, got 129"),
        ("ab" * 100_001, "text: expected at most 200,000 characters"),
    ):
        with pytest.raises(ValueError, match=said):
            own_text.task("own", text)
    short = own_text.task("own", "hello world, hello all")
    assert next(length for length in count(1) if length >= short.setup.length) >= 2
