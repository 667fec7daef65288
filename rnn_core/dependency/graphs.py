"""The dependency graph of each way to compute the states, node by node."""

import networkx as nx

from rnn_core.dependency.sizes import Sizes

Row = list[str | None]
"""The nodes of steps 1 … T; index 0 is what is given from the start."""


class _Draft:
    """A graph in the making; each node knows its step, its work and its kind."""

    def __init__(self) -> None:
        self.graph: nx.DiGraph[str] = nx.DiGraph()

    def add(
        self, name: str, *needs: str | None, t: int, work: int, kind: str, stage: int | None = None
    ) -> str:
        """Add a node that waits for others; None stands for what is given from the start.

        `stage` is when it is computed where that is later than it could be: an iteration does not
        begin before the last one has ended.
        """
        earliest = 1 + max((self.stage(need) for need in needs if need is not None), default=0)
        stage = earliest if stage is None else stage
        self.graph.add_node(name, t=t, work=work, kind=kind, stage=stage)
        self.graph.add_edges_from((need, name) for need in needs if need is not None)
        return name

    def stage(self, name: str) -> int:
        """Return when a node is computed, from 1."""
        stage: int = self.graph.nodes[name]["stage"]
        return stage

    def inputs(self, sizes: Sizes) -> Row:
        """Add u_t = W_xh x_t + b_h for all t."""
        steps = range(1, sizes.steps + 1)
        return [None, *(self.add(f"u[{t}]", t=t, work=sizes.project, kind="input") for t in steps)]

    def linear_inputs(self, sizes: Sizes) -> Row:
        """Add u_1 + A h_0 and the other u_t: the inputs of a linear recurrence from zero."""
        b = self.inputs(sizes)
        b[1] = self.add("b[1]", b[1], t=1, work=sizes.product, kind="state")
        return b

    def tangents(self, h: Row, u: Row, sizes: Sizes, diagonal: bool, mark: int, stage: int) -> Row:
        """Linearise every step at the present states."""
        work = sizes.linearise(diagonal=diagonal)
        found: Row = [None]
        for t in range(1, sizes.steps + 1):
            needs = (h[t - 1], h[t], u[t])
            name = f"J{mark}[{t}]"
            found.append(self.add(name, *needs, t=t, work=work, kind="linearise", stage=stage))
        return found

    def scan(self, elements: Row, sizes: Sizes, work: int, mark: int, stage: int) -> Row:
        """Combine the elements (A_t, b_t) by the tree of Hillis and Steele, level by level."""
        done = list(elements)
        for level in range(sizes.levels):
            distance = 2**level
            later = list(done)
            for t in range(distance + 1, sizes.steps + 1):
                name = f"s{mark}.{level + 1}[{t}]"
                needs = (done[t - distance], done[t])
                later[t] = self.add(
                    name, *needs, t=t, work=work, kind="combine", stage=stage + level
                )
            done = later
        return done


def loop(sizes: Sizes) -> "nx.DiGraph[str]":
    """h_t = φ(W_xh x_t + W_hh h_{t-1} + b_h), one after the other."""
    draft, h = _Draft(), None
    work = sizes.project + sizes.state
    for t in range(1, sizes.steps + 1):
        h = draft.add(f"h[{t}]", h, t=t, work=work, kind="state")
    return draft.graph


def hoisted(sizes: Sizes) -> "nx.DiGraph[str]":
    """All u_t at once, then h_t = φ(u_t + W_hh h_{t-1}) one after the other."""
    draft, h = _Draft(), None
    u = draft.inputs(sizes)
    for t in range(1, sizes.steps + 1):
        h = draft.add(f"h[{t}]", h, u[t], t=t, work=sizes.state, kind="state")
    return draft.graph


def doubling(sizes: Sizes) -> "nx.DiGraph[str]":
    """Solve the linear recurrence by h ← h + A^{2^k} h shifted 2^k steps, k = 0, 1 and on."""
    draft, square = _Draft(), None
    h = draft.linear_inputs(sizes)
    for level in range(sizes.levels):
        distance = 2**level
        if level > 0:
            square = draft.add(f"A^{distance}", square, t=0, work=sizes.power, kind="power")
        later = list(h)
        for t in range(distance + 1, sizes.steps + 1):
            needs = (h[t], h[t - distance], square)
            name = f"h{level + 1}[{t}]"
            later[t] = draft.add(name, *needs, t=t, work=sizes.product, kind="state")
        h = later
    return draft.graph


def toeplitz(sizes: Sizes) -> "nx.DiGraph[str]":
    """Solve the linear recurrence by h_t = Σ_{s≤t} A^{t-s} b_s, its powers made by doubling."""
    draft = _Draft()
    b = draft.linear_inputs(sizes)
    powers: Row = [None, None]  # I and A are given
    for exponent in range(2, sizes.steps):
        half = 2 ** ((exponent - 1).bit_length() - 1)
        needs = (powers[half], powers[exponent - half])
        name = f"A^{exponent}"
        powers.append(draft.add(name, *needs, t=0, work=sizes.power, kind="power"))
    for t in range(2, sizes.steps + 1):
        work = (t - 1) * sizes.product
        draft.add(f"h[{t}]", *b[1 : t + 1], *powers[:t], t=t, work=work, kind="state")
    return draft.graph


