"""What the page's JavaScript writes in a notation is what Python writes in it, sign by sign."""

import re
from itertools import product
from typing import Any

from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from rnn_core import CELLS, computational_graph
from rnn_core.cells import (
    NOTATIONS,
    Cell,
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
