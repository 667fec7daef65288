"""Fair turns at a few places, and processes that are there only while somebody needs them."""

import os
import threading
import time
from collections.abc import Callable

import pytest

from app.views.shared.queue import standing
from app.work.process import Died, Process, never
from app.work.turns import Turns, Wait
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


def test_who_waits_knows_his_place_and_for_how_long() -> None:
    now = [100.0]
    turns = Turns(2, clock=lambda: now[0])
    names = "abcd"
    stopped = threading.Event()
    begun = {name: threading.Event() for name in names}
    ended = {name: threading.Event() for name in names}

    def work(name: str) -> None:
        with turns.turn(stopped.is_set, name):
            begun[name].set()
            assert ended[name].wait(PATIENCE)

    def begin(name: str) -> threading.Thread:
        worker = threading.Thread(target=work, args=(name,))
        worker.start()
        return worker

    with turns.turn(never):
        now[0] += 10  # turns take ten seconds, as far as is known
    workers = [begin(name) for name in "ab"]
    until(lambda: len(turns._taken) == 2)
    now[0] += 4
    workers.append(begin("c"))
    until(lambda: len(turns._queue) == 1)
    workers.append(begin("d"))
    until(lambda: len(turns._queue) == 2)
    assert turns.wait("a") is None  # he has his turn
    assert turns.wait("e") is None  # he asks for none
    assert turns.wait("c") == Wait(before=2, seconds=6.0)
    assert turns.wait("d") == Wait(before=3, seconds=6.0)
    assert standing(turns, "d") == "3 before you, about 6 s"
    now[0] += 20  # both take longer than any before: as long again
    assert turns.wait("c") == Wait(before=2, seconds=24.0)
    ended["a"].set()
    assert begun["c"].wait(PATIENCE)
    now[0] += 2  # one turn of 10 and one of 24: 17 on average
    assert turns.wait("c") is None
    assert turns.wait("d") == Wait(before=2, seconds=15.0)
    for event in ended.values():
        event.set()
    for worker in workers:
        worker.join(PATIENCE)


def test_several_turns_of_one_count_as_one_before_another() -> None:
    turns, stopped = Turns(1), threading.Event()

    def wait(who: str) -> threading.Thread:
        def work() -> None:
            with turns.turn(stopped.is_set, who):
                pass

        worker = threading.Thread(target=work)
        worker.start()
        return worker

    workers = []
    with turns.member(3), turns.turn(never, "crew"):
        for place, who in enumerate(("crew", "crew", "other")):
            workers.append(wait(who))
            until(lambda place=place: len(turns._queue) == place + 1)
        assert turns.wait("other") == Wait(before=1, seconds=None)
        assert standing(turns, "other") == "1 before you"
        assert turns.wait("crew") is None
        assert turns.crowded
        assert standing(turns, "crew", begun=True) == ""  # it shares with nobody
        with turns.member():
            assert standing(turns, "crew", begun=True) == "2 take turns"
        stopped.set()
        for worker in workers:
            worker.join(PATIENCE)
