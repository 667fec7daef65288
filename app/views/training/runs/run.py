"""A visitor's run: how far it has come along the course of its plan, and what makes it go on."""

from collections.abc import Iterator
from time import monotonic, sleep

from app.views.training.runs import stretch
from app.views.training.runs.course import COURSES, FULL, Course, Courses
from app.views.training.runs.plan import Plan
from app.views.training.runs.stretch import Point
from app.work.jobs import Job, Progress, Stop
from app.work.process import Died, Silent
from app.work.turns import Turns
from rnn_core.training import Checkpoint

PATIENCE_S = 4.0
"""Seconds without a heartbeat after which the work stops: nobody is looking any more."""

BEAT_S = 0.2  # between two heartbeats of who waits
WAIT_S = 0.1  # for an equal run to compute something
REPLAY_S, REPLAY_PARTS = 2.0, 20
"""How long it takes to go along what was computed before: it is to be seen how it grows."""

GRACE_S = 3.0
"""How long a stretch may still take when it is to stop; then its process is killed."""

SILENCE_S = 30.0
"""A stretch takes a fraction of a second: a process that says nothing for so long hangs."""

DEATHS = 2  # of processes, until it is said

TURNS = Turns(2)
"""Where the runs of all visitors take turns, stretch by stretch; sweeps have their own."""


class Run:
    """One run; every method may be called from any thread."""

    def __init__(self, plan: Plan, courses: Courses = COURSES) -> None:
        self._courses = courses
        self._course = courses.open(plan)
        self._course.join(self)
        self.plan = plan
        self.task = self._course.task
        self.looked = monotonic()
        self.lost = False
        self._made = 0  # updates, with the one that diverged
        self._at = self._course.checkpoint(0)  # the one that was asked for last
        self._job: Job[Point] | None = None
        self._paused = False  # by its visitor; otherwise it was left

    def copy(self) -> "Run":
        """Return a run that has come as far, and goes on by itself."""
        other = Run(self.plan, self._courses)
        if other._course is self._course:
            other._made, other._at = self._made, self._at
        return other

    @property
    def latest(self) -> int:
        """The number of updates made; the last one is good."""
        return self._made - (self.trouble is not None)

    @property
    def trouble(self) -> str | None:
        """What was first not finite, if the run has diverged."""
        last = self.points(self._made - 1) if self._made else []
        return last[-1].trouble if last else None

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do."""
        return self._made >= self.plan.settings.updates or self.trouble is not None

    @property
    def running(self) -> bool:
        """Whether updates are being made, or wait for their turn."""
        job = self._job
        return job is not None and not job.progress().over

    def points(self, first: int = 0) -> list[Point]:
        """Return what the updates did, from the one after `first` on."""
        return self._course.points(first, self._made)

    def progress(self) -> Progress | None:
        """Return how far the present or the last piece of work is."""
        job = self._job
        return None if job is None else job.progress()

    def beat(self) -> None:
        """Say that somebody is looking."""
        self.looked = monotonic()
        job = self._job
        if job is not None:
            job.beat()

    def go(self, most: int | None = None) -> None:
        """Make so many updates, or all that are left, unless that is being done."""
        left = self.plan.settings.updates - self._made
        wanted = left if most is None else min(most, left)
        if self.running or self.over or wanted <= 0:
            return
        self._paused = False
        self._job = Job[Point](
            lambda stop: self._work(stop, wanted), wanted, patience=PATIENCE_S
        ).start()

    def pause(self) -> None:
        """Stop soon; what has been done stays."""
        job, self._paused = self._job, True
        if job is not None:
            job.cancel()

    def wait(self, seconds: float = 30.0) -> None:
        """Wait until the present piece of work is over, or so long; who waits is looking."""
        job, until = self._job, monotonic() + seconds
        while job is not None and not job.wait(BEAT_S) and monotonic() < until:
            self.beat()

    def checkpoint(self, number: int) -> Checkpoint:
        """Return the run after `number` updates, exactly: what is not kept is computed again.

        Raises
        ------
        ValueError
            The run has not come so far.
        """
        if not 0 <= number <= self.latest:
            raise ValueError(
                f"update: expected 0 to {self.latest}, which the run has reached, got {number}"
            )
        self._at = self._course.checkpoint(number, self._at)
        return self._at

    def lose(self) -> None:
        """Let go of everything, for its memory is needed; it is as if not begun."""
        self.lost = True
        self._made, self._course = 0, Course(self.plan)
        self._at = self._course.checkpoint(0)

    def _work(self, stop: Stop, wanted: int) -> Iterator[Point]:
        """Go along the course, and make it longer where it ends, stretch after stretch."""
        until, deaths, own = self._made + wanted, 0, False
        part = max(1, wanted // REPLAY_PARTS)
        with TURNS.member():
            while not self.over and self._made < until and not stop():
                first = self._made
                self._made = self._course.halt(first, until if own else min(until, first + part))
                yield from self.points(first)
                if self._made < min(until, self._course.reached):
                    sleep(REPLAY_S / REPLAY_PARTS)
                    continue
                try:
                    own = self._extend(stop, until - self._made)
                except Died as error:
                    deaths += 1
                    if isinstance(error, Silent) and stop():
                        if error.starting or not self._paused:
                            return
                        raise RuntimeError(self._told("did not answer and was ended")) from error
                    if deaths == DEATHS:
                        raise RuntimeError(
                            f"{self._told('died or hung twice')} If it fails again, the machine "
                            "may be short of memory: take a smaller batch, length or network."
                        ) from error

    def _extend(self, stop: Stop, most: int) -> bool:
        """Let a process compute a stretch more, unless an equal run does; whether it was done."""
        course = self._course
        if most <= 0 or self.over or not course.making.acquire(timeout=WAIT_S):
            return False
        try:
            if course.reached > self._made:
                return False
            if not self._courses.make_room(course):
                raise RuntimeError(FULL)
            with TURNS.turn(stop, self) as process:
                if process is None:
                    return False
                made = process.ask(
                    stretch.compute,
                    course.order(most),
                    stop=stop,
                    grace=GRACE_S,
                    silence=SILENCE_S,
                )
                course.add(made)
            self._courses.make_room(course)
            return True
        finally:
            course.making.release()

    def _told(self, what: str) -> str:
        return (
            f"Training: its process {what}. What was made up to update {self.latest:,} is kept, "
            "and Continue goes on from there."
        )
