"""Prediction against target: its numbers, its sentence, and what is drawn for each task."""

from dataclasses import replace

import numpy as np
import pytest

from app.experiment.presets import PRESETS
from app.experiment.series import SERIES
from app.views.training.figures.prediction import chart
from app.views.training.figures.prediction.letters import COLUMNS, LINES
from app.views.training.figures.prediction.over_time import BEFORE_THE_END
from app.views.training.runs.predicted import Predicted, predicted
from app.views.training.runs.probe import PROBES, probe
from app.views.training.tasks.offers import (
    EXAMPLES,
    OFFERS,
    OWN_DATA,
    OWN_SEQUENCE,
    TaskChoice,
    sequence_of,
    task_of,
)
from rnn_core import Parameters
from rnn_core.training import Settings, begin
from tests.app.gradient_flow import numbers

EVERY_CLASS = "sequence,x,y\n" + "".join(
    f"{n // 4},{n % 3},{('low', 'mid', 'high')[n % 3]}\n" for n in range(24)
)
TWO_OUTPUTS = "sequence,x1,x2,y1,y2\n" + "".join(
    f"{n // 3},{n},{n % 2},{n / 7},{-n / 5}\n" for n in range(18)
)


def choice_of(name: str) -> TaskChoice:
    if name == OWN_SEQUENCE:
        return sequence_of(PRESETS["spiral"].experiment)
    return TaskChoice(name, EXAMPLES.get(name, ""))


def shown_of(choice: TaskChoice, sample: int = 0, *, trained: bool = True) -> Predicted:
    task = task_of(choice)
    settings = Settings.of(task)
    params = begin(task, settings).params if trained else None
    return predicted(task, probe(choice, settings), sample, params, settings.activation)


def by_hand(params: Parameters, x: np.ndarray, activation: str, loss: str) -> np.ndarray:
    """The prediction after each step, by a loop over the definition."""
    h = np.zeros(params.hidden_size)
    said = []
    for row in x:
        z = params.W_xh @ row + params.W_hh @ h + params.b_h
        h = np.tanh(z) if activation == "tanh" else np.maximum(z, 0)
        a = params.W_hy @ h + params.b_y
        if loss == "binary_cross_entropy":
            a = 1 / (1 + np.exp(-a))
        elif loss == "softmax_cross_entropy":
            a = np.exp(a) / np.exp(a).sum()
        said.append(a)
    return np.array(said)


@pytest.mark.parametrize("name", OFFERS)
def test_what_the_network_says_is_its_forward_pass_after_each_step(name: str) -> None:
    choice = choice_of(name)
    task = task_of(choice)
    settings = Settings.of(task)
    batch = probe(choice, settings)
    sample = batch.x.shape[1] - 1
    shown = shown_of(choice, sample)
    params = begin(task, settings).params
    said = by_hand(params, batch.x[:, sample], settings.activation, task.loss)
    assert shown.said is not None
    assert shown.judged is not None
    mean, deviation = task.scale
    assert np.allclose(shown.said, mean + deviation * said[shown.filled :], atol=1e-12)
    assert len(shown.judged) == len(shown.target) == (1 if task.readout == "last" else len(said))
    assert np.array_equal(shown.x, mean + deviation * batch.x[shown.filled :, sample])
    assert not batch.x[: shown.filled, sample].any()


def test_sunspots_are_drawn_in_their_own_numbers() -> None:
    shown = shown_of(choice_of("sunspots"))
    published = np.array(SERIES["sunspots"].values)
    known = published[: int(0.8 * len(published))]
    assert task_of(choice_of("sunspots")).scale == (known.mean(), known.std())
    windows = np.lib.stride_tricks.sliding_window_view(published, len(shown.x))
    assert np.abs(windows - shown.x[:, 0]).max(axis=1).min() < 1e-12
    assert np.abs(windows - shown.target[:, 0]).max(axis=1).min() < 1e-12
    assert shown.said is not None
    assert np.abs(shown.said - known.mean()).max() < 5 * known.std()


