"""The page as Streamlit runs it: with PyTorch and without, and with whatever the address holds."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import PRESETS
from app.experiment.resizing import with_steps
from app.experiment.run import trace_of
from app.experiment.sources import Given, Series, make
from app.experiment.value import Experiment
from app.figures.words import short
from app.listings import numpy_script
from app.pytorch import torch_reference
from app.views.pytorch import compute
from tests.conftest import ROOT
from tests.experiments import six_steps

PATIENCE_S = 60
SECTIONS = ("What cuts, frees and adds", "Scripts")


def draw() -> None:
    from app import state
    from app.views.pytorch import page

    state.start()
    if problem := state.problem():
        import streamlit as st

        st.error(problem)
    page.render()


@pytest.fixture
def opened() -> Callable[..., AppTest]:
    def open_with(experiment: Experiment | None = None, **parameters: str) -> AppTest:
        app = AppTest.from_function(draw, default_timeout=PATIENCE_S)
        app.query_params["e"] = link.encode(experiment or six_steps())
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return open_with


def text(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.info])


def components(app: AppTest) -> int:
    return len(app.get("bidi_component"))


def test_opens_with_the_graph_and_all_quantities_green(opened: Callable[..., AppTest]) -> None:
    app = opened()
    assert not app.error
    assert "0.460306043363224" in text(app)
    assert ":red-badge" not in text(app)
    assert text(app).count("check: agrees") == 1 + len(compute.quantities(six_steps().kind))
    assert "33 backward functions and 12 leaves for 6 steps" in text(app)
    assert components(app) == 1


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_and_section_opens(name: str, opened: Callable[..., AppTest]) -> None:
    experiment = PRESETS[name].experiment
    for parameters in ({}, {"pt": SECTIONS[0]}, {"pt": SECTIONS[1]}):
        app = opened(experiment, **parameters)
        assert not app.error
        assert not app.warning
        assert ":red-badge" not in text(app)


def test_longer_and_shorter_change_the_experiment(opened: Callable[..., AppTest]) -> None:
    app = opened()
    app.button(key="pt_longer").click().run()
    longer = with_steps(six_steps(), 7)
    assert f"{trace_of(longer).loss:.15g}" in text(app)
    assert "38 backward functions and 13 leaves for 7 steps" in text(app)
    app.button(key="pt_shorter").click().run()
    app.button(key="pt_shorter").click().run()
    assert "for 5 steps" in text(app)


def test_the_names_of_pytorch_are_turned_on_and_off_where_its_readers_are(
    opened: Callable[..., AppTest],
) -> None:
    app = opened()
    for label, name in (("PyTorch’s names", "pytorch"), ("Our names", "ours")):
        assert app.button(key="notation_here").label == label
        app.button(key="notation_here").click().run()
        assert app.session_state["notation"] == name
    assert not app.exception


def test_one_step_has_nothing_to_shorten_or_to_detach(opened: Callable[..., AppTest]) -> None:
    one = with_steps(six_steps(), 1)
    assert opened(one).button(key="pt_shorter").disabled
    app = opened(one, pt=SECTIONS[0])
    assert "no state to detach" in text(app)


def test_single_precision_is_stated(opened: Callable[..., AppTest]) -> None:
    app = opened(pt_f32="true")
    agreement = compute.agreement_of(six_steps(), "float32")
    assert short(agreement.worst[1].normwise, 2) in text(app)


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        ("detach", "back-propagation truncated to 2 steps"),
        ("no_grad", "leave no node where there were 27"),
        ("retain_graph", "had saved tensors and hold none now"),
        (".grad adds up", "exactly twice"),
    ],
)
def test_each_effect_states_its_numbers(
    effect: str, said: str, opened: Callable[..., AppTest]
) -> None:
    app = opened(pt=SECTIONS[0], pt_effect=effect)
    assert said in text(app)
    assert components(app) == 1
    refused = [block.value for block in app.code]
    assert len(refused) == (effect in ("no_grad", "retain_graph"))
    assert all(message.startswith("RuntimeError: ") for message in refused)


def test_the_script_of_the_experiment_is_shown(opened: Callable[..., AppTest]) -> None:
    app = opened(pt=SECTIONS[1], pt_script="NumPy")
    assert [block.value.strip() for block in app.code] == [numpy_script(six_steps()).strip()]
    assert "b_hh" in text(app)


def test_without_pytorch_one_line_says_how_and_the_scripts_stay(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_reference, "available", lambda: False)
    app = opened()
    (line,) = app.info
    assert "PyTorch is not installed: pip install torch==2.13.0" in line.value
    assert "import torch" in app.code[0].value
    assert components(app) == 0


def test_modules_of_the_page_import_without_pytorch() -> None:
    script = (
        "import sys; sys.modules['torch'] = None\n"
        "import app.views.shell, app.views.pytorch.compute, app.pytorch.autograd_graph\n"
        "import app.components.autograd_view.payload\n"
        "from app.pytorch import torch_reference\n"
        "print(torch_reference.available())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    "parameters",
    [
        {"pt": "<script>alert(1)</script>"},
        {"pt": SECTIONS[0], "pt_effect": "explode", "pt_k": "99"},
        {"pt": SECTIONS[0], "pt_k": "NaN"},
        {"pt": SECTIONS[1], "pt_script": "Fortran"},
        {"pt_f32": "perhaps"},
    ],
)
def test_a_bad_value_in_the_address_falls_back(
    parameters: dict[str, str], opened: Callable[..., AppTest]
) -> None:
    app = opened(None, **parameters)
    assert not app.error


def test_numbers_that_are_not_finite_are_told(opened: Callable[..., AppTest]) -> None:
    huge = six_steps().replace(
        activation="identity",
        loss="squared_error",
        weights=Given(
            W_xh=((1e200,), (0.0,)),
            W_hh=((1e200, 0.0), (0.0, 1e200)),
            b_h=(0.0, 0.0),
            W_hy=((1e200, 1e200),),
            b_y=(0.0,),
        ),
    )
    assert "not finite" in text(opened(huge))
    for section in SECTIONS:
        opened(huge, pt=section)


def test_a_large_run_is_compared_only_if_asked(opened: Callable[..., AppTest]) -> None:
    sine = make(Series, name="sine", length=1000, scaling="none")
    large = PRESETS["sine"].experiment.replace(sequence=sine, truncate=20)
    app = opened(large)
    assert "compared when you ask for it" in text(app)
    assert "check: agrees" not in text(app)
