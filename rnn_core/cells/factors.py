"""Factors of a formula in a row: of row vectors, those around a matrix are turned."""

import re
from collections.abc import Sequence
from typing import NamedTuple

TOKEN = re.compile(
    r"\\\\(?:\[[\d.]+(?:em|ex|pt)\])?|\\(?:[a-zA-Z]+|.)|\d+(?:\.\d+)?|\s+|.", re.DOTALL
)
NEW_LINE = "\\\\"
OF_TWO = {r"\frac", r"\tfrac", r"\dfrac"}
AS_IT_IS = {
    *(r"\text", r"\mathrm", r"\operatorname", r"\mathbf", r"\boldsymbol", r"\mathbb"),
    *(r"\begin", r"\end", r"\textbf", r"\textit", r"\mathsf", r"\color"),
}
ACCENTS = {r"\bar", r"\tilde", r"\dot", r"\hat"}
SPACES = {r"\cdot", r"\,", r"\:", r"\!", r"\ ", "~"}
FUNCTIONS = {
    *(r"\tanh", r"\exp", r"\log", r"\ln", r"\max", r"\min", r"\sigma", r"\varphi", r"\phi", "F"),
    *(r"\sqrt", r"\operatorname"),
}
SCALARS = {r"\eta", r"\lambda", r"\alpha", r"\beta", r"\mu", r"\epsilon", r"\varepsilon"}
MATRICES = {"J", "A", "I"}
DOTS = {r"\cdots", r"\ldots", r"\dots"}
OPEN, CLOSE = {"(": ")", "[": "]"}, {")", "]"}
ARRAYS = {"bmatrix", "pmatrix"}
LETTERS = {r"\delta": "δ"}
HATS = {"y": "ŷ"}
ITERATE = re.compile(r"\(\w\)")  # above a symbol: which one of many it is
SUB_PART = re.compile(r"[A-Za-z0-9]+(?:\s*[+-]\s*1)?")
SEPARATOR, SPACE, SCALAR, FACTOR, MATRIX = "separator", "space", "scalar", "factor", "matrix"
SLOPE, JACOBIAN = "slope", "jacobian"
"""∂L/∂h, and ∂h_t/∂h_{t−1}, which stands behind one as it is: no product of matrices is meant."""
FACTORS = {FACTOR, MATRIX, SLOPE, JACOBIAN}


class Atom(NamedTuple):
    """A part of a formula, as it is written anew, and what it is in a product."""

    kind: str
    text: str


def joined(atoms: Sequence[Atom], *, rows: bool) -> tuple[str, bool]:
    """Return atoms in a row, and whether one of its sums is a product of matrices alone.

    Of rows, the factors around a matrix stand the other way round.
    """
    text = ""
    of_matrices = False
    run: list[Atom] = []
    for atom in (*atoms, Atom(SEPARATOR, "")):
        if atom.kind != SEPARATOR:
            run.append(atom)
            continue
        kinds = {each.kind for each in run} & FACTORS
        of_matrices |= bool(kinds) and kinds <= {MATRIX, JACOBIAN}
        around = MATRIX in kinds or (JACOBIAN in kinds and SLOPE not in kinds)
        text += turned(run) if rows and around else "".join(each.text for each in run)
        text += atom.text
        run = []
    return text, of_matrices


def turned(run: list[Atom]) -> str:
    """Return factors the other way round, numbers before them and spaces in their places."""
    backwards = iter([each.text for each in run if each.kind in FACTORS][::-1])
    return "".join(next(backwards) if each.kind in FACTORS else each.text for each in run)
