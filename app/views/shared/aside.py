"""Seconds of work that a page waits for: in a process beside it, which ends when it is left.

A script of Streamlit's goes on when its page is closed; this does not.
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeVar

import streamlit as st

from app import state
from app.views.shared import told
from app.views.shared.fragment import fragment
from app.views.shared.queue import standing
from app.work.jobs import Desk, Job, Stop
from app.work.process import Died, carried_out, never
from app.work.turns import Turns

POLL_S = 0.5
TURNS = Turns(2)
"""Where what all visitors wait for is computed; runs and sweeps have places of their own."""

Result = TypeVar("Result")


def computed(
    name: str, function: Callable[..., Result], *arguments: Hashable, what: str
) -> Result | None:
    """Return function(*arguments), or None while it is computed, which is said here.

    There is one such work by each `name` in a session; other arguments put an end to it. Arguments
    and result must be picklable, and the function importable.
    """
    desk, key = _desk(name), arguments
    job = desk.find(key)
    if job is None or job.progress().state in ("left", "cancelled"):
        job = Job(lambda stop: _work(desk, function, arguments, what, stop), 1, key=key)
        desk.begin(job)
    progress = job.progress()
    if progress.state == "failed":
        told.refuse(progress.problem)
    elif progress.over:
        found: Result = job.items()[0]
        return found
    else:
        fragment(_waiting, run_every=POLL_S)(desk, job, what)
    return None


def elsewhere(function: Callable[[], Result]) -> Result:
    """Return function(), computed in such a process, while this thread alone waits.

    The function and what it returns must be picklable.

    Raises
    ------
    RuntimeError
        The function raised a ValueError, with its sentence, or its process died.
    """
    with TURNS.member(), TURNS.turn(never) as process:
        if process is None:
            raise RuntimeError(
                f"{function}: expected a place, got none"
            )  # only who stops gets none
        return process.ask(carried_out, (function, ()))


def begun(name: str, *arguments: Hashable) -> bool:
    """Whether that work was begun, so that its result is wanted."""
    return _desk(name).find(arguments) is not None


def end(name: str) -> None:
    """Put an end to the work by that name, and forget its result."""
    _desk(name).clear()


def _desk(name: str) -> Desk[Any]:
    return state.kept_in_session(f"aside-{name}", _new_desk)


def _new_desk() -> Desk[Any]:
    return Desk()


def _work(
    who: object,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    what: str,
    stop: Stop,
) -> Iterator[Any]:
    with TURNS.member(), TURNS.turn(stop, who) as process:
        if process is None:
            return
        try:
            yield process.ask(carried_out, (function, arguments), stop=stop)
        except Died as error:
            if not stop():
                raise RuntimeError(
                    f"{what}: expected a result, but its process died, perhaps for want of memory; "
                    "ask for it again, or take a shorter sequence"
                ) from error


def _waiting(desk: Desk[Any], job: Job[Any], what: str) -> None:
    """Say how long it has been waited for; draw the page anew once it is there."""
    job.beat()
    progress = job.progress()
    if progress.over:
        st.rerun()
    said = standing(TURNS, desk) or f"{progress.elapsed:.0f} s"
    st.badge(f"{what}: {said}", icon=":material/hourglass:", color="gray")
