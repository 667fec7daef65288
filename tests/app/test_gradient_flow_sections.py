"""The sections of the page Gradient flow: what they draw and say are the core's numbers."""

import time

import numpy as np
import pytest
import torch

from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.experiment.sources import Drawn, Numbers
from app.figures import spectrum
from app.figures.types import Steps
from app.figures.words import short
from app.views.gradient_flow.compute import over_time, sections, space
from app.views.gradient_flow.compute.what_if import WhatIf, shown_of
from app.views.gradient_flow.figures import clipping as clipping_figures
from app.views.gradient_flow.figures import decades, explained, jacobian, remedies, saturation
from app.views.gradient_flow.figures import over_time as over_time_figures
from app.views.gradient_flow.figures import space as space_figures
from app.views.gradient_flow.sections import controls
from app.views.gradient_flow.sections.controls import EXAMPLES
from rnn_core import REMEDIES, forward
from tests.app.gradient_flow import (
    flow,
    numbers,
    overflowing,
    page,
    said,
    sine,
)
from tests.experiments import six_steps


def test_lines_are_the_core_s_numbers_and_bounds_lie_above() -> None:
    experiment = sine(4)
    found = flow(experiment)
    chart = over_time_figures.chart(found.flow, found.bounds, Steps(30))
    drawn = {line["name"]: numbers(line["y"]) for line in chart["views"][0]["figure"]["data"]}
    grads = gradients_of(experiment)
    measured = drawn["‖∂L/∂h<sub>t</sub>‖"]
    np.testing.assert_allclose(10**measured, np.linalg.norm(grads.h[1:, 0], axis=1), rtol=1e-12)
    np.testing.assert_allclose(
        10 ** drawn["‖∂L/∂z<sub>t</sub>‖"], np.linalg.norm(grads.z[:, 0], axis=1), rtol=1e-12
    )
    assert (drawn["bound ∏‖J‖"] >= measured - 1e-9).all()
    assert (drawn["bound σᵀ⁻ᵗ"] >= drawn["bound ∏‖J‖"] - 1e-9).all()


def test_the_picture_says_which_way_it_is_read_and_which_lines_hide_others() -> None:
    linear = controls.EXAMPLES["0.5¹⁰"][1]
    found = over_time.over_time_of(linear, last_only=False, with_norms=True)
    (shown,) = over_time_figures.chart(found.flow, found.bounds, Steps(found.steps))["views"]
    assert shown["figure"]["layout"]["xaxis"]["title"]["text"] == "step t (← the gradient flows)"
    names = "‖∂L/∂h_t‖, ‖∂L/∂z_t‖, bound ∏‖J‖, bound σᵀ⁻ᵗ and estimate ρᵀ⁻ᵗ"
    assert shown["text"].endswith(f" {names} lie on one another.")
    apart = flow(sine(4))
    (shown,) = over_time_figures.chart(apart.flow, apart.bounds, Steps(30))["views"]
    assert "lie on one another" not in shown["text"]


def test_a_loss_at_every_step_can_be_followed_alone() -> None:
    experiment = sine(4)
    text = said(page(experiment=experiment, gf_loss="The last step's term"))
    alone = flow(experiment, last_only=True)
    assert not alone.summed
    assert f"**{short(alone.flow.h.ratio(1, 30), 6)}" in text
    assert "A loss enters at every step" in said(page(experiment=experiment))


def test_truncated_experiments_show_their_own_gradient() -> None:
    cut = six_steps().replace(truncate=2)
    found = flow(cut)
    assert found.truncated == 2
    assert np.isneginf(found.flow.h.log10[:4]).all()
    assert "The experiment cuts gradients after 2 steps back" in said(page(experiment=cut))


def test_a_gradient_of_length_one_stands_in_where_the_loss_overflows() -> None:
    found = flow(overflowing("identity"))
    assert found.stands_in
    assert found.flow.h.log10[0] == pytest.approx(600)
    assert "the gradient that enters is not finite" in said(
        page(experiment=overflowing("identity"))
    )


