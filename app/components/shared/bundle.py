"""The front ends in one file, which `make bundle` makes: a page asks for one file, not for 150.

A second file has the part of them that a page without a server carries along.

The file says what it was made of. Where a module was changed since, the page loads the modules
themselves, so what is edited is seen at the next reload and no Node is needed to run the app.
"""

import hashlib
from pathlib import Path

COMPONENTS = Path(__file__).resolve().parents[1]
ENTRY = COMPONENTS / "shared" / "frontend" / "ui.js"
BUNDLE = COMPONENTS.parents[1] / "assets" / "bundle" / "ui.js"
PORTABLE_ENTRY = COMPONENTS / "portable" / "frontend" / "portable.js"
PORTABLE = BUNDLE.with_name("portable.js")
MADE_OF = "// Made by `make bundle` of modules with the SHA-256 "


def modules() -> list[Path]:
    """Return the modules of all front ends, in an order that is the same on every machine."""
    found = COMPONENTS.glob("*/frontend/**/*.js")
    return sorted(found, key=lambda path: path.relative_to(COMPONENTS).as_posix())


def digest() -> str:
    """Return the SHA-256 of the modules: of their names and of what is in them."""
    made = hashlib.sha256()
    for path in modules():
        for part in (path.relative_to(COMPONENTS).as_posix().encode(), path.read_bytes()):
            made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()


def head() -> str:
    """Return the first line of a bundle of the modules as they are."""
    return f"{MADE_OF}{digest()}\n"


def address() -> str:
    """Return where the page finds the front ends, from the address of the app."""
    if _is_made_of_the_modules():
        return f"assets/bundle/{BUNDLE.name}"
    return f"ui/components/{ENTRY.relative_to(COMPONENTS).as_posix()}"


def _is_made_of_the_modules() -> bool:
    try:
        with BUNDLE.open(encoding="utf-8") as file:
            return file.readline() == head()
    except OSError:
        return False
