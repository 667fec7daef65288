"""Numbers pasted into a field, in whichever way they lie."""

from app.experiment import changes, sequences
from app.experiment.parsing import as_matrix
from app.experiment.reading import arrays
from app.experiment.reading.notice import Choice, Options, Understood, Unread
from app.experiment.value import Experiment

FOR_X_W = "these are for x W: transpose"


def pasted(
    experiment: Experiment, field: str, cell: tuple[int, int], text: str, options: Options
) -> tuple[Experiment, Understood]:
    """Paste numbers: at the first cell they replace the field, elsewhere the cells they cover.

    Options: those of `reading.arrays.cube`; `keep` the number of steps where there are fewer; a
    target for `every` step where there is one for the last.

    Raises
    ------
    ValueError
        They are no numbers, or do not fit; one sentence.
    """
    grid = changes.grid(experiment, field)
    cube, understood = arrays.cube(text, field, options, columns=grid.shape[1], field=field)
    if not understood.sentences:
        understood = Understood()  # a plain block of cells: nothing was guessed
    if field == "x" and len(cube[0]) > 1:
        return sequences.with_values(experiment, cube), understood
    rows = as_matrix(cube, field)
    covers = (len(rows), len(rows[0]))
    understood += _turning(experiment, field, covers, options)
    if _lies_across(experiment, field, covers, grid.shape):
        rows = [list(turned) for turned in zip(*rows, strict=True)]
        covers = covers[::-1]
    square = _shape(experiment, field) == ("H", "H")
    if field == "target" and experiment.readout == "last" and covers[0] > 1 and cell == (0, 0):
        if not options.get("every"):
            raise Unread(
                f"target: expected one row, for the last step, got {covers[0]} × {covers[1]}",
                (Choice("read out at every step", "every", value=True),),
            )
        experiment = changes.with_readout(experiment, "every")
        grid = changes.grid(experiment, field)
    if field == "x" and cell == (0, 0) and covers != (1, 1):
        can_keep = covers[0] < grid.shape[0] and covers[1] <= grid.shape[1]
        understood += _steps(covers[0], grid.shape[0], options, can_keep=can_keep)
        if can_keep and options.get("keep"):
            return changes.with_block(experiment, field, *cell, rows), understood
    if cell == (0, 0) and _replaces(covers, grid.shape, square=square):
        return changes.with_rows(experiment, field, rows), understood
    return changes.with_block(experiment, field, *cell, rows), understood


def _steps(pasted_: int, before: int, options: Options, *, can_keep: bool) -> Understood:
    """Say that the sequence has another length now, and offer to keep the one before."""
    if pasted_ == before:
        return Understood()
    if not can_keep:
        return Understood((f"T is {pasted_} now, it was {before}.",))
    if options.get("keep"):
        said = f"T stays {before}: the steps after {pasted_} are as they were."
        return Understood((said,), (Choice(f"T = {pasted_}", "keep", value=False),))
    return Understood(
        (f"T is {pasted_} now, it was {before}.",),
        (Choice(f"keep T = {before}", "keep", value=True),),
    )


def _turning(
    experiment: Experiment, field: str, covers: tuple[int, int], options: Options
) -> Understood:
    """Offer the other way that a matrix can lie."""
    turned = bool(options.get("transpose"))
    if len(_shape(experiment, field)) == 2 and (covers[0] > 1 or covers[1] > 1):
        said = "Transposed: as for x W." if turned else ""
        label = "as they were pasted" if turned else FOR_X_W
    elif field == "x" and min(covers) > 1:
        said = "Transposed." if turned else ""
        label = "as they were pasted" if turned else "steps lie across: transpose"
    else:
        return Understood()
    return Understood((said,) if said else (), (Choice(label, "transpose", not turned),))


def _lies_across(
    experiment: Experiment, field: str, covers: tuple[int, int], shape: tuple[int, ...]
) -> bool:
    """Whether a row is meant as the column that the field is, or a column as its row."""
    if min(covers) > 1 or covers == (1, 1):
        return False
    if field == "x" or (field == "target" and experiment.readout == "every"):
        return covers[0] == 1 and shape[1] == 1  # one number at each step
    if changes.is_vector(experiment, field):
        return covers[0] == 1
    return _shape(experiment, field) in (("H", "D"), ("K", "H")) and covers == shape[::-1]


def _shape(experiment: Experiment, field: str) -> tuple[str, ...]:
    """Return the shape of a parameter in symbols; () of another field."""
    return experiment.kind.shapes.get(field, ())


def _replaces(covers: tuple[int, int], shape: tuple[int, ...], *, square: bool) -> bool:
    fits = covers[0] <= shape[0] and covers[1] <= shape[1]
    if square and covers[0] != covers[1]:
        return not fits
    return covers != (1, 1) or not fits
