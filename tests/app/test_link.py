"""Links and files: bit-exact round trips; whatever else comes is refused in one sentence."""

import base64
import json
import math
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.experiment import changes, link, presets
from app.experiment.run import trace_of
from app.experiment.sources import Drawn, Given, Numbers, Text, make
from app.experiment.value import Experiment
from rnn_core import CELLS

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def token_of(value: Any) -> str:
    return packed(json.dumps(value).encode())


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content)).rstrip(b"=").decode()


def bits(experiment: Experiment) -> list[list[int]]:
    arrays: list[Any] = [experiment.x(), experiment.target()]
    arrays += [array for _, array in experiment.parameters().items()]
    return [np.ascontiguousarray(array).view(np.int64).ravel().tolist() for array in arrays]


@pytest.mark.parametrize("name", presets.PRESETS)
def test_presets_round_trip(name: str) -> None:
    experiment = presets.PRESETS[name].experiment
    for again in (
        link.decode(link.encode(experiment)),
        link.from_file(link.to_file(experiment).encode()),
    ):
        assert again == experiment
        assert bits(again) == bits(experiment)


@given(st.lists(FINITE, min_size=8, max_size=8))
def test_any_floats_round_trip_to_the_last_bit(numbers: list[float]) -> None:
    a, b, c, d, e, f, g, h = numbers
    experiment = make(
        Experiment,
        sequence=Numbers(values=(((a,),), ((b,),)), target=(((c,),),)),
        weights=Given(W_xh=((d,),), W_hh=((e,),), b_h=(f,), W_hy=((g,),), b_y=(h,)),
        loss="squared_error",
    )
    assert bits(link.decode(link.encode(experiment))) == bits(experiment)
    assert bits(link.from_file(link.to_file(experiment).encode())) == bits(experiment)


def test_seed_and_edits_travel_instead_of_matrices() -> None:
    experiment = make(
        Experiment,
        sequence=Text(text="so much depends upon a red wheel barrow"),
        weights=Drawn(seed=4, hidden=64, edits=(("W_hh", 3, 5, 0.1),)),
        loss="softmax_cross_entropy",
        readout="every",
        initial=(tuple(0.0 if unit else 0.5 for unit in range(64)),),
        truncate=5,
        title="Wheel barrow",
    )
    token = link.encode(experiment)
    assert len(token) < 400
    assert link.decode(token) == experiment


def test_long_experiments_need_a_file() -> None:
    rng = np.random.default_rng(0)
    values = tuple(((value,),) for value in rng.normal(size=2000).tolist())
    experiment = make(
        Experiment,
        sequence=Numbers(values=values, target=(((1.0,),),)),
        weights=Drawn(hidden=2),
    )
    token = link.encode(experiment)
    assert link.too_long(token)
    assert bits(link.from_file(link.to_file(experiment).encode())) == bits(experiment)


