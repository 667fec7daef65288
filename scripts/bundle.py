"""Pack the front ends' modules into the one file that a page loads, or say that it is stale.

python -m scripts.bundle            write it
python -m scripts.bundle --check    exit code 1 if it is not what the modules make
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.components.shared.bundle import BUNDLE, ENTRY, head

ROOT = Path(__file__).resolve().parents[1]
ESBUILD = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
NODE = Path(sys.prefix) / "bin" / "node"
OPTIONS = (
    "--bundle",
    "--format=esm",
    "--target=es2023",
    "--minify",
    "--charset=utf8",
    "--external:../vendor/*",  # what others made is loaded from where it is
)
STALE = f"{BUNDLE.relative_to(ROOT)} is not what the modules make: run `make bundle`."


def bundled() -> str:
    """Return what the file has to hold, with the line that says what it is made of.

    Raises
    ------
    RuntimeError
        The modules cannot be packed; with what esbuild says.
    """
    BUNDLE.parent.mkdir(exist_ok=True)
    command: list[str | Path] = [NODE, ESBUILD, os.path.relpath(ENTRY, BUNDLE.parent), *OPTIONS]
    made = subprocess.run(command, check=False, capture_output=True, cwd=BUNDLE.parent)
    if made.returncode:
        raise RuntimeError(made.stderr.decode())
    return head() + made.stdout.decode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or compare it byte by byte; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bundle", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    check = parser.parse_args(arguments).check
    made = bundled().encode()
    if not check:
        BUNDLE.write_bytes(made)
    elif not BUNDLE.exists() or BUNDLE.read_bytes() != made:
        print(STALE)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
