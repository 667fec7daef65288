"""What the controls send is checked, done, or refused in one sentence."""

import base64
import pickle
from typing import Any

import pytest

from app.components.editor import commands
from app.components.editor.payload import SENT_NUMBERS, payload
from app.experiment import link, presets, weights_file
from app.experiment.reading.notice import Unread
from app.experiment.sources import Drawn, Numbers, Series, Text, make
from app.experiment.value import Experiment
from rnn_core import Parameters

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


@pytest.mark.parametrize("text", ["4, 5, 6, 7", "(4, 5, 6, 7)", "4\t5\t6\t7", "x = [4 5 6 7]'"])
def test_a_row_is_a_sequence_where_each_step_has_one_number(text: str) -> None:
    assert done(START, "paste", field="x", text=text).x()[:, 0].tolist() == [[4], [5], [6], [7]]
    later = done(START, "paste", field="x", row=1, text="8, 9").x()
    assert later[:, 0].tolist() == [[1], [8], [9]]
    wide = done(START, "size", field="D", text="2")
    assert done(wide, "paste", field="x", text="8, 9").x()[0, 0].tolist() == [8, 9]
    assert done(START, "file", name="a.csv", text="4,5,6\n").sizes[:3] == (3, 1, 1)


def test_a_vector_may_lie_either_way() -> None:
    after = done(START, "paste", field="W_xh", text="3, 4")
    assert after.parameters().W_xh.tolist() == [[3], [4]]
    after = done(START, "paste", field="W_hy", text="3\n4")
    assert after.parameters().W_hy.tolist() == [[3, 4]]
    after = done(START, "paste", field="b_h", text="(3, 4)^T")
    assert after.parameters().b_h.tolist() == [3, 4]
    assert done(START, "paste", field="W_xh", text="3, 4, 5").sizes[2:4] == (3, 1)


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


def test_title() -> None:
    assert done(START, "title", text=" Homework 3 ").title == "Homework 3"
    assert done(START, "title", text="").title == ""
    with pytest.raises(ValueError, match=r"^title: .*at most 80"):
        done(START, "title", text="x" * 81)
    with pytest.raises(ValueError, match=r"^title: expected characters that can be shown"):
        done(START, "title", text="a\nb")


def test_alphabet_orders_inputs_and_outlives_another_text() -> None:
    text = done(done(START, "source", text="text"), "text", text="abba")
    assert text.x()[:, 0].tolist() == [[1, 0], [0, 1], [0, 1]]
    turned = done(text, "alphabet", text="bac")
    assert turned.sizes == (3, 1, 3, 2, 3)
    assert turned.x()[:, 0].tolist() == [[0, 1, 0], [1, 0, 0], [1, 0, 0]]
    assert done(turned, "text", text="cab").sequence == Text(text="cab", alphabet="bac")
    assert done(turned, "text", text="tea").sequence == Text(text="tea", alphabet="bacet")
    assert done(turned, "alphabet", text="").sequence == Text(text="abba")
    with pytest.raises(ValueError, match=r"^text: expected characters of the alphabet, got 'b'"):
        done(text, "alphabet", text="ac")
    with pytest.raises(ValueError, match=r"^alphabet: expected each character once, got 'abb'"):
        done(text, "alphabet", text="abb")
    with pytest.raises(ValueError, match=r"^alphabet: expected a text as the sequence"):
        done(START, "alphabet", text="ab")


def packed(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_weights_of_a_file_bring_their_hidden_units() -> None:
    params = Parameters.random(1, 3, 1, seed=5)
    started = START.replace(initial=((1.0, 2.0),))
    after = done(started, "weights", text=packed(weights_file.to_safetensors(params)))
    assert after.parameters().W_hh.tolist() == params.W_hh.tolist()
    assert after.initial == ((1, 2, 0),)
    assert after.sequence == START.sequence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "another kind of file"),
        ("%%%", "expected bytes in base64"),
        ("é", "expected bytes in base64"),
        (packed(pickle.dumps({"W_hh": 1})), "got a pickle"),
        ("A" * 4_000_000, "expected at most 2,900,000 bytes, got about 3,000,000"),
    ],
)
def test_weights_that_do_not_fit_are_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"^weights.*{said}"):
        done(START, "weights", text=text)


