"""Texts of ours in the notations of others: as those write the same network themselves."""

import re
from collections import Counter

import pytest

from rnn_core import CELLS, Cell
from rnn_core.cells import (
    NOTATIONS,
    Notation,
    backward_equations,
    equations,
    has_names,
    leaves,
    rewriter,
    symbol,
)
from rnn_core.cells.written import named_equations

BY_LOGIT = r"\frac{\partial L}{\partial a_t}"


def tidy(latex: str) -> str:
    """Return a formula without spaces, and without braces around one sign."""
    latex = re.sub(r"\\[,;]|\\left|\\right|\s", "", latex).replace(r"^{\top}", r"^\top")
    return re.sub(r"([_^])\{(.)\}", r"\1\2", latex)


def said(cell: Cell, name: str, inside: set[str]) -> frozenset[str]:
    """Return the lines that the equation of one says, where some are written inside what reads."""
    read = [each for each in leaves(cell.line[name].term) if each in inside]
    return frozenset({name}).union(*(said(cell, each, inside) for each in read))


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=lambda each: each.name)
@pytest.mark.parametrize("cell", CELLS)
def test_rewritten_equations_are_those_that_a_notation_composes(
    cell: str, notation: Notation
) -> None:
    """Both are made from the cell's lines, by code that has nothing in common."""
    write = rewriter(CELLS[cell], notation).latex
    kind = CELLS[cell]
    inside = {name for name in kind.line if not notation.letter(kind, name)}
    named = [said(kind, name, inside) for name in kind.line if name not in inside]
    texts = [tidy(each) for each in equations(kind, "tanh", notation=notation)]
    composed = dict(zip(named, texts, strict=True))
    found = {frozenset(names): tidy(write(latex)) for names, latex in named_equations(kind, "tanh")}
    same = composed.keys() & found.keys()  # what has a name there only, or here, is no difference
    if not notation.bias_first:
        assert {each: found[each] for each in same} == {each: composed[each] for each in same}
        assert same or len(kind.sums) == 1
    if not has_names(CELLS[cell], notation) or notation.name == "keras":
        return  # whose loss has another name in its slopes
    backward = {"every": True, "by_logit_latex": "p_t-y_t"}
    ours = backward_equations(CELLS[cell], "tanh", by_logit=BY_LOGIT, **backward)
    theirs = backward_equations(
        CELLS[cell], "tanh", by_logit=write(BY_LOGIT), notation=notation, **backward
    )
    written = {tidy(write(each.latex)) for each in ours}
    of_weights = {tidy(each.latex) for each in theirs if r"\sum" in each.latex}
    if len(CELLS[cell].sums) == 1:
        assert of_weights <= written
    arriving = {tidy(each.latex) for each in theirs if each.latex.startswith(r"\frac{\partial L}")}
    assert len((arriving - of_weights) & written) >= 1


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=lambda each: each.name)
@pytest.mark.parametrize("cell", CELLS)
def test_no_two_symbols_are_written_alike_but_where_the_book_does_so(
    cell: str, notation: Notation
) -> None:
    kind = CELLS[cell]
    names = (*kind.shapes, "x", *kind.line, "a", "p", "y", "l")
    write = rewriter(kind, notation).latex
    counted = Counter(write(symbol(name)) for name in names)
    twice = [latex for latex, count in counted.items() if count > 1]
    assert twice == ([r"\mathbf{O}_t"] if (cell, notation.name) == ("lstm", "d2l") else [])


