"""Write worksheets with their keys, or question banks, into a folder, without starting the app.

`unrolled worksheet --grade 3 --seed 7 --count 30 --format pdf --out FOLDER` writes the
sheets of the seeds 7 to 36. Exit code 2 if something is refused.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.listings.worksheets import FORMATS, KEYS
from rnn_core.cells import NOTATIONS, Notation
from rnn_core.practice import GRADES, sheet_of
from unrolled.arguments import Parser

MOST = 1000
OURS = "ours"


def main(arguments: Sequence[str] | None = None, prog: str = "unrolled worksheet") -> int:
    """Write the files and print their paths; return 0, or 2 if something was refused."""
    parser = Parser(prog=prog, description=__doc__)
    grades = "; ".join(f"{grade.number}: {grade.title}" for grade in GRADES.values())
    parser.add_argument("--grade", type=int, required=True, help=grades)
    parser.add_argument("--seed", type=int, default=0, help="of the first sheet")
    parser.add_argument("--count", type=int, default=1, help=f"of sheets, at most {MOST}")
    parser.add_argument("--format", choices=[*FORMATS], default="pdf")
    parser.add_argument(
        "--notation", choices=[OURS, *NOTATIONS], default=OURS, help="whose names symbols have"
    )
    parser.add_argument(
        "--key",
        choices=[*KEYS],
        default="with",
        help="of pdf and latex: on the last page, in a file of its own, or left out",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    given = parser.parse_args(arguments)
    try:
        for path in write(
            given.grade,
            given.seed,
            given.count,
            given.format,
            given.out,
            NOTATIONS.get(given.notation),
            given.key,
        ):
            print(path)
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        why = error.strerror or "it cannot be written"
        parser.error(f"out: expected a folder to write into, got {str(given.out)!r:.120} ({why})")
    return 0


def write(
    grade: int,
    seed: int,
    count: int,
    kind: str,
    folder: Path,
    notation: Notation | None = None,
    key: str = "with",
) -> Iterator[Path]:
    """Write the sheets of some seeds in one format; yield the paths.

    `key` says where the key stands: `app.listings.worksheets.KEYS`.

    Raises
    ------
    ValueError
        A number is out of range; nothing is written.
    OSError
        The folder cannot be written into.
    """
    if not 1 <= count <= MOST:
        raise ValueError(f"count: expected a whole number from 1 to {MOST}, got {count}")
    sheets = [sheet_of(grade, seed + k) for k in range(count)]
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FORMATS[kind].files(sheets, notation, key):
        path = folder / name
        path.write_bytes(content)
        yield path
