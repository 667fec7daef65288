"""What was opened or pasted last, kept so that a click reads the same text in another way."""

from dataclasses import dataclass

from app.editor.commands import Command
from app.experiment import Experiment
from app.reading.notice import Understood

LARGEST_KEPT = 2_000_000
"""Characters of a text that a session keeps to read it again; a longer one is opened anew."""


@dataclass(frozen=True)
class Reading:
    """A command that read something: from where, with what result, and what it says of it."""

    command: Command
    before: Experiment
    after: Experiment  # while this very value is shown, the line and its buttons are
    understood: Understood

    def again(self, label: str) -> Command | None:
        """Return the command that reads the same text in the way of a button; None if unknown."""
        choices = self.understood.choices
        chosen = next((choice for choice in choices if choice.label == label), None)
        if chosen is None:
            return None
        options = self.command.options | {chosen.option: chosen.value}
        return self.command.model_copy(update={"options": options})


@dataclass
class Last:
    """The last reading of a session."""

    reading: Reading | None = None

    def keep(self, reading: Reading) -> None:
        """Keep it if it has anything to say, and its buttons only with a text of moderate size."""
        size = len(reading.command.text) + len(reading.command.content)
        if size > LARGEST_KEPT:
            bare = reading.command.model_copy(update={"text": "", "content": ""})
            said = Understood(reading.understood.sentences)
            reading = Reading(bare, reading.before, reading.after, said)
        self.reading = reading if reading.understood else None

    def shown_with(self, experiment: Experiment) -> Reading | None:
        """Return the reading whose result is shown; Undo and other changes hide it."""
        reading = self.reading
        return reading if reading is not None and reading.after is experiment else None
