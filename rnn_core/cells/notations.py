"""The notations of others, by name: PyTorch, Goodfellow, d2l and Keras; a new one is one entry."""

from collections.abc import Mapping
from types import MappingProxyType

from rnn_core.cells.notation import Notation


def _named(**letters: str) -> Mapping[str, str]:
    """Return names of quantities; `lstm_i` is that of i in an LSTM."""
    return MappingProxyType(
        {name.replace("lstm_", "lstm "): text for name, text in letters.items()}
    )


SIZES = ("H", "D", "K", "B")
"""Hidden units, inputs, outputs, and sequences of a batch; T is also the last step, and stays."""


def _of_sizes(*words: str) -> Mapping[str, str]:
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
    size_letters=_of_sizes("hidden_size", "input_size", "out_features", "batch_size"),
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
    size_letters=_of_sizes("hidden units", "inputs", "outputs", "sequences"),
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
    size_letters=MappingProxyType({"H": "h", "D": "d", "K": "q", "B": "n"}),
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
    size_letters=_of_sizes("units", "features", "dense.units", "batch_size"),
    note="Vectors are rows, so each matrix is the transpose of ours; in the graph's boxes they "
    "stand upright, to save width. What is set in italics, such as *z*, has no name there.",
    note_of_gates="The columns of the gates stand one beside the other: i f c o in an LSTM, z r h "
    "in a GRU.",
)

NOTATIONS: Mapping[str, Notation] = MappingProxyType(
    {each.name: each for each in (PYTORCH, GOODFELLOW, D2L, KERAS)}
)
"""Those of others, by name."""
