"""What cells compute, written as others write it, says the same: in their words, and in numbers."""

import re
from typing import Any

import numpy as np
import pytest
import torch

from rnn_core import CELLS, Gradients, Parameters, Trace, backward, forward
from rnn_core.cells import (
    NOTATIONS,
    Cell,
    Line,
    Notation,
    Weight,
    backward_equations,
    equations,
    has_names,
    product,
    readout_equation,
    spoken,
    times,
)


def terms(equation: str) -> list[str]:
    """Return what an equation consists of, whatever the order of its sums and its spaces."""
    tidy = re.sub(r"\\,|\\left|\\right|\\\\|[&{}()\s]", " ", equation)
    return sorted(tidy.replace("t-1", "t-1").split())


@pytest.mark.parametrize(
    ("cell", "module"), [("elman", torch.nn.RNN), ("gru", torch.nn.GRU), ("lstm", torch.nn.LSTM)]
)
def test_pytorch_s_equations_are_those_of_its_documentation(cell: str, module: type) -> None:
    said = str(module.__doc__).replace(r"h_{(t-1)}", "h_{t-1}")
    said = re.sub(r"W_\{(\w\w)\}\^T", r"W_{\1}", said)  # a row in the documentation of nn.RNN
    lines = [line for line in said.splitlines() if re.search(r"[a-z]_t = ", line)]
    wanted = [terms(line) for line in lines][: len(CELLS[cell].lines)]
    found = [terms(each) for each in equations(CELLS[cell], "tanh", notation=NOTATIONS["pytorch"])]
    assert [each for each in found if each not in wanted] == []
    assert len(found) >= 1


