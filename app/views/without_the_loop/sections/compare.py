"""All ways side by side: result, difference to the loop, work, depth, measured time, and graph."""

from inspect import getsource
from itertools import count

import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.words import NO_BREAK, counted, short
from app.views.shared import aside, heading, told
from app.views.shared.bound import switch
from app.views.without_the_loop.compute import expected, times, ways
from app.views.without_the_loop.compute.times import Times
from app.views.without_the_loop.compute.ways import WayResult
from app.views.without_the_loop.figures import waiting
from app.views.without_the_loop.sections import staircases
from app.views.without_the_loop.sections.measuring import times_asked_for
from app.views.without_the_loop.sections.words import duration, off, spread
from app.work.timing import Timing
from rnn_core import ACTIVATIONS, Cost, Sizes, forward_cost, hoisted
from rnn_core.recurrence import unroll

SLOW = "wl_slow"
LONG = 1000  # steps, at which a chain's length is told
LIMIT_S = 0.3  # that computing all ways once may take unasked


def render(experiment: Experiment) -> None:
    """Draw the table of all ways, and below it what each waits for."""
    staircases.render()
    heading.part(f"All ways, for the sidebar’s network with T = {experiment.sizes[0]}")
    results = _results(experiment)
    st.markdown(_point(experiment, results))
    st.markdown(worth(experiment))
    asked = st.button("Measure now", key="wl_go")
    measured = _times(experiment, results, asked=asked)
    st.markdown(_table(experiment, results, measured))
    st.caption(_legend(experiment, results, measured))
    with st.expander("The code that is measured: the loop, and its inputs hoisted"):
        for column, code in zip(st.columns(2), (unroll, hoisted), strict=True):
            column.code(getsource(code), language="python")
    for result in results.values():
        reason = result.refused or (result.solution.reason if result.solution else "")
        if reason:
            st.caption(told.plain(f"{result.way.title}: {reason}"))
    _graphs(results)


def _results(experiment: Experiment) -> dict[str, WayResult]:
    """Return what all ways give, or those that are quick until all are asked for and there."""
    seconds = {name: expected.estimate(experiment, name) for name in ways.WAYS}
    slow = [name for name, taken in seconds.items() if taken > LIMIT_S / 4]
    slow = [name for name in slow if name != "loop"]  # what all are compared with
    if sum(seconds.values()) <= LIMIT_S:
        slow = []
    found = {name: ways.result_of(experiment, name) for name in seconds if name not in slow}
    if slow and switch(
        None,
        f"Also the {len(slow)} slow ones (about {duration(sum(seconds[name] for name in slow))})",
        key="wl_all",
    ):
        late = aside.computed(
            SLOW, ways.results_of, experiment, tuple(slow), what="computing the slow ones"
        )
        found |= {result.way.name: result for result in late or ()}
    else:
        aside.end(SLOW)
    return {name: found[name] for name in ways.WAYS if name in found}


def _times(experiment: Experiment, results: dict[str, WayResult], *, asked: bool) -> Times | None:
    names = tuple(results)
    key = times.times_key(experiment, names)
    found = times_asked_for("wl_go", key, times.measure_times, experiment, names, asked=asked)
    if found is None and not asked and times.cheap(results.values()):
        return times.measure_times(experiment, names, times.UNASKED_S)
    return found


def _point(experiment: Experiment, results: dict[str, WayResult]) -> str:
    """Say what the loop needs, and what the shortest and the iterative ways need instead."""
    steps = experiment.sizes[0]
    parts = [f"The loop takes **{steps}** operations, one after the other."]
    linear, newton = results.get("doubling"), results.get("newton")
    if linear is not None and linear.cost is not None:
        exact = linear.difference <= 1e-9
        miss = (
            "and its states are those of the loop"
            if exact
            else f"but its states are off by up to **{short(linear.difference, 2)}**"
        )
        parts.append(f"Without φ the network needs **{linear.cost.depth}**, {miss}.")
    if newton is not None and newton.cost is not None and newton.solution is not None:
        parts.append(
            f"Newton keeps φ: **{newton.solution.iterations}** iterations, "
            f"**{newton.cost.depth}** operations in a row, off by **{off(newton.difference)}**."
        )
    return " ".join(parts)


