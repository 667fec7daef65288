"""The exact versions of all packages, in `constraints.txt`: written anew, or found to be stale.

    python -m scripts.pins      after `make clean test PINS=`, with what is then installed

What PyTorch itself needs is left to it: that differs between a machine with a GPU and one without.
"""

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PINS = ROOT / "constraints.txt"
LISTS = (
    "requirements.txt",
    "requirements-dask.txt",
    "requirements-dev.txt",
    "requirements-docs.txt",
)
OF_ITS_OWN = "torch"


def name_of(text: str) -> str:
    """Return a package's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", text).lower()


def listed(text: str) -> list[Requirement]:
    """Return the requirements in the text of a requirements or constraints file."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def pins_in(text: str) -> dict[str, str]:
    """Return the version of each package that a constraints file names."""
    return {name_of(each.name): str(each.specifier).removeprefix("==") for each in listed(text)}


def installed(wanted: Iterable[Requirement]) -> dict[str, str]:
    """Return the version of each package that these need on this Python, all the way down.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        One of them is not installed.
    """
    found: dict[str, str] = {}
    waiting = [(each, "") for each in wanted]
    while waiting:
        requirement, extra = waiting.pop()
        name = name_of(requirement.name)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        if name in found:
            continue
        package = distribution(name)
        found[name] = package.version.partition("+")[0]
        if name != OF_ITS_OWN:
            extras = tuple(requirement.extras) or ("",)
            needs = [Requirement(text) for text in package.requires or ()]
            waiting += [(need, extra) for need in needs for extra in extras]
    return found


def is_installed(requirement: Requirement) -> bool:
    """Whether there is a package of that name, in whatever version."""
    try:
        distribution(requirement.name)
    except PackageNotFoundError:
        return False
    return True


def stale(pins: Mapping[str, str], wanted: Iterable[Requirement]) -> list[str]:
    """Return a sentence for each package that is not pinned, or pinned outside its bounds.

    What a package that is not installed needs is not known; it must be pinned itself.
    """
    wanted = list(wanted)
    said = []
    for requirement in wanted:
        pin = pins.get(name_of(requirement.name))
        if pin is None and not is_installed(requirement):
            said.append(f"{requirement.name}: asked for, but not pinned")
        if pin is not None and not requirement.specifier.contains(pin, prereleases=True):
            said.append(f"{requirement.name}: expected {requirement.specifier}, pinned to {pin}")
    missing = sorted(installed(filter(is_installed, wanted)).keys() - pins.keys())
    return said + [f"{name}: installed, but not pinned" for name in missing]


def wanted() -> list[Requirement]:
    """Return what the requirement files name."""
    return [each for name in LISTS for each in listed((ROOT / name).read_text(encoding="utf-8"))]


def main() -> None:
    """Write the file, under the words it has."""
    head = [line for line in PINS.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    pins = [f"{name}=={version}" for name, version in sorted(installed(wanted()).items())]
    PINS.write_text("\n".join((*head, *pins, "")), encoding="utf-8")


if __name__ == "__main__":
    main()
