"""Initial weights by the names the field uses."""

from collections.abc import Mapping

import numpy as np

from rnn_core._checks import finite, of, takes
from rnn_core._schemes import SCHEMES, Scheme, draw, scaled_to_radius
from rnn_core.cells import ELMAN, Cell, cell_named
from rnn_core.types import Parameters

INITIALISERS: Mapping[str, Scheme] = SCHEMES
"""The schemes by name, with a title and a formula for the screen."""


def initialise(
    scheme: str,
    input_size: int,
    hidden_size: int,
    output_size: int = 1,
    *,
    seed: "int | np.random.Generator",
    spectral_radius: float | None = None,
    cell: str | Cell = ELMAN,
) -> Parameters:
    """Draw the parameters of a network by the scheme of that name (see `INITIALISERS`).

    The same seed gives the same arrays. `spectral_radius` then scales W_hh (of another cell each
    of its W_h…) so that its largest eigenvalue has that magnitude.

    Raises
    ------
    ValueError
        The scheme is unknown, a size is not a positive integer, the seed is negative, or W_hh
        has only zero eigenvalues and cannot be scaled.
    """
    kind = cell_named(cell)
    drawn = draw(
        scheme,
        kind,
        input_size,
        hidden_size,
        output_size,
        seed=seed,
        spectral_radius=spectral_radius,
    )
    return Parameters.of(kind, drawn)


@takes(params=of(Parameters))
def with_spectral_radius(params: Parameters, spectral_radius: float) -> Parameters:
    """Return the parameters with W_hh (of another cell each of its W_h…) of that spectral radius.

    A matrix of zeros stays so beside others that can be scaled.

    Raises
    ------
    ValueError
        The radius is negative or not finite, or such a matrix has only zero eigenvalues.
    """
    names = params.cell.recurrent
    scaled = [name for name in names if params[name].any()] or names
    return params.replace(
        **{name: scaled_to_radius(params[name], spectral_radius) for name in scaled}
    )


@takes(params=of(Parameters), bias=finite())
def keeping(params: Parameters, bias: float) -> Parameters:
    """Return the parameters with that bias in the gate that keeps the state: b_f, b_u.

    A large one lets a network begin by remembering (Gers et al., 2000; Jozefowicz et al., 2015).

    Raises
    ------
    ValueError
        The bias is not finite, or the cell has no such gate.
    """
    name = params.cell.keeping
    if name is None:
        raise ValueError(
            f"params: expected a cell with a gate that keeps the state, got {params.cell.name}"
        )
    return params.replace(**{name: np.full(params.hidden_size, bias)})
