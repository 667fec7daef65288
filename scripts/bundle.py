"""Pack the front ends' modules into the files that pages load, or say that one is stale.

python -m scripts.bundle            write them
python -m scripts.bundle --check    exit code 1 if one is not what the modules make
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.components.shared.bundle import BUNDLE, ENTRY, PORTABLE, PORTABLE_ENTRY, head

ROOT = Path(__file__).resolve().parents[1]
ESBUILD = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
NODE = Path(sys.prefix) / "bin" / "node"
OPTIONS = (
    "--bundle",
    "--format=esm",
    "--target=es2023",
    "--minify",
    "--charset=utf8",
)
FILES = {
    # What others made is loaded from where it is; a page without a server carries it along.
    BUNDLE: (ENTRY, "--external:../vendor/*"),
    PORTABLE: (PORTABLE_ENTRY, "--legal-comments=none"),
}
"""The files, the module that each begins with, and options of its own."""


def bundled(file: Path) -> str:
    """Return what a file has to hold, with the line that says what it is made of.

    Raises
    ------
    RuntimeError
        The modules cannot be packed; with what esbuild says.
    """
    entry, *own = FILES[file]
    file.parent.mkdir(exist_ok=True)
    command: list[str | Path] = [NODE, ESBUILD, os.path.relpath(entry, file.parent), *OPTIONS, *own]
    made = subprocess.run(command, check=False, capture_output=True, cwd=file.parent)
    if made.returncode:
        raise RuntimeError(made.stderr.decode())
    return head() + made.stdout.decode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or compare them byte by byte; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bundle", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    check = parser.parse_args(arguments).check
    for file in FILES:
        made = bundled(file).encode()
        if not check:
            file.write_bytes(made)
        elif not file.exists() or file.read_bytes() != made:
            print(f"{file.relative_to(ROOT)} is not what the modules make: run `make bundle`.")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
