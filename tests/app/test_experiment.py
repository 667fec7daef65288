"""An experiment is one checked value; changes keep what can be kept and refuse in one sentence."""

import copy
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

from app.experiment import changes, presets, resizing, sequences
from app.experiment.sources import Drawn, Given, Numbers, Series, Text, make
from app.experiment.value import Experiment
from rnn_core import initialise
from tests.conftest import ROOT


def small(**changed: object) -> Experiment:
    """T = 2, D = 2, H = 2, K = 1, every number different."""
    fields: dict[str, object] = {
        "sequence": Numbers(values=(((1, 2),), ((3, 4),)), target=(((0.5,),),)),
        "weights": Given(
            W_xh=((5, 6), (7, 8)),
            W_hh=((9, 10), (11, 12)),
            b_h=(13, 14),
            W_hy=((15, 16),),
            b_y=(17,),
        ),
    }
    return make(Experiment, **{**fields, **changed})


def batch() -> Experiment:
    return presets.PRESETS["first_bit"].experiment


def test_arrays_are_what_was_given() -> None:
    experiment = small(initial=((18, 19),))
    assert experiment.x().tolist() == [[[1, 2]], [[3, 4]]]
    assert experiment.target().tolist() == [[[0.5]]]
    assert experiment.parameters().W_hh.tolist() == [[9, 10], [11, 12]]
    assert experiment.parameters().b_y.tolist() == [17]
    h0 = experiment.h0()
    assert h0 is not None
    assert h0.tolist() == [[18, 19]]
    assert experiment.sizes == (2, 1, 2, 2, 1)


def test_equal_experiments_are_one_key() -> None:
    assert len({small(), small(), small(activation="relu")}) == 2


def test_text_is_one_hot_and_asks_for_the_next_character() -> None:
    experiment = make(
        Experiment,
        sequence=Text(text="abca"),
        weights=Drawn(hidden=2),
        loss="softmax_cross_entropy",
        readout="every",
    )
    assert experiment.x()[:, 0].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert experiment.target()[:, 0].tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert experiment.replace(readout="last").target().tolist() == [[[1, 0, 0]]]
    assert experiment.labels() == ("a", "b", "c")


def test_sunspots_are_the_published_numbers() -> None:
    experiment = make(
        Experiment,
        sequence=Series(name="sunspots", first=0, length=308, scaling="none"),
        weights=Drawn(hidden=1),
        loss="squared_error",
        readout="every",
    )
    years = {label: index for index, label in enumerate(experiment.labels() or ())}
    x = experiment.x()[:, 0, 0]
    assert (x[years["1700"]], x[years["1778"]], x[years["1957"]]) == (5.0, 154.4, 190.2)
    assert experiment.target()[-1].item() == 2.9  # the year 2008
    assert x.max() == 190.2
    scaled = experiment.replace(sequence=Series(name="sunspots", first=1, length=2))
    assert scaled.x()[:, 0, 0].tolist() == [11 / 190.2, 16 / 190.2]


