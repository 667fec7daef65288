"""What Streamlit would do anew in every run of a page, though nothing of it can have changed.

A run of the page takes some twenty milliseconds, and where thirty visitors are at work each waits
for those of the others. Three things that Streamlit does beside are spared here:

- Every run sends the theme, which is looked up option by option among several hundred. It is made
  once, until the settings are read again.
- Every look at a component's state defines a class, through which a script could write to it. This
  app only reads there; while nothing has been sent, a dictionary does.
- Every component's data are hashed, so that one without a key is another one when they change. All
  of this app have a key, which alone counts then.

All are Streamlit's own affairs, reached here by the names they have in the version that
requirements.txt holds to.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from streamlit import config
from streamlit.components.v2.bidi_component import main as bidi_main
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

Presenter = Callable[[Any, Any], Any]


@contextmanager
def sparing() -> Iterator[None]:
    """Spare that work until the block ends."""
    private: Any = app_session
    mounting: Any = bidi_main
    populate, present = private._populate_theme_msg, mounting.make_bidi_component_presenter
    digest = mounting.calc_hash
    made = cache(lambda section: _theme(populate, section))

    def populate_once(message: CustomThemeConfig, section: str = "theme") -> None:
        theme = made(section)
        if theme.ByteSize():  # taking over an empty one would say that there is one
            message.MergeFrom(theme)

    def present_plainly(
        aggregator_id: str,
        component_id: str | None = None,
        allowed_state_keys: set[str] | None = None,
    ) -> Any:
        whole = present(aggregator_id, component_id, allowed_state_keys)
        return _presenter(aggregator_id, whole)

    disconnect = config.on_config_parsed(made.cache_clear, force_connect=True)
    private._populate_theme_msg = populate_once
    mounting.make_bidi_component_presenter = present_plainly
    mounting.calc_hash = _same
    try:
        yield
    finally:
        private._populate_theme_msg = populate
        mounting.make_bidi_component_presenter = present
        mounting.calc_hash = digest
        disconnect()


def _theme(populate: Callable[[CustomThemeConfig, str], None], section: str) -> CustomThemeConfig:
    theme = CustomThemeConfig()
    populate(theme, section)
    return theme


def _same(_content: bytes | str) -> str:
    return ""


class _State(dict[str, object]):
    """A component's state as a script reads it: by key, or as an attribute."""

    def __getattr__(self, name: str) -> object:
        return self.get(name)


def _presenter(aggregator_id: str, whole: Presenter) -> Presenter:
    """Return what shows a component's state: by `whole`, if the browser has sent something."""

    def present(base: Any, session_state: Any) -> Any:
        if not isinstance(base, dict):
            return base
        widgets = session_state._new_widget_state
        meta = widgets.widget_metadata.get(aggregator_id)
        if meta is None or meta.value_type != "json_trigger_value":
            return base
        try:
            sent = widgets[aggregator_id]
        except KeyError:
            sent = None
        return whole(base, session_state) if sent else _State(base)

    return present
