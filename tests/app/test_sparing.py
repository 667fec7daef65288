"""What Streamlit is spared in each run changes nothing of what it sends or gives."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit import config
from streamlit.components.v2.bidi_component import main as bidi_main
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.testing.v1 import AppTest

from app.server.sparing import sparing

private: Any = app_session
mounting: Any = bidi_main
SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar")


@pytest.fixture
def coloured() -> Iterator[None]:
    before = config.get_option("theme.light.primaryColor")
    config.set_option("theme.light.primaryColor", "#6a3fb5")
    yield
    config.set_option("theme.light.primaryColor", before)


def themes() -> list[bytes]:
    found = []
    for section in SECTIONS:
        message = CustomThemeConfig()
        private._populate_theme_msg(message, section)
        found.append(message.SerializeToString(deterministic=True))
    return found


@pytest.mark.usefixtures("coloured")
def test_the_theme_that_is_sent_is_streamlits_own_and_is_made_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = themes()
    assert any(wanted)
    asked: list[str] = []
    look = config.get_options_for_section

    def counted(section: str) -> dict[str, Any]:
        asked.append(section)
        return look(section)

    monkeypatch.setattr(config, "get_options_for_section", counted)
    with sparing():
        assert themes() == wanted
        assert themes() == wanted
        assert sorted(asked) == sorted(SECTIONS)
        config._on_config_parsed.send()  # the settings were read again
        assert themes() == wanted
        assert len(asked) == 2 * len(SECTIONS)
    assert themes() == wanted
    assert len(asked) == 3 * len(SECTIONS)


def session(sent: Any) -> Any:
    """Return what a presenter looks at: the components' states, with what the browser sent."""

    class Widgets(dict[str, Any]):
        widget_metadata = {"events": SimpleNamespace(value_type="json_trigger_value")}  # noqa: RUF012

    return SimpleNamespace(_new_widget_state=Widgets({} if sent is None else {"events": sent}))


@pytest.mark.parametrize(
    "sent", [None, [], [{"event": "commands", "value": {"n": 1}}]], ids=["never", "no", "yes"]
)
@pytest.mark.parametrize("base", [{}, {"asked": {"at": "end"}}, None, "text"], ids=repr)
def test_a_components_state_reads_as_streamlit_gives_it(base: Any, sent: Any) -> None:
    wanted = mounting.make_bidi_component_presenter("events", "id")(base, session(sent))
    with sparing():
        present = mounting.make_bidi_component_presenter("events", "id")
        found = present(base, session(sent))
    assert found == wanted
    if isinstance(base, dict):
        for name in ("asked", "commands", "nothing"):
            assert getattr(found, name) == getattr(wanted, name)


KEYED = """
from app.components.plot_view.component import chart_view
for key in ("one", "other"):
    chart_view([], key=key)
"""


def test_a_component_is_told_from_another_by_its_key_with_and_without_a_hash_of_its_data() -> None:
    def ids() -> list[str]:
        parts = AppTest.from_string(KEYED).run().get("bidi_component")
        return [part.proto.id for part in parts]

    wanted = ids()
    with sparing():
        assert ids() == wanted
    assert len(set(wanted)) == 2


def test_streamlit_is_left_as_it_was() -> None:
    def spared() -> tuple[Any, ...]:
        present = mounting.make_bidi_component_presenter
        return private._populate_theme_msg, present, mounting.calc_hash

    before = spared()
    with sparing():
        assert not set(before) & set(spared())
    assert spared() == before