@pytest.mark.parametrize("name", OFFERS)
def test_every_task_draws_before_training_and_without_a_network(name: str) -> None:
    found = chart("c", "Prediction against target", shown_of(choice_of(name)))
    assert found["views"][0]["text"].startswith("Before training: ")
    assert found["views"][0]["figure"]
    asked = chart("c", "Sequence 1", shown_of(choice_of(name), trained=False))
    assert "predict" not in asked["views"][0]["text"]
    names = {trace.get("name") for trace in asked["views"][0]["figure"]["data"]}
    assert not names & {"prediction", BEFORE_THE_END}


def traces(choice: TaskChoice) -> dict[str, dict]:
    figure = chart("c", "t", shown_of(choice))["views"][0]["figure"]
    assert figure
    return {trace.get("name", trace["type"]): trace for trace in figure["data"]}


def test_a_sine_is_two_curves_and_its_input_is_not_drawn_a_second_time() -> None:
    choice = TaskChoice("sine")
    found = traces(choice)
    assert set(found) == {"target", "prediction"}
    shown = shown_of(choice)
    assert numbers(found["target"]["y"]) == pytest.approx(shown.target[:, 0])
    assert numbers(found["prediction"]["y"]) == pytest.approx(shown.said[:, 0])
    assert numbers(found["target"]["x"]).tolist() == list(range(1, 41))


def test_a_task_read_at_its_end_shows_the_input_the_answer_and_how_the_network_came_to_it() -> None:
    choice = TaskChoice("first_bit")
    shown, found = shown_of(choice), traces(choice)
    assert set(found) == {"read", "threshold", "target", BEFORE_THE_END, "prediction"}
    assert numbers(found["read"]["y"]) == pytest.approx(shown.x[:, 0])
    assert found["read"]["type"] == "bar"
    assert (found["target"]["x"], numbers(found["target"]["y"])) == ([20], shown.target[0])
    assert numbers(found["prediction"]["y"]) == pytest.approx(shown.said[-1])
    assert found["threshold"]["y"] == [0.5, 0.5]
    assert set(traces(TaskChoice("adding"))) >= {"number", "mark", "target", "prediction"}


def test_classes_are_drawn_by_their_names_over_the_letters_that_are_read() -> None:
    choice = TaskChoice("names")
    found = traces(choice)
    assert set(found) >= {"English", "German", "Italian", "Japanese", "Russian"}
    figure = chart("c", "t", shown_of(choice))["views"][0]["figure"]
    assert figure
    letters = "".join(figure["layout"]["xaxis"]["ticktext"])
    assert letters.isalpha()
    assert len(letters) == len(shown_of(choice).x) < 12  # the zeros in front are left out


def test_characters_stand_in_rows_on_the_probability_of_the_right_one() -> None:
    choice = TaskChoice("text")
    shown = shown_of(choice)
    figure = chart("c", "t", shown)["views"][0]["figure"]
    assert figure
    cells, ink = figure["data"]
    right = shown.said[np.arange(30), shown.target.argmax(axis=1)]
    rows = numbers(cells["z"]).reshape([int(n) for n in cells["z"]["shape"].split(",")])
    assert rows.shape == (7, 15)  # two lines of reads, right, says; one row between them
    assert np.concatenate([rows[1], rows[5]]) == pytest.approx(right)
    assert np.concatenate([rows[2], rows[6]]) == pytest.approx(shown.said.max(axis=1))
    reads = "".join(shown.task.symbols[at] for at in shown.x.argmax(axis=1))
    assert "".join(ink["text"][:30]).replace("␣", " ").replace("&gt;", ">") == reads


def test_a_long_row_of_characters_ends_with_the_last_ones_and_says_so() -> None:
    task = task_of(TaskChoice("copy"))
    settings = replace(Settings.of(task), length=300)
    batch = probe(TaskChoice("copy"), settings)
    shown = predicted(task, batch, 0, begin(task, settings).params, "tanh")
    view = chart("c", "t", shown)["views"][0]
    assert view["notes"] == [f"The last {COLUMNS * LINES} of 320 steps are drawn."]
    assert view["figure"]
    assert len(view["figure"]["data"][1]["text"]) == 3 * COLUMNS * LINES
    assert COLUMNS * LINES == 128