BY_HAND = {  # (10.8) to (10.10) of Goodfellow et al., up to the order of sums; (9.4.5) of d2l
    "goodfellow": [
        r"\boldsymbol{a}^{(t)} = \boldsymbol{b} + \boldsymbol{U}\,\boldsymbol{x}^{(t)}"
        r" + \boldsymbol{W}\,\boldsymbol{h}^{(t-1)}",
        r"\boldsymbol{h}^{(t)} = \tanh(\boldsymbol{a}^{(t)})",
        r"\boldsymbol{o}^{(T)} = \boldsymbol{c} + \boldsymbol{V}\,\boldsymbol{h}^{(T)}",
    ],
    "d2l": [
        r"\mathbf{H}_t = \tanh(\mathbf{X}_t\,\mathbf{W}_{\text{xh}}"
        r" + \mathbf{H}_{t-1}\,\mathbf{W}_{\text{hh}} + \mathbf{b}_{\text{h}})",
        r"\mathbf{O}_T = \mathbf{H}_T\,\mathbf{W}_{\text{hq}} + \mathbf{b}_{\text{q}}",
    ],
    "keras": [
        r"\text{h}_t = \tanh(\text{x}_t\,\text{kernel}"
        r" + \text{h}_{t-1}\,\text{recurrent\_kernel} + \text{bias})",
        r"\text{logits}_T = \text{h}_T\,\text{dense.kernel} + \text{dense.bias}",
    ],
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_elman_network_is_written_as_in_the_book(name: str) -> None:
    cell, notation = CELLS["elman"], NOTATIONS[name]
    found = [*equations(cell, "tanh", notation=notation)]
    assert [*found, readout_equation(cell, notation, every=False)] == BY_HAND[name]


def test_d2l_s_gates_are_those_of_the_book() -> None:
    gru = equations(CELLS["gru_reset_before"], "tanh", notation=NOTATIONS["d2l"])
    assert gru[1].startswith(r"\mathbf{Z}_t = \sigma(\mathbf{X}_t\,\mathbf{W}_{\text{xz}} + ")
    assert r"\left(\mathbf{R}_t \odot \mathbf{H}_{t-1}\right)\,\mathbf{W}_{\text{hh}}" in gru[2]
    lstm = equations(CELLS["lstm"], "tanh", notation=NOTATIONS["d2l"])
    assert lstm[4] == (
        r"\mathbf{C}_t = \mathbf{F}_t \odot \mathbf{C}_{t-1}"
        r" + \mathbf{I}_t \odot \tilde{\mathbf{C}}_t"
    )


def numbers(trace: Trace, notation: Notation, t: int) -> dict[str, Any]:
    """Return what each symbol of a notation is at a step: a row, or a matrix that is turned."""
    cell, found = trace.cell, {}
    for name in ("x", *cell.line):
        if (latex := notation.quantity(cell, name)) is not None:
            found[latex] = trace[name][t if name in cell.states else t - 1, 0]
    for state in cell.states:
        found[notation.quantity(cell, state, "t-1") or ""] = trace[state][t - 1, 0]
    for name in cell.shapes:
        value = trace.params[name]
        latex = notation.parameter(cell, name)
        turned = value.T if notation.rows and value.ndim == 2 else value
        first, *rest = latex.split(" + ")  # of PyTorch's two biases the other one is 0
        found[first] = turned
        found |= dict.fromkeys(rest, 0.0 * value)
    return found


def evaluated(text: str, found: dict[str, Any]) -> Any:
    """Return what the right side of an equation is."""
    values = {}
    for place, symbol in enumerate(sorted(found, key=len, reverse=True)):
        values[f"v{place}"] = found[symbol]
        text = text.replace(symbol, f" v{place} ")
    text = re.sub(r"(?<=[\d.])\\,", "*", text).replace(r"\,", "@").replace(r"\odot", "*")
    text = text.replace(r"\tanh", "tanh").replace(r"\sigma", "sigma")
    text = text.replace(r"\left", "").replace(r"\right", "").replace(r"^{\top}", ".T ")
    text = re.sub(r"\{([^{}]*)\}", r"(\1)", text).replace("^2", "**2")
    text = re.sub(r"(?<=[\dT)])\s+(?=v|\()|(?<=\.T) *(?=v|\()", " @ ", text)
    assert re.fullmatch(r"[\sv\d.()+*@T-]*", text.replace("tanh", "").replace("sigma", "")), text
    known = {"tanh": np.tanh, "sigma": lambda z: 1 / (1 + np.exp(-z)), **values}
    return eval(text, {"__builtins__": {}}, known)  # noqa: S307  # checked above


@pytest.mark.parametrize("name", NOTATIONS)
@pytest.mark.parametrize("cell", CELLS)
def test_every_equation_gives_the_numbers_of_the_run(cell: str, name: str) -> None:
    params = Parameters.random(2, 3, 2, seed=3, cell=cell)
    rng = np.random.default_rng(4)
    trace = forward(params, rng.normal(size=(4, 1, 2)))
    kind, notation = CELLS[cell], NOTATIONS[name]
    found = numbers(trace, notation, 3)
    written = equations(kind, "tanh", notation=notation)
    assert len(written) >= len(kind.states)
    for each in written:
        left, right = each.split(" = ")
        np.testing.assert_allclose(evaluated(right, found), found[left], rtol=1e-12)
    left, right = readout_equation(kind, notation, every=False).split(" = ")
    last = notation.quantity(kind, "h", "T") or ""
    found[last] = trace.h[-1, 0]
    np.testing.assert_allclose(evaluated(right, found), trace.logits[-1, 0], rtol=1e-12)
    assert left == notation.quantity(kind, "a", "T")


def going_back(trace: Trace, grads: Gradients, notation: Notation, t: int) -> dict[str, Any]:
    """Return what each symbol of both passes is: vectors are matrices of one row or one column."""
    cell = trace.cell
    values = numbers(trace, notation, t)
    for name in cell.line:
        for step, at in (("t", t), ("t+1", t + 1), ("T", trace.steps)):
            if at > trace.steps:
                continue
            row = at if name in cell.states else at - 1
            if (latex := notation.quantity(cell, name, step)) is not None:
                values[latex] = trace[name][row, 0]
                values[rf"\frac{{\partial L}}{{\partial {latex}}}"] = grads[name][row, 0]
            if name.startswith("z"):
                values[notation.delta(cell, name, step)] = grads[name][row, 0]
    values["BY"] = grads.logits[-1, 0]
    shape = (1, -1) if notation.rows else (-1, 1)
    found = {name: v if v.ndim == 2 else v.reshape(shape) for name, v in values.items()}
    for each in [name for name in found if name.endswith("}") and "^{" in name]:
        found[each[:-1] + r"\top}"] = found[each].T
    return found


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (cell, name)
        for cell in CELLS
        for name in NOTATIONS
        if has_names(CELLS[cell], NOTATIONS[name])
    ],
)
def test_every_equation_of_the_way_back_gives_the_gradients_of_the_run(
    cell: str, name: str
) -> None:
    params = Parameters.random(2, 3, 2, seed=5, cell=cell)
    rng = np.random.default_rng(6)
    trace = forward(params, rng.normal(size=(4, 1, 2)), np.zeros((1, 1, 2)), loss="squared_error")
    grads, kind, notation = backward(trace), CELLS[cell], NOTATIONS[name]
    written = backward_equations(
        kind, "tanh", every=False, by_logit="BY", by_logit_latex="", notation=notation
    )
    by_step = {t: going_back(trace, grads, notation, t) for t in range(1, 5)}
    checked = set()
    for equation in written[1:]:
        left, right = (side.strip() for side in equation.latex.rsplit(" = ", 1))
        if equation.names[0] in kind.shapes:
            total = r"\textstyle\sum_t "
            steps = range(1, 5) if right.startswith(total) else (4,)
            found = sum(evaluated(right.removeprefix(total), by_step[t]) for t in steps)
            wanted = grads.parameters[equation.names[0]]
            turned = wanted.T if notation.rows and wanted.ndim == 2 else wanted
            np.testing.assert_allclose(found.reshape(turned.shape), turned, rtol=1e-12)
        else:
            step = 4 if equation.steps == "last" else 2
            for own in left.split(" = "):
                found = evaluated(right, by_step[step])
                np.testing.assert_allclose(found, by_step[step][own], rtol=1e-12)
        checked.add(equation.names[0])
    assert checked == {*kind.shapes, *kind.line}


