"""The docstrings of the library as reStructuredText, which Sphinx reads.

They are written for who reads the source: equations stand indented, and signs are what they are.
"""

import re

_CODE = re.compile(r"`[^`]*`")
_SIGNS = re.compile(r"([\\|*])|(?<=\w)(_)(?!\w)")


def as_rst(lines: list[str]) -> list[str]:
    """Return the lines with their equations kept as they stand, and signs that mean nothing."""
    written: list[str] = []
    in_sections = in_block = False
    for number, line in enumerate(lines):
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        in_sections = in_sections or set(following) == {"-"}
        if line.startswith("    ") and not in_sections:
            if not in_block:
                written += [".. code-block:: text", ""]
            in_block = True
        elif line.strip():
            in_block = False
        written.append(line if in_block or line.startswith(">>>") else _plain(line))
    return written


def _plain(line: str) -> str:
    parts, done = [], 0
    for code in _CODE.finditer(line):
        parts += [_escaped(line[done : code.start()]), f"`{code[0]}`"]
        done = code.end()
    return "".join([*parts, _escaped(line[done:])])


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda found: "\\" + found[0], text)
