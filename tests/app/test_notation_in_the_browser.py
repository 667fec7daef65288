"""What the page's JavaScript writes in a notation is what Python writes in it, sign by sign."""

import re
from itertools import product
from typing import Any

from app.components.shared import meanings
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.figures.common import common
from app.figures.words import short
from rnn_core import CELLS, computational_graph
from rnn_core.cells import (
    NOTATIONS,
    Cell,
    Notation,
    backward_equations,
    equations,
    gate_letter,
    rewriter,
    symbol,
)
from rnn_core.graph import LEVELS
from tests.app.in_node import answer
from tests.conftest import ROOT

SCRIPT = ROOT / "tests" / "app" / "say_rewritten.js"
OWN = frozenset({"h", "b_t"})
FORMULA = re.compile(r"\$\$?([^$]+)\$\$?")


def of_the_graph(preset: str) -> tuple[set[str], set[str]]:
    experiment = PRESETS[preset].experiment
    trace, grads = trace_of(experiment), gradients_of(experiment)
    nodes = [
        node
        for level in LEVELS
        for _, node in computational_graph(trace, grads, level=level).nodes(data=True)
    ]
    return {node["latex"] for node in nodes}, {node["symbol"] for node in nodes}


def of_the_cell(cell: Cell) -> set[str]:
    by_logit = r"\frac{\partial L}{\partial a_T}"
    backward = backward_equations(
        cell, "tanh", every=False, by_logit=by_logit, by_logit_latex=r"\sigma(a_T) - y_T"
    )
    names = (*cell.shapes, *cell.line, "x", "a", f"W_x{gate_letter(cell)}")
    return {
        *equations(cell, "relu"),
        *(each.latex for each in backward),
        *(symbol(name, step) for name in names for step in ("t", "t-1", "3", "T")),
    }


def in_the_app() -> tuple[set[str], set[str]]:
    """Return what stands in the app's sources: formulas, and lines of any text."""
    formulas: set[str] = set()
    lines: set[str] = set()
    for path in [*(ROOT / "app" / "views").rglob("*.py"), *(ROOT / "assets").glob("lessons/*.md")]:
        text = path.read_text("utf8")
        formulas.update(FORMULA.findall(text))
        lines.update(text.splitlines())
    return formulas, lines


EDGES = (
    *(r"\frac{1", "{", "}", r"\left(", ")", "^", r"\begin{bmatrix}1", "_", "\\", "h_{", "]["),
    *(r"\left[0, 1\right)", r"W_{hh}\,\left(x_t + h_t\right)", r"h_t'", r"\bar z_t", r"\hat{y}_t"),
    r"\begin{bmatrix}1&2\\3&4\end{bmatrix}^{\top}\begin{bmatrix}-1\\0.5\end{bmatrix} + b_h",
    r"-\sum_k y_k \log p_k + \max_j a_j - h_k",
    r"\begin{aligned}z_3 &= W_{xh}\,x_3 + b_h\\[0.5ex]&\approx 1\end{aligned}",
)
TEXTS = (
    *("W_hh (r_1 ⊙ h_0)", "W_hhᵀ ∂L/∂h_2 + δ_tᵀ", "h_{t-1}, b_h + b_h", "p̂ and ŷ_3, ŷ_3"),
    *("a", "", "‖∂L/∂h‖", "∂L", "W_hy h_3", "h[3,2]", "W_hh[2,1] @ 3"),
)


def test_the_page_writes_what_python_writes() -> None:
    formulas, texts = in_the_app()
    formulas |= {*EDGES}.union(*map(of_the_cell, CELLS.values()))
    texts |= {*TEXTS}
    for preset in ("lstm_by_hand", "gru_latch"):
        latex, symbols = of_the_graph(preset)
        formulas, texts = formulas | latex, texts | symbols
    asked = {"formulas": sorted(formulas), "texts": sorted(texts)}
    cells = [CELLS[name] for name in ("elman", "gru", "lstm")]
    pairs = [*product(cells, NOTATIONS.values())]
    writers = [rewriter(cell, notation, OWN) for cell, notation in pairs]
    cases: list[dict[str, Any]] = [
        {"notation": {"table": writer.table, "own": [*OWN]}, **asked} for writer in writers
    ]
    for writer, (found_formulas, found_texts) in zip(writers, answer(SCRIPT, cases), strict=True):
        for source, written in zip(asked["formulas"], found_formulas, strict=True):
            assert written == writer.latex(source), source
        for source, written in zip(asked["texts"], found_texts, strict=True):
            assert written == writer.plain(source), source


