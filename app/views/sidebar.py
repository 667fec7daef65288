"""The sidebar: the experiment's controls, what their commands do, and how numbers are written."""

import base64
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import streamlit as st

from app import state
from app.components.editor import commands, component
from app.components.editor.commands import Command
from app.components.editor.opening import printable
from app.components.editor.payload import payload
from app.components.editor.rereading import ReadCommands
from app.components.shared import meanings
from app.experiment import link, presets, weights_file
from app.experiment.reading.notice import MOST_CHOICES, Understood, choices_of
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.figures import notation, words
from app.server.handed import Files
from app.views.shared import bound, notations, outgoing, scene, told, written_lesson
from rnn_core.numerals import DIGITS

MAX_COMMANDS = 50  # at once: what a hasty typist leaves waiting while one rerun takes place
NOTHING_SAID = Understood()

AddScene = Callable[[str], str]
"""Makes a scene of what an address shows, and says so."""


Hear = Callable[[str, str], None]
"""Does what a key of a lesson or of a show asks for, `SHOWN`, with its text."""

SHOWN = ("turn", "present", "answer")


def _unheard(wish: str, text: str) -> None:
    """Do nothing: no lesson and no show is here."""


def render(
    add_scene: AddScene,
    *,
    page: str = "",
    tells: bool = False,
    show: scene.Show | None = None,
    hear: Hear = _unheard,
) -> None:
    """Draw the controls of the current experiment, and below them that of the digits.

    `page` is its address, and `tells` says whether its symbols are those of the experiment's run,
    whose numbers they then tell. What the keys of a `show` ask for is told to `hear`.
    """
    editor = st.container()
    words.use_digits(_digits())  # before anything is written
    notation.use(notations.asked(state.experiment().kind, page))
    outgoing.follow()
    notations.render(state.experiment())
    with editor:
        _render_editor(partial(_on_commands, add_scene, hear), page, show, tells=tells)


def _digits() -> int:
    return bound.choice(
        "Significant digits",
        "digits",
        {count: str(count) for count in words.CHOICES},
        DIGITS,
        look="buttons",
        help="Of every number that is computed. What was given stays as it was given, and what is "
        "copied or saved has all its digits.",
    )


def _render_editor(
    on_commands: Callable[[], None], page: str, show: scene.Show | None, *, tells: bool
) -> None:
    experiment = state.experiment()
    notes = state.notes()
    data = payload(experiment, notes.get("windows", {}))
    data |= {
        "done": state.handled_all(),
        "can_undo": state.can_undo(),
        "can_redo": state.can_redo(),
        "mark": state.mark(),
        "missing": state.is_missing(),
        "kept": notes.pop("kept", None) or state.take_unkept(),  # once: it is long
        "files": state.files().sent(),
        "asks_for_files": state.files().asks,
        "lesson": written_lesson.sent(),
        "scene": scene.said(),
        "spoken": state.spoken(),
        "show": None if show is None else asdict(show),
        "digits": words.digits(),
        "notation": notation.sent(),
        "symbols": meanings.words_of(experiment.kind, experiment.loss, page),
        "numbers": _numbers(experiment) if tells else None,
        "fault": notes.get("fault"),
        "file": notes.get("file"),
        "added": notes.get("added"),
        "said": _said(experiment),
    }
    component.editor(data, on_commands)


def _numbers(experiment: Experiment) -> dict[str, Any] | None:
    """Return what a reader who points at a symbol is told of the run."""
    steps, _, inputs, hidden, outputs = experiment.sizes
    if steps * (inputs + hidden * len(experiment.kind.line) + outputs) > meanings.MOST_NUMBERS:
        return None
    try:
        trace, grads = trace_of(experiment), gradients_if_any(experiment)
    except ValueError:  # the page says it
        return None
    return meanings.numbers_of(trace, grads, experiment.sample)


def _said(experiment: Experiment) -> dict[str, Any] | None:
    """Return what was understood of what made this experiment, for the control that asked."""
    reading = _readings().shown_with(experiment)
    fault = state.notes().get("fault")
    if reading is None or (fault and reading.understood.sentences):
        return None  # a refusal is not about what was read before it
    return {
        "do": reading.command.do,
        "field": reading.command.field if reading.command.do == "paste" else "",
        "text": reading.understood.line,
        "choices": [choice.label for choice in reading.understood.choices[:MOST_CHOICES]],
    }


def _readings() -> ReadCommands:
    return state.kept_in_session("readings", ReadCommands)


