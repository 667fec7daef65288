"""How the commands take their arguments and refuse: one sentence, and exit code 2."""

import argparse
import sys
from typing import NoReturn

REFUSED = 2


class Parser(argparse.ArgumentParser):
    """A parser whose refusals are one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end with code 2."""
        refuse(self.prog, message)
        raise SystemExit(REFUSED)


class Plain(argparse.RawDescriptionHelpFormatter):
    """Help with its descriptions as they are written."""


def refuse(command: str, sentence: str) -> None:
    """Tell whoever called a command what could not be done."""
    print(f"{command}: {printable(sentence)}", file=sys.stderr)


def printable(text: str) -> str:
    """Return a text as a terminal may show it: a file's name or content may hold its commands."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
