"""ReLU in place of tanh, on the same weights."""

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.notation import sided
from app.figures.words import plural, short
from app.views.shared import heading
from app.views.without_the_loop.compute import pieces, times
from app.views.without_the_loop.compute.pieces import Slopes
from app.views.without_the_loop.compute.times import Times
from app.views.without_the_loop.figures import slopes as figures
from app.views.without_the_loop.sections.measuring import times_asked_for
from app.views.without_the_loop.sections.words import off, spread
from rnn_core import ACTIVATIONS

ON = (
    r"D_t\,(W_{xh}x_t + W_{hh}h_{t-1} + b_h)",
    r"(W_{xh}x_t + W_{hh}h_{t-1} + b_h)\,D_t",  # of rows
)
CHEAP_STEPS = 1000
CHEAP_NUMBERS = 20_000


def render(experiment: Experiment) -> None:
    """Draw both activations side by side, and the linear pieces of ReLU."""
    found = {name: pieces.slopes_of(experiment, name) for name in pieces.COMPARED}
    tanh, relu = found["tanh"], found["relu"]
    st.markdown(
        r"$\operatorname{ReLU}(z) = \max(0, z)$ needs one comparison where $\tanh$ needs an "
        "exponential; it never saturates for large $z$, but a unit that is never positive is dead. "
        f"On these weights tanh is flat (φ′ < {pieces.FLAT}) at **{tanh.flat:.1%}** of all units "
        f"and steps; with ReLU **{relu.flat:.1%}** are off and **{relu.dead}** of "
        f"{plural(experiment.hidden, 'unit')} dead."
    )
    asked = st.button("Measure now", key="wl_relu")
    measured = _times(experiment, asked=asked)
    st.markdown(_table(found, measured))
    st.caption(
        "The same weights with each activation, whatever the experiment’s own. Dead: φ′ = 0 at "
        "all steps of all sequences. " + _how(measured)
    )
    _pieces(experiment, relu)
    sample = experiment.sample
    chart = figures.slopes(
        {name: (ACTIVATIONS[name].symbol, one.slope[:, sample]) for name, one in found.items()},
        {name: _sentence(one, sample) for name, one in found.items()},
    )
    chart_view([chart], key="wl_relu_charts", steps=experiment.sizes[0])


def _times(experiment: Experiment, *, asked: bool) -> Times | None:
    key = pieces.relu_key(experiment)
    found = times_asked_for("wl_relu", key, pieces.measure_relu, experiment, asked=asked)
    steps, batch, _, hidden, _ = experiment.sizes
    if (
        found is None
        and not asked
        and steps <= CHEAP_STEPS
        and steps * batch * hidden <= CHEAP_NUMBERS
    ):
        return pieces.measure_relu(experiment, times.UNASKED_S)
    return found


def _table(found: dict[str, Slopes], measured: Times | None) -> str:
    titles = [ACTIVATIONS[name].symbol for name in found]
    rows = {
        "loss": ["no target" if one.loss is None else short(one.loss) for one in found.values()],
        f"flat, φ′ < {pieces.FLAT}": [f"{one.flat:.1%}" for one in found.values()],
        "dead units": [str(one.dead) for one in found.values()],
        "largest abs(h)": [short(one.largest) for one in found.values()],
        "forward pass, median (quartiles)": _cells(found, measured, ""),
        "φ alone, all z at once": _cells(found, measured, " alone"),
    }
    if measured is not None:
        by_name = measured.by_name
        rows["forward pass, tanh ÷ this"] = [
            f"{short(by_name['tanh'].median / by_name[name].median, 3)}×" for name in found
        ]
    head = "| | " + " | ".join(titles) + " |\n|:--|--:|--:|\n"
    return head + "\n".join(
        f"| {name} | " + " | ".join(f"`{cell}`" for cell in cells) + " |"
        for name, cells in rows.items()
    )


def _how(measured: Times | None) -> str:
    if measured is None:
        return "Times are measured only when you ask."
    return (
        f"Times: {measured.rounds} rounds in turn, after a warm-up, {measured.threads}. tanh "
        f"alone, called once for all z, takes {_share(measured):.1%} of the forward pass, which "
        "calls it at each step."
    )


def _share(measured: Times) -> float:
    return measured.by_name["tanh alone"].median / measured.by_name["tanh"].median


def _cells(found: dict[str, Slopes], measured: Times | None, suffix: str) -> list[str]:
    if measured is None:
        return ["not measured"] * len(found)
    return [spread(measured.by_name[name + suffix]) for name in found]


def _pieces(experiment: Experiment, relu: Slopes) -> None:
    found = pieces.pieces_of(experiment)
    heading.part("Piece by piece, ReLU is linear")
    st.markdown(
        f"$h_t = {sided(*ON)}$ with "
        r"$D_t = \operatorname{diag}"
        r"(\mathbf{1}[z_t > 0])$: once it is known which units are on, no φ is left."
    )
    same = "to the last bit" if found.switched == 0 else f"to {off(found.switched)}"
    text = (
        f"This run meets **{plural(found.pattern, 'pattern')}** of units that are on. Given these, "
        f"the linear form gives the states of ReLU **{same}**"
    )
    if found.scanned is not None:
        text += (
            f", and a prefix scan over $A_t = D_t W_{{hh}}$ solves it without the loop in "
            f"**{plural(found.levels, 'level')}** to **{off(found.scanned)}** of the largest state"
        )
    st.markdown(f"{text}. The catch: the pattern comes from the states.")
    if not np.isfinite(relu.h).all():
        st.caption("With ReLU a state of this run overflows; the scan is left out.")


def _sentence(one: Slopes, sample: int) -> str:
    slope = one.slope[:, sample]
    name = ACTIVATIONS[one.activation].symbol
    return (
        f"{name} passes {short(float(slope.mean()))} of a gradient on average, "
        f"from {short(float(slope.min()))} to {short(float(slope.max()))}."
    )