GOOD = json.loads(link.to_file(presets.default()))["experiment"]


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "%%%",
        "äöü",
        "\0",
        "</script><img src=x onerror=alert(1)>",
        link.encode(presets.default())[:-4],
        link.encode(presets.default()) + "AAAA",
        base64.urlsafe_b64encode(b"not compressed").decode(),
        packed(b"not json"),
        packed(b"[" * 100_000),
        packed(b'{"sequence": NaN}'),
        packed(b" " * 300_000),  # inflates beyond the limit
        packed(b"\xff\xfe"),
        token_of([]),
        token_of({}),
        token_of({**GOOD, "extra": 1}),
        token_of({**GOOD, "activation": "__import__('os')"}),
        token_of({**GOOD, "activation": ["tanh"]}),
        token_of({**GOOD, "version": 2}),
        token_of({**GOOD, "sample": True}),
        token_of({**GOOD, "truncate": "3"}),
        token_of({**GOOD, "sequence": {"text": "a" * 6000}}),
        token_of({**GOOD, "sequence": {"text": "a\0b"}}),
        token_of({**GOOD, "sequence": {"name": "../../etc/passwd", "length": 3}}),
        token_of({**GOOD, "sequence": {"name": "sunspots", "length": 5000}}),
        token_of({**GOOD, "sequence": {"values": [[[1]], [[1, 2]]], "target": [[[1]]]}}),
        token_of({**GOOD, "sequence": {"values": [], "target": []}}),
        token_of({**GOOD, "weights": {"hidden": 10**9}}),
        token_of({**GOOD, "weights": {"hidden": 2, "seed": -1}}),
        token_of({**GOOD, "weights": {"hidden": 2, "edits": [["W_hh", -1, 0, 1]]}}),
        token_of({**GOOD, "weights": {"hidden": 2, "scheme": "zeros", "spectral_radius": 1}}),
    ],
)
def test_other_tokens_are_refused_in_a_sentence(token: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        link.decode(token)
    assert type(caught.value) is ValueError
    assert len(str(caught.value)) < 220
    assert str(caught.value).isprintable()


def test_infinite_numbers_are_refused() -> None:
    endless = json.dumps(GOOD).replace("0.8", "1e999")
    with pytest.raises(ValueError, match="finite number"):
        link.decode(packed(endless.encode()))


def test_bomb_is_not_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token can stand for a thousand times its length; only the limit is ever made of it."""
    token = packed(b"0" * 4_000_000)
    assert not link.too_long(token)
    seen: list[int] = []
    monkeypatch.setattr(link, "_read", lambda text, _: seen.append(len(text)))
    with pytest.raises(ValueError, match="link: expected"):
        link.decode(token)
    assert seen == []


def test_overlong_token_is_refused_unread() -> None:
    with pytest.raises(ValueError, match="link: expected at most 6000 characters, got 1000000"):
        link.decode("A" * 1_000_000)


@given(st.text(max_size=60))
def test_any_token_is_an_experiment_or_a_value_error(token: str) -> None:
    with pytest.raises(ValueError, match="link"):
        link.decode(token)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", "file: expected JSON"),
        (b"{", "file: expected JSON"),
        (b"[" * 100_000, "file: expected at most 12 nested brackets, got more"),
        (b"[]", "file: expected an experiment"),
        (b'{"unrolled": 1}', "file: expected an experiment"),
        (
            b'{"unrolled": 2, "experiment": {}}',
            "file: made by a later version of this app: expected version 1, got 2",
        ),
        (b'{"unrolled": 0, "experiment": {}}', "file: expected version 1, got '0'"),
        (b'{"unrolled": "2", "experiment": {}}', "file: expected version 1, got '2'"),
        (
            json.dumps({"unrolled": 1, "experiment": {**GOOD, "version": 3}}).encode(),
            "file: made by a later version of this app: expected version 1, got 3",
        ),
        (b'{"unrolled": 1, "experiment": {"a": NaN}}', "file: "),
        (b"0" * (link.MAX_FILE + 1), "file: expected at most 4,000,000 bytes, got 4,000,001"),
    ],
)
def test_other_files_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        link.from_file(content)
    assert "\n" not in str(caught.value)


def test_negative_zero_survives() -> None:
    assert math.copysign(1, link._short(-0.0)) == -1


@pytest.mark.parametrize(
    "changed",
    [{}, {"cell": "xlstm"}, {"weights": {"layers": []}}, {"later": [1, 2]}, {"sequence": 5}],
)
def test_a_link_of_a_later_version_says_so_whatever_else_it_says(changed: dict[str, Any]) -> None:
    later = "link: made by a later version of this app: expected version 1, got 2"
    with pytest.raises(ValueError, match=f"^{later}$"):
        link.decode(token_of({**GOOD, **changed, "version": 2}))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("drawn", [True, False])
def test_everything_of_every_cell_is_restored(cell: str, drawn: bool) -> None:
    experiment = make(
        Experiment,
        sequence=Text(text="so much depends"),
        weights=Drawn(seed=4, hidden=3, edits=((CELLS[cell].recurrent[0], 1, 2, 0.1),)),
        cell=cell,
        activation="relu",
        loss="softmax_cross_entropy",
        readout="every",
        initial=((0.1, -0.2, 0.3),),
        initial_cell=((1.5, -0.0, 1e-300),) if "c" in CELLS[cell].states else None,
        truncate=5,
        title=cell,
    )
    if not drawn:
        experiment = changes.with_weights(experiment, experiment.parameters())
    trace = trace_of(experiment)
    for again in (
        link.decode(link.encode(experiment)),
        link.from_file(link.to_file(experiment).encode()),
    ):
        assert again == experiment
        assert bits(again) == bits(experiment)
        found = trace_of(again)
        assert found.loss == trace.loss
        for name in trace.quantities:
            assert found[name].tobytes() == trace[name].tobytes()


def test_a_link_says_its_version_from_the_second_on() -> None:
    """Links of the first have none, so that they are as short as ever, and open as they did."""
    assert link.version_field(1) == {}
    later = link.version_field(2)
    with pytest.raises(ValueError, match="made by a later version of this app: expected version 1"):
        link.decode(token_of({**GOOD, **later}))
    assert link.decode(token_of(GOOD)) == link.decode(token_of({**GOOD, "version": 1}))
