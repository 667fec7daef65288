"""A visitor who leaves takes his handles with him, and finds his numbers when he comes back."""

import asyncio
import resource
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from app.server.leaving import Left
from scripts.serving import Server, serving
from scripts.visitor import visiting
from tests.conftest import ROOT

HANDLES = 256  # `ulimit -n 256`: with four handles kept a visit, 64 visits are all there can be
VISITS = 120


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own with few handles."""
    with serving(ROOT / "app" / "main.py", tmp_path_factory.mktemp("elsewhere")) as running:
        resource.prlimit(running.pid, resource.RLIMIT_NOFILE, (HANDLES, HANDLES))
        yield running
        printed = running.printed()
    assert "Traceback" not in printed, printed
    assert "event loop" not in printed, printed


async def visit(server: Server) -> None:
    async with visiting(server.url) as visitor:
        assert visitor.components
        assert not visitor.errors


def test_visitors_who_have_left_hold_no_handles(narrow: Server) -> None:
    async def visits() -> list[int]:
        await visit(narrow)
        process = psutil.Process(narrow.pid)
        counted = []
        for _ in range(VISITS):
            await visit(narrow)
            counted.append(process.num_fds())
        return counted

    counted = asyncio.run(visits())
    assert max(counted) - counted[0] <= 8


def test_a_connection_that_breaks_finds_its_session_again(narrow: Server) -> None:
    async def breaks() -> None:
        async with visiting(narrow.url) as first:
            await first.edit("W_hh", 0, 1, "0.123")
            session, query = first.session, first.query
        async with visiting(narrow.url, query=query, session=session) as again:
            assert again.session == session
            assert await again.edit("W_hh", 0, 1, "0.5") > 0
            await again.command(do="undo")
            assert again.query == query  # what was typed before the break

    asyncio.run(breaks())


class Stored(dict[str, Any]):
    """Streamlit's storage, as far as it is asked."""

    def save(self, info: Any) -> None:
        self[info.session.id] = info

    def delete(self, name: str) -> None:
        self.pop(name, None)


def test_a_run_that_has_just_begun_keeps_its_loop_until_it_has_ended() -> None:
    storage = Left(Stored())
    for name in ("comes back", "stays away"):
        loop = asyncio.new_event_loop()
        session = SimpleNamespace(id=name, _script_event_loop=loop, _scriptrunner="runs")
        storage.save(SimpleNamespace(session=session))
        storage.close_idle()
        assert not loop.is_closed()
        if name == "comes back":
            storage.delete(name)
            assert session._script_event_loop is loop
        session._scriptrunner = None
        storage.close_idle()
        assert loop.is_closed() == (name == "stays away")
        loop.close()
