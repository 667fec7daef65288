"""Where the app is: inside this package once it is installed, beside it in a clone.

The app calls itself `app`, and no module by that name may land among anybody's packages. So an
installed one lies in a folder that is on no path, and is found while somebody uses it.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

_INSTALLED = Path(__file__).resolve().parent / "_bundle"
HOME = _INSTALLED if _INSTALLED.is_dir() else _INSTALLED.parents[1]
"""The folder that holds `app` and `assets`."""

MAIN = HOME / "app" / "main.py"
INSTALL = (
    'pip install "unrolled[app]"' if _INSTALLED.is_dir() else "pip install -r requirements.txt"
)
_put_aside: dict[str, ModuleType] = {}


def require_packages() -> None:
    """Raise ValueError, with what to do, if a package is missing that the app needs."""
    listed = (HOME / "requirements.txt").read_text(encoding="utf-8")
    names = re.findall(r"^[\w-]+", listed, re.MULTILINE)  # each imported by the same name
    if missing := [name for name in names if find_spec(name) is None]:
        raise ValueError(f"the app needs {', '.join(missing)}: {INSTALL}")


def use_the_app() -> None:
    """Let this process import the app: for a process of ours, such as that of the command."""
    if sys.path[:1] != [str(HOME)]:
        sys.path.insert(0, str(HOME))


@contextmanager
def the_app() -> Iterator[None]:
    """Let the block import the app, in a process that may have another `app` of its own.

    What was imported stays loaded for the next block, but out of everybody else's sight.
    """
    if _is_ours(sys.modules.get("app")):
        yield
        return
    theirs = _taken_out()
    sys.modules.update(_put_aside)
    path = [*sys.path]
    sys.path.insert(0, str(HOME))
    try:
        yield
    finally:
        sys.path[:] = path
        _put_aside.update(_taken_out())
        sys.modules.update(theirs)


def _taken_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.partition(".")[0] == "app"]
    return {name: sys.modules.pop(name) for name in names}


def _is_ours(module: ModuleType | None) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).resolve().is_relative_to(HOME)
