"""A visitor who leaves takes his handles with him, and finds his numbers when he comes back."""

import asyncio
import resource
from collections.abc import Iterator

import psutil
import pytest

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
