"""The page as Streamlit runs it, without a browser."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from app.components.portable.page import portable_page
from app.experiment import link
from app.experiment.presets import PRESETS, default
from app.state import View
from app.views.explore.sections import downloads
from app.views.shared import aside
from rnn_core import forward
from tests.conftest import ROOT
from tests.experiments import six_steps

MAIN = str(ROOT / "app" / "main.py")
PATIENCE_S = 60


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(MAIN, default_timeout=PATIENCE_S)


def shown(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_opens_with_no_input_and_no_error(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert not app.error
    trace = forward(
        default().parameters(), default().x(), default().target(), activation=default().activation
    )
    assert f"**L**\N{NO-BREAK SPACE}*`{trace.loss:.4g}`*" in shown(app)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_opens_from_its_link(app: AppTest, name: str) -> None:
    experiment = PRESETS[name].experiment
    app.query_params["e"] = link.encode(experiment)
    app.run()
    assert not app.exception
    assert not app.error
    assert f"steps\N{NO-BREAK SPACE}**T**\N{NO-BREAK SPACE}`{experiment.sizes[0]}`" in shown(app)
    assert f"**H**\N{NO-BREAK SPACE}`{experiment.hidden}`" in shown(app)


@pytest.mark.parametrize("token", ["nonsense", "", "eJw", "</script><img src=x onerror=alert(1)>"])
def test_a_malformed_link_says_so_and_opens_the_default(app: AppTest, token: str) -> None:
    app.query_params["e"] = token
    app.run()
    assert not app.exception
    (problem,) = app.error
    assert problem.value.startswith("link: expected")
    assert problem.value.endswith("The default experiment is shown instead.")
    assert f"steps\N{NO-BREAK SPACE}**T**\N{NO-BREAK SPACE}`{default().sizes[0]}`" in shown(app)


@pytest.mark.parametrize(
    "parameters",
    [{"level": "galaxy"}, {"sel": "no such node"}, {"at": "f:nowhere"}, {"sel": "\x00" * 300}],
)
def test_a_view_that_does_not_exist_is_ignored(app: AppTest, parameters: dict[str, str]) -> None:
    for name, text in parameters.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    assert not app.error


def test_an_unknown_level_is_said(app: AppTest) -> None:
    app.query_params["level"] = "galaxy"
    app.run()
    (warning,) = app.warning
    assert warning.value == (
        "Level: expected one of rolled, step, operation, scalar, got 'galaxy' in the address; "
        "operation is shown."
    )


def test_the_downloads_are_drawn_once_their_menu_is_opened(app: AppTest) -> None:
    app.run()
    assert not app.get("download_button")  # an edit does not pay for them
    app.session_state["downloads"] = True
    app.run()
    assert not app.exception
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels[0] == "Page that works without a server"
    assert labels[-1] == "JSON"
    assert len(labels) == 8


def test_a_large_page_is_made_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[partial[bytes]] = []
    said: list[str] = []
    monkeypatch.setattr(downloads, "_button", lambda _, make, *others: made.append(make))
    monkeypatch.setattr(downloads.st, "caption", said.append)
    experiment, view = six_steps(), View(level="operation", at="start", selected=None)
    downloads._page(experiment, view)
    assert not said
    monkeypatch.setattr(downloads, "HERE_NODES", 0)
    downloads._page(experiment, view)
    assert said == ["The page of so large a network takes some seconds to make."]
    assert [each.func for each in made] == [portable_page, aside.elsewhere]
    here, elsewhere = (make() for make in made)
    assert elsewhere == here
    assert not aside.TURNS.sharing
