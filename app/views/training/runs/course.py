"""What the run of a plan does, as far as it was computed: equal runs share it, unseen.

Every update follows from the plan and its number. So the runs of two visitors with one plan are the
same bit for bit, and are computed once; how far each of them has come is his own (`Run`).
"""

import threading
import weakref
from time import monotonic
from typing import Protocol

from app.views.training.runs.plan import Plan
from app.views.training.runs.stretch import Order, Point, Stretch
from rnn_core.training import Checkpoint, make_update

KEPT_CHECKPOINTS = 100
"""Twice as many are thinned out to every other one; what lies between is computed again."""

FEWEST_CHECKPOINTS = 20  # that are left where memory is short
KEPT_BYTES = 150_000_000  # of all visitors
POINT_BYTES, COURSE_BYTES = 320, 10_000  # about what the record of one update takes, and the rest
LOOKED_S = 2.0  # who has looked so lately is looking
FULL = (
    "Training: the server's memory for runs is full, and others are looking at all of them; what "
    "was made is kept, and Continue goes on from there once one of them has ended"
)


class User(Protocol):
    """A run that goes along a course."""

    looked: float

    @property
    def running(self) -> bool:
        """Whether it is being made longer."""

    def lose(self) -> None:
        """Let go of everything."""


class Course:
    """The updates of a plan in order; every method may be called from any thread.

    `making` is held by the run that makes it longer.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.task = plan.task()
        self.making = threading.Lock()
        self._users: weakref.WeakSet[User] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._points: list[Point] = []
        self._latest = plan.begin()
        self._checkpoints = {0: self._latest}
        self._spacing = 1

    @property
    def reached(self) -> int:
        """The number of updates computed, with the one that diverged, if one has."""
        return len(self._points)

    def join(self, user: User) -> None:
        """Take note of a run that goes along this course, for as long as there is one."""
        with self._lock:
            self._users.add(user)

    @property
    def users(self) -> list[User]:
        """The runs that go along it."""
        with self._lock:
            return list(self._users)

    def points(self, first: int, last: int) -> list[Point]:
        """Return what the updates did, from the one after `first` to `last`."""
        with self._lock:
            return self._points[first:last]

    def halt(self, first: int, last: int) -> int:
        """Return the last number up to `last` whose checkpoint is kept; after `first`, if any."""
        with self._lock:
            if last >= len(self._points):
                return len(self._points)
            kept = (number for number in self._checkpoints if first < number <= last)
            return max(kept, default=last)

    def checkpoint(self, number: int, known: Checkpoint | None = None) -> Checkpoint:
        """Return the checkpoint after `number` updates, from the nearest that is kept or known."""
        with self._lock:
            at = self._checkpoints[max(kept for kept in self._checkpoints if kept <= number)]
            for other in (self._latest, known):
                if other is not None and at.updates < other.updates <= number:
                    at = other
        while at.updates < number:
            at = at.after(make_update(self.task, self.plan.settings, at), self.plan.settings)
        return at

    def order(self, most: int) -> Order:
        """Return what is to be computed next, for a process."""
        return Order(self.plan, self._latest, self._spacing, most)

    def add(self, made: Stretch) -> None:
        """Take what was ordered."""
        with self._lock:
            self._points += made.points
            self._latest = made.checkpoints[-1]
            for checkpoint in made.checkpoints:
                if checkpoint.updates % self._spacing == 0:
                    self._checkpoints[checkpoint.updates] = checkpoint
        self.thin(2 * KEPT_CHECKPOINTS)

    def thin(self, most: int) -> None:
        """Keep every other checkpoint until there are at most so many."""
        with self._lock:
            while len(self._checkpoints) > most:
                self._spacing *= 2
                self._checkpoints = {
                    number: kept
                    for number, kept in self._checkpoints.items()
                    if number % self._spacing == 0
                }

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        one = self._latest.params.vector.nbytes * (1 + len(self._latest.state.moments))
        held = len(self._checkpoints) * one + len(self._points) * POINT_BYTES
        return held + len(self.plan.choice.data) + COURSE_BYTES

    @property
    def looked(self) -> float:
        """When somebody last looked at one of its runs."""
        return max((user.looked for user in self.users), default=0.0)

    @property
    def busy(self) -> bool:
        """Whether one of its runs is being made longer, or is looked at now."""
        return self.looked > monotonic() - LOOKED_S or any(user.running for user in self.users)


class Courses:
    """The courses of all visitors, within so many bytes."""

    def __init__(self, room: int = KEPT_BYTES) -> None:
        self._room = room
        self._lock = threading.RLock()
        self._courses: dict[Plan, Course] = {}

    def open(self, plan: Plan) -> Course:
        """Return the course of a plan, begun now if it was not.

        Raises
        ------
        ValueError
            The plan cannot be begun.
        """
        with self._lock:
            if plan not in self._courses:
                self._courses[plan] = Course(plan)
            return self._courses[plan]

    def make_room(self, growing: Course) -> bool:
        """Let go of what was not looked at for longest, until the rest fits; whether it does.

        It does not where every course is being made longer, or looked at.
        """
        with self._lock:
            taken = self.nbytes
            if taken <= self._room:
                return True
            for course in sorted(self._courses.values(), key=lambda course: course.looked):
                if course is not growing and not course.busy:
                    taken -= course.nbytes
                    self._drop(course)
                    if taken <= self._room:
                        return True
            growing.thin(FEWEST_CHECKPOINTS)
            return self.nbytes <= self._room

    @property
    def nbytes(self) -> int:
        """About how much memory all of them take."""
        with self._lock:
            return sum(course.nbytes for course in self._courses.values())

    def _drop(self, course: Course) -> None:
        for user in course.users:
            user.lose()
        del self._courses[course.plan]


COURSES = Courses()
