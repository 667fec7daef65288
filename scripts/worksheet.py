"""`unrolled worksheet`, from a clone: `python -m scripts.worksheet --grade 3 --out FOLDER`."""

import sys

from unrolled.worksheet import main, write

__all__ = ["main", "write"]

if __name__ == "__main__":
    sys.exit(main(prog="python -m scripts.worksheet"))
