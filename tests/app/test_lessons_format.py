"""A lesson as a text: what is read, what is written, what is refused, and whose its numbers are."""

import numpy as np
import pytest

from app.experiment import link
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.experiment.sources import Numbers
from app.figures.words import short
from app.views.lessons import format as text_of
from app.views.lessons import live, prose, runs
from app.views.lessons.lesson import MAX_BYTES, MAX_SCENES, Lesson, Scene
from rnn_core import computational_graph
from rnn_core.practice import Question, sheet_of
from tests.conftest import ROOT

WHOLE = """# A lesson with $x_1$
about: One sentence.

## The first step
page: gradient-flow
section: spectrum
controls: gf_phi=relu&gf_range=0.5&gf_range=2
experiment: by_hand
level: scalar
at: f:h[1,1]
select: h[1,1]
lit: plots
hide: sidebar, gradient
ask: Which way does it go?
answer: To {h[1,1]}.

Words, *stressed*, **strong**, `code`, $\\frac{a}{b}$ and {L}.

- one
- two

## Another
"""


def scene(text: str = "", fields: str = "") -> str:
    return f"# T\n\n## S\n{fields}\n\n{text}\n"


def test_a_lesson_is_read_field_by_field() -> None:
    lesson = text_of.read(WHOLE)
    assert lesson.title == "A lesson with $x_1$"
    assert lesson.about == "One sentence."
    first, second = lesson.scenes
    assert (first.page, first.section, first.level) == ("gradient-flow", "spectrum", "scalar")
    assert (first.at, first.select) == ("f:h[1,1]", "h[1,1]")
    assert (first.lit, first.hide) == (("plots",), ("sidebar", "gradient"))
    assert first.ask == "Which way does it go?"
    assert second == Scene("Another")
    assert lesson.experiment(1) == lesson.experiment(2) == PRESETS["by_hand"].experiment


@pytest.mark.parametrize("text", [WHOLE, WHOLE.replace("\n", "\r\n"), "\ufeff" + WHOLE])
def test_what_is_written_reads_back_as_the_same_lesson(text: str) -> None:
    lesson = text_of.read(text.encode())
    assert text_of.read(text_of.write(lesson)) == lesson


