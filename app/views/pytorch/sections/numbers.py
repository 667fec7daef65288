"""Every quantity of the experiment: ours, a loop of tensor operations, and nn.RNN."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.experiment.value import Experiment
from app.figures.words import short
from app.pytorch import torch_reference
from app.views.pytorch import compute
from app.views.pytorch.compute import Agreement, Difference, Precision, Row
from app.views.shared import aside, heading, told
from app.views.shared.bound import switch
from rnn_core import activation_named

BIASES_SHOWN = 6


def render(experiment: Experiment, answer: DeltaGenerator) -> None:
    """Draw the table, what it leaves out and why, and the answer to the two biases.

    Parameters
    ----------
    answer
        The place at the top of the page for the one sentence that answers its question.
    """
    seconds = compute.seconds_to_compare(experiment)
    with st.container(horizontal=True, vertical_alignment="center"):
        heading.part("Every quantity, with its difference")
        single = switch(
            None,
            "float32",
            key="pt_f32",
            help="Both sides in single precision, as PyTorch computes unless told otherwise.",
        )
        large = seconds > compute.FREE_SECONDS
        if large and not st.toggle(f"Compare (about {max(seconds, 1):.0f} s)", key="pt_all"):
            aside.end("compare")
            answer.markdown("This experiment is large: it is compared when you ask for it below.")
            return
    precision: Precision = "float32" if single else "float64"
    agreement: Agreement | None
    try:
        if large:
            with answer:
                agreement = aside.computed(
                    "compare", compute.agreement_of, experiment, precision, what="comparing"
                )
        else:
            agreement = compute.agreement_of(experiment, precision)
    except ValueError as error:
        with answer:
            told.refuse(error)
        return
    if agreement is None:
        return
    answer.markdown(sentence(agreement, precision))
    left, right = st.columns((3, 2), gap="medium")
    with left:
        st.markdown(table(agreement))
    with right:
        for note in notes(experiment, agreement):
            st.markdown(note)
        st.caption(
            "Largest: of |ours − PyTorch’s|. Relative: that over the quantity’s largest value "
            "(for a gradient whose terms cancel, over a share of the largest gradient)."
        )


def table(agreement: Agreement) -> str:
    """Return the table in Markdown."""
    head = [
        "| quantity | shape | loop: largest | relative | nn.RNN: largest | relative | |",
        "|:--|:--|--:|--:|--:|--:|:--|",
    ]
    return "\n".join([*head, *map(_line, agreement.rows)])


def _line(row: Row) -> str:
    shape = " × ".join(map(str, row.shape)) or "1"
    agrees = row.loop.agrees and (row.rnn is None or row.rnn.agrees)
    mark = (
        ":green-badge[:material/check: agrees]"
        if agrees
        else ":red-badge[:material/close: differs]"
    )
    cells = [
        f"${compute.QUANTITIES[row.name]}$",
        shape,
        *_cells(row.loop),
        *(_cells(row.rnn) if row.rnn else ("—", "—")),
        mark,
    ]
    return f"| {' | '.join(cells)} |"


def _cells(difference: Difference) -> tuple[str, str]:
    return _size(difference.largest), _size(difference.normwise)


def _size(value: float) -> str:
    if value == 0:
        return "`0`"
    if not np.isfinite(value):
        return "`not finite`"
    return f"`{short(value, 2)}`"


def sentence(agreement: Agreement, precision: Precision) -> str:
    """Answer the page's question, with the numbers."""
    name, worst = agreement.worst
    ours, theirs = short(agreement.loss, 15), short(agreement.torch_loss, 15)
    if precision == "float32":
        ours, theirs = short(agreement.loss, 7), short(agreement.torch_loss, 7)
    found = f"PyTorch {torch_reference.version()} finds the loss `{theirs}`; ours is `{ours}`."
    if not np.isfinite(worst.normwise):
        return f":red-badge[:material/close: not finite] {found} Some numbers are not finite."
    if worst.normwise == 0:
        return (
            f":green-badge[:material/check: agrees] {found} All {len(agreement.rows)} quantities "
            "are the same to the last bit."
        )
    where = f"${compute.QUANTITIES[name]}$"
    if agreement.agrees:
        return (
            f":green-badge[:material/check: agrees] {found} Of {len(agreement.rows)} quantities, "
            f"{where} differs most: by `{short(worst.normwise, 2)}` of its size, a rounding "
            "error."
        )
    allowed = short(compute.TOLERANCE[precision], 1)
    return (
        f":red-badge[:material/close: differs] {found} {where} differs by "
        f"`{short(worst.normwise, 2)}` of its size, more than the `{allowed}` that rounding "
        "explains in a network that does not amplify it."
    )


def notes(experiment: Experiment, agreement: Agreement) -> list[str]:
    """Return what a reader of the table will ask."""
    told = []
    if agreement.biases is None:
        told.append(
            "**No nn.RNN here.** It knows tanh and ReLU; for "
            f"{activation_named(experiment.activation).symbol} only the loop of tensor operations "
            "is a witness."
        )
    else:
        ih, hh = agreement.biases
        same = "the same numbers" if ih == hh else "the same but for rounding"
        told.append(
            r"**Where is the second bias?** nn.RNN computes $W_{ih}x_t + b_{ih} + W_{hh}h_{t-1} + "
            r"b_{hh}$. Only the sum of its two biases acts, and that is our $b_h$: here "
            r"$b_{ih} = b_h$ and $b_{hh} = 0$. Both get the gradient of $b_h$, "
            f"{same}: `b_ih.grad` = `{_vector(ih)}`, `b_hh.grad` = `{_vector(hh)}`. So plain "
            "gradient descent on both moves the sum twice as far as it would move our one bias."
        )
        told.append(
            "**Why the dashes?** nn.RNN is one call for all steps: $z_t$ and the gradients at "
            "$z_t$ and $h_t$ stay inside it. The loop shows them."
        )
    truncate = experiment.truncate
    if truncate is not None and truncate < experiment.sizes[0]:
        told.append(
            f"**Truncated to {truncate} steps.** The same in PyTorch: the state {truncate} steps "
            "before each loss is detached, so autograd ends there; `.grad` adds up over the losses."
        )
    return told


def _vector(values: tuple[float, ...]) -> str:
    shown = ", ".join(short(value) for value in values[:BIASES_SHOWN])
    return f"[{shown}{', …' if len(values) > BIASES_SHOWN else ''}]".replace("-", "−")
