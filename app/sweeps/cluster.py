"""Chunks on a Dask cluster, where `distributed` is installed (requirements-dask.txt).

Its workers need what the function is made of: for `rnn_core`, a `pip install .` of this repository.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import partial
from importlib.util import find_spec
from itertools import islice
from queue import Empty, SimpleQueue
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from distributed import Client, Future

Part = TypeVar("Part")
Result = TypeVar("Result")

CONNECT_S = 5
GATHER_S = 30
LOOK_S = 0.1  # between two questions whether to stop
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
) -> Iterator[tuple[int, Result]]:
    """Yield (place, function(part)) as the cluster completes them, until `stop()`.

    A chunk whose worker dies, with its result or before it, is computed again by another one. At
    the end nothing of this run is left in the scheduler.

    Raises
    ------
    RuntimeError
        The scheduler does not answer or goes away, or a chunk cannot be computed.
    """
    client = _connected(address)
    completed: SimpleQueue[tuple[int, Future[Result]]] = SimpleQueue()
    pending: dict[int, Future[Result]] = {}
    places = iter(range(len(parts)))
    missing = len(parts)
    try:
        room = _room(client)
        while missing and not stop():
            for place in islice(places, max(0, room - len(pending))):
                pending[place] = client.submit(function, parts[place], pure=False)
                pending[place].add_done_callback(partial(_report, completed, place))
            try:
                place, future = completed.get(timeout=LOOK_S)
            except Empty:
                room = _room(client)  # workers come and go
                continue
            if future.status == "lost":  # with its worker, and nobody reports it a second time
                completed.put((place, future))
                sleep(LOOK_S)
                continue
            result = _result(future, address)
            del pending[place], future
            missing -= 1
            yield place, result
    except OSError as error:  # what a broken connection raises
        raise RuntimeError(_gone(address)) from error
    finally:
        if client.status == "running":
            client.cancel(list(pending.values()))
        client.close(timeout=1)


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


def _room(client: "Client") -> int:
    """Return how many chunks may be under way."""
    threads: dict[str, int] = client.nthreads()
    return max(FEWEST_AHEAD, AHEAD * sum(threads.values()))


def _result(future: "Future[Any]", address: str) -> Any:
    if future.status == "error":
        raise RuntimeError(f"cluster: a chunk could not be computed: {future.exception(GATHER_S)}")
    if future.status != "finished":
        raise RuntimeError(_gone(address))
    try:
        return future.result(GATHER_S)
    except CancelledError as error:  # the scheduler went between the two lines
        raise RuntimeError(_gone(address)) from error


def _gone(address: str) -> str:
    return f"scheduler: expected {address} to stay until the end, got no connection any more"
