"""What the figures are made of: plain dicts and lists that travel as JSON."""

from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

STORED: dict[str, np.dtype[Any]] = {"i4": np.dtype("<i4"), "f8": np.dtype("<f8")}
Floats = NDArray[np.floating[Any]]
Dict = dict[str, Any]


class View(TypedDict):
    """One way of drawing a chart: a Plotly figure and what it says in words."""

    name: str
    title: NotRequired[str]  # what a reader reads in place of its name, in a notation of others
    figure: Dict | None
    text: str
    notes: list[str]
    early: NotRequired[str]  # the text until the player has reached the loss: without gradients


class Table(TypedDict):
    """The numbers themselves, to the last bit; `steps` and `labels` head the rows."""

    head: list[str]
    rows: list[str]
    cells: Dict
    note: str
    early: NotRequired[int]  # so many heads are shown until the player has reached the loss


class Chart(TypedDict):
    """A titled place on the page with one view at a time, and its numbers."""

    id: str
    title: str
    phase: str  # "f" or "b": where a click on a time step sends the cursor; "" without a time axis
    views: list[View]
    tables: list[Table]
    late: NotRequired[bool]  # of gradients alone: covered until the player has reached the loss
    wide: NotRequired[bool]  # takes all columns of the page


@dataclass(frozen=True)
class Steps:
    """The time axis that all charts share: steps 0..T, named by the user's labels if any."""

    count: int
    labels: tuple[str, ...] | None = None


def typed_array(values: Any) -> Dict:
    """Return numbers as Plotly's typed array: base64 of little-endian float64, or int32.

    About ten times faster than JSON's decimals, and it loses no bit.
    """
    array = np.asarray(values)
    kind = "i4" if array.dtype.kind in "iu" else "f8"
    array = np.ascontiguousarray(array, dtype=STORED[kind])
    made: Dict = {"dtype": kind, "bdata": b2a_base64(array.data, newline=False).decode("ascii")}
    if array.ndim == 2:
        made["shape"] = f"{array.shape[0]}, {array.shape[1]}"
    return made


def unpacked(sent: Any) -> Floats:
    """Return the numbers that `packed` made a typed array of; others as they are."""
    if not isinstance(sent, dict):
        return np.asarray(sent, dtype=float)
    flat = np.frombuffer(a2b_base64(sent["bdata"]), STORED[sent["dtype"]]).astype(float)
    return flat.reshape([int(n) for n in sent["shape"].split(",")]) if "shape" in sent else flat


def drawable(values: Floats) -> Floats:
    """Return the numbers with NaN, a gap to Plotly, wherever one is not finite."""
    return np.where(np.isfinite(values), values, np.nan)


def view(name: str, figure: Dict | None, text: str, *notes: str) -> View:
    """Return a view; empty notes are left out."""
    return {"name": name, "figure": figure, "text": text, "notes": [note for note in notes if note]}
