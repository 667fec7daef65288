r"""How other books and libraries write what a cell computes: names, and on which side a vector is.

Names of ours are those of the cells: W_xh, h, z_i. A notation says what stands for each of them,
and nothing where it has no name for one: that is then written out where it is used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rnn_core._short import Shown
from rnn_core.cells.cell import READOUT, Cell


class Parameter(NamedTuple):
    """What a parameter is one of: the input's weights, the state's, or the biases; of which gate.

    `kind` is "x", "h" or "b"; of two biases of one gate "bx" and "bh". `gate` is a letter of ours.
    """

    kind: str
    gate: str


def role(name: str) -> Parameter:
    """Return what a parameter is, by its name: W_xi, W_hh, b_f, b_xn; another is its own kind."""
    stem, _, sub = name.partition("_")
    if stem == "W":
        return Parameter(sub[0], sub[1:])
    if stem == "b":
        return Parameter("b" + sub[:-1], sub[-1:])
    return Parameter(name, "")


@dataclass(frozen=True)
class Notation(Shown):
    r"""One way of writing.

    Parameters
    ----------
    quantities
        By name of ours, or by cell and name, the LaTeX of a quantity, without its step.
    weights
        By kind of parameter, its LaTeX: `{gate}` stands for the gate's letter.
    gates
        By letter of ours, or by cell and letter, the letter of a gate in the names of weights.
    readout
        The LaTeX of W_hy and b_y.
    plain
        The same as `weights` and `readout`, as a program has it, where that is another name.
    raised
        Whether the step stands above, in brackets, as in h^{(t)}.
    rows
        Whether vectors are rows, so that a product is x W and a matrix is the transpose of ours.
    bias_first
        Whether a sum begins with its bias.
    instead
        By name, or by cell and name, what stands for a quantity without a name there, where our
        letter is taken or would be no vector of theirs.
    size_letters
        By letter of ours (H, D, K, B) the LaTeX of a size; the words where they have no letter. T
        stays: it is also the last step.
    note, note_of_gates
        What a reader of ours has to know besides, and of cells with gates.
    """

    name: str
    title: str
    source: str
    quantities: Mapping[str, str]
    weights: Mapping[str, str]
    gates: Mapping[str, str]
    readout: tuple[str, str]
    plain: Mapping[str, str] = field(default_factory=dict)
    raised: bool = False
    rows: bool = False
    bias_first: bool = False
    instead: Mapping[str, str] = field(default_factory=dict)
    size_letters: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    note_of_gates: str = ""

    def __hash__(self) -> int:
        return hash(self.name)

    def quantity(self, cell: Cell, name: str, step: str = "t") -> str | None:
        """Return the LaTeX of a quantity at a step, None where it has no name."""
        letter = self.letter(cell, name)
        return self._at(letter, step) if letter else None

    def letter(self, cell: Cell, name: str) -> str:
        """Return the LaTeX of a quantity without its step, empty where it has no name."""
        return self.quantities.get(f"{cell.name} {name}", self.quantities.get(name, ""))

    @property
    def delta_letter(self) -> str:
        """The LaTeX of δ, without step and gate."""
        return r"\boldsymbol{\delta}" if "bold" in self.quantities["h"] or self.rows else r"\delta"

    def delta(self, cell: Cell, name: str, step: str = "t") -> str:
        """Return the LaTeX of δ, the gradient by a sum: by that of a gate, with its letter."""
        _, _, gate = name.partition("_")
        letter = self.gates.get(f"{cell.name} {gate}", self.gates.get(gate, gate))
        delta = self.delta_letter
        if self.raised or not letter:
            return self._at(f"{delta}_{{{letter}}}" if letter else delta, step)
        return f"{delta}_{{{letter},{step}}}"

    def _at(self, letter: str, step: str) -> str:
        if self.raised:
            return f"{letter}^{{({step})}}"
        return f"{letter}_{step}" if len(step) == 1 else f"{letter}_{{{step}}}"

    def parameter(self, cell: Cell, name: str) -> str:
        """Return the LaTeX of a parameter."""
        if name in READOUT:
            return self.readout[name == "b_y"]
        written = self.weights.get(role(name).kind)
        if written is None:  # of a kind that only this cell has: as it is here
            stem, _, sub = name.partition("_")
            return f"{stem}_{{{sub}}}" if sub else stem
        return self._filled(written, cell, name)

    def size(self, letter: str) -> str:
        """Return the LaTeX of a size that is H, D, K or B here; a blank is LaTeX's own, too."""
        return self.size_letters[letter].replace("\u00a0", "~")

    def spelled(self, cell: Cell, name: str) -> str:
        """Return a parameter as a program has it, or in LaTeX where the notation is of a book."""
        kind = name if name in READOUT else role(name).kind
        written = self.plain.get(kind)
        return self.parameter(cell, name) if written is None else self._filled(written, cell, name)

    def _filled(self, written: str, cell: Cell, name: str) -> str:
        gate = role(name).gate
        letter = self.gates.get(f"{cell.name} {gate}", self.gates.get(gate, gate))
        filled = written.replace("{gate}", letter)
        return filled.replace("_{}", "").replace("^{}", "").removesuffix("_")  # of no gate


_COMMANDS = re.compile(r"\\(?:boldsymbol|mathbf|text)\{((?:[^{}]|\{[^{}]*\})*)\}")
_ACCENTS = {r"\tilde": "\u0303", r"\hat": "\u0302", r"\bar": "\u0304"}


def spoken(latex: str) -> str:
    """Return a symbol of a notation in plain text: W_xh, H̃, b′, a^(t)."""
    while (text := _COMMANDS.sub(r"\1", latex)) != latex:
        latex = text
    for command, accent in _ACCENTS.items():
        latex = re.sub(rf"{re.escape(command)}\{{(\w)\}}", rf"\g<1>{accent}", latex)
    latex = (
        latex.replace(r"\delta", "δ")
        .replace(r"^{\prime }", "′")
        .replace(r"^{\prime", "′^{")
        .replace(r"\prime", "′")
    )
    return re.sub(r"\^?′\^?", "′", re.sub(r"[{}\\ ]", "", latex)).replace("+", " + ")
