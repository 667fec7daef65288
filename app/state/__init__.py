"""The experiment in the session and in the address bar.

The only package that touches `st.session_state` and `st.query_params`. The address holds the
experiment in `e`, written here; `at`, `sel` and `level` are written by the browser and only read,
but that a first visit begins at the start; the other names are those of controls.
"""

from app.state.address import RESTORED, is_missing, lost, mark, restore, start, take_unkept
from app.state.controls import control, set_controls
from app.state.history import (
    bring_back,
    can_redo,
    can_undo,
    change,
    experiment,
    redo,
    swap,
    swapped,
    undo,
)
from app.state.kept import (
    KEPT_SOURCES,
    handled_all,
    has_kept,
    is_first,
    kept_in_session,
    remember,
    remembered,
)
from app.state.own_files import Kept
from app.state.own_files import marker as file_marker
from app.state.said import files, inform, note, notes, notice, problem, report, say, spoken
from app.state.views import View, charts, sent, view
from app.state.visit import (
    introduce_again,
    introduced,
    is_first_visit,
    is_introducing,
    is_linked,
    led_elsewhere,
    went_on,
)

__all__ = [
    "KEPT_SOURCES",
    "RESTORED",
    "Kept",
    "View",
    "bring_back",
    "can_redo",
    "can_undo",
    "change",
    "charts",
    "control",
    "experiment",
    "file_marker",
    "files",
    "handled_all",
    "has_kept",
    "inform",
    "introduce_again",
    "introduced",
    "is_first",
    "is_first_visit",
    "is_introducing",
    "is_linked",
    "is_missing",
    "kept_in_session",
    "led_elsewhere",
    "lost",
    "mark",
    "note",
    "notes",
    "notice",
    "problem",
    "redo",
    "remember",
    "remembered",
    "report",
    "restore",
    "say",
    "sent",
    "set_controls",
    "spoken",
    "start",
    "swap",
    "swapped",
    "take_unkept",
    "undo",
    "view",
    "went_on",
]