def test_a_parameter_that_only_a_new_cell_has_keeps_its_name() -> None:
    peephole = Cell(
        name="peephole",
        title="Peephole",
        states=("h",),
        weights=(Weight("W_xh", ("H", "D")), Weight("v_h", ("H",)), Weight("s", ("H",))),
        lines=(
            Line("z", "add", (product("W_xh", "x"), times("v_h", "h'"), "s")),
            Line("h", "tanh", ("z",)),
        ),
        source="a test",
    )
    for notation in NOTATIONS.values():
        assert [notation.parameter(peephole, name) for name in ("v_h", "s")] == ["v_{h}", "s"]
        assert notation.spelled(peephole, "v_h") == "v_{h}"
        assert "v_{h}" in " ".join(equations(peephole, "tanh", notation=notation))
        assert spoken(notation.parameter(peephole, "v_h")) == "v_h"


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=lambda each: each.name)
def test_sizes_are_written_with_what_latex_knows(notation: Notation) -> None:
    for letter, written in notation.size_letters.items():
        assert notation.size(letter).isascii()
        assert notation.size(letter).replace("~", "\N{NO-BREAK SPACE}") == written


def test_symbols_are_spoken_without_latex() -> None:
    spelled = {
        r"\boldsymbol{a}^{(t)}": "a^(t)",
        r"\mathbf{W}_{\text{xh}}": "W_xh",
        r"\tilde{\mathbf{C}}_t": "C\u0303_t",
        r"\boldsymbol{b}^{\prime }": "b′",
        r"\mathbf{b}^{\prime}_{\text{h}}": "b′_h",
        r"\text{recurrent\_kernel}_{z}": "recurrent_kernel_z",
        "b_{ih} + b_{hh}": "b_ih + b_hh",
    }
    assert {latex: spoken(latex) for latex in spelled} == spelled
    for cell in CELLS.values():
        for notation in NOTATIONS.values():
            texts = [spoken(notation.spelled(cell, name)) for name in cell.shapes]
            assert all(texts)
            assert not re.search(r"[\\{}]", "".join(texts))
