"""The page's presets and its what-if: the sliders that change what is shown, not the sidebar."""

from collections.abc import Iterable

import streamlit as st

from app import state
from app.experiment.presets import PRESETS
from app.experiment.sources import MAX_STEPS, Drawn, Given, Numbers
from app.experiment.value import Experiment
from app.figures.words import listed, short
from app.views.gradient_flow.compute.what_if import Shown, WhatIf, radii_of, shown_of
from app.views.shared import narrow, told
from app.views.shared.bound import Place, choice
from rnn_core import ACTIVATIONS

OWN = "own"
OF_LOSS = {"whole": "All of it", "last": "The last step's term"}
RADII = (OWN, *(f"{hundredth / 100:.2f}" for hundredth in range(301)))
LENGTHS = (
    OWN,
    *map(
        str,
        (
            *range(1, 51),
            *range(60, 201, 10),
            *range(250, 1001, 50),
            *range(1500, MAX_STEPS + 1, 500),
        ),
    ),
)
SLIDER = 200  # pixels wide: three controls fit beside the sidebar at 1024
OWN_CONTROLS = {"gf_radius": OWN, "gf_steps": OWN, "gf_phi": OWN}


def _column(*values: float) -> tuple[tuple[tuple[float, ...], ...], ...]:
    return tuple(((value,),) for value in values)


def _scalar(title: str, w: float, steps: int, activation: str) -> Experiment:
    return Experiment(
        title=title,
        sequence=Numbers(values=_column(1, *[0] * (steps - 1)), target=_column(1)),
        weights=Given(W_xh=((1.0,),), W_hh=((w,),), b_h=(0.0,), W_hy=((1.0,),), b_y=(0.0,)),
        activation=activation,
        loss="squared_error",
    )


EXAMPLES: dict[str, tuple[str, Experiment, dict[str, str]]] = {
    "0.5¹⁰": (
        "One identity unit with w = 0.5 over 11 steps: each step back halves the gradient, so the "
        "ends are exactly 0.5 to the 10 apart.",
        _scalar("Half at each step", 0.5, 11, "identity"),
        {"gf": "over_time"},
    ),
    "Vanishing": (PRESETS["vanishing"].look_at, PRESETS["vanishing"].experiment, {}),
    "Exploding": (PRESETS["exploding"].look_at, PRESETS["exploding"].experiment, {}),
    "Saturated": (PRESETS["saturated"].look_at, PRESETS["saturated"].experiment, {}),
    "Beyond float64": (
        "2000 steps with W_hh = 0.5 × a rotation: the gradient ends near 10 to the −602.",
        Experiment(
            title="Beyond float64",
            sequence=Numbers(values=_column(1, *[0] * 1999), target=_column(1)),
            weights=Drawn(scheme="orthogonal", seed=3, hidden=2, spectral_radius=0.5),
            loss="squared_error",
        ),
        {"gf": "over_time"},
    ),
    "Two attractors": (
        "One tanh unit with w = 2: 0 repels, and −0.9575 and 0.9575 attract.",
        _scalar("Two attractors", 2.0, 11, "tanh"),
        {"gf": "space", "gf_input": "zero"},
    ),
}
"""For each button: what to look at, the experiment, and the page's controls that go with it."""


def examples() -> None:
    """Draw a button for each experiment that shows something, and say what the open one shows."""
    narrow.switch("gf")
    row = narrow.folded("gf-examples").container(horizontal=True, vertical_alignment="center")
    with row:
        st.caption("Begin with a network that shows it:", width="content")
        for number, title in enumerate(EXAMPLES):
            st.button(title, key=f"gf-example-{number}", on_click=open_example, args=(title,))
    now = state.experiment()
    for look_at, experiment, _ in EXAMPLES.values():
        if experiment == now:
            st.caption(look_at)


def open_example(title: str) -> None:
    """Open one of `EXAMPLES`, with the page's controls that go with it."""
    _, experiment, controls = EXAMPLES[title]
    if state.change(experiment):
        state.set_controls({**OWN_CONTROLS, **controls})


def what_if(experiment: Experiment) -> Experiment:
    """Draw the sliders and say what is shown; return that.

    Raises
    ------
    ValueError
        The sidebar's experiment cannot be computed.
    """
    wanted = _sliders(experiment)
    shown = shown_of(experiment, wanted)
    _say(experiment, shown)
    for problem in shown.problems:
        told.warn(problem)
    return shown.experiment