def test_costly_norms_wait_until_asked_for() -> None:
    large = sine(64, 900)
    assert over_time.norm_seconds(large) < over_time.FREE_SECONDS
    larger = shown_of(large.replace(sequence=Numbers(
        values=tuple(((0.1,),) for _ in range(3000)), target=(((0.0,),),)), readout="last",
    ), WhatIf()).experiment  # fmt: skip
    assert over_time.norm_seconds(larger) > over_time.FREE_SECONDS
    app = page(experiment=larger)
    assert any("Take the norm of each of 3000 Jacobians" in each.label for each in app.toggle)
    assert "upper bound" in said(app)


def test_jacobian_heat_map_and_singular_values() -> None:
    experiment = six_steps()
    (found,) = sections.jacobians_of(experiment, (2,))
    chart = jacobian.heat_map(found, 6)
    drawn = numbers(chart["views"][0]["figure"]["data"][0]["z"])
    params, trace = experiment.parameters(), trace_of(experiment)
    step = 1e-6
    for unit in range(2):
        moved = np.array(trace.h[2, 0])
        moved[unit] += step
        again = forward(params, np.array(trace.x[2:, 0]), h0=moved)
        change = (again.h[-1, 0] - trace.h[-1, 0]) / step
        np.testing.assert_allclose(drawn[:, unit], change, atol=1e-5)
    text = said(page("Jacobian", gf_k="2"))
    assert "carries the gradient" in text
    largest = np.linalg.norm(drawn, 2)
    assert f"at most {decades.power(np.log10(largest))} times" in chart["views"][0]["text"]


def test_a_jacobian_beyond_float64_has_a_common_factor() -> None:
    _, experiment, _ = EXAMPLES["Beyond float64"]
    (found,) = sections.jacobians_of(experiment, (0,))
    chart = jacobian.heat_map(found, 2000)
    assert "All numbers times 10 to the −603." in chart["views"][0]["notes"]
    drawn = numbers(chart["views"][0]["figure"]["data"][0]["z"])
    assert 1 <= np.abs(drawn).max() < 10


def test_states_listed_are_few_and_hold_both_ends() -> None:
    for steps, hidden in ((1, 1), (6, 2), (5000, 2), (5000, 64)):
        ks = sections.states_listed(steps, hidden)
        assert (ks[0], ks[-1]) == (0, steps)
        assert len(ks) <= 120


def test_clipping_says_what_pytorch_does() -> None:
    found = sections.clippings_of(six_steps(), 0.25, 0.5)
    joined = torch.cat([torch.tensor(np.array(a)).ravel() for _, a in found.before.items()])
    for clipped, way, limit in (
        (found.by_norm, torch.nn.utils.clip_grad_norm_, found.max_norm),
        (found.by_value, torch.nn.utils.clip_grad_value_, found.limit),
    ):
        leaf = torch.zeros_like(joined, requires_grad=True)
        leaf.grad = joined.clone()
        way([leaf], limit)
        assert clipped.norm_after == pytest.approx(leaf.grad.norm().item(), rel=1e-5)
        cosine = torch.nn.functional.cosine_similarity(leaf.grad, joined, dim=0).item()
        assert clipped.cosine == pytest.approx(cosine, rel=1e-9)
    text = said(page("Clipping", gf_norm="0.25"))
    assert f"(cosine **{short(found.by_value.cosine, 6)}**)" in text
    assert "**0.25 times** as long" in text


