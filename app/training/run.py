"""Runs on the server: each grows while somebody looks, and is found again by its plan.

A run belongs to no session. A page that is loaded anew finds it by the plan in its address and goes
on from the last checkpoint, and two pages with one plan look at one run.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from sys import getsizeof
from time import monotonic

from app.jobs import Job, Progress, Stop
from app.process import Died, Process
from app.training import stretch
from app.training.plan import Plan
from app.training.stretch import Order, Point, Stretch
from rnn_core.training import Checkpoint, Update, make_update

PATIENCE_S = 4.0
"""Seconds without a heartbeat after which the work stops: nobody is looking any more."""

BEAT_S = 0.2  # between two heartbeats of who waits

KEPT_CHECKPOINTS = 100
"""Twice as many are thinned out to every other one; what lies between is computed again."""

KEPT_BYTES = 150_000_000
POINT_BYTES = 400  # about what the record of one update takes


class Run:
    """One run; every method may be called from any thread."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.task = plan.task()
        first = plan.begin()
        self._lock = threading.Lock()
        self._points: list[Point] = []
        self._checkpoints = {0: first}
        self._spacing = 1
        self._latest = first
        self._job: Job[Point] | None = None

    @property
    def latest(self) -> int:
        """The number of updates made; the last one is good."""
        return self._latest.updates

    @property
    def trouble(self) -> str | None:
        """What was first not finite, if the run has diverged."""
        with self._lock:
            return self._points[-1].trouble if self._points else None

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do."""
        return self.trouble is not None or self.latest >= self.plan.settings.updates

    @property
    def running(self) -> bool:
        """Whether updates are being made, or wait for their turn."""
        job = self._job
        return job is not None and not job.progress().over

    def points(self, first: int = 0) -> list[Point]:
        """Return what the updates did, from the one after `first` on."""
        with self._lock:
            return self._points[first:]

    def progress(self) -> Progress | None:
        """Return how far the present or the last piece of work is."""
        job = self._job
        return None if job is None else job.progress()

    def beat(self) -> None:
        """Say that somebody is looking."""
        job = self._job
        if job is not None:
            job.beat()

    def go(self, most: int | None = None) -> None:
        """Make so many updates, or all that are left, unless that is being done."""
        with self._lock:
            if self._job is not None and not self._job.progress().over:
                return
            left = self.plan.settings.updates - self._latest.updates
            wanted = left if most is None else min(most, left)
            if wanted > 0 and not (self._points and self._points[-1].trouble):
                self._job = Job[Point](
                    lambda stop: self._work(stop, wanted), wanted, patience=PATIENCE_S
                ).start()

    def pause(self) -> None:
        """Stop soon; what has been done stays."""
        job = self._job
        if job is not None:
            job.cancel()

    def wait(self, seconds: float = 30.0) -> None:
        """Wait until the present piece of work is over, or so long; who waits is looking."""
        job, until = self._job, monotonic() + seconds
        while job is not None and not job.wait(BEAT_S) and monotonic() < until:
            job.beat()

    def checkpoint(self, number: int) -> Checkpoint:
        """Return the run after `number` updates, exactly: what is not kept is computed again.

        Raises
        ------
        ValueError
            The run has not come so far.
        """
        with self._lock:
            if not 0 <= number <= self._latest.updates:
                raise ValueError(
                    f"update: expected 0 to {self._latest.updates}, which the run has reached, "
                    f"got {number}"
                )
            if number == self._latest.updates:
                return self._latest
            at = self._checkpoints[max(kept for kept in self._checkpoints if kept <= number)]
        while at.updates < number:
            at = at.after(make_update(self.task, self.plan.settings, at), self.plan.settings)
        return at

    def update_at(self, number: int) -> Update:
        """Return update `number`, counted from 1, with everything it computed."""
        return make_update(self.task, self.plan.settings, self.checkpoint(number - 1))

    @property
    def nbytes(self) -> int:
        """About how much memory the run takes."""
        with self._lock:
            one = self._latest.params.vector.nbytes * (1 + len(self._latest.state.moments))
            return len(self._checkpoints) * one + len(self._points) * POINT_BYTES + getsizeof(self)

    def _work(self, stop: Stop, wanted: int) -> Iterator[Point]:
        """Let a process make the updates, stretch after stretch."""
        process = Process()
        try:
            while wanted > 0 and not stop():
                order = Order(self.plan, self._latest, self._spacing, wanted)
                made = process.ask(stretch.compute, order)
                self._add(made)
                wanted -= len(made.points)
                yield from made.points
                if made.points[-1].trouble:
                    return
        except Died as error:
            raise RuntimeError(
                "Training: its process died; Continue goes on from the last checkpoint."
            ) from error
        finally:
            process.close()

    def _add(self, made: Stretch) -> None:
        with self._lock:
            self._points += made.points
            self._latest = made.checkpoints[-1]
            for checkpoint in made.checkpoints:
                if checkpoint.updates % self._spacing == 0:
                    self._checkpoints[checkpoint.updates] = checkpoint
            while len(self._checkpoints) > 2 * KEPT_CHECKPOINTS:
                self._spacing *= 2
                self._checkpoints = {
                    number: kept
                    for number, kept in self._checkpoints.items()
                    if number % self._spacing == 0
                }


class Store:
    """The runs of all sessions, by plan; those not looked at for longest go when room is short."""

    def __init__(self, room: int = KEPT_BYTES) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._runs: OrderedDict[Plan, Run] = OrderedDict()

    def find(self, plan: Plan) -> Run | None:
        """Return the run of a plan, if it was begun."""
        with self._lock:
            run = self._runs.get(plan)
            if run is not None:
                self._runs.move_to_end(plan)
            return run

    def open(self, plan: Plan) -> Run:
        """Return the run of a plan, begun now if it was not.

        Raises
        ------
        ValueError
            The plan cannot be begun.
        """
        found = self.find(plan)
        if found is not None:
            return found
        made = Run(plan)
        with self._lock:
            run = self._runs.setdefault(plan, made)
            taken = sum(kept.nbytes for kept in self._runs.values())
            for old in list(self._runs):
                if taken <= self._room:
                    break
                if old != plan and not self._runs[old].running:
                    taken -= self._runs.pop(old).nbytes
            return run

    def forget(self, plan: Plan) -> None:
        """Stop the run of a plan and let go of it."""
        with self._lock:
            run = self._runs.pop(plan, None)
        if run is not None:
            run.pause()


STORE = Store()