def fixed_point(sizes: Sizes) -> "nx.DiGraph[str]":
    """h_t ← φ(u_t + W_hh h_{t-1}) for all t at once, `iterations` times."""
    draft = _Draft()
    u = draft.inputs(sizes)
    h: Row = [None] * (sizes.steps + 1)
    for i in range(1, sizes.iterations + 1):
        later: Row = [None]
        for t in range(1, sizes.steps + 1):
            name, needs = f"h{i}[{t}]", (h[t - 1], u[t])
            later.append(draft.add(name, *needs, t=t, work=sizes.state, kind="state", stage=i + 1))
        h = later
    return draft.graph


def chunked_jacobi(sizes: Sizes) -> "nx.DiGraph[str]":
    """Sweep after sweep through all chunks side by side."""
    draft = _Draft()
    u = draft.inputs(sizes)
    h: Row = [None] * (sizes.steps + 1)
    for sweep in range(1, sizes.sweeps + 1):
        later = list(h)
        for t in range(1, sizes.steps + 1):
            place = (t - 1) % sizes.chunk  # within its chunk
            needs = (h[t - 1] if place == 0 else later[t - 1], u[t])
            stage = 2 + (sweep - 1) * sizes.chunk + place
            name = f"h{sweep}[{t}]"
            later[t] = draft.add(name, *needs, t=t, work=sizes.state, kind="state", stage=stage)
        h = later
    return draft.graph


def newton(sizes: Sizes) -> "nx.DiGraph[str]":
    """Linearise all steps at the present states, then solve by a scan of full matrices."""
    return _newton(sizes, diagonal=False)


def quasi_newton(sizes: Sizes) -> "nx.DiGraph[str]":
    """Do the same with the diagonals of the Jacobians."""
    return _newton(sizes, diagonal=True)


def _newton(sizes: Sizes, *, diagonal: bool) -> "nx.DiGraph[str]":
    draft = _Draft()
    u = draft.inputs(sizes)
    h: Row = [None] * (sizes.steps + 1)
    combine = sizes.combine(diagonal=diagonal)
    for i in range(1, sizes.iterations + 1):
        stage = 2 + (i - 1) * (1 + sizes.levels)
        local = draft.tangents(h, u, sizes, diagonal, i, stage)
        h = draft.scan(local, sizes, combine, i, stage + 1)
    return draft.graph


def elk(sizes: Sizes) -> "nx.DiGraph[str]":
    """Linearise all steps, then solve the normal equations of the damped step by reduction."""
    return _elk(sizes, diagonal=False)


def quasi_elk(sizes: Sizes) -> "nx.DiGraph[str]":
    """Do the same with the diagonals of the Jacobians."""
    return _elk(sizes, diagonal=True)


def _elk(sizes: Sizes, *, diagonal: bool) -> "nx.DiGraph[str]":
    draft = _Draft()
    u = draft.inputs(sizes)
    h: Row = [None] * (sizes.steps + 1)
    work = sizes.normal(diagonal=diagonal)
    for i in range(1, sizes.iterations + 1):
        stage = 2 + (i - 1) * 3 * sizes.steps.bit_length()
        local = [*draft.tangents(h, u, sizes, diagonal, i, stage), None]
        normal = [
            draft.add(
                f"N{i}[{t}]",
                local[t],
                local[t + 1],
                t=t,
                work=work if t < sizes.steps else 0,  # nothing comes after the last step
                kind="combine",
                stage=stage + 1,
            )
            for t in range(1, sizes.steps + 1)
        ]
        h = [None, *_reduced(draft, normal, sizes, diagonal, f"{i}.", stage + 2)]
    return draft.graph


def _reduced(
    draft: _Draft, rows: list[str], sizes: Sizes, diagonal: bool, mark: str, stage: int
) -> list[str]:
    """Eliminate every other unknown, solve for those left, and put them in: cyclic reduction."""
    eliminate, insert = sizes.eliminate(diagonal=diagonal), sizes.insert(diagonal=diagonal)
    substitute = sizes.substitute(diagonal=diagonal)

    def add(letter: str, row: str, *needs: str, work: int, kind: str, at: int) -> str:
        t = draft.graph.nodes[row]["t"]
        name = f"{letter}{mark}{len(rows)}[{t}]"
        return draft.add(name, *needs, t=t, work=work, kind=kind, stage=at)

    out = [add("e", row, row, work=eliminate, kind="solve", at=stage) for row in rows[::2]]
    if len(rows) == 1:
        return out
    left = []
    for k, row in enumerate(rows[1::2]):
        beside = out[k : k + 2]
        work = len(beside) * insert
        left.append(add("r", row, row, *beside, work=work, kind="combine", at=stage + 1))
    kept = _reduced(draft, left, sizes, diagonal, mark, stage + 2)
    last = stage + 3 * (len(rows).bit_length() - 1)
    solved: list[str] = []
    for k, row in enumerate(rows[::2]):
        beside = kept[max(k - 1, 0) : k + 1]
        work = len(beside) * substitute
        solved.append(add("b", row, out[k], *beside, work=work, kind="state", at=last))
        solved += kept[k : k + 1]
    return solved