def test_clipping_charts_hold_every_number() -> None:
    found = sections.clippings_of(six_steps(), 0.5, 0.5)
    chart = clipping_figures.numbers(found.before, found.by_norm, found.by_value)
    _, by_norm, by_value = chart["views"][0]["figure"]["data"]
    x = numbers(by_norm["x"])
    assert len(x) == found.before.count
    np.testing.assert_allclose(numbers(by_norm["y"]), x / 2, rtol=1e-14)
    np.testing.assert_array_equal(numbers(by_value["y"]), np.clip(x, -found.limit, found.limit))
    bars = clipping_figures.by_parameter(found.before, found.by_norm, found.by_value)
    before = numbers(bars["views"][0]["figure"]["data"][0]["y"])
    assert np.sqrt((before[:5] ** 2).sum()) == pytest.approx(before[5])


def test_remedies_side_by_side() -> None:
    experiment = PRESETS["vanishing"].experiment
    text = said(page("Remedies", experiment, gf_n="4"))
    for name, remedy in REMEDIES.items():
        found = sections.treated_of(experiment, name, 0.25, 4, last_only=False)
        assert remedy.title in text
        assert f"`{decades.power(found.h.log10_ratio(1, 20))}`" in text
    cut = sections.cut_of(experiment, 4)
    assert f"has cosine **{short(cut.cosine['W_hh'], 4)}** to the full one" in text
    assert np.isneginf(
        sections.treated_of(experiment, "truncation", 1, 4, last_only=False).h.log10[:16]
    ).all()


def test_a_long_truncation_is_computed_beside_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    long, here = sine(64, 600), list[int]()
    assert sections.truncation_seconds(long, 500) > over_time.FREE_SECONDS
    cut_of = sections.cut_of
    monkeypatch.setattr(sections, "cut_of", lambda *of: (here.append(1), cut_of(*of))[1])
    app = page("remedies", long, gf_n="500", gf_cut="true")
    until = time.monotonic() + 60
    while "truncating: " in said(app):
        assert time.monotonic() < until
        time.sleep(0.3)  # a page drawn on end takes time from what it waits for
        app.run()
    assert not here
    cosine = cut_of(long, 500).cosine["W_hh"]
    assert f"has cosine **{short(cosine, 4)}** to the full one" in said(app)


@pytest.mark.parametrize("name", ["orthogonal", "irnn", "relu", "truncation"])
def test_a_remedy_can_be_used(name: str) -> None:
    app = page("Remedies", gf_n="2")
    app.button(key=f"gf-use-{name}").click().run()
    said(app)
    used = app.session_state["unrolled"].experiment
    assert used == sections.remedied(six_steps(), name, 2)
    W_hh = used.parameters().W_hh
    if name == "orthogonal":
        np.testing.assert_allclose(W_hh @ W_hh.T, np.eye(2), atol=1e-14)
    if name == "irnn":
        assert (W_hh == np.eye(2)).all()
    assert used.activation == ("relu" if name in ("irnn", "relu") else "tanh")
    assert used.truncate == (2 if name == "truncation" else None)


def test_long_truncations_wait_until_asked_for() -> None:
    large = sine(64, 900)
    assert sections.truncation_seconds(large, 800) > over_time.FREE_SECONDS
    app = page("Remedies", large, gf_n="800")
    assert any(
        "Truncate the gradient of every loss to 800 steps" in each.label for each in app.toggle
    )
    assert "Truncation to n" not in said(app).split("Every line is a run")[0]


def test_eigenvalues_lie_on_the_plane_with_the_circle() -> None:
    found = sections.spectrum_of(six_steps())
    chart = spectrum.eigenvalues(found)
    figure = chart["views"][0]["figure"]
    circle, points = figure["data"][0], figure["data"][-1]
    np.testing.assert_allclose(np.hypot(numbers(circle["x"]), numbers(circle["y"])), 1)
    assert sorted(numbers(points["y"])) == pytest.approx([-0.6, 0.6])
    assert numbers(points["x"]) == pytest.approx([0.9, 0.9])
    assert figure["layout"]["yaxis"]["scaleanchor"] == "x"
    bars = spectrum.singular_values(found)["views"][0]["figure"]["data"][0]
    expected = np.linalg.svd(six_steps().parameters().W_hh, compute_uv=False)
    assert numbers(bars["y"]) == pytest.approx(expected)


