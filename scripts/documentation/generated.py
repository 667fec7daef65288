"""The pages that are made anew at each build, written beside those that are not."""

from pathlib import Path

from scripts.documentation import lessons, networks, notations, reference


def write(folder: Path) -> None:
    """Write them into a folder; a file that would not change keeps its time."""
    made = {f"lessons/{name}.md": text.encode() for name, text in lessons.pages().items()}
    made |= {f"reference/{name}.md": text.encode() for name, text in reference.pages().items()}
    made |= {f"static/{networks.FOLDER}/{name}": page for name, page in networks.pages().items()}
    made["notations.md"] = notations.page().encode()
    for name, content in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
