"""A process that computes what it is sent: `python -m app.work.worker`.

It is started by `app.work.process`.

Reads pickles of (function, argument) from standard input and writes (ok, result or sentence) to
standard output. It ends with its input, so it cannot outlive the process that started it.
"""

import os
import pickle
import sys

NICENESS = 10
"""How far a process that computes stands back: who edits a number goes before who waits."""


def main() -> None:
    """Serve until the input ends."""
    stands_back = not hasattr(os, "nice")  # Windows has none
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is not an answer
    while True:
        try:
            function, argument = pickle.load(sys.stdin.buffer)  # noqa: S301  # from our own parent
        except EOFError:
            return
        if not stands_back:  # not while it starts: on a full machine that alone took half a minute
            os.nice(NICENESS)
            stands_back = True
        try:
            answer = (True, function(argument))
        except (ValueError, ArithmeticError) as error:
            answer = (False, str(error))
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
