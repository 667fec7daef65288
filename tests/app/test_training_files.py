"""The files of a run: history, parameters, and weights that come back in."""

import csv
import io

import numpy as np

from app.experiment import weights_file
from app.experiment.presets import default
from app.experiment.sources import Given, make
from app.experiment.value import Experiment
from app.views.training.runs.history import COLUMNS, to_csv
from app.views.training.runs.stretch import Point
from app.views.training.tasks.offers import OFFERS
from rnn_core.training import Judgement
from tests.app.training import page, said


def test_the_history_reads_back_to_the_same_numbers() -> None:
    points = [
        Point(1, 1 / 3, 2 / 3, 0.1, 4 / 7, 0.01, None, None),
        Point(2, float("inf"), 1e-300, 0.1, 1.0, 0.01, Judgement(0.25, 0.5, False), "loss"),
    ]
    rows = list(csv.DictReader(io.StringIO(to_csv(points))))
    assert tuple(rows[0]) == COLUMNS
    assert float(rows[0]["loss"]) == 1 / 3
    assert rows[0]["held_out_loss"] == ""
    assert float(rows[1]["loss"]) == float("inf")
    assert (rows[1]["held_out_value"], rows[1]["not_finite"]) == ("0.5", "loss")


def test_the_page_offers_all_of_them() -> None:
    app = page("Files", tr_seed="95")
    assert "the task's 1 input and 1 output" in said(app)
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == [
        "History as CSV",
        "Parameters as .npz",
        "Parameters as .safetensors",
        "Download run_numpy.py",
    ]
    assert "def learn(x, y, begun):" in app.code[0].value


def test_parameters_of_a_run_start_another_one() -> None:
    """Out through a file, into the sidebar's experiment, and a run from there."""
    params = default().parameters()
    for write in weights_file.WRITERS.values():
        found = weights_file.weights_in(write(params))
        experiment: Experiment = default().replace(
            weights=make(Given, **{name: array.tolist() for name, array in found.items()})
        )
        assert np.array_equal(experiment.parameters().vector, params.vector)
        controls = {"tr_start": "The sidebar's weights", "tr_task": OFFERS["parity"].title}
        app = page("One update", experiment, **controls)
        assert not app.error
        assert f"{params.W_hh[0, 0]:.10g}" in app.code[0].value


def test_weights_that_do_not_fit_are_one_sentence() -> None:
    controls = {"tr_start": "The sidebar's weights", "tr_task": OFFERS["adding"].title}
    app = page("Files", **controls)
    assert not app.exception
    assert [error.value for error in app.error] == [
        "The sidebar's weights: expected D = 2 inputs and K = 1 outputs as the task has, got 1 "
        "and 1; open others, or start from weights drawn anew"
    ]
