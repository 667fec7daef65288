"""The reader's own data: typed, which travels in the address, or a file, which his session keeps.

A file lasts as long as the session, whatever page or task is looked at. The address holds its name
alone, so that a page that is loaded anew says what it has lost, instead of taking the example.
"""

from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from app import state
from app.training.own_file import ENDINGS, MOST_BYTES, OwnFile, named
from app.training.tasks import EXAMPLES, MOST_TYPED, TaskChoice
from app.views import told
from rnn_core.training import Task

LOST = (
    "{} was open here, but a page that is loaded anew does not have it: a file stays with who "
    "opened it and is no part of a link. Open it again to go on."
)


@dataclass
class Own:
    """What the session holds of the reader's own, by task."""

    files: dict[str, OwnFile] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)  # names of files before a reload
    typed: dict[str, str] = field(default_factory=dict)  # the last that was not too long
    opened: int = 0  # files so far: an uploader that has done its work is drawn anew, empty
    task: Task | None = None  # of the choice that is looked at, so that it is read once


def own() -> Own:
    """Return what the session holds."""
    return state.kept("own", _begin)


def keep() -> None:
    """Put texts, and names of files, into the address, which another page empties."""
    for name, example in EXAMPLES.items():
        text = own().typed.get(name)
        if text is not None:
            state.remember(f"tr_{name}", "" if text == example else text)
        file = own().files.get(name)
        state.remember(_marker(name), file.name if file is not None else own().lost.get(name, ""))


def given(name: str) -> TaskChoice | None:
    """Return the choice of a task with the data that the session holds, without drawing anything.

    None where the file is lost, or is no text.
    """
    if name in own().lost:
        return None
    file = own().files.get(name)
    if file is None:
        return TaskChoice(name, _typed(name))
    try:
        return TaskChoice(name, file.text(), private=True)
    except ValueError:
        return None


def render(name: str) -> TaskChoice | None:
    """Draw where the reader's own data go, and return the choice; None while a file is missing.

    Raises
    ------
    ValueError
        The file is no text; one sentence.
    """
    if name in own().lost:
        _ask_again(name)
        return None
    file = own().files.get(name)
    if file is not None:
        _held(name, file)
        return TaskChoice(name, file.text(), private=True)
    left, right = st.columns([3, 1])
    text = left.text_area(
        "Your data: typed or pasted here, or a file",
        _typed(name),
        height=150,
        key=f"tr_{name}",
        on_change=partial(_take_typed, name),
        persist_state="session",
        help=f"Up to {MOST_TYPED:,} characters are part of the address; a longer text is kept as a "
        "file is.",
    )
    with right:
        _uploader(name)
    own().typed[name] = text or ""
    return TaskChoice(name, text or "")


def _typed(name: str) -> str:
    """Return the text of the session, of the address, or the example."""
    return own().typed.get(name) or state.remembered(f"tr_{name}")[:MOST_TYPED] or EXAMPLES[name]


def _held(name: str, file: OwnFile) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{told.plain(file.name)}**, {len(file.content):,} bytes")
            st.caption(
                "It is yours alone and no part of the address. It stays while this page is open, "
                "also when you look at other pages and tasks; a reload loses it."
            )
        st.button("Remove", key=f"tr_{name}_remove", on_click=partial(_remove, name))


def _ask_again(name: str) -> None:
    told.warn(LOST.format(own().lost[name]))
    _uploader(name)
    st.button("Go on without it", key=f"tr_{name}_without", on_click=partial(_remove, name))


def _uploader(name: str) -> None:
    key = f"tr_{name}_upload_{own().opened}"
    st.file_uploader(
        f"File (up to {MOST_BYTES:,} bytes)",
        list(ENDINGS),
        key=key,
        on_change=partial(_take_file, name, key),
        max_upload_size=1,
    )


def _take_file(name: str, key: str) -> None:
    upload = state.control(key)
    if upload is not None:
        _take(name, partial(OwnFile.of, upload.name, upload.getvalue()))


def _take_typed(name: str) -> None:
    text = state.control(f"tr_{name}") or ""
    if len(text) > MOST_TYPED:
        state.set_controls({f"tr_{name}": own().typed.get(name, EXAMPLES[name])})
        _take(name, partial(OwnFile.pasted, text))


def _take(name: str, file: partial[OwnFile]) -> None:
    try:
        own().files[name] = file()
    except ValueError as error:
        state.report(str(error))
        return
    own().lost.pop(name, None)
    own().opened += 1
    state.report(None)


def _remove(name: str) -> None:
    own().files.pop(name, None)
    own().lost.pop(name, None)


def _marker(name: str) -> str:
    return f"tr_{name}_file"


def _begin() -> Own:
    names = {name: state.remembered(_marker(name)) for name in EXAMPLES}
    return Own(lost={name: named(found) for name, found in names.items() if found})
