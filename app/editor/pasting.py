"""Numbers pasted into a field, in whichever way they lie."""

from app import changes, parsing, sequences
from app.experiment import Experiment
from app.reading.notice import Options, Understood


def pasted(
    experiment: Experiment, field: str, cell: tuple[int, int], text: str, options: Options
) -> tuple[Experiment, Understood]:
    """Paste numbers: at the first cell they replace the field, elsewhere the cells they cover.

    Raises
    ------
    ValueError
        They are no numbers, or do not fit; one sentence.
    """
    return _pasted(experiment, field, *cell, text), Understood()


def _pasted(experiment: Experiment, field: str, row: int, column: int, text: str) -> Experiment:
    grid = changes.grid(experiment, field)
    if field == "x":
        cube = parsing.parse_cube(text, field, columns=grid.shape[1])
        if len(cube[0]) > 1:
            return sequences.with_values(experiment, cube)
    rows = parsing.parse_matrix(text, field, columns=grid.shape[1])
    if _lies_across(experiment, field, (len(rows), len(rows[0])), grid.shape):
        rows = [list(turned) for turned in zip(*rows, strict=True)]
    covers = (len(rows), len(rows[0]))
    if (row, column) == (0, 0) and _replaces(field, covers, grid.shape):
        return changes.with_rows(experiment, field, rows)
    return changes.with_block(experiment, field, row, column, rows)


def _lies_across(
    experiment: Experiment, field: str, covers: tuple[int, int], shape: tuple[int, ...]
) -> bool:
    """Whether a row is meant as the column that the field is, or a column as its row."""
    if min(covers) > 1 or covers == (1, 1):
        return False
    if field == "x" or (field == "target" and experiment.readout == "every"):
        return covers[0] == 1 and shape[1] == 1  # one number at each step
    if field in changes.VECTORS:
        return covers[0] == 1
    return field in ("W_xh", "W_hy") and covers == shape[::-1]


def _replaces(field: str, covers: tuple[int, int], shape: tuple[int, ...]) -> bool:
    fits = covers[0] <= shape[0] and covers[1] <= shape[1]
    if field == "W_hh" and covers[0] != covers[1]:
        return not fits
    return covers != (1, 1) or not fits
