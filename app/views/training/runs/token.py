"""Plans as a short text for the address: what differs from the usual settings, compressed."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError

from app.experiment import link
from app.experiment.sources import MAX_HIDDEN, MAX_SEED, Weights
from app.views.training.runs.plan import MOST_BATCH, MOST_LENGTH, MOST_UPDATES, Plan
from app.views.training.tasks.offers import OFFERS, TaskChoice, task_of
from rnn_core.training import Settings

MOST_CHARACTERS = 2000
MOST_INFLATED = 50_000
MALFORMED = "pinned runs: expected what this page has put into the address, got something else"
LIMITS = {
    "length": MOST_LENGTH,
    "batch": MOST_BATCH,
    "updates": MOST_UPDATES,
    "hidden": MAX_HIDDEN,
    "seed": MAX_SEED,
}
SETTINGS = TypeAdapter(Settings)
START: TypeAdapter[Weights | None] = TypeAdapter(Weights | None)


def encode(plans: Sequence[Plan]) -> str:
    """Return the text of some plans; empty where it would be too long for an address.

    Those that learn a reader's file are left out: what it holds is no part of an address.
    """
    public = [_plain(plan) for plan in plans if not plan.choice.private]
    if not public:
        return ""
    text = link.deflated(json.dumps(public).encode())
    return text if len(text) <= MOST_CHARACTERS else ""


def decode(text: str) -> list[Plan]:
    """Return the plans of a text.

    Raises
    ------
    ValueError
        It is damaged, or asks for more than the page allows.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(MALFORMED)
    try:
        written = link.inflated(text, MOST_INFLATED)
    except ValueError:
        raise ValueError(MALFORMED) from None
    try:
        return [_plan(item) for item in json.loads(written)]
    except (ValidationError, TypeError, KeyError, RecursionError):
        raise ValueError(MALFORMED) from None
    except ValueError as error:
        raise ValueError(f"{MALFORMED} ({' '.join(str(error).split())[:120]})") from None


def _plain(plan: Plan) -> dict[str, object]:
    usual = asdict(Settings.of(plan.task()))
    changed = {k: v for k, v in asdict(plan.settings).items() if v != usual[k]}
    made: dict[str, object] = {"task": plan.choice.name, "data": plan.choice.data, **changed}
    if plan.choice.options:
        made["options"] = plan.choice.options
    if plan.start is not None:
        made["start"] = START.dump_python(plan.start, mode="json", exclude_defaults=True)
    return made


def _plan(item: dict[str, object]) -> Plan:
    given = dict(item)
    name, data = given.pop("task"), given.pop("data")
    if name not in OFFERS or not isinstance(name, str) or not isinstance(data, str):
        raise TypeError("task")
    start = START.validate_python(given.pop("start", None))
    options = given.pop("options", "")
    if not isinstance(options, str):
        raise TypeError("options")
    choice = TaskChoice(name, data, options=options)
    if not isinstance(given.get("cell", ""), str):  # by name alone: no network of a link's own
        raise TypeError("cell")
    settings = SETTINGS.validate_python(asdict(Settings.of(task_of(choice))) | given)
    for key, most in LIMITS.items():
        if not 0 <= getattr(settings, key) <= most:
            raise ValueError(f"{key}: expected at most {most:,}, got {getattr(settings, key):,}")
    return Plan(choice, settings, start)
