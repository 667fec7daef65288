"""Compare one forward and one backward pass with those of an earlier commit, on one thread.

Run it with `python -m benchmarks.core_before`, or with another commit behind it; unless told,
that is the last one before networks were data, which knew the Elman recurrence alone. Both cores
are loaded into one process and take turns, as in `core_speed`; the earlier one is read from the
repository's history. It prints a table of CPU-time ratios and fails on nothing.
"""

import argparse
import importlib
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from types import ModuleType

from benchmarks._one_thread import on_one_thread
from benchmarks.core_speed import CASES, Case, our_run, print_head, print_ratio

ROOT = Path(__file__).resolve().parents[1]
BEFORE_CELLS = "a9e844a^"
LIMIT = 1.05


def main() -> None:
    """Print the table, in a process that was started with one thread."""
    on_one_thread()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", nargs="?", default=BEFORE_CELLS, help="of this repository")
    commit = parser.parse_args().commit
    with tempfile.TemporaryDirectory() as folder:
        if not extracted(commit, Path(folder)):
            print(f"The history here has no commit {commit}: nothing to compare with.")
            return
        earlier = loaded_from(Path(folder))
        now = importlib.import_module("rnn_core")
        print(f"CPU time of forward + backward, this core / the one at {commit}, one thread")
        print_head("now ms", "then ms")
        for case in CASES:
            for dtype in ("float64", "float32"):
                first, second = (our_run(case, dtype, core) for core in (now, earlier))
                print_ratio(case, dtype, first, second, LIMIT)


def extracted(commit: str, folder: Path) -> bool:
    """Write the core of a commit into a folder; say whether the history has it."""
    archive = subprocess.run(
        ["git", "-C", str(ROOT), "archive", commit, "rnn_core"], capture_output=True, check=False
    )
    if archive.returncode:
        return False
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return True


def loaded_from(folder: Path) -> ModuleType:
    """Import a core from a folder, beside the one that is imported here later.

    Its modules are taken out of `sys.modules` once all are loaded, so that the name is free.
    """
    sys.path.insert(0, str(folder))
    core = importlib.import_module("rnn_core")
    our_run(Case(2, 1, 1, 2, 0), "float64", core)()
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == "rnn_core"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    return core


if __name__ == "__main__":
    main()