def named(cell: Cell) -> list[str]:
    """Return symbols of a cell in plain text, with steps, units and places."""
    quantities = [name + ("," if "_" in name else "_") for name in ("x", *cell.line, "a", "y")]
    return [
        *(name + place for name in quantities for place in ("2", "t", "t−1", "2,1")),
        *cell.shapes,
        *(f"{name}[1{',1' * (len(shape) - 1)}]" for name, shape in cell.shapes.items()),
        *(f"∂L/∂{name}2" for name in quantities if name != "y_"),
        *(f"∂L/∂{name}" for name in cell.shapes),
        *(f"δ{name[1:]}{',' if '_' in name else '_'}2" for name in cell.sums if name[0] == "z"),
        *(["W_hh[2,1]"] if "W_hh" in cell.shapes else []),
        "L",
    ]


def turned(words: str, notation: Notation) -> str:
    """Return where an entry stands in a matrix that is the transpose of ours."""
    swapped = re.sub(r"row (\d+), column (\d+)", r"row \2, column \1", words)
    return swapped if notation.rows else words


def test_a_symbol_of_a_notation_has_the_words_and_numbers_of_ours() -> None:
    cases = []
    experiments = [PRESETS[name].experiment for name in ("spiral", "lstm_by_hand", "gru_latch")]
    asked = [*product(experiments, NOTATIONS.values())]
    for experiment, notation in asked:
        trace, grads = trace_of(experiment), gradients_of(experiment)
        cases.append(
            {
                "notation": {"table": rewriter(trace.cell, notation).table, "own": []},
                "common": common(),
                "symbols": meanings.words_of(trace.cell, trace.loss_name),
                "numbers": meanings.numbers_of(trace, grads, 0),
                "names": named(trace.cell),
            }
        )
    for (experiment, notation), symbols in zip(asked, answer(SCRIPT, cases), strict=True):
        alike = {"a", "o"} if (experiment.cell, notation.name) == ("lstm", "d2l") else set()
        for said in symbols:
            if said["name"].removeprefix("∂L/∂")[0] in alike:
                continue  # two that the book calls alike
            assert said["ours"] is not None, said
            assert said["theirs"] is not None, said
            assert said["theirs"][0] == turned(said["ours"][0], notation), said
            matrix = notation.rows and "W_" in said["name"]
            assert said["theirs"][1] == said["ours"][1] or matrix, said
            if said["name"] == "W_hh[2,1]" and notation.name == "d2l":
                assert said["written"] == "W_hh[1,2]"
                assert said["theirs"][0].endswith("row 1, column 2")
                assert said["theirs"][1] == short(float(trace_of(experiment).params.W_hh[1, 0]))


def test_a_network_of_another_cell_is_written_beside_the_sidebars_own() -> None:
    own, other = (
        {"table": rewriter(CELLS[name], NOTATIONS["goodfellow"]).table, "own": []}
        for name in ("elman", "gru")
    )
    asked = {"texts": ["W_hr", "W_hh"], "formulas": ["u"]}  # a letter of the other's alone
    cases = [{"notation": own, "beside": beside, **asked} for beside in (None, other)]
    cases.append({"notation": None, "beside": other, **asked})
    alone, both, ours = answer(SCRIPT, cases)
    assert alone == [["u"], ["W^r", "W"]]
    assert both == [[r"\boldsymbol{u}"], ["W^r", "W"]]
    assert ours == [["u"], ["W_hr", "W_hh"]]
