"""Links name the choices of the pages by names that stay; links that hold labels still open."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import PRESETS, default
from app.views.shared.earlier_labels import EARLIER
from tests.conftest import ROOT

FROZEN: dict[str, dict[str, str]] = json.loads(
    (ROOT / "tests" / "app" / "earlier_labels.json").read_text(encoding="utf-8")
)
"""The labels that stood in links before these held names; nothing here may change."""

PAGES = {
    "tr": ("training", "lambda title: None", {}),
    "gf": ("gradient_flow", "", {}),
    "gs": ("gradient_flow", "", {"gf": "sweep"}),
    "wl": ("without_the_loop", "", {}),
    "nu": ("numerics", "", {}),
    "pt": ("pytorch", "", {}),
}
NEEDS = {
    "gf_input": {"gf": "space"},
    "wl_at": {"wl": "linear"},
    "wl_cut": {"wl": "chunks"},
    "wl_m": {"wl": "iterate"},
    "nu_g": {"nu": "non_finite"},
    "nu_phi": {"nu": "non_finite"},
    "pt_effect": {"pt": "effects"},
}
"""The section of its page in which a control stands."""

SCRIPT = """
import streamlit as st
from app import state
from app.state import controls
from app.views.{page} import page
state.start()
page.render({argument})
for sentence in controls.close(state.experiment()):
    st.write("said: " + sentence)
"""


def opened(key: str, **parameters: str) -> AppTest:
    page, argument, needs = PAGES[key.partition("_")[0]]
    app = AppTest.from_string(SCRIPT.format(page=page, argument=argument), default_timeout=60)
    every = key == "gf_loss"
    experiment = PRESETS["sine"].experiment if every else default()
    app.query_params["e"] = link.encode(experiment)
    for name, text in {**needs, **NEEDS.get(key, {}), **parameters}.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    return app


USUAL: dict[str, AppTest] = {}
"""Pages opened with nothing of their controls in the address, for all keys that stand in them."""


def usual(key: str) -> AppTest:
    where = f"{key.partition('_')[0]} {NEEDS.get(key)} {key == 'gf_loss'}"
    if where not in USUAL:
        USUAL[where] = opened(key)
    return USUAL[where]


def value(app: AppTest, key: str) -> Any:
    return app.session_state[key]


def in_address(app: AppTest, key: str) -> str | None:
    found = app.query_params.get(key)
    return found[-1] if isinstance(found, list) else found


def said(app: AppTest) -> list[str]:
    return [one.value for one in app.markdown if one.value.startswith("said: ")]


def test_no_label_of_an_earlier_link_is_forgotten() -> None:
    assert {key: {**names, **EARLIER[key]} for key, names in FROZEN.items()} == EARLIER
    for key, names in FROZEN.items():
        assert {label: EARLIER[key][label] for label in names} == names


@pytest.mark.parametrize("key", FROZEN)
def test_a_link_with_a_label_opens_and_becomes_one_with_a_name(key: str) -> None:
    labels = FROZEN[key]
    for label in (next(iter(labels)), list(labels)[-1]):
        app = opened(key, **{key: label})
        assert str(value(app, key)) == labels[label]
        assert said(app) == []
        assert in_address(app, key) in (None, labels[label])  # the default has no place there
        assert str(value(opened(key, **{key: labels[label]}), key)) == labels[label]


@pytest.mark.parametrize("key", FROZEN)
def test_an_unknown_name_is_said_and_the_default_is_used(key: str) -> None:
    app = opened(key, **{key: "no such <b>name</b>"})
    (sentence,) = said(app)
    assert "got 'no such <b>name</b>' in the address" in sentence
    assert str(value(app, key)) == str(value(usual(key), key))
    assert key not in app.query_params


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("tr_hidden", "1e999", "Hidden units H: expected a whole number from 1 to 64, got '1e999'"),
        ("tr_hidden", "65", "Hidden units H: expected a whole number from 1 to 64, got '65'"),
        ("tr_hidden", "7.5", "Hidden units H: expected a whole number from 1 to 64, got '7.5'"),
        ("tr_hidden", "many", "Hidden units H: expected a whole number from 1 to 64, got 'many'"),
        ("tr_rate", "-1", "Learning rate: expected a number from 1e-06 to 10, got '-1'"),
        ("tr_rate", "nan", "Learning rate: expected a number from 1e-06 to 10, got 'nan'"),
    ],
)
def test_a_number_that_cannot_be_is_said(name: str, text: str, expected: str) -> None:
    app = opened("tr", **{name: text})
    (sentence,) = said(app)
    assert sentence.startswith(f"said: {expected} in the address; ")
    used = int(float(text)) if text == "7.5" else value(usual("tr"), name)
    assert sentence.endswith(f" {used:g} is used.")


@pytest.mark.parametrize(
    ("key", "name", "text", "label"),
    [
        ("nu", "nu_y", "7", "Target y"),
        ("nu", "nu_y", "1e999", "Target y"),
        ("gs", "gs_radius", "1e999", "Spectral radius"),
        ("pt", "pt_f32", "perhaps", "float32, PyTorch’s default"),
    ],
)
def test_a_slider_or_a_switch_that_cannot_be_is_said(
    key: str, name: str, text: str, label: str
) -> None:
    (sentence,) = said(opened(key, **{name: text}))
    assert sentence.startswith(f"said: {label}: expected ")


def test_what_was_said_goes_with_the_next_change() -> None:
    app = opened("tr", tr_opt="nothing")
    assert said(app)
    assert said(app.run())
    app.selectbox(key="tr_opt").set_value("sgd").run()
    assert not said(app)
    assert in_address(app, "tr_opt") == "sgd"


def test_a_choice_is_written_by_its_name() -> None:
    app = opened("gf")
    assert "gf_phi" not in app.query_params
    app.segmented_control(key="gf_phi").set_value("relu").run()
    assert in_address(app, "gf_phi") == "relu"
    app.segmented_control(key="gf_phi").set_value("own").run()
    assert "gf_phi" not in app.query_params
