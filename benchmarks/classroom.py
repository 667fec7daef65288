"""How long an edit takes while a class is at work: from a key to all that follows from it.

    python -m benchmarks.classroom [--think 2-10] [--seconds 20] [--app OTHER/app/main.py]
                                   [--two-processes]

The visitors speak Streamlit's protocol and have no browser (`scripts/visitor.py`), so what is
measured is the server, beside which they run. Each opens Explore, types a number of his own into a
cell of W_hh, waits until everything has arrived, and thinks for a while. Some train a network
meanwhile; some study the largest sequence the app takes; or all press the key together. Also said:
the server's processor time for an edit with all that goes on, its memory, and what is left of that
when they have gone. `--app` measures another copy, for comparison; `--two-processes` two of them
behind the proxy of `deploy/nginx.conf`, for which nginx must be there. Nothing leaves this machine.
Fails on nothing.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

from app.experiment import link
from app.experiment.presets import PRESETS
from app.views.training.tasks.offers import OFFERS
from scripts.serving import serving, serving_two
from scripts.visitor import Visitor, visiting

APP = Path(__file__).resolve().parents[1] / "app" / "main.py"
ROUNDS = 8  # in which all press the key together
ROUND_S = 3.0
LARGEST = {"T": 120, "B": 64, "H": 64}  # close to the most numbers of one experiment
LARGE_EDITS = 80
ARRIVING_S = 0.1  # between one visitor and the next
LEFT_AFTER_S = 20.0
WAITING_S = 0.25
EXPLORE = urlencode({"e": link.encode(PRESETS["spiral"].experiment)})
TRAINING = urlencode({"tr_task": OFFERS["copy"].title, "tr_updates": 20_000})


@dataclass(frozen=True)
class Class:
    """Who is there: visitors who edit, those who train meanwhile, those with large sequences."""

    visitors: int
    training: int = 0
    large: int = 0
    together: bool = False

    def __str__(self) -> str:
        """Say it in the words of the table."""
        others = [f"{self.training} train"] if self.training else []
        others += [f"{self.large} on the largest sequence"] if self.large else []
        others += ["all at once"] if self.together else []
        return ", ".join((f"{self.visitors} visitors", *others))


CLASSES = (
    Class(30),
    Class(60),
    Class(30, training=10),
    Class(30, together=True),
    Class(30, large=5),
)


@dataclass(frozen=True)
class Place:
    """Where the class meets: an address, and the processes behind it that compute."""

    url: str
    processes: tuple[psutil.Process, ...]


@dataclass
class Seen:
    """Seconds of each edit, the server's processor time, and its memory in MiB."""

    edits: list[float] = field(default_factory=list)
    processor: float = 0.0
    most: float = 0.0
    after: float = 0.0


async def attend(place: Place, group: Class, think: tuple[float, float], seconds: float) -> Seen:
    """Let a class work for a while, and then go."""
    seen = Seen()
    chance = random.Random(7)  # noqa: S311  # thinking times
    async with AsyncExitStack() as stack:
        watching = asyncio.create_task(_watch(place, seen))
        everyone = []
        for number in range(group.visitors):
            trains = number < group.training
            page, query = ("training", TRAINING) if trains else ("", EXPLORE)
            visit = visiting(place.url, page, query)
            everyone.append(await stack.enter_async_context(visit))
            await asyncio.sleep(ARRIVING_S)
        training, editing = everyone[: group.training], everyone[group.training :]
        for visitor in training:
            await visitor.press("Start")
        before = _processor(place)
        if group.together:
            await _together(editing, seen)
        else:
            large, usual = editing[: group.large], editing[group.large :]
            studied = [asyncio.create_task(_study(visitor)) for visitor in large]
            until = time.perf_counter() + seconds
            await asyncio.gather(*(_edit(each, think, until, chance, seen) for each in usual))
            seen.processor = _processor(place) - before
            await asyncio.gather(*studied)
        seen.processor = seen.processor or _processor(place) - before
        if wrong := [error for visitor in everyone for error in visitor.errors]:
            raise RuntimeError(wrong[0])
        watching.cancel()
    await asyncio.sleep(LEFT_AFTER_S)
    seen.after = memory(place)
    return seen