PLAIN = {
    "pytorch": {
        "W_hh[2,1]": "W_hh[2,1]",
        "b_h": "b_ih",
        "z_1 = W_xh x_1 + W_hh h_0 + b_h": "z_1 = W_ih x_1 + W_hh h_0 + b_ih + b_hh",
        "z_1,2 = h_0,1 + b_h,2": "z_1,2 = h_0,1 + b_ih,2 + b_hh,2",
        "K × H": "out_features × hidden_size",
        "a_3": "logits_3",
        "∂L/∂a": "∂L/∂logits",
        "a state h_t−1 and a": "a state h_t−1 and a",
    },
    "goodfellow": {
        "h_3,1": "h^(3)_1",
        "h_3[2]": "h^(3)[2]",
        "W_hh h_1": "W h^(1)",
        "∂L/∂W_hh[2,1]": "∂L/∂W[2,1]",
        "z_1 and a_1 and p_1": "a^(1) and o^(1) and ŷ^(1)",
        "p − y": "ŷ − y",
        "h_{t-1}": "h^(t−1)",
        "y_k log p_k of a_j at h_k": "y_k log ŷ_k of o_j at h^(k)",
        "δ_t": "δ^(t)",
    },
    "d2l": {
        "W_hh[2,1]": "W_hh[1,2]",
        "W_hh h_1": "H_1 W_hh",
        "W_hh[2,1] · h_0,1": "H_0,1 · W_hh[1,2]",
        "W_hhᵀ ∂L/∂h_2": "∂L/∂H_2 W_hhᵀ",
        "W_xh x_1 + W_hh h_0 + b_h": "X_1 W_xh + H_0 W_hh + b_h",
        "W is H × D, of B": "W is H × D, of B",
        "H × D": "h × d",
        "T·H ≤ 60, K = 2": "T·h ≤ 60, q = 2",
    },
    "keras": {
        "∂L/∂W_xh[1,2]": "∂loss/∂kernel[2,1]",
        "tanh(z_1)": "tanh(z_1)",
        "W_hy": "dense.kernel",
    },
}


@pytest.mark.parametrize("notation", PLAIN)
def test_plain_text_follows_and_words_stay(notation: str) -> None:
    write = rewriter(CELLS["elman"], NOTATIONS[notation]).plain
    assert {text: write(text) for text in PLAIN[notation]} == PLAIN[notation]
    for words in ("a hidden state", "I", "An x-axis", "step t of T", "", "hh", "a_b_c", "file.h_5"):
        assert write(words) == words


def test_gates_follow_all_at_once() -> None:
    write = rewriter(CELLS["lstm"], NOTATIONS["goodfellow"])
    assert write.plain("i_t ⊙ g_t + f_t ⊙ c_t−1") == "g^(t) ⊙ s̃^(t) + f^(t) ⊙ s^(t−1)"
    assert write.plain("o_1,2 · a_1, z_i,3 and δ_o,3") == "q^(1)_2 · o^(1), a^(3)_g and δ^(3)_o"
    keras = rewriter(CELLS["gru"], NOTATIONS["keras"])
    assert keras.latex(r"\delta_{u,t} = u_t \odot z_{n,t}") == (
        r"\boldsymbol{\delta}_{z,t} = \text{z}_t \odot z_{h,t}"
    )
    assert r"(\text{k} = \text{r, z, h})" in keras.latex(r"W_{xk} \;\;(k = r, u, n)")


D2L = {
    r"\operatorname{diag}(\varphi'(z_t))\,W_{hh}": (
        r"\mathbf{W}_{\text{hh}}\,\operatorname{diag}(\varphi'(\mathbf{z}_t))"
    ),
    r"\begin{bmatrix}1&2\\3&4\end{bmatrix}\begin{bmatrix}5\\6\end{bmatrix}": (
        r"\begin{bmatrix}5&6\end{bmatrix}\begin{bmatrix}1&3\\2&4\end{bmatrix}"
    ),
    r"\tfrac{1}{4}(p_3 - y_3)\,h_3^\top": (
        r"\tfrac{1}{4}\mathbf{H}_3^{\top}\,(\hat{\mathbf{Y}}_3 - \mathbf{Y}_3)"
    ),
    r"\lVert J_t\cdots J_1\rVert": r"\lVert J_1\cdots J_t\rVert",
    r"W_{hh,2,1}\,h_{2,1}": r"\mathbf{H}_{2,1}\,\mathbf{W}_{\text{hh},1,2}",
    r"\left(1 - {h_t}^2\right) \odot x_t": (
        r"\left(1 - {\mathbf{H}_t}^2\right) \odot \mathbf{X}_t"
    ),
    r"\frac{\partial L}{\partial h_3}\frac{\partial h_3}{\partial h_2}": (
        r"\frac{\partial L}{\partial \mathbf{H}_3}"
        r"\frac{\partial \mathbf{H}_3}{\partial \mathbf{H}_2}"
    ),
    r"\frac{\partial h_3}{\partial h_2}\frac{\partial h_2}{\partial h_1}": (
        r"\frac{\partial \mathbf{H}_2}{\partial \mathbf{H}_1}"
        r"\frac{\partial \mathbf{H}_3}{\partial \mathbf{H}_2}"
    ),
    r"\begin{aligned}x &= W_{hh}\,h\\[0.5ex]&= y\end{aligned}": (
        r"\begin{aligned}\mathbf{X} &= \mathbf{H}\,\mathbf{W}_{\text{hh}}"
        r"\\[0.5ex]&= \mathbf{Y}\end{aligned}"
    ),
    r"\boldsymbol{h} \text{ of } h": r"\boldsymbol{h} \text{ of } \mathbf{H}",
}


