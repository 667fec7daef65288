"""Every quantity of the experiment: ours, a loop of tensor operations, and PyTorch's module."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.experiment.value import Experiment
from app.figures import notation
from app.figures.words import NO_BREAK, in_full, short
from app.pytorch import torch_reference
from app.views.pytorch import compute
from app.views.pytorch.compute import Agreement, Difference, Precision, Row
from app.views.shared import aside, heading, told
from app.views.shared.bound import switch
from rnn_core import activation_named
from rnn_core.cells import ELMAN, symbol
from rnn_core.cells.cell import TorchLayout

Biases = tuple[tuple[float, ...], tuple[float, ...]]

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
        single = switch(None, "float32, PyTorch’s default", key="pt_f32")
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
        st.markdown(table(agreement, module_of(experiment)))
    with right:
        for note in notes(experiment, agreement):
            st.markdown(note)
        st.caption(
            "Largest: of |ours − PyTorch’s|. Relative: that over the quantity’s largest value "
            "(for a gradient whose terms cancel, over a share of the largest gradient)."
        )


def module_of(experiment: Experiment) -> str:
    """Return "nn.LSTM"; "module" for a cell that PyTorch has none of."""
    layout = experiment.kind.torch
    return "module" if layout is None else f"nn.{layout.module}"


def table(agreement: Agreement, module: str = "nn.RNN") -> str:
    """Return the table in Markdown."""
    head = [
        f"| quantity | shape | loop: largest | relative | {module}: largest | relative | |",
        "|:--|:--|--:|--:|--:|--:|:--|",
    ]
    return "\n".join([*head, *map(_line, agreement.rows)])


def _line(row: Row) -> str:
    sizes = row.shape[::-1] if row.name.startswith("dL/dW") and notation.has_rows() else row.shape
    shape = f"{NO_BREAK}×{NO_BREAK}".join(map(str, sizes)) or "1"  # on one line
    agrees = row.loop.agrees and (row.module is None or row.module.agrees)
    mark = (
        ":green-badge[:material/check: agrees]"
        if agrees
        else ":red-badge[:material/close: differs]"
    )
    cells = [
        f"${row.latex}$",
        shape,
        *_cells(row.loop),
        *(_cells(row.module) if row.module else ("—", "—")),
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
    row, worst = agreement.worst
    ours, theirs = in_full(agreement.loss, 15), in_full(agreement.torch_loss, 15)
    if precision == "float32":
        ours, theirs = in_full(agreement.loss, 7), in_full(agreement.torch_loss, 7)
    found = f"PyTorch {torch_reference.version()} finds the loss `{theirs}`; ours is `{ours}`."
    if not np.isfinite(worst.normwise):
        return f":red-badge[:material/close: not finite] {found} Some numbers are not finite."
    if worst.normwise == 0:
        return (
            f":green-badge[:material/check: agrees] {found} All {len(agreement.rows)} quantities "
            "are the same to the last bit."
        )
    where = f"${row.latex}$"
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
    module, layout = module_of(experiment), experiment.kind.torch
    phi = activation_named(experiment.activation).symbol
    if layout is None:
        told.append(
            f"**No module here.** PyTorch has none for the cell {experiment.kind.title}: the loop "
            "of tensor operations is the only witness."
        )
    elif agreement.biases is None:
        told.append(
            f"**No {module} here.** It knows {_known(layout)}; for {phi} only the loop of "
            "tensor operations is a witness."
        )
    elif experiment.kind is ELMAN:
        told += _of_elman(agreement.biases)
    else:
        told += _of_gates(experiment, layout, agreement.biases)
    truncate = experiment.truncate
    if truncate is not None and truncate < experiment.sizes[0]:
        told.append(
            f"**Truncated to {truncate} steps.** The same in PyTorch: the state {truncate} steps "
            "before each loss is detached, so autograd ends there; `.grad` adds up over the losses."
        )
    return told


def _known(layout: TorchLayout) -> str:
    """Return the names of the activations that the module has."""
    return " and ".join(activation_named(name).symbol for name in layout.activations)


STEP = "x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh"
"""As PyTorch's documentation has it, whatever the notation of the page."""


def _of_elman(biases: Biases) -> list[str]:
    ih, hh = biases
    same = "the same numbers" if ih == hh else "the same but for rounding"
    return [
        f"**Where is the second bias?** nn.RNN computes `{STEP}`. Only the sum of its two "
        "biases acts, and that is the one bias of the loop, $b_h$: here `b_ih` has its numbers, "
        "and `b_hh` is 0. Both get its gradient, "
        f"{same}: `b_ih.grad` = `{_vector(ih)}`, `b_hh.grad` = `{_vector(hh)}`. So plain "
        "gradient descent on both moves the sum twice as far as it would move our one bias.",
        "**Why the dashes?** nn.RNN is one call for all steps: $z_t$ and the gradients at "
        "$z_t$ and $h_t$ stay inside it. The loop shows them.",
    ]


def _of_gates(experiment: Experiment, layout: TorchLayout, biases: Biases) -> list[str]:
    ih, hh = biases
    gates = [gate.weight_ih.removeprefix("W_x") for gate in layout.gates]
    own = [f"${symbol(gate.bias_hh)}$" for gate in layout.gates if gate.bias_hh is not None]
    module = module_of(experiment)
    second = f", but for {', '.join(own)}, which is inside the product with r" if own else ""
    return [
        f"**Under PyTorch’s names.** {module} keeps the gates one below the other, in the order "
        f"{', '.join(gates)}: the rows of `weight_ih_l0` are {_rows(layout, 'weight_ih')}, those "
        f"of `weight_hh_l0` {_rows(layout, 'weight_hh')}, of `bias_ih_l0` "
        f"{_rows(layout, 'bias_ih')}. Compared is each part of their `.grad`.",
        f"**Where is the second bias?** {module} adds `bias_hh_l0`, which is 0 here{second}. Where "
        "only the sum of both acts, both get the same gradient: `bias_ih_l0.grad` = "
        f"`{_vector(ih)}`, `bias_hh_l0.grad` = `{_vector(hh)}`.",
        f"**Why the dashes?** {module} keeps the sums and gates of its steps to itself, and the "
        "gradients inside. The loop shows them.",
    ]


def _rows(layout: TorchLayout, part: str) -> str:
    return ", ".join(f"${symbol(getattr(gate, part))}$" for gate in layout.gates)


def _vector(values: tuple[float, ...]) -> str:
    shown = ", ".join(short(value) for value in values[:BIASES_SHOWN])
    return f"[{shown}{', …' if len(values) > BIASES_SHOWN else ''}]".replace("-", "−")
