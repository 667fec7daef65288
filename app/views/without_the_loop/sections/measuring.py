"""Times that are asked for: measured in a process beside the page, which ends when it is left."""

from collections.abc import Callable, Hashable

from app.views.shared import aside
from app.views.without_the_loop.compute import times
from app.views.without_the_loop.compute.times import Times


def times_asked_for(
    name: str,
    key: Hashable,
    measure: Callable[..., Times],
    *arguments: Hashable,
    asked: bool,
) -> Times | None:
    """Return the times kept under a key, after `measure(*arguments, seconds)` if that is asked for.

    Until they are there, that is said here, and the times before them are returned.
    """
    order = (*arguments, times.ASKED_S)
    if asked:
        aside.end(name)
    if asked or aside.begun(name, *order):
        found = aside.computed(name, measure, *order, what="measuring")
        if found is not None:
            aside.end(name)
            return times.keep_times(key, found)
    return times.kept_times(key)