def test_classes_at_every_step_are_cells_with_the_right_ones_ringed() -> None:
    choice = TaskChoice(OWN_DATA, EVERY_CLASS)
    figure = chart("c", "t", shown_of(choice))["views"][0]["figure"]
    assert figure
    assert figure["layout"]["yaxis"]["ticktext"] == ["high", "low", "mid"]
    right = shown_of(choice).target.argmax(axis=1)
    rings = next(trace for trace in figure["data"] if trace.get("name") == "right")
    assert rings["y"] == (right + 1).tolist()


def test_several_outputs_each_have_their_own_target() -> None:
    found = traces(TaskChoice(OWN_DATA, TWO_OUTPUTS))
    subscripted = {f"{kind} y<sub>{k}</sub>" for kind in ("target", "prediction") for k in (1, 2)}
    assert set(found) >= subscripted


def test_a_hostile_label_is_text_in_the_drawing() -> None:
    labels = ("<b>x_1</b>", "<a href=q>")
    data = "sequence,x,y\n" + "".join(f"{n},1,\n{n},{n},{labels[n % 2]}\n" for n in range(9))
    names = set(traces(TaskChoice(OWN_DATA, data)))
    assert names >= {"&lt;b&gt;x_1&lt;/b&gt;", "&lt;a href=q&gt;"}
    assert not [name for name in names if "<" in name]


def told(choice: TaskChoice, **changed: object) -> str:
    shown = shown_of(choice)
    after = replace(shown, **changed)
    return str(chart("c", "t", after, before=shown, updates=7)["views"][0]["text"])


def test_one_sentence_says_how_far_the_prediction_is_now_and_was_before() -> None:
    sine = TaskChoice("sine")
    shown = shown_of(sine)
    off = np.abs(shown.said - shown.target).mean()
    assert told(sine, said=shown.target + 0.25) == (
        f"After 7 updates: the prediction is off by 0.25 on average ({off:.4g} before training): "
        "the closer the lines, the better."
    )
    first = TaskChoice("first_bit")
    said = np.full((20, 1), 0.9)
    assert told(first, said=said, target=np.array([[0.0]])) == (
        "After 7 updates: at the end p = 0.9, above the threshold 0.5: the answer is yes (1), "
        "which is wrong."
    )
    adding = TaskChoice("adding")
    sentence = told(adding, said=np.full((30, 1), 1.5), target=np.array([[1.25]]))
    assert "at the end the network says 1.5; right is 1.25. It is off by 0.25 (" in sentence
    names = TaskChoice("names")
    given = np.tile([0.1, 0.2, 0.6, 0.05, 0.05], (5, 1))
    assert told(names, said=given, target=np.eye(5)[[1]]) == (
        "After 7 updates: at the end the most probable answer is Italian, 0.6; right is German, "
        "0.2."
    )
    parity = TaskChoice("parity")
    y = shown_of(parity).target
    assert "on the right side of the threshold at 12 of 12 steps (" in told(parity, said=y * 0.98)


def test_a_network_that_has_diverged_says_so_and_leaves_gaps() -> None:
    sine = TaskChoice("sine")
    shown = replace(shown_of(sine), said=np.full((40, 1), np.inf))
    view = chart("c", "t", shown, updates=3)["views"][0]
    assert view["text"] == "After 3 updates: what the network says is not a finite number."
    assert view["figure"]
    assert np.isnan(numbers(view["figure"]["data"][1]["y"])).all()


def test_numbers_in_the_table_are_those_of_the_arrays() -> None:
    shown = shown_of(TaskChoice("adding"))
    table = chart("c", "t", shown)["tables"][0]
    assert table["head"] == ["t", "number", "mark", "predicted y", "target y"]
    cells = numbers(table["cells"]).reshape(30, 4)
    assert np.array_equal(cells[:, :2], shown.x)
    assert np.array_equal(cells[:, 2:3], shown.said)
    assert np.isnan(cells[:-1, 3]).all()
    assert cells[-1, 3] == shown.target[0, 0]
    assert PROBES == 4
