"""Fair turns at a few places, and processes that are there only while somebody needs them."""

import os
import threading
import time
from collections.abc import Callable

import pytest

from app.process import Died, Process, never
from app.turns import Turns
from scripts.serving import worker_processes
from tests.app.workers import chatter, die

PATIENCE = 30  # seconds until a test gives up: nothing comes near it


def until(happened: Callable[[], bool]) -> None:
    stop = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < stop
        time.sleep(0.005)


class Pieces(threading.Thread):
    """Work of some pieces, each in a turn; it notes whose piece it was."""

    def __init__(self, turns: Turns, name: str, pieces: int, order: list[str]) -> None:
        super().__init__(daemon=True)
        self.turns, self.mark, self.pieces, self.order = turns, name, pieces, order
        self.start()

    def run(self) -> None:
        with self.turns.member():
            for _ in range(self.pieces):
                with self.turns.turn(never):
                    self.order.append(self.mark)
                    time.sleep(0.005)


def test_a_short_one_beside_long_ones_has_every_third_piece() -> None:
    turns, order = Turns(1), list[str]()
    with turns.turn(never):  # all of them wait before the first begins
        workers = [Pieces(turns, name, 40 if name != "c" else 4, order) for name in "abc"]
        until(lambda: len(turns._queue) == 3)
        assert turns.sharing == 3
    for worker in workers:
        worker.join(PATIENCE)
    assert len(order) == 84
    last = max(place for place, name in enumerate(order) if name == "c")
    assert last < 3 * 4
    assert turns.sharing == 0


def test_no_more_than_its_places_at_a_time() -> None:
    turns, most, now, lock = Turns(2), [0], [0], threading.Lock()

    def work() -> None:
        for _ in range(20):
            with turns.turn(never):
                with lock:
                    now[0] += 1
                    most[0] = max(most[0], now[0])
                time.sleep(0.001)
                with lock:
                    now[0] -= 1

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)
    assert most == [2]


def test_who_is_to_stop_leaves_the_queue() -> None:
    turns = Turns(1)
    stopped = threading.Event()
    found: list[Process | None] = []

    def wait() -> None:
        with turns.turn(stopped.is_set) as process:
            found.append(process)

    with turns.turn(never):
        waiting = threading.Thread(target=wait)
        waiting.start()
        until(lambda: len(turns._queue) == 1)
        stopped.set()
        waiting.join(PATIENCE)
    assert found == [None]
    with turns.turn(never) as process:  # and the place is free
        assert process is not None


def test_members_share_processes_which_end_with_the_last_of_them() -> None:
    turns = Turns(2)
    with turns.member(), turns.member(), turns.member():
        for part in range(6):
            with turns.turn(never) as process:
                assert process is not None
                assert process.ask(chatter, part) == part + 1
        assert len(worker_processes(os.getpid())) == 1  # one at a time was enough
    assert not worker_processes(os.getpid())


def test_a_place_outlives_its_process() -> None:
    turns = Turns(1)
    with turns.member():
        with turns.turn(never) as process:
            assert process is not None
            with pytest.raises(Died):
                process.ask(die, 0)
        with turns.turn(never) as process:
            assert process is not None
            assert process.ask(chatter, 4) == 5
    assert not worker_processes(os.getpid())
