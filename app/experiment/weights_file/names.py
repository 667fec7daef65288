"""What arrays are called in files of weights: one entry of `LAYOUTS` for each way of naming them.

Names are compared by their last words, in lower case and without what stands between words:
`model.rnn.weight_hh` ends as `weighthh`, and `W_hh`, `w.hh` and `Whh` are one name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "input",
    "recurrent",
    "joint",  # one matrix for x and h side by side
    "hidden bias",
    "read-out",
    "output bias",
    "embedding",
    "matrix",  # of a layer that the name does not tell
    "bias",
    "past",  # a read-out of x_t and h_{t-1}, as in the first tutorial of PyTorch
]

MATRICES: tuple[Role, ...] = ("input", "recurrent", "joint", "read-out", "embedding")


@dataclass(frozen=True)
class Layout:
    """A way of naming the arrays, with the convention that goes with it."""

    title: str
    names: Mapping[Role, tuple[str, ...]]
    by_row: bool | None = None  # True: stored for x W; False: for W x; None: either occurs


SYMBOLS: Mapping[Role, tuple[str, ...]] = {
    "input": (
        *("wxh", "whx", "wax", "wxa", "wih", "win", "wx", "wi", "x2h", "in2h", "in2hidden"),
        *("winput", "inputtohidden", "input2hidden", "xtoh"),
    ),
    "recurrent": (
        *("whh", "waa", "wss", "wrec", "wr", "wh", "h2h", "hidden2hidden", "hiddentohidden"),
        *("wrecurrent", "recurrentweights", "htoh"),
    ),
    "joint": ("i2h", "wcombined"),  # i2h beside h2h is an input matrix
    "read-out": (
        *("why", "wyh", "wya", "wout", "who", "woh", "wo", "wy", "h2o", "h2y", "hidden2out"),
        *("woutput", "hiddentooutput", "hidden2output", "htoo", "htoy"),
    ),
    "hidden bias": ("bh", "bhh", "bih", "bxh", "ba", "brec", "bhidden"),
    "output bias": ("by", "bo", "bout", "bhy", "bho", "boutput"),
    "past": ("i2o",),
}
BIAS_OF: Mapping[Role, Role] = {
    "input": "hidden bias",
    "recurrent": "hidden bias",
    "joint": "hidden bias",
    "read-out": "output bias",
    "past": "past",
}


def _layers(weight: str, bias: str) -> dict[Role, tuple[str, ...]]:
    """Return the symbols as layers, each with a matrix and a bias of its own."""
    names: dict[Role, tuple[str, ...]] = {}
    for role, bias_role in BIAS_OF.items():
        names[role] = names.get(role, ()) + tuple(symbol + weight for symbol in SYMBOLS[role])
        names[bias_role] = names.get(bias_role, ()) + tuple(s + bias for s in SYMBOLS[role])
    return names


LAYOUTS: tuple[Layout, ...] = (
    Layout("symbols", SYMBOLS),
    Layout("layers of PyTorch", _layers("weight", "bias"), by_row=False),
    Layout("layers of JAX", _layers("kernel", "bias"), by_row=True),
    Layout("layers of Haiku", _layers("w", "b"), by_row=True),
    Layout(
        "PyTorch",
        {
            "input": ("weightih",),
            "recurrent": ("weighthh",),
            "hidden bias": ("biasih", "biashh", "biasn", "bhn"),
            "matrix": ("weight",),
            "bias": ("bias",),
            "embedding": ("embeddingweight", "embedweight", "embweight", "embeddingsweight"),
        },
        by_row=False,
    ),
    Layout(
        "Keras",
        {
            "recurrent": ("recurrentkernel",),
            "joint": ("basicrnncellkernel",),
            "hidden bias": ("basicrnncellbias",),
            "matrix": ("kernel",),
            "embedding": ("embeddings",),
        },
        by_row=True,
    ),
    Layout(
        "Flax",
        {
            "input": ("ikernel", "denseikernel"),
            "recurrent": ("hkernel", "densehkernel"),
            "hidden bias": ("ibias", "hbias", "denseibias", "densehbias"),
            "embedding": ("embedembedding", "embedding"),
        },
        by_row=True,
    ),
    Layout("single letters", {"matrix": ("w", "weights"), "bias": ("b", "biases")}),
)

LETTERS: tuple[Mapping[str, Role], ...] = (
    {"u": "input", "w": "recurrent", "v": "read-out", "b": "hidden bias", "c": "output bias"},
    {"w": "input", "u": "recurrent", "v": "read-out", "b": "hidden bias", "c": "output bias"},
    {"w": "input", "r": "recurrent", "b": "hidden bias"},
    {"win": "input", "w": "recurrent", "wout": "read-out", "b": "hidden bias"},
)
"""Goodfellow, Bengio and Courville; Cho et al.; ONNX; reservoirs: told apart by shapes."""

GATES: Mapping[str, tuple[str, ...]] = {
    "an LSTM": ("wf", "uf", "wfh", "whf", "wxf", "wfx", "hfkernel", "ifkernel", "wif", "bf"),
    "a GRU": ("wz", "uz", "wzh", "whz", "wxz", "hzkernel", "izkernel", "biasn", "bhn", "bz"),
}
"""Names of single gates: a forget gate, or an update gate."""

MEMORY = (
    *("optimizer", "optim", "adam", "momentum", "velocity", "adagrad", "rmsprop"),
    *("expavg", "expavgsq", "iteration", "iterations", "step", "epoch", "loss", "lr"),
    *("hprev", "h0", "hinit", "hiddenstate", "state", "seed", "vocab", "vocabulary", "chars"),
    *("mwxh", "mwhh", "mwhy", "mbh", "mby", "numbatchestracked"),
)
"""What is saved beside the weights and does not change what the network computes."""


@dataclass(frozen=True)
class Name:
    """What a name tells."""

    role: Role | None
    owner: str  # the words before those that tell it
    by_row: bool | None = None
    layer: int = 0  # of PyTorch's `_l1`, from 0
    reverse: bool = False
    last: str = ""  # the last word

    @property
    def unit(self) -> tuple[str, int, bool]:
        """What all arrays of one recurrent layer share."""
        return self.owner, self.layer, self.reverse


KEYS: Mapping[str, tuple[Role, bool | None]] = {
    key: (role, layout.by_row)
    for layout in reversed(LAYOUTS)  # so that the first that has a name counts
    for role, keys in layout.names.items()
    for key in keys
}
MOST_WORDS = 4
DIRECTIONS = frozenset(("forward", "backward"))


def read(name: str) -> Name:
    """Return what a name tells."""
    words = _words(name)
    layer, reverse = 0, bool(words) and words[-1] == "reverse"
    if reverse:
        words = words[:-1]
    if words and (numbered := re.fullmatch(r"l(\d{1,3})", words[-1])) and len(words) > 1:
        layer, words = int(numbered[1]), words[:-1]
    if DIRECTIONS.intersection(words[:-1]):  # as Keras names the layers of `Bidirectional`
        reverse |= "backward" in words
        words = [word for word in words if word not in DIRECTIONS]
    last = words[-1] if words else ""
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        key = "".join(words[-count:])
        if key in KEYS:
            role, by_row = KEYS[key]
            return Name(role, "/".join(words[:-count]), by_row, layer, reverse, last)
    return Name(None, "/".join(words[:-1]), None, layer, reverse, last)


def endings(name: str) -> list[str]:
    """Return the last word of a name, the last two as one, and so on."""
    words = _words(name)
    return ["".join(words[-count:]) for count in range(1, min(MOST_WORDS, len(words)) + 1)]


def gates(names: list[str]) -> str | None:
    """Return which gated cell single gates are named of."""
    ends = {end for name in names for end in endings(name)}
    return next((what for what, keys in GATES.items() if len(ends.intersection(keys)) > 1), None)


def is_memory(name: str) -> bool:
    """Whether a name says that an array is no weight."""
    return any(one in MEMORY for one in (*endings(name), *_words(name)))


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub(r":\d+$", "", name[:200].lower()))