@pytest.mark.parametrize("source", ["text", "sunspots"])
def test_a_table_in_place_of_a_text_or_series_asks_for_the_next_number_too(source: str) -> None:
    table = done(done(START, "source", text=source), "drop", name="a.csv", text="1;2\n3;4\n5;6")
    assert table.sizes == (2, 1, 2, 2, 2)
    assert table.target()[:, 0].tolist() == [[3, 4], [5, 6]]
    assert (table.loss, table.readout) == ("squared_error", "every")


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
            assert do in ("next", "text", "title")
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


def test_a_typed_text_is_read_without_what_cannot_be_shown_and_is_never_cut_in_silence() -> None:
    wish = commands.read({"n": 1, "do": "text", "text": "re\u00adcur\u200brent\r\nnet"})
    made, understood = commands.done(START, wish)
    assert isinstance(made.sequence, Text)
    assert made.sequence.text == "recurrent\nnet"
    assert "soft hyphen (U+00AD)" in understood.line
    long = commands.read({"n": 1, "do": "text", "text": "ab" * 3000})
    with pytest.raises(Unread, match="expected at most 5,001 characters, got 6,000") as caught:
        commands.done(START, long)
    [choice] = caught.value.choices
    again = long.model_copy(update={"options": {choice.option: choice.value}})
    made, understood = commands.done(START, again)
    assert made.sizes[0] == 5000
    assert understood.line == "The first 5,001 of 6,000 characters."


def test_sequences_with_answers_become_a_batch_with_its_targets() -> None:
    text = "sequence;x1;x2;y\n" + "".join(
        f"{n};{n},5;{t};{'' if t < 2 else 'ab'[n % 2]}\n" for n in range(3) for t in range(3)
    )
    made, understood = commands.done(START, commands.read({"n": 1, "do": "drop", "text": text}))
    assert made.sizes == (3, 3, 2, 2, 2)
    assert made.x()[:, 1].tolist() == [[1.5, 0], [1.5, 1], [1.5, 2]]
    assert made.kept_target().tolist() == [[[1, 0], [0, 1], [1, 0]]]
    assert (made.loss, made.readout) == ("softmax_cross_entropy", "last")
    assert "3 sequences of 3 steps with 2 inputs; an answer at the end of each." in understood.line
    lines = "sequence,x,y\n1,1,0.5\n1,2,0.25\n2,1,1\n3,3,0.5\n3,4,2\n"
    made, understood = commands.done(START, commands.read({"n": 1, "do": "drop", "text": lines}))
    assert made.x()[:, :, 0].tolist() == [[1, 3], [2, 4]]
    assert "2 of 3 sequences read: a batch has one length." in understood.line


def test_a_batch_holds_at_most_as_many_sequences_as_are_shown_and_says_so() -> None:
    text = "sequence,x,y\n" + "".join(f"{n},{n},{n % 2}\n" for n in range(100))
    made, understood = commands.done(START, commands.read({"n": 1, "do": "drop", "text": text}))
    assert made.sizes[1] == 64
    assert made.loss == "binary_cross_entropy"
    assert "64 of 100 sequences read: at most so many here; Training takes all." in understood.line


def test_bytes_of_a_file_are_decoded_here() -> None:
    content = base64.b64encode("größe;u\n0,5;1\n2;3\n".encode("utf-16")).decode()
    wish = commands.read({"n": 1, "do": "drop", "name": "a.csv", "content": content})
    assert commands.act(START, wish).x()[:, 0].tolist() == [[0.5, 1], [2, 3]]
    packed = base64.b64encode(weights_file.to_npz(START.parameters())).decode()
    wish = commands.read({"n": 1, "do": "drop", "content": packed})
    with pytest.raises(ValueError, match="expected a sequence, got weights: use Open weights"):
        commands.act(START, wish)
