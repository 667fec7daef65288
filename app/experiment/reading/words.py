"""A user's text, and numbers of things, as they may stand in a sentence."""


def tidy(text: str, longest: int = 30) -> str:
    """Return a title or a line of a text on one line, short, without what cannot be shown."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text[:200]).split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def counted(number: int, noun: str) -> str:
    """Return `1 row` or `2 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