def _sliders(experiment: Experiment) -> WhatIf:
    place = narrow.folded("gf-sliders").container(
        horizontal=True, gap="small", vertical_alignment="top"
    )
    radius = _radius(experiment, place) if experiment.kind.recurrent else OWN
    steps = choice(
        "Steps T",
        "gf_steps",
        _named(LENGTHS),
        OWN,
        place=place,
        look="slider",
        width=SLIDER,
        help="Fewer cut at the end; more continue a named series, and give others zeros.",
    )
    symbols = {name: activation.symbol for name, activation in ACTIVATIONS.items()}
    activation = choice(
        "Activation φ", "gf_phi", _named((OWN,)) | symbols, OWN, place=place, look="buttons"
    )
    return WhatIf(
        radius=None if radius == OWN else float(radius),
        steps=None if steps == OWN else int(steps),
        activation=None if activation == OWN else activation,
    )


def _radius(experiment: Experiment, place: Place) -> str:
    scaled = _scaled(experiment)
    return choice(
        f"Spectral radius of {scaled}" if len(experiment.kind.recurrent) == 1 else "Spectral radii",
        "gf_radius",
        _named(RADII),
        OWN,
        place=place,
        look="slider",
        width=SLIDER,
        help=f"Another one multiplies {scaled} so that its largest eigenvalue has this magnitude.",
    )


def _named(values: Iterable[str]) -> dict[str, str]:
    """Return the words for values that are numbers, or the sidebar's own."""
    return {value: "as it is" if value == OWN else value for value in values}


def _say(own: Experiment, shown: Shown) -> None:
    """Say whether the sidebar's experiment is shown or a what-if, and offer to take that over."""
    made = shown.experiment
    if made == own:
        settings = [f"T = {own.sizes[0]}", f"φ = {ACTIVATIONS[own.activation].symbol}"]
        if own.kind.recurrent:
            settings.insert(0, _radii(own))
        narrow.folded("gf-said").caption(
            f"Shown: the sidebar’s experiment, unchanged, with {listed(settings)}."
        )
        return
    parts = []
    if made.weights != own.weights:
        instead = ", ".join(short(radius) for radius in radii_of(own).values())
        parts.append(f"{_radii(made)} (instead of {instead})")
    if made.sizes[0] != own.sizes[0]:
        parts.append(f"T = {made.sizes[0]} (instead of {own.sizes[0]})")
    if made.activation != own.activation:
        symbols = [ACTIVATIONS[one.activation].symbol for one in (made, own)]
        parts.append(f"φ = {symbols[0]} (instead of {symbols[1]})")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**Shown: a what-if**, the sidebar's experiment with {listed(parts)}. The sidebar "
            "still holds its own.",
            width="stretch",
        )
        st.button("Use in the sidebar", key="gf-use", on_click=use, args=(made,), type="primary")
        st.button("Discard the what-if", key="gf-back", on_click=_back)


def _scaled(experiment: Experiment) -> str:
    """Return what a radius is of: W_hh, or each of the matrices that a state is multiplied by."""
    names = experiment.kind.recurrent
    return names[0] if len(names) == 1 else "each recurrent matrix"


def _radii(experiment: Experiment) -> str:
    """Return "ρ(W_hh) = 0.9", or of several matrices all of them."""
    radii = radii_of(experiment)
    alike = {short(radius) for radius in radii.values()}
    if len(alike) == 1 and len(radii) > 1:
        return f"ρ = {alike.pop()} of each recurrent matrix"
    return listed([f"ρ({name}) = {short(radius)}" for name, radius in radii.items()])


def use(made: Experiment) -> None:
    """Take an experiment over into the sidebar; the what-if is then no longer needed."""
    if state.change(made):
        _back()


def _back() -> None:
    state.set_controls(OWN_CONTROLS)


def last_only(experiment: Experiment) -> bool:
    """Ask whose gradient is meant where there is a loss at every step."""
    if experiment.readout != "every" or experiment.sizes[0] == 1:
        return False
    chosen = choice("Gradient of the loss", "gf_loss", OF_LOSS, "whole", look="buttons")
    st.caption(
        "With a loss at every step, nearby losses hide how little arrives from distant ones."
    )
    return chosen == "last"
