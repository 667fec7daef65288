"""How long something takes, and who comes before: one wording for all that waits and computes."""

from app.work.turns import Turns


def standing(turns: Turns, who: object, *, begun: bool = False) -> str:
    """Say the place of one who waits, "2 before you, about 12 s", or with whom he takes turns.

    One whose work has begun already waits for each of its pieces: he is told that he shares.
    """
    if begun:
        return f"{turns.sharing} take turns" if turns.crowded and turns.sharing > 1 else ""
    wait = turns.wait(who)
    if wait is None or not wait.before:
        return ""
    expected = "" if wait.seconds is None else f", {about(wait.seconds)}"
    return f"{wait.before} before you{expected}"


def about(seconds: float) -> str:
    """Return a time that is an estimate, in a unit that suits it."""
    if seconds >= 5400:
        return f"about {seconds / 3600:.0f} h"
    if seconds >= 90:
        return f"about {seconds / 60:.0f} min"
    return f"about {seconds:.0f} s" if seconds >= 1 else "less than 1 s"
