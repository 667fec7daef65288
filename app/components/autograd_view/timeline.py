"""The frames of the player: one for each operation, then one for each visit of autograd."""

from typing import Any

from app.components.autograd_view.words import called, listed, ordinal
from app.pytorch.autograd_graph import Node, Recording


class Timeline:
    """The frames of a recording, and when each node is made and visited."""

    def __init__(self, recording: Recording) -> None:
        self.frames: list[dict[str, Any]] = []
        self.born: dict[str, int] = {}
        self.felt: dict[str, int] = {}
        made = set(recording.nodes)
        for frame in recording.frames:
            new = [name for name in frame.new if name in made]
            if not new:
                continue
            self.frames.append(self._forward(recording, frame.line, new))
            for name in new:
                self.born[name] = len(self.frames)
        self.forward = len(self.frames)
        for place, visit in enumerate(recording.visits, start=1):
            node = recording.nodes[visit.node]
            self.frames.append(
                {
                    "phase": "backward",
                    "current": [visit.node],
                    "line": "L.backward()",
                    "text": f"{ordinal(place)} of {len(recording.visits)} visits: "
                    f"{called(node)} receives ∂L/∂{_whole(node.symbol)}, "
                    f"{_hands_on(recording, node)}.",
                }
            )
            self.felt[visit.node] = len(self.frames)

    def _forward(self, recording: Recording, line: str, new: list[str]) -> dict[str, Any]:
        nodes = [recording.nodes[name] for name in new]
        makers = [called(node) for node in nodes if not node.is_leaf]
        leaves = [node.symbol for node in nodes if node.is_leaf]
        text = f"makes {listed(makers)}"
        if leaves:
            kind = "leaf" if len(leaves) == 1 else "leaves"
            text += f", and AccumulateGrad for the {kind} {listed(leaves)}, used for the first time"
        return {"phase": "forward", "current": new, "line": line, "text": f"{text}."}


def _hands_on(recording: Recording, node: Node) -> str:
    if node.is_leaf:
        return "which ends in .grad"
    after = [recording.nodes[name].symbol for name in node.next]
    return f"and hands gradients on to {listed(after)}"


def _whole(symbol: str) -> str:
    """Put a product in brackets, so that a derivative by it reads as one."""
    return f"({symbol})" if " " in symbol else symbol