def test_an_experiment_of_a_link_is_that_experiment() -> None:
    token = link.encode(PRESETS["sunspots"].experiment)
    lesson = text_of.read(scene(fields=f"experiment: {token}"))
    assert lesson.experiment(1) == PRESETS["sunspots"].experiment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line"),
        ("## S\n", "first line"),
        ("# T\n", "at least one scene"),
        ("# T\n\n## \n", "title behind"),
        ("# T\n" + "## S\n\n" * (MAX_SCENES + 1), "at most 100 scenes, got 101"),
        ("# T\n" + "x" * MAX_BYTES, "at most 200,000 bytes"),
        ("# " + "x" * 400 + "\n## S\n", "at most 300 signs"),
        ("# <b>T</b>\n## S\n", "without HTML"),
        ("# T\nfoo: 1\n## S\n", "got the field 'foo'"),
        (scene(fields="color: red"), "got the field 'color'"),
        (scene(fields="page"), "got the field 'page'"),
        (scene(fields="page: explore\npage: explore"), "got it twice"),
        (scene(fields="page: https://evil.example"), "a name as in the address"),
        (scene(fields="page: ../../etc"), "a name as in the address"),
        (scene(fields="experiment: nonsense"), "got 'nonsense'"),
        (scene(fields="experiment: __import__('os')"), "experiment: expected"),
        (scene(fields="controls: tr_seed=1"), "expected none on explore, got 'tr_seed'"),
        (scene(fields="page: training\ncontrols: gf_phi=relu"), "tr_name=value"),
        (scene(fields="page: training\ncontrols: nonsense"), "got 'nonsense'"),
        (scene(fields="page: training\ncontrols: tr_run=secret"), "got 'tr_run'"),
        (
            scene(fields="page: training\ncontrols: " + "tr_a=1&" * 99 + "tr_b=1"),
            "controls: expected",
        ),
        (scene(fields="page: training\ncontrols: tr_a=" + "x" * 2000), "at most 2000 signs"),
        (scene(fields="level: galaxy"), "expected one of rolled"),
        (scene(fields="hide: everything"), "hide: expected one of"),
        (scene(fields="lit: gradient"), "lit: expected one of"),
        (scene(fields="at: " + "x" * 400), "at most 300 signs"),
        (scene(fields="answer: {L}"), "expected a question"),
        (scene(fields="ask: <script>alert(1)</script>"), "without HTML"),
        (scene("<script>alert(1)</script>"), "without HTML"),
        (scene("<img src=x onerror=alert(1)>"), "without HTML"),
        (scene("< svg onload=alert(1)>"), "without HTML"),
        (scene("<!-- a -->"), "without HTML"),
        (scene("&lt;b&gt;"), "without HTML"),
        (scene("`<b>`"), "without HTML"),
        (scene("![x](http://evil.example/x.png)"), "without links"),
        (scene("[x](javascript:alert(1))"), "without links"),
        (scene("[x]: //evil.example"), "without links"),
        (scene("see http://evil.example"), "without links"),
        (scene("see www.evil.example"), "without links"),
        (scene("mail me@evil.example"), "without links"),
        (scene(":material/home: :red[x]"), "without icons"),
        (scene(":red[x]"), "without icons"),
        (scene(":smile:"), "without icons"),
        (scene(r"$\href{javascript:alert(1)}{x}$"), "without '\\\\href'"),
        (scene(r"$\def\a{\a\a}\a$"), "without '\\\\def'"),
        (scene(r"$\htmlClass{x}{y}$"), "without"),
        (scene(r"$\includegraphics{x}$"), "without"),
        (scene("a $ alone"), "in a pair"),
        (scene("a { alone"), "in a pair"),
        (scene("{foo}"), "got none by that name"),
        (scene("{h[99,1]}"), "scene 1: {h[99,1]}: step: expected 0 to 3, got 99"),
        (scene("{dL/dh[1,9]}"), "scene 1: {dL/dh[1,9]}: unit: expected 1 to 2, got 9"),
        (scene("{h[1,0]}"), "unit: expected 1 to 2, got 0"),
        (scene("{z[0]}"), "step: expected 1 to 3, got 0"),
        (scene("{p[2]}"), "step: expected 3, got 2"),
        (scene("{h}"), "step: expected one in brackets, such as h[1], got none"),
        (scene("{h[1,1,1]}"), "place: expected step, unit, got 3 numbers"),
        (scene("{W_hh[1,3]}"), "column: expected 1 to 2, got 3"),
        (scene("{dL/dW_hh[3,1] @ 2}"), "row: expected 1 to 2, got 3"),
        (scene("{dL/dW_hh[1,1] @ 7}"), "step: expected 1 to 3, got 7"),
        (
            scene("{h[9]} {z[1,3]} {b_h[1]} {foo} {x[8]} {h[9]}"),
            "got 9; scene 1: {z[1,3]}: unit: expected 1 to 2, got 3; scene 1: {foo}: ",
        ),
        (scene("{h[9]} {z[1,3]} {foo} {x[8]} {x[9]}"), "; and 2 more"),
        (scene("{__class__}"), "got none by that name"),
        (scene("{h.__class__}"), "got none by that name"),
        (scene("{dL/dq[1]}"), "got none by that name"),
        (scene("{dL/dp[6]}"), "got none by that name"),
        (scene("{W_hh @ 2}"), "got none by that name"),
        (scene("{W_hh}", "experiment: irnn"), "at most 12 numbers"),
        (scene("### deeper"), "paragraphs and lists alone"),
        (scene("> quoted"), "paragraphs and lists alone"),
        (scene("```\ncode\n```"), "paragraphs and lists alone"),
        (scene("| a | b |"), "paragraphs and lists alone"),
        (scene("zero\u200bwidth"), "signs that can be shown"),
        (scene("bell\x07"), "signs that can be shown"),
        (scene("word " * 1000), "at most 4,000 signs"),
        (scene("L = {L}.", "page: training"), "scene 1: numbers: expected none in a text on the"),
        (
            scene("{h[4,1]}", "page: practice"),
            "step: expected 0 to 3, got 4",
        ),  # a sheet of three steps
        (
            "# T\n"
            + "".join(f"## S\npage: practice\ncontrols: pr_seed={k}\n\n{{L}}\n" for k in range(21)),
            "at most 20 sheets, got those of 21",
        ),
    ],
)
def test_what_is_no_lesson_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"expected .* got ") as refused:
        text_of.read(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 600


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match="UTF-8"):
        text_of.read(b"\xff\xfe# T")


def test_experiments_too_large_together_are_refused_before_they_run() -> None:
    large = PRESETS["sunspots"].experiment
    rows = tuple(((float(k % 2),),) for k in range(4_999))
    big = large.replace(
        sequence=Numbers(values=rows, target=(((1.0,),),)),
        readout="last",
        weights=large.weights.model_copy(update={"hidden": 50}),
    )
    tokens = [link.encode(big.replace(title=f"{k}")) for k in range(2)]
    text = "# T\n" + "".join(f"## S\nexperiment: {token}\n\n{{L}}\n" for token in tokens)
    with pytest.raises(ValueError, match="at most 1,000,000 numbers in all"):
        text_of.read(text)