def test_drawn_weights_are_the_cores_with_edits_on_top() -> None:
    weights = Drawn(scheme="orthogonal", seed=7, hidden=3, edits=(("W_hh", 2, 0, 0.25),))
    mine = small(weights=weights).parameters()
    theirs = initialise("orthogonal", 2, 3, 1, seed=7)
    expected = theirs.W_hh.copy()
    expected[2, 0] = 0.25
    assert np.array_equal(mine.W_hh, expected)
    assert np.array_equal(mine.W_xh, theirs.W_xh)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"activation": "softplus"},
            "activation: expected one of tanh, relu, sigmoid, leaky_relu, identity, got 'softplus'",
        ),
        ({"readout": "every"}, "target: expected a row for each step read out (every), got 1"),
        ({"sample": 1}, "sample: expected one of 1 sequences, got 2"),
        ({"initial": ((1, 2, 3),)}, "h_0: expected 1 rows of 2, got other lengths"),
        ({"truncate": 0}, "truncate: input should be greater than or equal to 1, got 0"),
        ({"title": "a\u202eb"}, r"title: expected characters that can be shown, got 'a\u202eb'"),
        (
            {"initial": ((1, float("nan")),)},
            "initial.0.1: input should be a finite number, got nan",
        ),
        (
            {"weights": Drawn(hidden=2, edits=(("b_y", 1, 0, 1.0),))},
            "b_y: expected an edit within (1, 1), got (1, 0)",
        ),
        ({"extra": 1}, "extra: extra inputs are not permitted, got 1"),
    ],
)
def test_refusals_are_one_sentence(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the whole message is compared below
        small(**changed)
    assert str(caught.value) == message


def test_sizes_are_checked_before_anything_large_is_made() -> None:
    experiment = make(
        Experiment,
        sequence=Numbers(values=(((0.0,) * 64,),), target=(((0.0,),),)),
        weights=Drawn(hidden=64),
    )
    with pytest.raises(
        ValueError, match=r"T·B·\(D \+ 2H \+ K\) of at most 1,000,000, got 61,760,000"
    ):
        resizing.with_sequences(resizing.with_steps(experiment, 5000), 64)
    for change in (
        resizing.with_steps,
        resizing.with_hidden,
        resizing.with_inputs,
        resizing.with_outputs,
    ):
        with pytest.raises(ValueError, match=r"^[THDK]: expected a size from 1 to"):
            change(experiment, 10**9)


def test_longer_sequences_keep_their_numbers() -> None:
    longer = resizing.with_steps(small(), 4)
    assert longer.x()[:, 0].tolist() == [[1, 2], [3, 4], [0, 0], [0, 0]]
    assert longer.target().tolist() == [[[0.5]]]
    assert resizing.with_steps(longer, 2) == small()


def test_more_units_keep_the_weights_and_the_loss() -> None:
    from app.experiment.run import trace_of

    larger = resizing.with_hidden(small(), 3)
    assert larger.parameters().W_hh.tolist() == [[9, 10, 0], [11, 12, 0], [0, 0, 0]]
    assert larger.parameters().W_hy.tolist() == [[15, 16, 0]]
    assert trace_of(larger).loss == trace_of(small()).loss
    assert resizing.with_hidden(larger, 2) == small()


def test_more_inputs_and_outputs_keep_the_rest() -> None:
    wider = resizing.with_outputs(resizing.with_inputs(small(), 3), 2)
    assert wider.x()[:, 0].tolist() == [[1, 2, 0], [3, 4, 0]]
    assert wider.parameters().W_xh.tolist() == [[5, 6, 0], [7, 8, 0]]
    assert wider.parameters().W_hy.tolist() == [[15, 16], [0, 0]]
    assert wider.target().tolist() == [[[0.5, 0]]]


def test_batches_grow_by_copies_of_the_sequence_shown() -> None:
    shown = batch().replace(sample=1)
    grown = resizing.with_sequences(shown, 3)
    assert grown.x()[:, 2].tolist() == shown.x()[:, 1].tolist()
    assert grown.sample == 1
    assert resizing.with_sequences(shown, 1).sample == 0


def test_cell_of_drawn_weights_is_noted_as_an_edit() -> None:
    drawn = small(weights=Drawn(seed=1, hidden=2))
    once = changes.with_cell(drawn, "W_hh", 1, 0, 0.5)
    twice = changes.with_cell(once, "W_hh", 1, 0, 0.75)
    assert isinstance(twice.weights, Drawn)
    assert twice.weights.edits == (("W_hh", 1, 0, 0.75),)
    assert twice.parameters().W_hh[1, 0] == 0.75


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        (cell, field)
        for cell in ("elman", "gru", "lstm")
        for field in changes.fields(changes.with_network(batch(), cell))
    ],
)
def test_a_number_changes_only_itself(cell: str, field: str) -> None:
    before = changes.with_network(batch().replace(sample=1), cell)
    grid = changes.grid(before, field)
    expected = grid.copy()
    expected[-1, -1] = 0.25
    after = changes.with_cell(before, field, grid.shape[0] - 1, grid.shape[1] - 1, 0.25)
    assert changes.grid(after, field).tolist() == expected.tolist()
    for other in changes.fields(before):
        if other != field:
            assert changes.grid(after, other).tolist() == changes.grid(before, other).tolist()
    if field in ("x", "target", "h_0", "c_0"):
        first = changes.grid(before.replace(sample=0), field)
        assert changes.grid(after.replace(sample=0), field).tolist() == first.tolist()


