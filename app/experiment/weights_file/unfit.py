"""Networks that are not shown here, named in the field's words, with what can be done."""

import re
from collections.abc import Sequence

from app.experiment.sources import MAX_HIDDEN, MAX_WIDTH
from app.experiment.weights_file import names
from app.experiment.weights_file.parts import GATED
from app.experiment.weights_file.stored import Stored, listed, short_name, size

WANTED = "weights file: expected an Elman network (one W_hh of H × H), an LSTM or a GRU"
NOT_SHOWN = "such a cell is not shown here"
RENAMED = "name its arrays W_xi, W_hi, b_i … (of a GRU W_xr, W_hr, b_r …, W_hn, b_hn), W_hy and b_y"
GATED_WORDS = (("lstm", "an LSTM"), ("gru", "a GRU"))
OTHERS = (
    (r"attn|attention|[qkv]_proj|in_proj|\bwq\b|self_att", "a Transformer"),
    (r"conv", "a convolutional network"),
    (r"lora", "an adapter (LoRA)"),
)


def gated(recurrent: Stored, everything: Sequence[Stored]) -> ValueError | None:
    """Return the refusal of a cell with gates that is not shown, by its recurrent matrix."""
    shape = recurrent.shape
    if len(shape) != 2 or min(shape) < 1:
        return None
    of = projected(everything) or min(shape)
    gates, left = divmod(max(shape), of)
    if left or gates not in GATED:
        return None
    if gates in (3, 4) and of == min(shape):
        return None
    projection = f", a projection to {min(shape)} (proj_size)" if of != min(shape) else ""
    return ValueError(
        f"{WANTED}, got {GATED[gates]}: {gates} gates of {of}{_more(everything)}{projection} "
        f"({short_name(recurrent.name)} is {size(shape)}); {NOT_SHOWN}"
    )


def projected(everything: Sequence[Stored]) -> int | None:
    """Return H where PyTorch's `proj_size` makes the state smaller than its cell."""
    found = (e.shape for e in everything if re.search(r"weight_hr_l0$", e.name))
    return next((shape[1] for shape in found if len(shape) == 2), None)


def gated_by_name(everything: Sequence[Stored]) -> ValueError | None:
    """Return the refusal of a cell whose gates have matrices of their own."""
    what = names.gates([entry.name for entry in everything])
    if what is None:
        return None
    return ValueError(
        f"{WANTED}, got {what}, a matrix for each gate ({listed(e.name for e in everything)}): "
        f"{RENAMED}"
    )


def _more(everything: Sequence[Stored]) -> str:
    """Say that there are more layers, and two directions."""
    read = [names.read(entry.name) for entry in everything]
    layers = 1 + max((name.layer for name in read), default=0)
    two = any(name.reverse for name in read)
    return (f", {layers} layers" if layers > 1 else "") + (", two directions" if two else "")


def nothing_recurrent(everything: Sequence[Stored]) -> ValueError:
    """Return the refusal of a file without a recurrent matrix."""
    joined = _names(everything)
    both = next((e for e in everything if len(e.shape) == 3 and e.shape[0] == 2), None)
    if both is not None:
        name = short_name(both.name)
        return ValueError(
            f"{WANTED}, got two directions ({name} is {size(both.shape)}): "
            f"save one of them, as {name}[0]"
        )
    if gated := next((what for word, what in GATED_WORDS if word in joined), ""):
        return ValueError(
            f"{WANTED}, got {gated} in a layout that is not known here "
            f"({listed(e.name for e in everything)}): {RENAMED}"
        )
    kind = other_kind(everything)
    seen = f"{kind}: " if kind else ""
    found = listed(entry.name for entry in everything) or "none"
    return ValueError(f"{WANTED}, got no recurrent weights among {seen}{found}")


def other_kind(everything: Sequence[Stored]) -> str:
    """Return the other kind of network that names tell of, empty if none does."""
    joined = _names(everything)
    return next((what for pattern, what in OTHERS if re.search(pattern, joined)), "")


def _names(everything: Sequence[Stored]) -> str:
    return " ".join(entry.name.lower() for entry in everything)


def require_sizes(inputs: int, hidden: int, outputs: int, what: str = "") -> None:
    """Raise ValueError, with what can be done, if the network is too large for the app."""
    limits = (("H", hidden, MAX_HIDDEN), ("D", inputs, MAX_WIDTH), ("K", outputs, MAX_WIDTH))
    for symbol, found, most in limits:
        if found > most:
            raise ValueError(
                f"weights file: expected {symbol} of at most {most} here, "
                f"got {what}{symbol} = {found}: compute it with rnn_core in Python, which has no "
                "such limit"
            )
