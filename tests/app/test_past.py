"""Undo goes back a hundred steps, or as many as have room."""

import pytest

from app.components.editor import commands
from app.components.editor.commands import Command
from app.experiment import presets
from app.experiment.value import Experiment
from app.state import past
from app.state.past import Past


def edited(experiment: Experiment, field: str, text: str) -> Experiment:
    return commands.act(experiment, Command(n=1, do="cell", field=field, text=text))


def test_the_last_in_is_the_first_out() -> None:
    kept, experiments = Past(), [edited(presets.default(), "W_hh", str(k)) for k in range(3)]
    for experiment in experiments:
        kept.append(experiment)
    assert [kept.pop() for _ in range(3)] == experiments[::-1]
    assert not kept


def test_small_experiments_are_kept_for_a_hundred_steps() -> None:
    kept = Past()
    for k in range(150):
        kept.append(edited(presets.default(), "W_hh", str(k)))
    assert len(kept) == past.KEPT_STEPS == 100
    assert kept.pop() == edited(presets.default(), "W_hh", "149")


def test_large_ones_are_kept_while_they_have_room_and_the_newest_always(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiment = presets.default()
    for field, size in (("T", "120"), ("B", "64"), ("H", "64")):
        experiment = commands.act(experiment, Command(n=1, do="size", field=field, text=size))
    weights, sequence = Past(), Past()
    for k in range(100):
        weights.append(edited(experiment, "W_hh", str(k / 1000)))
        sequence.append(edited(experiment, "x", str(k)))
    assert 60 <= len(weights) <= 100
    assert 15 <= len(sequence) <= 40
    monkeypatch.setattr(past, "KEPT_BYTES", 1)
    sequence.append(experiment)
    assert len(sequence) == 1
    assert sequence.pop() is experiment


def test_what_was_forgotten_or_taken_leaves_room() -> None:
    kept = Past()
    for _ in range(3):
        for k in range(past.KEPT_STEPS):
            kept.append(edited(presets.default(), "W_hh", str(k)))
        kept.clear()
    kept.append(presets.default())
    kept.pop()
    assert (len(kept), kept._size) == (0, 0)