@pytest.mark.parametrize("name", ["spiral", "by_hand", "lstm_by_hand", "gru_latch", "parity"])
def test_each_number_by_name_is_that_of_the_graph(name: str) -> None:
    experiment = PRESETS[name].experiment
    run = runs.of_experiment(experiment)
    grads = gradients_of(experiment)
    graph = computational_graph(trace_of(experiment), grads, level="scalar")
    seen = 0
    for node, fields in graph.nodes(data=True):
        if not all(sign.isalnum() or sign in "_[,]" for sign in node) or fields["kind"] == "rest":
            continue
        if fields["quantity"] == "l":
            continue
        assert live.number(run, node) == short(float(fields["value"])), node
        seen += 1
        has_gradient = fields["grad"] is not None and fields["quantity"] not in ("p", "y", "L")
        if has_gradient:
            assert live.number(run, f"dL/d{node}") == short(float(fields["grad"])), node
    assert seen > 20


def test_terms_norms_vectors_and_sizes_are_those_of_the_run() -> None:
    experiment = PRESETS["spiral"].experiment
    trace, grads = trace_of(experiment), gradients_of(experiment)
    run = runs.of_experiment(experiment)
    outer = np.outer(grads.z[2, 0], trace.h[2, 0])
    assert live.number(run, "dL/dW_hh[1,2] @ 3") == short(outer[0, 1])
    assert live.number(run, "|dL/dh[1]|") == short(float(np.linalg.norm(grads.h[1, 0])))
    assert live.number(run, "h[0]") == "(0, 0)"
    assert live.number(run, "T") == "6"
    assert live.number(run, "L:7") == short(trace.loss, 7)
    assert live.number(run, "a") == short(trace.logits[0, 0, 0])


@pytest.mark.parametrize(
    ("controls", "grade", "seed"),
    [("", 1, 1), ("controls: pr=4&pr_seed=7&pr_part=forward", 4, 7), ("controls: pr=99", 1, 1)],
)
def test_the_numbers_of_a_scene_of_practice_are_those_of_its_sheet(
    controls: str, grade: int, seed: int
) -> None:
    fields = f"page: practice\nexperiment: spiral\n{controls}".strip()
    lesson = text_of.read(scene("{L}, {dL/dW_hh}", fields))
    key = sheet_of(grade, seed)
    answers = dict(zip(key.questions, key.answers, strict=True))
    run = runs.of_scene(lesson.scenes[0], lesson.experiment(1))
    assert live.number(run, "L") == short(answers[Question("value", "L", None, (1,))])
    last = max(each.unit for each in key.questions if each.place == ("gradient", "W_hh", None))
    written = live.number(run, f"dL/dW_hh[{','.join(map(str, last))}]")
    assert written == short(answers[Question("gradient", "W_hh", None, last)])


def test_the_numbers_of_a_scene_of_the_own_network_in_practice_are_its_own() -> None:
    lesson = text_of.read(scene("{L}", "page: practice\nexperiment: by_hand\ncontrols: pr=0"))
    experiment = PRESETS["by_hand"].experiment
    run = runs.of_scene(lesson.scenes[0], experiment)
    assert live.number(run, "L") == short(trace_of(experiment).loss)


def test_what_can_stand_in_braces_is_told_as_the_documentation_has_it_and_can() -> None:
    table = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    run = runs.of_experiment(PRESETS["spiral"].experiment)
    for names, what in live.NAMES:
        written = (f"{{{name}}}".replace("|", "&#124;") for name in names)
        sign = ("<code>", "</code>") if "|" in names[0] else ("`", "`")
        assert f"| {', '.join(f'{sign[0]}{name}{sign[1]}' for name in written)} | {what} |" in table
        for name in names:
            assert live.number(run, name)


def test_words_of_a_text_are_escaped_and_its_marks_are_kept() -> None:
    text = "a_b # 1. *x* **y** `z` $q_{1}$ {L} <3"
    prose.require(text, "here")
    shown = prose.markdown(text, lambda name: f"<{name}>")
    assert shown == r"a\_b \# 1\. *x* **y** `z` $q_{1}$ `<L>` \<3"


def test_what_is_strong_or_stressed_holds_numbers_formulas_and_code() -> None:
    text = "**L is {L}, 2 < 3** and *by $W_{hh}$, {dL/dW_hh}* or **`h[1]`**"
    prose.require(text, "here")
    assert prose.numbers_in(text) == ["L", "dL/dW_hh"]
    assert [each.name for each in live.mentions(text)] == ["L", "W_hh"]
    shown = prose.markdown(text, lambda name: f"<{name}>")
    assert shown == r"**L is `<L>`\, 2 \< 3** and *by $W_{hh}$\, `<dL/dW_hh>`* or **`h[1]`**"
    with pytest.raises(ValueError, match="expected a formula without"):
        prose.require(r"**$\href{a}{b}$**", "here")


def test_a_lesson_of_one_scene_is_written_short() -> None:
    assert text_of.write(Lesson("T", (Scene("S", "Words."),))) == "# T\n\n## S\n\nWords.\n"
