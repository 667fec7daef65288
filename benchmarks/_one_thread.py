"""Run a benchmark again in a process whose libraries use one thread each."""

import os
import subprocess
import sys
from pathlib import Path

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


def on_one_thread() -> None:
    """Go on if this process is one; else run the command in one that is, and exit as it did.

    The libraries read their settings once, when they are loaded.
    """
    if all(os.environ.get(name) == value for name, value in ONE_THREAD.items()):
        return
    root = Path(__file__).resolve().parents[1]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": path}
    again = subprocess.run([sys.executable, *sys.argv], env=environment, check=False)
    raise SystemExit(again.returncode)
