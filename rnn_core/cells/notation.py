r"""How other books and libraries write what a cell computes: names, and on which side a vector is.

Names of ours are those of the cells: W_xh, h, z_i. A notation says what stands for each of them,
and nothing where it has no name for one: that is then written out where it is used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
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
    sizes
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
    sizes: Mapping[str, str] = field(default_factory=dict)
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


def _named(**letters: str) -> Mapping[str, str]:
    """Return names of quantities; `lstm_i` is that of i in an LSTM."""
    return MappingProxyType(
        {name.replace("lstm_", "lstm "): text for name, text in letters.items()}
    )


SIZES = ("H", "D", "K", "B")
"""Hidden units, inputs, outputs, and sequences of a batch; T is also the last step, and stays."""


def _sizes(*words: str) -> Mapping[str, str]:
    """Return sizes that have words for names; a space in one is no place to break a line."""
    written = (name.replace("_", r"\_").replace(" ", "\u00a0") for name in words)
    return MappingProxyType(
        {size: rf"\text{{{name}}}" for size, name in zip(SIZES, written, strict=True)}
    )


PYTORCH = Notation(
    name="pytorch",
    title="PyTorch",
    source="the documentation of torch.nn.RNN, GRU and LSTM",
    quantities=_named(
        x="x",
        h="h",
        c="c",
        a=r"\text{logits}",
        y="y",
        L="L",
        i="i",
        f="f",
        g="g",
        o="o",
        r="r",
        u="z",
        n="n",
    ),
    weights=MappingProxyType(
        {
            "x": "W_{i{gate}}",
            "h": "W_{h{gate}}",
            "b": "b_{i{gate}} + b_{h{gate}}",
            "bx": "b_{i{gate}}",
            "bh": "b_{h{gate}}",
        }
    ),
    gates=MappingProxyType({"u": "z"}),
    readout=(r"W_{\text{fc}}", r"b_{\text{fc}}"),
    plain=MappingProxyType(
        {
            "x": "weight_ih_l0",
            "h": "weight_hh_l0",
            "b": "bias_ih_l0 + bias_hh_l0",
            "bx": "bias_ih_l0",
            "bh": "bias_hh_l0",
            "W_hy": "fc.weight",
            "b_y": "fc.bias",
        }
    ),
    sizes=_sizes("hidden_size", "input_size", "out_features", "batch_size"),
    note="It adds two biases where we have one: ours is `bias_ih_l0`, and `bias_hh_l0` is 0. The "
    "sum *z* inside the function has no name there: that is ours.",
    note_of_gates="The rows of the gates stand one below the other.",
)

GOODFELLOW = Notation(
    name="goodfellow",
    title="Goodfellow",
    source="Goodfellow, Bengio and Courville (2016), sections 10.2 and 10.10",
    quantities=_named(
        x=r"\boldsymbol{x}",
        z=r"\boldsymbol{a}",
        h=r"\boldsymbol{h}",
        a=r"\boldsymbol{o}",
        p=r"\hat{\boldsymbol{y}}",
        y=r"\boldsymbol{y}",
        l="L",
        L="L",
        f=r"\boldsymbol{f}",
        lstm_i=r"\boldsymbol{g}",
        lstm_g="",
        lstm_o=r"\boldsymbol{q}",
        c=r"\boldsymbol{s}",
        r=r"\boldsymbol{r}",
        u=r"\boldsymbol{u}",
    ),
    weights=MappingProxyType(
        {
            "x": r"\boldsymbol{U}^{{gate}}",
            "h": r"\boldsymbol{W}^{{gate}}",
            "b": r"\boldsymbol{b}^{{gate}}",
            "bx": r"\boldsymbol{b}^{{gate}}",
            "bh": r"\boldsymbol{b}^{\prime {gate}}",
        }
    ),
    gates=MappingProxyType({"h": "", "n": "", "lstm g": "", "lstm i": "g"}),
    readout=(r"\boldsymbol{V}", r"\boldsymbol{c}"),
    raised=True,
    bias_first=True,
    instead=MappingProxyType(
        {
            "lstm g": r"\tilde{\boldsymbol{s}}",
            "leaky s": r"\boldsymbol{s}",
            **{name: rf"\boldsymbol{{{name}}}" for name in ("n", "m", "k")},
        }
    ),
    sizes=_sizes("hidden units", "inputs", "outputs", "sequences"),
    note="Its total loss is the sum of the losses of the steps; ours is their mean.",
    note_of_gates="Our input gate is its external input gate g, our output gate q, our cell state "
    "s; its gated recurrent unit uses the gates of the step before.",
)

D2L = Notation(
    name="d2l",
    title="d2l",
    source="Dive into Deep Learning (Zhang, Lipton, Li and Smola), sections 9.4, 10.1 and 10.2",
    quantities=_named(
        x=r"\mathbf{X}",
        h=r"\mathbf{H}",
        a=r"\mathbf{O}",
        p=r"\hat{\mathbf{Y}}",
        y=r"\mathbf{Y}",
        l="l",
        L="L",
        i=r"\mathbf{I}",
        f=r"\mathbf{F}",
        g=r"\tilde{\mathbf{C}}",
        o=r"\mathbf{O}",
        c=r"\mathbf{C}",
        r=r"\mathbf{R}",
        u=r"\mathbf{Z}",
        n=r"\tilde{\mathbf{H}}",
    ),
    weights=MappingProxyType(
        {
            "x": r"\mathbf{W}_{\text{x{gate}}}",
            "h": r"\mathbf{W}_{\text{h{gate}}}",
            "b": r"\mathbf{b}_{\text{{gate}}}",
            "bx": r"\mathbf{b}_{\text{{gate}}}",
            "bh": r"\mathbf{b}^{\prime}_{\text{{gate}}}",
        }
    ),
    gates=MappingProxyType({"g": "c", "u": "z", "n": "h"}),
    readout=(r"\mathbf{W}_{\text{hq}}", r"\mathbf{b}_{\text{q}}"),
    rows=True,
    instead=MappingProxyType({name: rf"\mathbf{{{name}}}" for name in ("z", "m", "k", "s")}),
    sizes=MappingProxyType({"H": "h", "D": "d", "K": "q", "B": "n"}),
    note="Vectors are rows, so each matrix is the transpose of ours; in the graph's boxes they "
    "stand upright, to save width. The sum **z** inside the function is named as in section 5.3.",
    note_of_gates="The output gate of an LSTM has the letter of what is read out.",
)

KERAS = Notation(
    name="keras",
    title="Keras",
    source="keras.layers.SimpleRNN, GRU and LSTM with a Dense layer",
    quantities=_named(
        x=r"\text{x}",
        h=r"\text{h}",
        c=r"\text{c}",
        a=r"\text{logits}",
        y=r"\text{y}",
        L=r"\text{loss}",
        i=r"\text{i}",
        f=r"\text{f}",
        o=r"\text{o}",
        r=r"\text{r}",
        u=r"\text{z}",
        n=r"\text{hh}",
    ),
    weights=MappingProxyType(
        {
            "x": r"\text{kernel}_{{gate}}",
            "h": r"\text{recurrent\_kernel}_{{gate}}",
            "b": r"\text{bias}_{{gate}}",
            "bx": r"\text{bias}_{{gate}}",
            "bh": r"\text{recurrent\_bias}_{{gate}}",
        }
    ),
    gates=MappingProxyType({"h": "", "g": "c", "u": "z", "n": "h"}),
    readout=(r"\text{dense.kernel}", r"\text{dense.bias}"),
    plain=MappingProxyType(
        {
            "x": "kernel_{gate}",
            "h": "recurrent_kernel_{gate}",
            "b": "bias_{gate}",
            "bx": "bias_{gate}",
            "bh": "recurrent_bias_{gate}",
            "W_hy": "dense.kernel",
            "b_y": "dense.bias",
        }
    ),
    rows=True,
    sizes=_sizes("units", "features", "dense.units", "batch_size"),
    note="Vectors are rows, so each matrix is the transpose of ours; in the graph's boxes they "
    "stand upright, to save width. What is set in italics, such as *z*, has no name there.",
    note_of_gates="The columns of the gates stand one beside the other: i f c o in an LSTM, z r h "
    "in a GRU.",
)

NOTATIONS: Mapping[str, Notation] = MappingProxyType(
    {each.name: each for each in (PYTORCH, GOODFELLOW, D2L, KERAS)}
)
"""Those of others, by name."""
