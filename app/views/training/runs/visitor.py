"""Whose runs they are: each visitor has his own, found again by a secret in his address.

A page that is loaded anew, or opened from an address that was shared, is a new visitor. He begins
with copies of the runs that the address stands for, as far as they have come, and goes on by
himself: what one does with his runs, another never sees.
"""

import secrets
import threading
import weakref
from collections import deque
from time import monotonic

from app.views.training.runs.course import COURSES, Courses
from app.views.training.runs.plan import Plan
from app.views.training.runs.run import Run

KEPT_S = 600.0
"""How long the runs of a visitor who has left are kept, for a page that is loaded anew."""


class Visitor:
    """The runs of one visitor, by plan; every method may be called from any thread."""

    def __init__(self, courses: Courses, runs: dict[Plan, Run] | None = None) -> None:
        self.token = secrets.token_urlsafe(12)
        self.missed = False  # whether the address stood for runs that are kept no longer
        self._courses = courses
        self._runs = runs or {}

    @property
    def runs(self) -> dict[Plan, Run]:
        """The runs that were begun."""
        return {plan: run for plan, run in self._runs.items() if not run.lost}

    def find(self, plan: Plan) -> Run | None:
        """Return the run of a plan, if it was begun; who finds it is looking."""
        run = self._runs.get(plan)
        if run is not None and run.lost:
            del self._runs[plan]
            self.missed = True
            return None
        if run is not None:
            run.beat()
        return run

    def open(self, plan: Plan) -> Run:
        """Return the run of a plan, begun now if it was not.

        Raises
        ------
        ValueError
            The plan cannot be begun.
        """
        run = self.find(plan)
        if run is None:
            run = self._runs[plan] = Run(plan, self._courses)
            self.missed = False
        return run

    def forget(self, plan: Plan) -> None:
        """Stop the run of a plan and let go of it."""
        run = self._runs.pop(plan, None)
        if run is not None:
            run.pause()


class Seat:
    """A visitor for as long as his session holds this."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor


class Visitors:
    """All visitors: those who are here, and for a while those who have left."""

    def __init__(self, courses: Courses = COURSES, kept: float = KEPT_S) -> None:
        self._courses, self._kept = courses, kept
        self._lock = threading.Lock()
        self._known: weakref.WeakValueDictionary[str, Visitor] = weakref.WeakValueDictionary()
        self._left: deque[tuple[float, Visitor]] = deque()

    def arrive(self, token: str = "") -> Seat:
        """Return a seat for a new visitor, with copies of the runs that a token stands for."""
        self.let_go()
        with self._lock:
            found = self._known.get(token)
            runs = {} if found is None else {p: run.copy() for p, run in found.runs.items()}
            visitor = Visitor(self._courses, runs)
            visitor.missed = bool(token) and not runs
            self._known[visitor.token] = visitor
        seat = Seat(visitor)
        weakref.finalize(seat, self._leave, visitor).atexit = False
        return seat

    def let_go(self) -> None:
        """Let go of the runs of who left long ago."""
        with self._lock:
            while self._left and self._left[0][0] < monotonic() - self._kept:
                self._left.popleft()

    def _leave(self, visitor: Visitor) -> None:
        if visitor.runs:  # a deque needs no lock, which the collector must not wait for
            self._left.append((monotonic(), visitor))


VISITORS = Visitors()
