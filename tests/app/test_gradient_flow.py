"""The page Gradient flow: what it says, what it draws, and that its numbers are the core's."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.experiment.sources import Drawn
from app.experiment.value import Experiment
from app.figures.words import short
from app.views.gradient_flow.compute.what_if import WhatIf, radii_of, shown_of
from app.views.gradient_flow.page import SECTIONS
from app.views.gradient_flow.sections.controls import EXAMPLES
from rnn_core import backward
from tests.app.gradient_flow import (
    ATTRACTORS,
    HALF,
    OWN,
    flow,
    overflowing,
    page,
    said,
    sine,
)
from tests.experiments import six_steps


def test_opens_on_the_point_with_the_current_numbers() -> None:
    app = page()
    text = said(app)
    assert not app.error
    found = flow(six_steps()).flow.h
    grads = gradients_of(six_steps())
    ratio = np.linalg.norm(grads.h[1, 0]) / np.linalg.norm(grads.h[6, 0])
    assert found.ratio(1, 6) == pytest.approx(ratio, rel=1e-14)
    assert f"shrinks to **{short(ratio, 6)}** of its length" in text
    assert "Shown: the sidebar’s experiment, unchanged" in text


def test_a_run_too_short_to_vanish_leads_to_one_that_does() -> None:
    app = page(experiment=PRESETS["first_look"].experiment)
    too_few = "are too few to see a gradient vanish or explode"
    assert f"2 steps back {too_few}" in said(app)
    sent = [json.loads(part.proto.bytes) for part in app.get("bidi_component")]
    pair = next(each["groups"][0]["charts"] for each in sent if each["columns"] == 2)
    for name, chart in zip(("vanishing", "exploding"), pair, strict=True):
        grads = gradients_of(PRESETS[name].experiment)
        first, last = (short(np.linalg.norm(grads.h[t, 0])) for t in (1, -1))
        assert f"is {last} at t = 20 and {first} at t = 1" in chart["views"][0]["text"]
    app.button(key="gf-on-Vanishing").click().run()
    assert app.session_state["unrolled"].experiment == EXAMPLES["Vanishing"][1]
    assert too_few not in said(app)
    for name in ("spiral", "irnn"):  # short but vanishing, healthy but long
        assert too_few not in said(page(experiment=PRESETS[name].experiment))


def test_half_to_the_tenth_by_one_click() -> None:
    app = page("Spectrum", gf_radius="0.90")
    app.button(key="gf-example-0").click().run()
    text = said(app)
    assert "**0.0009765625**" in text
    assert f"$ **{0.5**10}**, equal to the last bit" in text.replace("=$", "$")
    assert text.count("`0.0009765625`") == 4
    assert "unchanged" in text
    grads = backward(trace_of(HALF))
    assert (grads.h[1] / grads.h[11]).item() == 0.5**10


@pytest.mark.parametrize("title", list(EXAMPLES))
def test_every_example_opens(title: str) -> None:
    app = page()
    app.button(key=f"gf-example-{list(EXAMPLES).index(title)}").click().run()
    said(app)
    assert not app.error
    assert app.session_state["unrolled"].experiment == EXAMPLES[title][1]


def test_a_gradient_far_below_float64_is_a_number() -> None:
    _, experiment, _ = EXAMPLES["Beyond float64"]
    assert "e−602**" in said(page(experiment=experiment))


def test_fixed_points_of_the_example() -> None:
    text = said(page("State space", ATTRACTORS))
    assert "2 stable points and 1 unstable point" in text
    assert "`[0.9575]` | `0.1664`" in text
    assert "`[−0.9575]` | `0.1664`" in text
    assert "`[0]` | `2`" in text


@pytest.mark.parametrize("section", OWN)
@pytest.mark.parametrize(
    "experiment",
    [
        *(PRESETS[name].experiment for name in ("saturated", "irnn", "text")),
        sine(1, 1),
        sine(3),
        sine(64, 40, truncate=2),
        overflowing("identity"),
        overflowing("relu"),
        six_steps().replace(weights=Drawn(scheme="zeros", hidden=3)),
    ],
    ids=lambda experiment: f"{experiment.title} {experiment.sizes} {experiment.activation}",
)  # fmt: skip
def test_every_section_of_every_experiment(section: str, experiment: Experiment) -> None:
    """No traceback, whatever is shown; what cannot be computed is one sentence."""
    render = SECTIONS[section].render.__module__.rsplit(".", 1)[1]
    script = (
        f"from app.experiment import link\nfrom app.views.gradient_flow.sections import {render}\n"
        f"experiment = link.decode({link.encode(experiment)!r})\n"
        "import streamlit as st\nfrom app import state\nstate.start()\n"
        f"try:\n    {render}.render(experiment)\n"
        "except ValueError as error:\n    st.error(str(error))"
    )
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception
    for error in app.error:
        assert ": expected " in error.value


@pytest.mark.parametrize("section", OWN)
def test_hostile_controls_are_ignored(section: str) -> None:
    hostile = ("", "nan", "-1", "1e999", "<script>", "as it is\x00", "9" * 400)
    names = ("gf_radius", "gf_steps", "gf_phi", "gf_k", "gf_norm", "gf_value", "gf_eps", "gf_n",
             "gf_input", "gf_t", "gf_loss")  # fmt: skip
    for value in hostile[:: 2 if section != "over_time" else 1]:
        app = page(section, **dict.fromkeys(names, value))
        assert "Shown: the sidebar’s experiment, unchanged" in said(app)
        assert not app.error


def test_what_if_is_said_and_leaves_the_sidebar_alone() -> None:
    app = page(gf_radius="0.50", gf_steps="40", gf_phi="id")
    text = said(app)
    assert "**Shown: a what-if**" in text
    assert (
        "ρ(W_hh) = 0.5 (instead of 1.082), T = 40 (instead of 6) and φ = id (instead of tanh)"
        in text
    )
    assert app.session_state["unrolled"].experiment == six_steps()
    made = shown_of(six_steps(), WhatIf(0.5, 40, "identity")).experiment
    assert f"shrinks to **{short(flow(made).flow.h.ratio(1, 40), 6)}**" in text
    app.button(key="gf-back").click().run()
    assert "unchanged" in said(app)


def test_what_if_can_be_used() -> None:
    app = page(gf_radius="0.50", gf_steps="40")
    app.button(key="gf-use").click().run()
    used = app.session_state["unrolled"].experiment
    assert used.sizes[0] == 40
    assert radii_of(used)["W_hh"] == pytest.approx(0.5)
    assert "unchanged, with ρ(W_hh) = 0.5, T = 40" in said(app)


def test_the_radius_is_the_one_asked_for_also_where_cells_were_edited() -> None:
    drawn = Drawn(scheme="orthogonal", seed=1, hidden=3, edits=(("W_hh", 0, 0, 7.0),))
    shown = shown_of(six_steps().replace(weights=drawn), WhatIf(radius=0.7))
    assert shown.problems == ()
    assert radii_of(shown.experiment)["W_hh"] == pytest.approx(0.7)


def test_what_cannot_be_changed_is_said_and_the_rest_is_done() -> None:
    zeros = six_steps().replace(weights=Drawn(scheme="zeros", hidden=3))
    shown = shown_of(zeros, WhatIf(radius=0.7, steps=10))
    assert shown.experiment.sizes[0] == 10
    assert "eigenvalue other than 0" in shown.problems[0]
    series = sine(2)
    too_long = shown_of(series, WhatIf(steps=5000))
    assert too_long.experiment == series
    assert too_long.problems[0].startswith("sequence: expected at most")
    app = page(experiment=zeros, gf_radius="0.70")
    assert "eigenvalue other than 0" in app.warning[0].value