def _on_commands(add_scene: AddScene, hear: Hear = _unheard) -> None:
    """Do each new command; the first one that fails is told, and the others still count."""
    sent = state.sent(component.KEY, component.SENT)
    if not isinstance(sent, dict) or not isinstance(sent.get("list"), list):
        return
    source = str(sent.get("source", ""))[:40]
    notes: dict[str, Any] = {"windows": dict(state.notes().get("windows", {}))}
    for wish in sent["list"][:MAX_COMMANDS]:
        try:
            command = commands.read(wish)
        except ValueError as error:
            state.report(str(error))
            continue
        if not state.is_first(source, command.n):
            continue
        if command.do in SHOWN:
            hear(command.do, command.text)
        else:
            _do(command, source, notes, add_scene)
    state.note(notes)


def _do(command: Command, source: str, notes: dict[str, Any], add_scene: AddScene) -> None:
    if command.do == "undo":
        state.undo()
    elif command.do == "redo":
        state.redo()
    elif command.do == "rows":
        notes["windows"][command.field] = command.row
    elif command.do == "restore":
        state.restore(command.text)
    elif command.do == "lost":
        state.lost()
    elif command.do == "keep":
        token = link.encode(state.experiment())
        notes["kept"] = {"mark": state.mark(), "text": token if link.can_be_kept(token) else ""}
    elif command.do == "own_files":
        state.files().hear(command.field, command.name, command.text)
    elif command.do == "lesson":
        written_lesson.hear(command.field, command.text)
    elif command.do == "scene":
        try:
            said = add_scene(command.text)
            notes["added"] = {"source": source, "n": command.n, "text": said}
            if command.field:  # asked for on the page: the sidebar may be folded
                told.mention(said)
        except ValueError as error:
            _refuse(command, error, notes)
            if command.field:
                told.mention(f"{error}.")
    elif command.do in ("save", "save_weights"):
        try:
            made = _saved(command)
        except ValueError as error:
            _refuse(command, error, notes)
        else:  # for the page that asked: another one must not save it
            notes["file"] = {"source": source, "n": command.n, **made}
    else:
        _change(command, notes)


def _saved(command: Command) -> dict[str, str]:
    """Return the experiment, or its weights, as a file: name, media type and content."""
    experiment = state.experiment()
    name = presets.called(experiment) or "experiment"
    if command.do == "save":
        text = link.to_file(experiment)
        return {"name": f"{name}.json", "type": "application/json", "text": text}
    if command.field not in weights_file.WRITERS:
        known = ", ".join(weights_file.WRITERS)
        raise ValueError(f"weights file: expected one of {known}, got {command.field!r}")
    content = weights_file.WRITERS[command.field](experiment.parameters())
    return {
        "name": f"{name} weights.{command.field}",
        "type": "application/octet-stream",
        "base64": base64.b64encode(content).decode(),
    }


def _change(command: Command, notes: dict[str, Any], said: Understood = NOTHING_SAID) -> Understood:
    """Change the experiment, or say at the control why not; the last good one stays.

    Return what was understood; what was `said` before stands there with it.
    """
    before = state.experiment()
    if command.do == "reread":
        reading = _readings().shown_with(before)
        again = None if reading is None else reading.again(command.text)
        start = None if reading is None else reading.before()
        if again is None or start is None:
            return NOTHING_SAID  # the button of a line that is gone
        command, before = again.model_copy(update={"n": command.n}), start
        state.report(None)  # what was refused at first may stand above the page
    try:
        wanted, understood = commands.done(before, command)
        trace_of(wanted)  # what the core refuses is told at the control, too
        state.change(wanted, again=command.again)
    except ValueError as error:
        _refuse(command, error, notes)
        understood = Understood(choices=choices_of(error))
    if understood:
        all_said = Understood(said.sentences) + understood
        _readings().keep(command, before, state.experiment(), all_said)
    return understood


def open_files(files: Files) -> None:
    """Open what the operator has named, as if it was opened here; what weights ask for comes last.

    What was understood is said above the page, too: the weights are far down.
    """
    notes: dict[str, Any] = {}
    said, lines = NOTHING_SAID, []
    for do, holds, file in (("drop", "content", files.data), ("weights", "text", files.weights)):
        if file is None:
            continue
        packed = base64.b64encode(file.content).decode()
        try:
            command = commands.read({"n": 1, "do": do, "name": file.name, holds: packed})
        except ValueError as error:
            state.report(str(error))
            continue
        understood = _change(command, notes, said)
        if understood.sentences:
            source = "" if do == "weights" else f"From {printable(file.name)}. "  # weights say it
            lines.append(source + understood.line)
        said += understood
    state.note(notes)
    if "fault" in notes:
        state.report(notes["fault"]["sentence"])
    elif lines:
        state.inform(" ".join(lines))


def _refuse(command: Command, error: ValueError, notes: dict[str, Any]) -> None:
    left_out = {"text", "name", "content", "options"}
    notes["fault"] = {"sentence": str(error), **command.model_dump(exclude=left_out)}
    notes["fault"]["text"] = command.text[:60]