@pytest.mark.parametrize("latex", D2L)
def test_of_rows_factors_stand_the_other_way_round_and_arrays_are_turned(latex: str) -> None:
    assert rewriter(CELLS["elman"], NOTATIONS["d2l"]).latex(latex) == D2L[latex]


def test_markdown_is_rewritten_where_it_is_set_as_a_symbol() -> None:
    text = "**a** `0.1` a *h* in **bold** $h_t$ `W_hh` `h = 1` $$a$$ of h_2, 3 * 4 * a"
    assert rewriter(CELLS["elman"], NOTATIONS["goodfellow"]).markdown(text) == (
        r"**o** `0.1` a *h* in **bold** $\boldsymbol{h}^{(t)}$ `W` `h = 1` $$\boldsymbol{o}$$"
        " of h^(2), 3 * 4 * a"
    )


def test_ours_stays_and_what_a_page_means_otherwise_stays() -> None:
    same = rewriter(CELLS["elman"], None)
    text = r"$h_t$ and W_hh"
    assert (same.markdown(text), same.plain(text), same.latex(text)) == (text, text, text)
    theirs = rewriter(CELLS["elman"], NOTATIONS["goodfellow"])
    assert theirs.latex(r"p \\[4pt] 1") == r"\hat{\boldsymbol{y}} \\[4pt] 1"
    own = rewriter(CELLS["elman"], NOTATIONS["goodfellow"], frozenset({"h", "b_t"}))
    assert own.latex("h + b_t + h_t") == r"h + b_t + \boldsymbol{h}^{(t)}"


@pytest.mark.parametrize(
    "latex",
    [r"\frac{1", "{", "}", r"\left(", ")", "^", r"\begin{bmatrix}1", "_", "\\", r"h_{", "]["],
)
def test_a_formula_that_is_cut_off_is_no_error(latex: str) -> None:
    assert isinstance(rewriter(CELLS["elman"], NOTATIONS["d2l"]).latex(latex), str)


def test_a_page_may_tell_of_another_cell_whose_letters_alone_stay() -> None:
    """A sheet has a network of its own, beside the experiment's."""
    write = rewriter(CELLS["lstm"], NOTATIONS["goodfellow"], frozenset({"m"}))
    assert write.latex(r"z_t = W_{xh}\,x_t + W_{hh}\,h_{t-1} + b_h") == (
        r"\boldsymbol{a}^{(t)} = \boldsymbol{U}\,\boldsymbol{x}^{(t)}"
        r" + \boldsymbol{W}\,\boldsymbol{h}^{(t-1)} + \boldsymbol{b}"
    )
    assert write.latex("u_t + u + r_2") == r"\boldsymbol{u}^{(t)} + u + \boldsymbol{r}^{(2)}"
    assert write.plain("W_xr and m_t and s_t") == "U^r and m_t and s^(t)"
    elman = rewriter(CELLS["elman"], NOTATIONS["d2l"])
    assert elman.latex("i + n + c_t") == r"i + n + \mathbf{C}_t"
