"""One update: every number between the parameters before it and those after."""

from math import isfinite

import streamlit as st

from app.components.plot_view.component import chart_view
from app.figures.notation import has_rows
from app.figures.words import in_full, plain, plural, short
from app.views.shared import heading
from app.views.shared.bound import choice, whole_number
from app.views.training.figures import arithmetic
from app.views.training.figures import lens as figures
from app.views.training.runs.lens import Lens, lens_of
from app.views.training.sections.shown import Page
from rnn_core import Parameters
from rnn_core.training import Checkpoint

MOST_BUTTONS = 5
"""Parameters that are chosen by buttons side by side; more are a list."""


def render(page: Page) -> None:
    """Draw the update that follows the moment of the timeline."""
    lens = lens_of(page.task, page.plan.settings, _before(page))
    heading.part(
        f"Update {lens.number:,}: from the network after {lens.number - 1:,} to the one after "
        f"{lens.number:,}"
    )
    st.markdown(_sentence(lens))
    st.latex(rf"\theta \leftarrow {lens.optimiser.latex}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = _parameter(lens.update.before)
        shape = getattr(lens.update.before, name).shape
        index = _index(shape)
    _arithmetic(lens, name, *index)
    chart_view([figures.maps(lens), figures.table(lens, name)], key="tr-lens")


def _parameter(params: Parameters) -> str:
    """Draw the choice of a parameter and return it; at first it is a recurrent one."""
    names = {name: name for name in params.names}
    shapes = params.cell.shapes
    recurrent = [name for name in names if shapes[name] == ("H", "H")]
    first = (recurrent or list(names))[0]
    if len(names) <= MOST_BUTTONS:
        return choice("Parameter", "tr_par", names, first, look="buttons")
    return choice("Parameter", "tr_par", names, first, width=150)


def _index(shape: tuple[int, ...]) -> tuple[int, int | None]:
    """Draw the choice of an entry and return it, counted from 0: its row here, and its column."""
    fields = [("tr_row", shape[0]), *((("tr_col", shape[1]),) if len(shape) > 1 else ())]
    chosen = {
        key: whole_number(None, label, 1, most, 1, key=key, width=120) - 1
        for label, (key, most) in zip(
            ("Row", "Column"), fields[:: -1 if has_rows() else 1], strict=False
        )
    }
    return chosen["tr_row"], chosen.get("tr_col")


def _before(page: Page) -> Checkpoint:
    """Return where the update starts: it follows the moment, or is the last one at the end.

    Of a run that has diverged, the update after its last moment is the one that did it.
    """
    last = page.plan.settings.updates - 1
    if page.run is None or page.update <= last:
        return page.checkpoint
    return page.run.checkpoint(last)


def _sentence(lens: Lens) -> str:
    update, trace = lens.update, lens.update.trace
    told = (
        f"On its {plural(trace.batch, 'sequence')} the loss is **{short(update.loss)}** before "
        f"and **{short(lens.loss_after)}** after"
    )
    change = lens.loss_after - update.loss
    if isfinite(change) and change:
        told += f", **{short(abs(change))}** {'more' if change > 0 else 'less'}"
    told += f". The gradient has length **{short(update.gradient_norm)}**"
    clip = lens.settings.clip
    if update.clipped_norm < update.gradient_norm:
        told += f", clipped to **{short(update.clipped_norm)}**"
    elif clip.norm is not None or clip.value is not None:
        told += ", within the bounds, so it is not clipped"
    told += f"; the learning rate is **{in_full(update.learning_rate)}**."
    if trouble := update.trouble():
        told += f" **{trouble}** is not finite: here the run stops."
    return told


def _arithmetic(lens: Lens, name: str, row: int, column: int | None) -> None:
    place = f"{row + 1}" if column is None else f"{row + 1},{column + 1}"
    st.markdown(f"`{name}[{place}]`, with θ the number and g its gradient:")
    lines = arithmetic.lines(lens, name, row, column)
    st.code(
        "\n".join(
            f"{line.name} = {line.expression} = {plain(line.value, arithmetic.DIGITS)}"
            for line in lines
        ),
        language=None,
        wrap_lines=True,
    )