async def _edit(
    visitor: Visitor,
    think: tuple[float, float],
    until: float,
    chance: random.Random,
    seen: Seen,
) -> None:
    await asyncio.sleep(chance.uniform(0, think[1]))
    while time.perf_counter() < until:
        seen.edits.append(await visitor.edit("W_hh", 0, 1, f"{chance.uniform(-1, 1):.6f}"))
        await asyncio.sleep(chance.uniform(*think))


async def _together(visitors: Iterable[Visitor], seen: Seen) -> None:
    for k in range(ROUNDS):
        edits = (
            visitor.edit("W_hh", 0, 1, f"{0.001 * k + 1e-6 * number:.6f}")
            for number, visitor in enumerate(visitors)
        )
        seen.edits += await asyncio.gather(*edits)
        await asyncio.sleep(ROUND_S)


async def _study(visitor: Visitor) -> None:
    for name, size in LARGEST.items():
        await visitor.command(do="size", field=name, text=str(size))
    for k in range(LARGE_EDITS):
        await visitor.edit("W_hh", 0, 1, f"{0.001 * k:.3f}")


async def _watch(place: Place, seen: Seen) -> None:
    while True:
        seen.most = max(seen.most, memory(place))
        await asyncio.sleep(WAITING_S)


def _processor(place: Place) -> float:
    times = [process.cpu_times() for process in place.processes]
    return float(sum(each.user + each.system for each in times))


def memory(place: Place) -> float:
    """Return the resident memory of the servers, in MiB, without that of processes they started."""
    return float(sum(process.memory_info().rss for process in place.processes)) / 2**20


def row(group: Class, seen: Seen) -> str:
    """Return one line of the table."""
    p95 = statistics.quantiles(seen.edits, n=20, method="inclusive")[-1]
    return (
        f"{group!s:<40} {len(seen.edits):>6} {1000 * statistics.median(seen.edits):>8.0f} "
        f"{1000 * p95:>6.0f} {1000 * seen.processor / len(seen.edits):>6.0f} "
        f"{seen.most:>9.0f} {seen.after:>9.0f}"
    )


@contextmanager
def meeting(app: Path, *, two: bool) -> Iterator[Place]:
    """Serve a copy of the app, by one process or two, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        if two:
            with serving_two(app, Path(folder)) as (url, pids):
                yield Place(url, tuple(map(psutil.Process, pids)))
        else:
            with serving(app, Path(folder)) as server:
                yield Place(server.url, (psutil.Process(server.pid),))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--think", default="2", help="seconds between edits: 2, or 2-10")
    parser.add_argument("--seconds", type=float, default=20, help="that a class works")
    parser.add_argument("--app", type=Path, default=APP, help="the main.py to measure")
    parser.add_argument("--two-processes", action="store_true", help="behind a proxy")
    parser.add_argument("--only", type=int, choices=range(len(CLASSES)), help="one line alone")
    chosen = parser.parse_args()
    least, _, most = chosen.think.partition("-")
    think = float(least), float(most or least)
    print(f"\nEdits of a class, think time {chosen.think} s; milliseconds, and MiB of the server")
    print(
        f"{'':<40} {'edits':>6} {'median':>8} {'p95':>6} {'CPU':>6} {'at most':>9} {'when gone':>9}"
    )
    for group in CLASSES if chosen.only is None else (CLASSES[chosen.only],):
        with meeting(chosen.app, two=chosen.two_processes) as place:
            seen = asyncio.run(attend(place, group, think, chosen.seconds))
            print(row(group, seen), flush=True)


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"({time.monotonic() - started:.0f} s)")
