"""Pages are drawn in the order in which they were asked for, and none holds the others up."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from typing import Any

import pytest

from app.server.pacing import PageQueue
from app.server.waking import wake_once

PATIENCE_S = 30.0


def until(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE_S
    while not condition():
        assert monotonic() < deadline
        sleep(0.001)


class Pages:
    """Threads that draw a page each, as long as they are told to."""

    def __init__(self, turns: PageQueue) -> None:
        self.turns = turns
        self.begun: list[int] = []
        self.threads: list[threading.Thread] = []
        self.finish: list[threading.Event] = []

    def ask(self) -> None:
        number, finish = len(self.threads), threading.Event()

        def draw() -> None:
            with self.turns.taken():
                self.begun.append(number)
                assert finish.wait(PATIENCE_S)

        self.finish.append(finish)
        self.threads.append(threading.Thread(target=draw))
        self.threads[-1].start()
        until(lambda: len(self.begun) + len(self.turns._waiting) == len(self.threads))

    def end(self) -> None:
        for finish in self.finish:
            finish.set()
        for thread in self.threads:
            thread.join(PATIENCE_S)


def test_who_asked_first_is_drawn_first() -> None:
    pages = Pages(PageQueue(places=1, long=PATIENCE_S))
    for _ in range(6):
        pages.ask()
    assert pages.begun == [0]
    pages.finish[0].set()
    until(lambda: pages.begun == [0, 1])
    pages.end()
    assert pages.begun == [0, 1, 2, 3, 4, 5]


def test_as_many_as_there_are_places_are_drawn_together() -> None:
    pages = Pages(PageQueue(places=2, long=PATIENCE_S))
    for _ in range(4):
        pages.ask()
    until(lambda: pages.begun == [0, 1])
    pages.finish[1].set()  # whichever ends makes room
    until(lambda: pages.begun == [0, 1, 2])
    pages.end()


def test_a_long_one_is_not_waited_for() -> None:
    pages = Pages(PageQueue(places=1, long=0.05))
    for _ in range(3):
        pages.ask()
    until(lambda: pages.begun == [0, 1, 2])  # though none has ended
    pages.end()


def test_a_page_that_fails_leaves_its_place() -> None:
    turns = PageQueue(places=1, long=PATIENCE_S)
    with pytest.raises(RuntimeError, match="stopped"), turns.taken():
        raise RuntimeError("stopped")
    with turns.taken():
        assert len(turns._began) == 1
    assert not turns._began


def test_who_is_interrupted_while_he_waits_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns = PageQueue(places=1, long=PATIENCE_S)

    def interrupted(timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    with turns.taken():
        with monkeypatch.context() as patched:
            patched.setattr(turns._changed, "wait", interrupted)
            with pytest.raises(KeyboardInterrupt), turns.taken():
                pass
        assert not turns._waiting
    with turns.taken():
        assert len(turns._began) == 1


@pytest.mark.parametrize(
    ("name", "after", "woken"),
    [
        ("ScriptRunner.scriptThread", 0.009, False),
        ("ScriptRunner.scriptThread", 0.011, True),
        ("ScriptRunner.scriptThread", None, True),
        ("somebody else", 0.009, True),
    ],
)
def test_a_run_of_the_page_leaves_a_loop_asleep_that_wakes_by_itself_at_once(
    name: str, after: float | None, *, woken: bool
) -> None:
    """Streamlit's loop sleeps 10 ms after it has sent something, and then looks for more."""
    loop: Any = asyncio.SelectorEventLoop()
    writes, heard = [], []
    original = loop._write_to_self
    loop._write_to_self = lambda: (writes.append(name), original())
    loop.time = lambda: 100.0  # it stands still: no timer comes, however slow the machine
    wake_once(loop)
    if after is not None:
        loop.call_later(after, lambda: None)
    tell = partial(loop.call_soon_threadsafe, heard.append, name)
    for _ in range(3):
        teller = threading.Thread(target=tell, name=name)
        teller.start()
        teller.join()
    assert writes == [name] * woken
    loop.call_soon(loop.stop)
    loop.run_forever()
    assert heard == [name] * 3
    loop.close()


def test_a_loop_is_woken_once_for_all_that_it_is_told_and_misses_nothing() -> None:
    writes, seen = 0, 0
    notes, threads = 2000, 4

    async def listen() -> None:
        nonlocal seen
        loop = asyncio.get_running_loop()
        original = loop._write_to_self  # type: ignore[attr-defined]

        def counted() -> None:
            nonlocal writes
            writes += 1
            original()

        loop._write_to_self = counted  # type: ignore[attr-defined]
        wake_once(loop)
        done = asyncio.Event()

        def note() -> None:
            nonlocal seen
            seen += 1
            if seen == notes * threads:
                done.set()

        def tell() -> None:
            for number in range(notes):
                loop.call_soon_threadsafe(note)
                if number % 100 == 0:
                    sleep(0.001)  # the loop falls asleep in between

        tellers = [threading.Thread(target=tell) for _ in range(threads)]
        for teller in tellers:
            teller.start()
        await asyncio.wait_for(done.wait(), PATIENCE_S)
        for teller in tellers:
            teller.join()

    asyncio.run(listen())
    assert seen == notes * threads
    assert writes < seen / 2
