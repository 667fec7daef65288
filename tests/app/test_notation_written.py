"""How texts, charts, sheets and pictures are written in a notation, checked by hand."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.components.graph_view.export import graphml, json_text
from app.components.graph_view.written import explained, in_notation
from app.experiment.run import gradients_of, graph_of, trace_of
from app.figures import notation
from app.figures.naming import named_charts
from app.figures.run import payload
from app.listings.worksheets import FORMATS
from app.listings.worksheets.latex import latex_source
from app.listings.worksheets.parts import blocks_of
from app.listings.worksheets.statement import entry_of, statement
from app.listings.worksheets.typst_source import typst_source
from app.views.lessons import live, runs
from app.views.lessons.built import lesson_named
from rnn_core import CELLS
from rnn_core.cells import NOTATIONS, rewriter
from rnn_core.practice import sheet_of
from tests.app.figure_cases import unpacked
from tests.experiments import six_steps
from unrolled import worksheet


@pytest.fixture(autouse=True)
def ours() -> Iterator[None]:
    yield
    notation.use(None)


def use(name: str, cell: str = "elman", own: frozenset[str] = frozenset()) -> None:
    notation.use(rewriter(CELLS[cell], NOTATIONS[name], own))


@pytest.mark.parametrize(
    ("text", "goodfellow"),
    [
        (
            "The logit a = 3 gives p = 0.4, and falls with a.",
            "The logit o = 3 gives ŷ = 0.4, and falls with o.",
        ),
        ("a GRU, a 2 × 2 matrix and z of 2 units", "a GRU, a 2 × 2 matrix and a of 2 units"),
        ("max |h − φ(z)|", "max |h − φ(a)|"),
        ("`a = 3` and $W_{hh}$", r"`a = 3` and $\boldsymbol{W}$"),
        ("logit\N{NO-BREAK SPACE}**a**", "logit\N{NO-BREAK SPACE}**o**"),
        ("a = 1, y = 0", "o = 1, y = 0"),
        ("log1p(exp(-\\|a\\|)) rounds to 0", "log1p(exp(-\\|o\\|)) rounds to 0"),
    ],
)
def test_a_letter_that_can_be_no_word_is_a_symbol(text: str, goodfellow: str) -> None:
    assert notation.markdown(text) == text
    use("goodfellow")
    assert notation.markdown(text) == goodfellow


def test_what_a_user_wrote_and_what_a_page_means_otherwise_stays() -> None:
    use("goodfellow", own=frozenset({"z"}))
    text = f"{notation.kept_as_typed('W_hh of p = 3')}, W_hh and p at z = 1"
    assert notation.markdown(text) == "W_hh of p = 3, W and ŷ at z = 1"
    assert notation.markdown("\ue002 without what it stands for") == " without what it stands for"
    notation.turn_to(CELLS["lstm"], frozenset())
    assert notation.plain("W_hf and c_t") == "W^f and s^(t)"
    assert notation.asked() is NOTATIONS["goodfellow"]


def charts(groups: Any) -> dict[str, Any]:
    return {chart["id"]: chart for group in groups["groups"] for chart in group["charts"]}


def test_charts_have_the_names_and_the_rows_of_the_notation() -> None:
    experiment = six_steps()
    trace, grads = trace_of(experiment), gradients_of(experiment)
    before = charts(payload(trace, grads))
    use("d2l")
    found = charts(payload(trace, grads))
    view = next(view for view in found["gradient_maps"]["views"] if view["name"] == "∂L/∂h_t")
    assert view["title"] == "∂L/∂H_t"
    heads = [table["head"][0] for table in found["parameters"]["tables"]]
    assert heads == ["∂L/∂W_xh", "∂L/∂W_hh", "∂L/∂b_h", "∂L/∂W_hq", "∂L/∂b_q"]
    cells = [unpacked(found["parameters"]["tables"][1]["cells"]) for found in (before, found)]
    assert np.array_equal(cells[1], cells[0].T)
    hover = [
        trace.get("hovertemplate", "")
        for trace in found["parameters"]["views"][0]["figure"]["data"]
    ]
    assert "∂L/∂W_hh[%{y},%{x}] = %{z:digits}<extra></extra>" in [
        text.replace("<sub>", "_").replace("</sub>", "") for text in hover
    ]
    use("goodfellow")
    assert charts(payload(trace, grads))["z"]["title"] == "Pre-activations a^(t)"


def test_a_label_of_a_user_is_no_symbol_in_a_chart() -> None:
    use("goodfellow")
    chart: Any = {
        "id": "one",
        "title": "p of z_t",
        "phase": "",
        "views": [
            {
                "name": "",
                "figure": {
                    "data": [{"name": f"p of {notation.kept_as_typed('z_t^2')}"}],
                    "layout": {},
                },
                "text": "",
                "notes": [],
            }
        ],
        "tables": [],
    }
    found: Any = named_charts([chart])[0]
    assert found["title"] == "ŷ of a^(t)"
    assert found["views"][0]["figure"]["data"][0]["name"] == "ŷ of z_t^2"


def test_of_rows_a_lesson_goes_back_by_the_transpose_from_the_right() -> None:
    use("d2l")
    text = notation.markdown(lesson_named("backward").scenes[1].text)
    assert r"\frac{\partial L}{\partial \mathbf{O}}\,\mathbf{W}_{\text{hq}}^{\top}$" in text


def test_a_matrix_that_a_lesson_tells_has_the_rows_of_the_notation() -> None:
    run = runs.of_experiment(six_steps())
    use("keras")
    ours, theirs = (live.number(run, "W_hh", turned=turned) for turned in (False, True))
    numbers = [np.array(re.findall(r"[−\d.e]+", text)).reshape(2, 2) for text in (ours, theirs)]
    assert np.array_equal(numbers[0].T, numbers[1])


@pytest.mark.parametrize("name", NOTATIONS)
@pytest.mark.parametrize("grade", [3, 5])
def test_every_sheet_is_written_in_every_format(name: str, grade: int) -> None:
    sheet, asked = sheet_of(grade, 1), NOTATIONS[name]
    for text in (typst_source(sheet, asked), latex_source(sheet, asked), statement(sheet, asked)):
        assert not re.search(r"W_\{?\(?(?:x h|xh|hy|h y)\b", text) or name == "d2l"
        assert not re.search(r"[\ue000-\ue00f]", text)
    assert next(FORMATS["pdf"].files([sheet], asked))[1].startswith(b"%PDF-")
    for kind in ("moodle", "qti", "ipynb"):
        assert next(FORMATS[kind].files([sheet], asked))[1]


def test_a_course_builds_sheets_in_a_notation(tmp_path: Path) -> None:
    arguments = ["--grade", "3", "--format", "latex", "--notation", "keras", "--out", str(tmp_path)]
    assert worksheet.main(arguments) == 0
    (file,) = tmp_path.iterdir()
    assert r"\text{recurrent\_kernel} = \begin{pmatrix}" in file.read_text()


def test_of_rows_a_sheet_asks_for_the_transposed_entry() -> None:
    sheet = sheet_of(3, 1)
    texts = {
        name: [
            entry_of(asked, place, NOTATIONS.get(name))
            for block in blocks_of(sheet, NOTATIONS.get(name))
            for asked in block.asked
            for place in range(len(asked.questions))
        ]
        for name in ("", "keras")
    }
    place = texts[""].index("∂<i>L</i>/∂<i>W</i><sub>hh</sub>, row 1, column 2")
    assert texts["keras"][place] == "∂loss/∂recurrent_kernel, row 2, column 1"
    assert "recurrent_kernel = ((-1, -1), (1, 2))" in statement(sheet, NOTATIONS["keras"])
    assert "W</i><sub>hh</sub> = ((-1, 1), (-1, 2))" in statement(sheet)


def test_a_picture_of_the_graph_has_the_symbols_and_data_keep_ours() -> None:
    graph = graph_of(six_steps(), "step", None)
    found = in_notation(graph, rewriter(CELLS["elman"], NOTATIONS["d2l"]))
    assert [*found] == [*graph]
    assert found.nodes["h[2]"]["symbol"] == "H_2"
    assert np.array_equal(found.nodes["W_hh"]["value"], graph.nodes["W_hh"]["value"].T)
    assert graph.nodes["h[2]"]["symbol"] == "h_2"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pytorch", "W_xh is W_ih, b_h is b_ih + b_hh, W_hy is W_fc, b_y is b_fc"),
        ("keras", "W_xh is kernel, W_hh is recurrent_kernel, b_h is bias, W_hy is dense.kernel"),
    ],
)
def test_data_and_scripts_keep_our_names_and_say_what_they_are_in_the_notation(
    name: str, said: str
) -> None:
    experiment = six_steps()
    graph = graph_of(experiment, "step", None)
    assert notation.legend(experiment.kind.shapes) == ""
    assert "notation" not in json.loads(json_text(explained(graph, "")))["graph"]
    use(name)
    legend = notation.legend(experiment.kind.shapes)
    assert said in legend
    assert ("transposes" in legend) == NOTATIONS[name].rows
    told = explained(graph, legend)
    data = json.loads(json_text(told))
    assert data["graph"]["notation"] == legend
    assert "W_hh" in {node["id"] for node in data["nodes"]}
    assert nx.parse_graphml(graphml(told).decode()).graph["notation"] == legend

    def page(name: str) -> None:
        from app.figures import notation
        from app.listings.numpy_script import numpy_script
        from app.views.shared import script
        from rnn_core import CELLS
        from rnn_core.cells import NOTATIONS, rewriter
        from tests.experiments import six_steps

        notation.use(rewriter(CELLS["elman"], NOTATIONS[name]))
        script.offer({"NumPy": ("run.py", numpy_script)}, six_steps(), key="pt_script")

    app = AppTest.from_function(page, args=(name,)).run()
    assert not app.exception
    comment, _, code = app.code[0].value.partition("# Experiment")
    lines = comment.splitlines()
    assert all(line.startswith("# ") and len(line) < 80 for line in lines)
    assert said.partition(",")[0] in comment.replace("\n# ", " ")
    assert "W_xh = np.array(" in code


def test_a_part_that_is_drawn_again_by_itself_keeps_the_notation_of_its_page() -> None:
    def script() -> None:
        import streamlit as st

        from app.figures import notation
        from app.views.shared import outgoing
        from app.views.shared.fragment import fragment
        from rnn_core import CELLS
        from rnn_core.cells import NOTATIONS, rewriter

        def part() -> None:
            st.button("again")
            st.write("$h_t$")

        notation.use(rewriter(CELLS["elman"], NOTATIONS["d2l"]))
        outgoing.follow()
        fragment(part)()
        notation.use(None)  # as a thread that has drawn another page

    app = AppTest.from_function(script).run()
    assert app.markdown[0].value == r"$\mathbf{H}_t$"
    app.button[0].click().run()
    assert app.markdown[0].value == r"$\mathbf{H}_t$"


@pytest.mark.parametrize(
    ("name", "header", "sentence"),
    [
        ("pytorch", "**logits** `1`", "The logits = 3 gives"),
        ("keras", "**logits** `1`", "The logits = 3 gives"),
        ("d2l", "logit **O** `1`", "The logit O = 3 gives"),
    ],
)
def test_a_word_and_its_letter_are_one_where_the_symbol_is_the_word(
    name: str, header: str, sentence: str
) -> None:
    notation.use(rewriter(CELLS["elman"], NOTATIONS[name]))
    try:
        assert notation.markdown("logit **a** `1`") == header
        assert notation.plain("The logit a = 3 gives") == sentence
        assert notation.plain("a loss a day") == "a loss a day"
    finally:
        notation.use(None)
