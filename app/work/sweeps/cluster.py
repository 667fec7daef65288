"""Chunks on a Dask cluster, where `distributed` is installed (requirements-dask.txt).

Its workers need what the function is made of: for `rnn_core`, a `pip install .` of this repository.
"""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from itertools import islice
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from distributed import Client, Future

Part = TypeVar("Part")
Result = TypeVar("Result")

CONNECT_S = 5
ANSWER_S = 5.0  # for one question to the scheduler, or for a result from its worker
ALONE_S = 10.0
"""Seconds without any worker after which none is expected to come back."""

SILENCE_S = 20.0
"""A chunk takes a fraction of a second: if none comes back for so long, the workers hang."""

LOOK_S = 0.1  # between two questions whether to stop
ROOM_S = 1.0  # between two questions how many workers there are
AHEAD = 2
"""Chunks in the cluster's hands for each of its threads: more would only fill its memory."""

FEWEST_AHEAD = 4  # while no worker has come yet


def available() -> bool:
    """Whether `distributed` is installed."""
    return find_spec("distributed") is not None


def on_cluster(
    function: Callable[[Part], Result],
    parts: Sequence[Part],
    stop: Callable[[], bool],
    *,
    address: str,
) -> Generator[tuple[int, Result], None, None]:
    """Yield (place, function(part)) as the cluster completes them, until `stop()`.

    A chunk whose worker dies, with its result or before it, is computed again by another one. At
    the end nothing of this run is left in the scheduler.

    Raises
    ------
    RuntimeError
        The scheduler does not answer or goes away, its last worker has gone, nothing comes back for
        `SILENCE_S`, or a chunk cannot be computed. It is said within 30 s.
    """
    client = _connected(address)
    watch = _Watch(client, address)
    completed: SimpleQueue[tuple[int, Future[Result]]] = SimpleQueue()
    pending: dict[int, Future[Result]] = {}
    places = iter(range(len(parts)))
    missing = len(parts)
    try:
        while missing and not stop():
            for place in islice(places, max(0, watch.room() - len(pending))):
                pending[place] = client.submit(function, parts[place], pure=False)
                pending[place].add_done_callback(partial(_report, completed, place))
            try:
                place, future = completed.get(timeout=LOOK_S)
            except Empty:
                continue
            try:
                result = _result(future, address)
            except TimeoutError:  # lost with its worker, and nobody reports it a second time
                completed.put((place, future))
                watch.room()
                sleep(LOOK_S)
                continue
            del pending[place], future
            missing -= 1
            yield place, result
            watch.heard()  # after the one that takes it, who may take his time
    except OSError as error:  # what a broken connection raises, and one that does not answer
        raise RuntimeError(_gone(address)) from error
    finally:
        if client.status == "running":
            client.cancel(list(pending.values()))
        with suppress(TimeoutError):
            client.close(timeout=1)


class _Watch:
    """Whether the cluster still works: how many threads it has, and when a chunk last came back."""

    def __init__(self, client: "Client", address: str) -> None:
        self._client, self._address = client, address
        self._threads = 0
        self._asked = float("-inf")
        self._heard = self._worked = monotonic()

    def heard(self) -> None:
        """Take note that a chunk has come back."""
        self._heard = monotonic()

    def room(self) -> int:
        """Return how many chunks may be under way.

        Raises
        ------
        RuntimeError
            There is no worker, or nothing comes back.
        OSError
            The scheduler does not answer.
        """
        now = monotonic()
        if now >= self._asked + ROOM_S:  # workers come and go
            threads: dict[str, int] = self._client.nthreads(callback_timeout=ANSWER_S)
            self._threads, self._asked = sum(threads.values()), now
        if self._threads:
            self._worked = now
        elif now >= self._worked + ALONE_S:
            raise RuntimeError(
                f"cluster: expected a worker at {self._address}, got none for {ALONE_S:.0f} s; "
                f"start one (dask worker {self._address}), or compute in processes"
            )
        if now >= self._heard + SILENCE_S:
            raise RuntimeError(
                f"cluster: expected a chunk from {self._address} within {SILENCE_S:.0f} s, got "
                "none: its workers hang or do other work; look after them, or compute in processes"
            )
        return max(FEWEST_AHEAD, AHEAD * self._threads)


def _report(
    completed: "SimpleQueue[tuple[int, Future[Any]]]", place: int, future: "Future[Any]"
) -> None:
    completed.put((place, future))


def _connected(address: str) -> "Client":
    from distributed import Client

    try:
        return Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RuntimeError(
            f"scheduler: expected an answer from {address} within {CONNECT_S} s, got none"
        ) from error


def _result(future: "Future[Any]", address: str) -> Any:
    """Return what a chunk gave.

    Raises
    ------
    RuntimeError
        It could not be computed, or the scheduler has gone.
    TimeoutError
        It has gone with its worker, and another has not computed it again yet.
    """
    if future.status == "lost":
        raise TimeoutError
    if future.status == "error":
        raise RuntimeError(f"cluster: a chunk could not be computed: {future.exception(ANSWER_S)}")
    if future.status != "finished":
        raise RuntimeError(_gone(address))
    try:
        return future.result(ANSWER_S)
    except CancelledError as error:  # the scheduler went between the two lines
        raise RuntimeError(_gone(address)) from error


def _gone(address: str) -> str:
    return (
        f"scheduler: expected {address} to answer until the end, got no answer any more; start it "
        "again, or compute in processes"
    )
