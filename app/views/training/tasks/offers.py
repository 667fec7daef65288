"""What a network can be trained on here: the tasks of the core, and data of the reader's own."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol, cast
from weakref import WeakValueDictionary

from app.experiment import link, own_data
from app.experiment.reading.notice import Options, Understood
from app.experiment.sources import Drawn
from app.experiment.value import Experiment
from app.views.training.tasks import bundled, own_options, own_sequence, own_text
from rnn_core.training import TASKS, Asked, Task, task_named

OWN_SEQUENCE, OWN_TEXT, OWN_DATA = "this_sequence", "own_text", "own_data"
START_S = 2
"""Seconds until the process that trains has started and the page has drawn the end."""


@dataclass(frozen=True)
class TaskChoice:
    """A task by name; `data` is what the reader gave for it, verbatim, where it takes any.

    Private data are those of a file: they stay in the session, and out of the address. `options`
    say how to read them (`own_options`).
    """

    name: str
    data: str = field(default="", repr=False)
    private: bool = False
    options: str = ""


class Offered(Protocol):
    """A task as it is offered."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def takes_s(self) -> float | None:
        """What its usual run took, in seconds of one core."""

    @property
    def asked(self) -> Asked:
        """What it asks, in words."""


@dataclass(frozen=True)
class Offer:
    """A task that is made of data, as it is offered before they are read."""

    title: str
    takes_s: float | None = None
    asked: Asked = field(default_factory=Asked)


_OF_DATA_OFFERED: dict[str, Offered] = {
    "sunspots": Offer(
        "Sunspots, the next year",
        0.2,
        asked=Asked(
            "The network reads yearly sunspot numbers. After each year: what is the next year's "
            "number? It learns from the first four fifths; the years after them are held out. It "
            "reads and gives them scaled by the mean and the standard deviation of those it learns "
            "from, and so are its loss and error; the curves show the numbers themselves.",
            ("number",),
            "next year's number",
            "A guess that repeats the last year's number",
        ),
    ),
    "text": Offer(
        "The next character of a book",
        2.1,
        asked=Asked(
            "The network reads a book, character by character. After each: which one comes next? "
            "The last tenth of the book is held out."
        ),
    ),
    "names": Offer(
        "Family names, which language",
        0.2,
        asked=Asked(
            "The network reads a family name, letter by letter. At the end: which of five "
            "languages is it from? Every fifth name is held out."
        ),
    ),
    OWN_TEXT: Offer(
        "The next character of your own text",
        asked=Asked(
            "The network reads your text, character by character. After each: which one comes "
            "next? The last fifth of the text is held out."
        ),
    ),
    OWN_DATA: Offer(
        "Your own sequences",
        asked=Asked("The network reads your sequences; the last fifth of them is held out."),
    ),
    OWN_SEQUENCE: Offer(
        "The sidebar's own sequence",
        asked=Asked(
            "The network learns the sidebar's sequences and their targets by heart; it is judged "
            "on the same sequences."
        ),
    ),
}
OFFERS: Mapping[str, Offered] = ChainMap(_OF_DATA_OFFERED, cast("dict[str, Offered]", TASKS))
"""In the order in which they are offered: those of the core come first."""

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {OWN_TEXT: own_text.EXAMPLE, OWN_DATA: own_data.EXAMPLE}
)
"""What stands where the reader's own data go, until there are any."""

MOST_TYPED = 3000
"""Characters of the reader's own that travel in the address; longer ones come as a file."""


def announced(choice: TaskChoice) -> float | None:
    """Return the seconds that the usual run takes, or None for data of the reader's own."""
    takes = OFFERS[choice.name].takes_s
    return None if takes is None else START_S + takes


def sequence_of(experiment: Experiment) -> TaskChoice:
    """Return the task of learning the experiment's own sequences, whatever its weights are."""
    bare = experiment.replace(
        weights=Drawn(scheme="identity", seed=0, hidden=1),
        cell="elman",
        activation="tanh",
        has_target=True,
        initial=None,
        initial_cell=None,
        truncate=None,
        sample=0,
        title="",
    )
    return TaskChoice(OWN_SEQUENCE, link.encode(bare))


OF_DATA: Mapping[str, Callable[[str, Options], Task]] = MappingProxyType(
    {
        OWN_SEQUENCE: lambda data, _: own_sequence.task(OWN_SEQUENCE, link.decode(data)),
        OWN_TEXT: lambda data, _: own_text.task(OWN_TEXT, data),
        OWN_DATA: lambda data, options: own_data.task(OWN_DATA, data, options),
    }
)


_OF_DATA: WeakValueDictionary[TaskChoice, Task] = WeakValueDictionary()
"""Tasks of readers' own data, for as long as a session or a run of theirs holds them."""


def task_of(choice: TaskChoice) -> Task:
    """Return the task of a choice; the same one as long as somebody holds it.

    Raises
    ------
    ValueError
        The name is unknown, or the data does not fit; one sentence.
    """
    if choice.name in OF_DATA:
        task = _OF_DATA.get(choice)
        if task is None:
            made = OF_DATA[choice.name](choice.data, own_options.read(choice.options))
            task = replace(made, title=OFFERS[choice.name].title)
            task = _OF_DATA.setdefault(choice, task)
        return task
    if choice.name in bundled.TASKS:
        return bundled.TASKS[choice.name]()
    return task_named(choice.name)


def understood_of(choice: TaskChoice) -> Understood:
    """Return what was concluded from the reader's own data.

    Raises
    ------
    ValueError
        As `task_of`.
    """
    if choice.name != OWN_DATA:
        return Understood()
    return own_data.understood(choice.data, own_options.read(choice.options))[1]
