"""`python -m unrolled`, which is the command `unrolled`."""

import sys

from unrolled.cli import main

if __name__ == "__main__":
    sys.exit(main())
