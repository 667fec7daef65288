"""A lesson as a value, and what may be in it."""

from dataclasses import dataclass

from app.experiment import link, presets
from app.experiment.value import Experiment
from app.figures.common import DEFAULT_LEVEL

MAX_BYTES = 200_000
MAX_SCENES = 100
MAX_LINE = 300  # characters of a title, a field, a question
MAX_TEXT = 4_000  # characters of a scene
MAX_SHEETS = 20  # of practice, whose numbers its texts name: drawing one takes up to 0.2 s
MAX_NUMBERS = 1_000_000  # T·B·(D + nH + K) of all experiments of a lesson

PARTS = {
    "sidebar": '[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"]',
    "navigation": '[data-testid="stTopNavSection"], [data-testid="stTopNavLinkContainer"]',
    "equations": ".ur-equations",
    "numbers": ".st-key-numbers",
    "player": ".ur-player",
    "levels": ".ur-toolbar",
    "inspector": ".ur-graph .ur-inspector",
    "table": ".ur-graph .ur-details",
    "plots": ".ur-plots",
}
"""What of the pages can be hidden, or lit, and where it is; `gradient` can be hidden, too."""
HIDEABLE = (*PARTS, "gradient")
FIRST_PAGE = "explore"
CONTROLS_OF = {
    "gradient-flow": "gf",
    "training": "tr",
    "numerics": "nu",
    "without-the-loop": "wl",
    "pytorch": "pt",
    "practice": "pr",
}
"""What the names of a page's controls are in the address, or begin with before a `_`."""
SECTION_OF = {page: name for page, name in CONTROLS_OF.items() if page != "practice"}
"""The pages whose section has that name alone."""
MAX_CONTROLS = 2_000  # characters
LEFT_OUT = frozenset({"tr_run", "pr_n", "tr_at"})  # his runs and answers; `tr_made` says the moment


@dataclass(frozen=True)
class Scene:
    """A page as it is to be looked at, with a few sentences; an empty field is the default."""

    title: str
    text: str = ""
    page: str = FIRST_PAGE
    section: str = ""
    controls: str = ""  # of the page, as they stand in an address
    experiment: str = ""  # a preset's name or a link's token; empty: that of the scene before
    level: str = DEFAULT_LEVEL
    at: str = "end"
    select: str = ""
    lit: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    ask: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Lesson:
    """A title, what it is about, and at least one scene."""

    title: str
    scenes: tuple[Scene, ...]
    about: str = ""

    def experiment(self, number: int) -> Experiment:
        """Return the experiment of a scene, counted from 1: its own, or that of one before.

        Raises
        ------
        ValueError
            It is neither a preset nor a token.
        """
        named = [scene.experiment for scene in self.scenes[:number] if scene.experiment]
        return experiment_of(named[-1]) if named else presets.default()


def experiment_of(name: str) -> Experiment:
    """Return a preset by its name, or the experiment of a link's token.

    Raises
    ------
    ValueError
        It is neither.
    """
    if name in presets.PRESETS:
        return presets.PRESETS[name].experiment
    try:
        return link.decode(name)
    except ValueError as error:
        known = ", ".join(presets.PRESETS)
        raise ValueError(
            f"experiment: expected {known}, or what stands behind e= in a link, "
            f"got {name[:40]!r} ({error})"
        ) from None
