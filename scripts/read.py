"""`unrolled read --json`, from a clone: `python -m scripts.read FILE …`."""

import sys
from collections.abc import Sequence

from unrolled.read import main as told
from unrolled.read import read

__all__ = ["main", "read"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each file holds, an object of JSON on a line; return 0, or 2 if one is refused."""
    given = sys.argv[1:] if arguments is None else arguments
    return told(["--json", *given], prog="python -m scripts.read")


if __name__ == "__main__":
    sys.exit(main())
