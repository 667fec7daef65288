"""The app's JavaScript without a browser: a script of the tests that imports its modules."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NODE = Path(sys.prefix) / "bin" / "node"
TOO_LONG_S = 120


def answer(script: Path, cases: Iterable[Any]) -> Any:
    """Return what the script prints of the cases, which it reads as a line of JSON each."""
    done = subprocess.run(
        [NODE, script],
        input="\n".join(map(json.dumps, cases)),
        capture_output=True,
        text=True,
        check=False,
        timeout=TOO_LONG_S,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
