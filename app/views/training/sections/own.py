"""The reader's own data: typed, which travels in the address, or a file, which his session keeps.

A file lasts as long as the session, whatever page or task is looked at, and the tab keeps it for
the session of a page that is loaded anew. The address of this page holds its name alone: who has
only that is told what is missing, instead of being shown the example.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from app import state
from app.experiment.reading.notice import MOST_CHOICES, Choice, Options, Understood, choices_of
from app.figures.notation import kept_as_typed
from app.views.shared import told
from app.views.training.tasks import own_options
from app.views.training.tasks.offers import EXAMPLES, MOST_TYPED, TaskChoice, task_of, understood_of
from app.views.training.tasks.own_file import ENDINGS, MOST_BYTES, OwnFile, shown_name
from rnn_core.training import Task

LOST = (
    "{} was open here, but this tab does not have it: a file stays with who opened it and is no "
    "part of a link. Open it again to go on."
)
STAYS = (
    "It is yours alone and no part of the address. This tab keeps it, also when you look at other "
    "pages and tasks or load the page anew, and forgets it when it is closed."
)
WOULD_BE_LOST = (
    "This tab has no room to keep it: it stays while this page is open, and loading the page anew "
    "loses it."
)


@dataclass
class Own:
    """What the session holds of the reader's own, by task."""

    files: dict[str, OwnFile] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)  # names of files before a reload
    typed: dict[str, str] = field(default_factory=dict)  # the last that was not too long
    opened: int = 0  # files so far: an uploader that has done its work is drawn anew, empty
    options: dict[str, Options] = field(default_factory=dict)  # how to read the data
    understood: tuple[TaskChoice, Understood] | None = None  # of the choice that is looked at
    task: Task | None = None  # of the choice that is looked at, so that it is read once


def own() -> Own:
    """Return what the session holds."""
    found = state.kept_in_session("own", _begin)
    for name in EXAMPLES.keys() - found.files.keys():  # as this tab says, whatever its address does
        if kept := (state.files().held or {}).get(name):
            _bring_back(found, name, kept)
        elif lost := state.files().lost.get(name):
            found.lost.setdefault(name, shown_name(lost))
    return found


def _bring_back(found: Own, name: str, kept: state.Kept) -> None:
    """Take a file that the tab has kept over a reload; one that is none is not taken.

    What it keeps of how the file is to be read may be none: it is read as at first then.
    """
    found.lost.pop(name, None)
    try:
        found.files[name] = OwnFile.of(kept.name, kept.content)
    except ValueError as error:
        state.files().let_go(name)
        state.report(str(error))
        return
    try:
        found.options[name] = own_options.read(kept.read)
    except ValueError as error:
        found.options[name] = {}
        state.report(str(error))


def keep() -> None:
    """Put texts, and names of files, into the address, which another page empties."""
    for name, example in EXAMPLES.items():
        text = own().typed.get(name)
        if text is not None:
            state.remember(f"tr_{name}", "" if text == example else text)
        file, options = own().files.get(name), own().options.get(name, {})
        state.remember(
            state.file_marker(name), file.name if file is not None else own().lost.get(name, "")
        )
        shared = own_options.written(options) if file is None else ""
        state.remember(_options(name), shared if len(shared) <= own_options.LONGEST else "")


def choice_of(name: str) -> TaskChoice | None:
    """Return the choice of a task with the data that the session holds; None where a file is lost.

    Raises
    ------
    ValueError
        The file is no text; one sentence.
    """
    if name in own().lost:
        return None
    file, how = own().files.get(name), own().options.get(name, {})
    options = own_options.written(how)
    if file is None:
        return TaskChoice(name, _typed(name), options=options)
    return TaskChoice(name, file.text(how)[0], private=True, options=options)


def render(name: str) -> TaskChoice | None:
    """Draw where the reader's own data go, and what was understood of them.

    Returns the choice; None, with the reason on the page, while there are no data that can be read.
    """
    if name in own().lost:
        _ask_again(name)
        return None
    file = own().files.get(name)
    if file is None:
        _field(name)
    else:
        _held(name, file)
    try:
        choice = choice_of(name)
        if choice is None:
            return None
        own().task = task_of(choice)
        understood = _understood(choice, file)
    except ValueError as error:
        told.refuse(error)
        _choices(name, choices_of(error))
        return None
    if understood.line:
        st.caption(kept_as_typed(told.plain(understood.line)))
    _choices(name, understood.choices)
    return choice


def _understood(choice: TaskChoice, file: OwnFile | None) -> Understood:
    """Return what was concluded, read once for a choice."""
    known = own().understood
    if known is None or known[0] != choice:
        how = own().options.get(choice.name, {})
        said = Understood() if file is None else file.text(how)[1]
        known = own().understood = (choice, said + understood_of(choice))
    return known[1]


def _choices(name: str, choices: Sequence[Choice]) -> None:
    """Draw the other ways to read the data, and the way back."""
    changed = bool(own().options.get(name))
    if not (choices or changed):
        return
    with st.container(horizontal=True):
        for number, one in enumerate(choices[:MOST_CHOICES]):
            st.button(
                kept_as_typed(told.plain(one.label)),
                key=f"tr_{name}_as_{number}",
                on_click=partial(_read_as, name, one),
            )
        if changed:
            st.button(
                "As it was read at first", key=f"tr_{name}_as", on_click=partial(_read_as, name)
            )


def _read_as(name: str, chosen: Choice | None = None) -> None:
    options = {} if chosen is None else own().options.get(name, {}) | {chosen.option: chosen.value}
    own().options[name] = options
    state.files().read_as(name, own_options.written(options))


def _field(name: str) -> None:
    left, right = st.columns([3, 1])
    text = left.text_area(
        "Your data: typed or pasted here, or a file",
        _typed(name),
        height=150,
        key=f"tr_{name}",
        on_change=partial(_take_typed, name),
        persist_state="session",
    )
    left.caption(
        f"Up to {MOST_TYPED:,} characters are part of the address; a longer text is kept as a file."
    )
    with right:
        _uploader(name)
    own().typed[name] = text or ""


def _typed(name: str) -> str:
    """Return the text of the session, of the address, or the example."""
    typed = own().typed.get(name)
    return state.remembered(f"tr_{name}") or EXAMPLES[name] if typed is None else typed


def _held(name: str, file: OwnFile) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{kept_as_typed(told.plain(file.name))}**, {len(file.content):,} bytes")
            if name in state.files().unkept:
                told.warn(WOULD_BE_LOST)
            else:
                st.caption(STAYS)
        st.button("Remove", key=f"tr_{name}_remove", on_click=partial(_remove, name))


def _ask_again(name: str) -> None:
    if state.files().asks:  # an answer is on its way
        st.caption(f"{kept_as_typed(told.plain(own().lost[name]))} is looked for in this tab.")
    else:
        state.files().said()
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
    kept = own().files[name]
    state.files().hold(name, state.Kept(kept.name, kept.content))
    own().options.pop(name, None)
    own().opened += 1
    state.report(None)


def _remove(name: str) -> None:
    state.files().let_go(name)
    for held in (own().files, own().lost, own().options):
        held.pop(name, None)


def _options(name: str) -> str:
    return f"tr_{name}_read"


def _begin() -> Own:
    found = Own()
    for name in EXAMPLES:
        if lost := state.remembered(state.file_marker(name)):
            found.lost[name] = shown_name(lost)
            continue
        try:
            found.options[name] = own_options.read(state.remembered(_options(name)))
        except ValueError as error:
            state.report(str(error))
    return found