def test_cell_outside_is_refused() -> None:
    with pytest.raises(
        ValueError, match="W_hh: expected a cell within 2 rows and 2 columns, got row 3"
    ):
        changes.with_cell(small(), "W_hh", 2, 0, 1.0)


def test_pasted_matrix_sets_the_sizes() -> None:
    three = changes.with_rows(small(), "W_hh", [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert three.sizes == (2, 1, 2, 3, 1)
    assert three.parameters().b_h.tolist() == [13, 14, 0]
    assert changes.with_rows(small(), "x", [[1], [2], [3]]).sizes == (3, 1, 1, 2, 1)
    assert changes.with_rows(small(), "b_h", [[1, 2, 3]]).parameters().b_h.tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="W_hh: expected as many rows as columns, got 1 × 2"):
        changes.with_rows(small(), "W_hh", [[1, 2]])


def test_block_covers_cells_from_where_it_is_pasted() -> None:
    after = changes.with_block(small(), "W_hh", 0, 1, [[1], [2]])
    assert after.parameters().W_hh.tolist() == [[9, 1], [11, 2]]
    with pytest.raises(
        ValueError, match="W_hh: expected at most 2 × 1 numbers from row 1 column 2"
    ):
        changes.with_block(small(), "W_hh", 0, 1, [[1, 2]])


def test_every_readout_asks_the_single_target_everywhere() -> None:
    every = changes.with_readout(small(), "every")
    assert every.target().tolist() == [[[0.5]], [[0.5]]]
    assert changes.with_readout(every, "last") == small()


def test_softmax_gives_one_output_a_second_and_a_distribution() -> None:
    softmax = changes.with_loss(small(), "softmax_cross_entropy")
    assert softmax.target().tolist() == [[[0.5, 0.5]]]
    assert softmax.parameters().W_hy.tolist() == [[15, 16], [0, 0]]


def test_targets_are_brought_into_the_losss_domain() -> None:
    wild = small(
        loss="squared_error",
        sequence=Numbers(values=(((1, 2),),), target=(((-3,),),)),
    )
    assert changes.with_loss(wild, "binary_cross_entropy").target().tolist() == [[[0.0]]]


def test_next_input_as_target() -> None:
    following = sequences.with_next_as_target(small())
    assert following.x().tolist() == [[[1, 2]]]
    assert following.target().tolist() == [[[3, 4]]]
    assert following.loss == "squared_error"


def test_radius_scales_given_and_drawn_weights() -> None:
    for weights in (small().weights, Drawn(seed=1, hidden=2)):
        scaled = changes.with_radius(small(weights=weights), 0.5).parameters().W_hh
        assert np.abs(np.linalg.eigvals(scaled)).max() == pytest.approx(0.5, rel=1e-12)


def test_copies_are_equal_and_have_the_hash_that_their_own_process_gives_them() -> None:
    experiment = presets.default().replace(title="a text, whose hash differs between processes")
    assert hash(experiment) == hash(experiment.replace())
    assert experiment.held_bytes > 1000
    for copied in (pickle.loads(pickle.dumps(experiment)), copy.deepcopy(experiment)):  # noqa: S301
        assert copied == experiment
        assert hash(copied) == hash(experiment)
    script = "import pickle, sys; e = pickle.load(sys.stdin.buffer); print(e in {e.replace(): 1})"
    printed = subprocess.run(
        [sys.executable, "-c", script],
        input=pickle.dumps(experiment),
        env={**os.environ, "PYTHONHASHSEED": "7"},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert printed.stdout.strip() == b"True"
