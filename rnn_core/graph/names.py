"""How nodes are called, in plain text and in LaTeX. Steps and units are counted from 1."""


def latex_parameter(name: str, *index: int) -> str:
    """Return W_{hh}, or W_{hh,2,1} with an index."""
    stem, sub = name.split("_")
    return f"{stem}_{{{','.join([sub, *map(str, index)])}}}"


def parameter(name: str, *index: int) -> str:
    """Return W_hh, or W_hh[2,1] with an index."""
    return f"{name}[{','.join(map(str, index))}]" if index else name


def latex_timed(letter: str, *index: int) -> str:
    """Return h_{3}, or h_{3,1} with a unit."""
    return f"{letter}_{{{','.join(map(str, index))}}}"


def timed(letter: str, *index: int) -> str:
    """Return h_3, or h_3,1 with a unit: the symbol in plain text."""
    return f"{letter}_{','.join(map(str, index))}"


def node(letter: str, *index: int) -> str:
    """Return h[3], or h[3,1] with a unit: the name of the node."""
    return f"{letter}[{','.join(map(str, index))}]"