def test_saturation_is_that_of_the_states() -> None:
    experiment = PRESETS["saturated"].experiment
    slope = over_time.slopes_of(experiment)
    states = np.asarray(trace_of(experiment).h[1:, 0])
    np.testing.assert_allclose(slope, 1 - states**2, atol=1e-15)
    chart = saturation.over_time(slope, "tanh", Steps(len(slope)))
    drawn = {line["name"]: numbers(line["y"]) for line in chart["views"][0]["figure"]["data"]}
    np.testing.assert_allclose(drawn["median"], np.median(slope, axis=1))
    share = short(100 * float((slope < 0.1).mean()), 3)
    assert f"below 0.1 in {share} % of all cases" in chart["views"][0]["text"]
    counts = numbers(saturation.histogram(slope, "tanh")["views"][0]["figure"]["data"][0]["y"])
    assert counts.sum() == pytest.approx(1)


@pytest.mark.parametrize(("hidden", "panels"), [(1, 1), (2, 1), (3, 3), (5, 1)])
def test_state_space_by_size(hidden: int, panels: int) -> None:
    experiment = sine(hidden)
    found = space.fixed_points_of(experiment, "mean", 1)
    h = space.states_of(experiment)
    points = space_figures.coordinates(found, hidden)
    assert points.shape == (len(found.fixed) + len(found.slow), hidden)
    text = said(page("State space", experiment, gf_input="Mean of the sequence"))
    assert space_figures.sentence(found) in text
    assert ("Variance" in explained.chart(np.array([0.5, 0.5]))["title"]) is True
    ends = space_figures.ranges(h[:, [0, -1]], points[:, [0, -1]])
    assert ends[0][1] - ends[0][0] == pytest.approx(ends[1][1] - ends[1][0])
    panel = space_figures.Panel(("a", "b"), h[:, [0, -1]], points[:, [0, -1]], ends)
    chart = space_figures.chart([panel] * panels, found, h, "")
    paths = [line for line in chart["views"][0]["figure"]["data"] if line["meta"].get("path")]
    assert len(paths) == panels


def test_components_of_states_that_overflow_are_those_of_the_finite_ones() -> None:
    wide = overflowing("identity").replace(
        weights=Drawn(scheme="orthogonal", seed=1, hidden=5, spectral_radius=1000.0)
    )
    finite = space.finite_states(wide)
    assert 100 < len(finite) < 110  # 1000^103 is beyond 1.8e308
    app = page("State space", wide)
    said(app)
    assert not app.error


def test_arrows_point_along_the_field() -> None:
    experiment = six_steps()
    x = space.input_of(experiment, "step", 1)
    assert x.tolist() == [1.0]
    made = space.slice_of(experiment, x, (0, 1), ([-1, 1], [-1, 1]), 5)
    params = experiment.parameters()
    for place, move in zip(made.places, made.moves, strict=True):
        step = forward(params, [x], h0=place).h[1, 0] - place
        np.testing.assert_allclose(move, step, atol=1e-14)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-602.111, "7.745e−603"),
        (0.0, "1"),
        (np.log10(0.2188), "0.2188"),
        (-np.inf, "0"),
        (np.nan, "NaN"),
        (np.log10(9.99996), "10"),
        (np.log10(12_346.7), "12350"),
        (5.0, "1e5"),
        (428.6373, "4.338e428"),
    ],
)
def test_powers_as_text(value: float, text: str) -> None:
    assert decades.power(value) == text


def test_remedies_chart_has_a_line_for_each() -> None:
    found = [sections.treated_of(six_steps(), name, 0.5, 2, last_only=False) for name in REMEDIES]
    chart = remedies.chart(found, Steps(6))
    names = [line["name"] for line in chart["views"][0]["figure"]["data"]]
    assert set(remedies.NAMES.values()) <= set(names)
