"""The experiment that is shown, and those before it."""

from app.experiment import presets
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.state.past import Past
from app.state.said import report
from app.state.session import reader, settled, show


def experiment() -> Experiment:
    """Return the experiment that is shown."""
    return reader().experiment


def change(new: Experiment, *, again: bool = False) -> bool:
    """Show another experiment, which Undo can take back; return whether it could be computed.

    One that the core refuses is reported instead, and the last good one stays. What there is to
    say of the experiment ends with it, but not where the change is only done `again` for a page
    that was loaded anew: nobody has read it yet.
    """
    session = reader()
    try:
        trace_of(new)
    except ValueError as error:
        report(str(error))
        return False
    settled(session)
    if new != session.experiment:
        session.undo.append(session.experiment)
        session.redo.clear()
        notice = session.notice
        show(new)
        session.notice = notice if again else None
    return True


def swap(new: Experiment) -> bool:
    """Show another experiment, as `change` does, of which the reader has chosen only what to see.

    If that puts an experiment of the reader's own aside, `swapped` says so.
    """
    session = reader()
    was = session.experiment
    is_own = was != session.swapped and all(
        was != preset.experiment for preset in presets.PRESETS.values()
    )
    done = change(new)
    if done and new != was:
        session.aside = was if is_own else session.aside
        session.swapped = new
    return done


def swapped() -> bool:
    """Whether what is shown stands in place of an experiment of the reader's own."""
    session = reader()
    return session.aside is not None and session.swapped == session.experiment


def bring_back() -> None:
    """Show the reader's own experiment again; nothing happens where none was put aside."""
    session = reader()
    if session.aside is not None and change(session.aside):
        session.aside = None


def undo() -> None:
    """Go back one change; nothing happens without one."""
    _travel(reader().undo, reader().redo)


def redo() -> None:
    """Make again the change that `undo` took back last."""
    _travel(reader().redo, reader().undo)


def can_undo() -> bool:
    """Whether there is a change to take back."""
    return bool(reader().undo)


def can_redo() -> bool:
    """Whether there is a change to make again."""
    return bool(reader().redo)


def _travel(source: Past, other: Past) -> None:
    if source:
        session = reader()
        other.append(session.experiment)
        settled(session)
        show(source.pop())
