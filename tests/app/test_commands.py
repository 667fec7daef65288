"""What the controls send is checked, done, or refused in one sentence."""

from typing import Any

import pytest

from app import link, presets
from app.editor import commands
from app.editor.payload import SENT_NUMBERS, payload
from app.experiment import Experiment
from app.sources import Drawn, Numbers, Series, Text, make

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "=HYPERLINK('http://x')",
    "\u202e1\u202c",
    "\0",
    "9" * 10_000,
    "[" * 10_000,
    "\ud83d" + "x",
    "1" * 1_000_001,
]


def done(experiment: Experiment, do: str, **wish: Any) -> Experiment:
    return commands.act(experiment, commands.read({"n": 1, "do": do, **wish}))


START = presets.PRESETS["by_hand"].experiment


def test_cell() -> None:
    after = done(START, "cell", field="W_hh", row=1, column=0, text="1/3")
    assert after.parameters().W_hh.tolist() == [[0.5, 1], [1 / 3, 0.5]]


def test_bad_cell_is_named() -> None:
    with pytest.raises(
        ValueError, match=r"^W_hh row 2 column 1: expected a number such as .*, got 'abc'$"
    ):
        done(START, "cell", field="W_hh", row=1, column=0, text="abc")
    with pytest.raises(ValueError, match=r"^target step 3 column 1: expected"):
        done(START, "cell", field="target", row=0, column=0, text="")
    with pytest.raises(ValueError, match=r"^b_h row 2: expected"):
        done(START, "cell", field="b_h", row=1, column=0, text="x")


def test_paste_at_the_first_cell_replaces_the_field_and_its_sizes() -> None:
    after = done(START, "paste", field="W_hh", text="1\t0\t0\n0\t1\t0\n0\t0\t1")
    assert after.sizes == (3, 1, 1, 3, 1)
    after = done(START, "paste", field="x", text="1 2\n3 4\n5 6\n7 8")
    assert after.x()[:, 0].tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]
    after = done(START, "paste", field="b_h", text="[3, 4]")
    assert after.parameters().b_h.tolist() == [3, 4]


def test_paste_elsewhere_covers_cells() -> None:
    after = done(START, "paste", field="W_hh", row=1, column=0, text="7\t8")
    assert after.parameters().W_hh.tolist() == [[0.5, 1], [7, 8]]
    after = done(START, "paste", field="W_hh", text="7\t8")
    assert after.parameters().W_hh.tolist() == [[7, 8], [-1, 0.5]]


def test_paste_of_three_axes_is_a_batch() -> None:
    after = done(START, "paste", field="x", text="[[[1],[2]],[[3],[4]]]")
    assert after.sizes == (2, 2, 1, 2, 1)
    assert after.x().tolist() == [[[1], [2]], [[3], [4]]]


def test_choices_and_sizes() -> None:
    assert done(START, "choose", field="activation", text="tanh").activation == "tanh"
    assert done(START, "choose", field="readout", text="every").target().shape == (3, 1, 1)
    assert done(START, "size", field="T", text="5").sizes[0] == 5
    assert done(START, "truncate", text="2").truncate == 2
    assert done(START.replace(truncate=2), "truncate", text="").truncate is None
    assert done(START, "preset", text="sine") == presets.PRESETS["sine"].experiment


def test_draws() -> None:
    drawn = done(START, "draw", field="scheme", text="orthogonal")
    assert drawn.weights == Drawn(scheme="orthogonal", hidden=2)
    edited = done(drawn, "cell", field="b_y", text="1")
    assert done(edited, "draw", field="seed", text="8").weights == Drawn(
        scheme="orthogonal", seed=8, hidden=2
    )
    scaled = done(edited, "draw", field="spectral_radius", text="1/2").weights
    assert scaled == Drawn(
        scheme="orthogonal", hidden=2, spectral_radius=0.5, edits=(("b_y", 0, 0, 1.0),)
    )


def test_sources() -> None:
    text = done(START, "source", text="text")
    assert isinstance(text.sequence, Text)
    assert done(text, "text", text="hello").sequence == Text(text="hello")
    spots = done(START, "source", text="sunspots")
    assert spots.sequence == Series(name="sunspots", length=100)
    later = done(spots, "series", field="first", text="1800")
    assert later.labels() is not None
    assert (later.labels() or ())[0] == "1800"
    assert isinstance(done(later, "source", text="numbers").sequence, Numbers)
    assert done(later, "source", text="numbers").x().tolist() == later.x().tolist()


def test_files() -> None:
    saved = link.to_file(presets.PRESETS["parity"].experiment)
    assert done(START, "file", name="a.json", text=saved) == presets.PRESETS["parity"].experiment
    table = done(START, "file", name="a.csv", text="t,a,b\n0,1,2\n1,3,4\n")
    assert table.x()[:, 0].tolist() == [[0, 1, 2], [1, 3, 4]]
    read = done(START, "file", name="poem.txt", text="so much depends\n")
    assert read.sequence == Text(text="so much depends")
    with pytest.raises(ValueError, match=r"^a.csv row 1 column 1: expected"):
        done(START, "file", name="a.csv", text="so much")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("do", [*commands.COMMANDS, "__class__"])
def test_hostile_text_is_refused_in_a_sentence(do: str, text: str) -> None:
    for field in ("x", "W_hh", "activation", "T", "seed", "first", text[:20]):
        try:
            after = done(START, do, field=field, text=text, name="x.csv")
        except ValueError as error:
            refused: ValueError | None = error
        else:
            refused = None
            assert do in ("next", "text")
            assert make(Experiment, **dict(after)) == after
        assert refused is None or type(refused) is ValueError
        assert "\n" not in str(refused)
        assert len(str(refused)) < 300


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "cell",
        {},
        {"n": 0, "do": "cell"},
        {"n": "1", "do": "cell"},
        {"n": 1, "do": "cell", "row": -1},
        {"n": 1, "do": "cell", "row": 1.5},
        {"n": 1, "do": "cell", "text": 3},
        {"n": 1, "do": "cell", "more": 1},
        {"n": 1, "do": "x" * 1000},
    ],
)
def test_what_is_no_command_is_refused(sent: Any) -> None:
    with pytest.raises(ValueError, match=r"^command: ") as caught:
        commands.read(sent)
    assert "\n" not in str(caught.value)


def test_payload_sends_only_a_stretch_of_a_long_field() -> None:
    values = tuple(((float(step),),) for step in range(5000))
    experiment = make(
        Experiment, sequence=Numbers(values=values, target=(((1.0,),),)), weights=Drawn(hidden=1)
    )
    wide = done(experiment, "size", field="D", text="4")
    x = payload(wide, {"x": 4000})["fields"][0]
    assert (x["rows"], x["columns"], x["first"]) == (5000, 4, 3500)
    assert len(x["values"]) == SENT_NUMBERS // 4
    assert x["values"][-1] == [4999, 0, 0, 0]