def worth(experiment: Experiment) -> str:
    """Say on which machine, and from how many steps on, a shorter chain is worth its work."""
    _, batch, inputs, hidden, _ = experiment.sizes

    def costs(steps: int) -> tuple[Cost, Cost]:
        sizes = Sizes(steps, inputs, hidden, batch)
        return forward_cost("loop", sizes), forward_cost("doubling", sizes)

    first = next(t for t in count(2) if costs(t)[1].depth < costs(t)[0].depth)
    loop, scan = costs(LONG)
    each = forward_cost("newton", Sizes(LONG, inputs, hidden, batch, iterations=1)).depth - 1
    return (
        "**Is it worth it?** Not on one core, where all work is done one after another anyway. "
        "Where thousands of operations run at once (a GPU) the chain counts: without φ a scan’s is "
        f"the shorter one from T{NO_BREAK}={NO_BREAK}{first} on. At T{NO_BREAK}={NO_BREAK}{LONG} "
        f"it is **{scan.depth}** operations long, the loop’s **{loop.depth}**, for "
        f"**{short(scan.work / loop.work, 2)}** times the work; with φ each of Newton’s iterations "
        f"is **{each}** long."
    )


def _table(experiment: Experiment, results: dict[str, WayResult], measured: Times | None) -> str:
    titles = ["Way", "Iter.", "Loss", "Largest Δh", "Work", "Depth"]
    if measured:
        titles += ["Median (quartiles)", "Loop ÷ this"]
    rows = [titles, [":--", *["--:"] * (len(titles) - 1)]]
    for name, result in results.items():
        rows.append([_title(experiment, result), *_cells(result)])
        if measured:
            rows[-1] += _speed(measured.by_name.get(name), measured.by_name["loop"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _title(experiment: Experiment, result: WayResult) -> str:
    title = result.way.title
    if result.way.name == "other":
        own, other = experiment.activation, ways.other(experiment.activation)
        title = f"{ACTIVATIONS[other].symbol} in place of {ACTIVATIONS[own].symbol}"
    return title if result.way.exact else f"{title} ≠"


def _cells(result: WayResult) -> list[str]:
    if result.refused:
        return ["", *["–"] * 4]
    cost = result.cost
    return [
        _iterations(result),
        "no target" if result.loss is None else f"`{short(result.loss)}`",
        "reference" if result.way.name == "loop" else f"`{off(result.difference)}`",
        "–" if cost is None else f"`{counted(cost.work)}`",
        "–" if cost is None else f"`{counted(cost.depth)}`",
    ]


def _speed(timing: Timing | None, loop: Timing) -> list[str]:
    if timing is None:
        return ["not measured", ""]
    return [f"`{spread(timing)}`", f"`{short(loop.median / timing.median, 3)}×`"]


def _iterations(result: WayResult) -> str:
    solution = result.solution
    if solution is None:
        return ""
    return f"`{solution.iterations}`" + (", then loop" if solution.fell_back else "")


def _legend(experiment: Experiment, results: dict[str, WayResult], measured: Times | None) -> str:
    parts = [
        "Δh: difference to the loop's states, over all steps and units. ≠: another network in "
        "place of this one. This app’s own loop does one product a step, [x, h, 1] times all "
        "weights. Work: multiply-adds, each evaluation of φ as one. Depth: operations (a product "
        "with a matrix and what follows it entry by entry) on the longest chain. ELK solves its "
        "damped equations by cyclic reduction: depth 1 + 3·(⌊log₂ T⌋ + 1) for each iteration, "
        "rejected steps included.",
        f"Chunks with the state carried have {ways.chunk_length(experiment.sizes[0])} steps, "
        f"those of the chunked Jacobi {_chunk(results)}. "
        f"Iterations stop after {ways.MOST_ITERATIONS}; the loop then does the rest.",
    ]
    if measured is None:
        parts.append("Times are measured only when you ask: one round of all ways takes too long.")
    else:
        parts.append(
            f"Times of this machine: {measured.rounds} rounds that go through all ways in turn, "
            f"after a warm-up, {measured.threads}. {_fastest(results, measured)}"
        )
    return " ".join(parts)


def _fastest(results: dict[str, WayResult], measured: Times) -> str:
    """Say that the least depth and the least time are two things, with their numbers."""
    loop = measured.by_name["loop"].median
    speed = {name: loop / timing.median for name, timing in measured.by_name.items()}
    quick = max((n for n in speed if results[n].way.exact), key=speed.__getitem__)
    depths = {n: one.cost.depth for n, one in results.items() if one.cost and n in speed}
    flat = min(depths, key=depths.__getitem__)
    return (
        f"Quickest way to these states: {results[quick].way.title}, {short(speed[quick], 3)} times "
        f"the loop's speed. Least deep: {results[flat].way.title}, depth {depths[flat]}, "
        f"{short(speed[flat], 3)} times. Depth is the time that would be left if everything that "
        "need not wait ran at once; on one core it cannot."
    )


def _chunk(results: dict[str, WayResult]) -> str:
    jacobi = results.get("chunked_jacobi")
    solution = jacobi.solution if jacobi else None
    return str(solution.chunk) if solution else "about as many as are cheapest"


def _graphs(results: dict[str, WayResult]) -> None:
    """Draw what waits for what, the same scale for all."""
    heading.part("What waits for what")
    chart_view(waiting.charts(results), key="wl_graphs", columns=2)
