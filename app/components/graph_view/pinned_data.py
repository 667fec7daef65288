"""What the graph component receives of the run that is pinned."""

from typing import Any

from app.components.graph_view.levels import Levels
from app.experiment.pinned import Pinned

NOTHING = "nothing is different yet: change one thing"
OTHER_NODES = "its graph has other nodes, which are not compared"


class PinnedLevels:
    """The graphs of the pinned run, around the step that is shown of the present one."""

    def __init__(self, pinned: Pinned, step: int) -> None:
        self._pinned = pinned
        self._levels = Levels(pinned.trace, pinned.grads, pinned.experiment.sample, step)

    def data(self, level: str, drawn: Levels) -> dict[str, Any]:
        """Return its numbers for the nodes of a level, and what of it is another one now."""
        numbers = self._levels.numbers_for(level, drawn)
        said = self._pinned.changes or NOTHING
        if numbers["value"] is None:
            said += f"; {OTHER_NODES}"
        loss = self._pinned.trace.loss
        return {"kind": "pinned", "at": [], "said": said, "loss": loss, "local": None, **numbers}
