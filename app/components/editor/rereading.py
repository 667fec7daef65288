"""What was opened or pasted, kept so that its line comes back and a click reads it otherwise."""

from collections import deque
from dataclasses import dataclass, field
from weakref import ref

from app.components.editor.commands import Command
from app.experiment.reading.notice import Understood
from app.experiment.value import Experiment

LARGEST_KEPT = 2_000_000
"""Characters of texts that a session keeps to read them again; a longer one is opened anew."""

MOST_KEPT = 20


@dataclass(frozen=True)
class ReadCommand:
    """A command that read something: from where, with what result, and what it says of it."""

    command: Command
    before: ref[Experiment]  # held by what Undo can take back, not here: a sequence may be large
    after: ref[Experiment]  # while this very value is shown, the line and its buttons are
    understood: Understood

    def again(self, label: str) -> Command | None:
        """Return the command that reads the same text in the way of a button; None if unknown."""
        choices = self.understood.choices
        chosen = next((choice for choice in choices if choice.label == label), None)
        if chosen is None or self.before() is None:
            return None
        options = self.command.options | {chosen.option: chosen.value}
        return self.command.model_copy(update={"options": options})

    @property
    def size(self) -> int:
        """Characters of what was read."""
        return len(self.command.text) + len(self.command.content)

    def bare(self) -> "ReadCommand":
        """Return its line alone: without the text there is no other way to read it."""
        command = self.command.model_copy(update={"text": "", "content": ""})
        return ReadCommand(command, self.before, self.after, Understood(self.understood.sentences))


@dataclass
class ReadCommands:
    """The readings of a session whose results can still be shown, the newest last."""

    kept: deque[ReadCommand] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    def keep(
        self, command: Command, before: Experiment, after: Experiment, understood: Understood
    ) -> None:
        """Keep one; the buttons of those whose texts have no room beside the newer ones go."""
        reading = ReadCommand(command, ref(before), ref(after), understood)
        if reading.size > LARGEST_KEPT:
            reading = reading.bare()
        # The ways on of an earlier refusal belong to a sentence that is no longer there.
        known = [one for one in self.kept if one.after() is not None and one.understood.sentences]
        room = LARGEST_KEPT - reading.size
        newest_first = [reading] if reading.understood else []
        for one in reversed(known):
            room -= one.size
            newest_first.append(one if room >= 0 else one.bare())
        self.kept.clear()
        self.kept.extend(reversed(newest_first))

    def shown_with(self, experiment: Experiment) -> ReadCommand | None:
        """Return the reading whose result is shown, also after Undo and Redo."""
        return next((one for one in reversed(self.kept) if one.after() is experiment), None)
