"""The arrays of a network, checked and read-only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from rnn_core import _schemes
from rnn_core._arrays import (
    FloatArray,
    frozen_copy,
    read_only,
    real_array,
)
from rnn_core._checks import instance
from rnn_core._parameter_shapes import (
    common_dtype,
    require_elman_shapes,
    require_names,
    require_shapes,
)
from rnn_core._tables import arrays
from rnn_core.cells import ELMAN, Cell, cell_named
from rnn_core.frozen import Frozen

PARAMETER_NAMES = ELMAN.parameters
"""The five parameters of an Elman network, in the order of the computation."""


@dataclass(frozen=True, init=False, eq=False)
class Parameters(Frozen):
    """The weights of a network, or anything of their shapes, such as their gradient.

    Those of an Elman network are given one after the other, those of any cell by name to `of`.
    Any array-like is taken. The numbers are float64, or float32 when `dtype` says so or when all
    are NumPy arrays of float32; the run that uses them computes in the same dtype.

    `params["W_hh"]` is `params.W_hh`, and `params.names` lists what there is.

    Raises
    ------
    ValueError
        A shape does not fit the others, a size is zero, or a number is not finite.
    """

    W_xh: FloatArray  # (H, D) input to hidden
    W_hh: FloatArray  # (H, H) hidden to hidden
    b_h: FloatArray  # (H,)   hidden bias
    W_hy: FloatArray  # (K, H) hidden to output
    b_y: FloatArray  # (K,)   output bias

    cell = ELMAN  # that of the class; other cells stand in the instance

    def __init__(
        self,
        W_xh: ArrayLike,
        W_hh: ArrayLike,
        b_h: ArrayLike,
        W_hy: ArrayLike,
        b_y: ArrayLike,
        *,
        dtype: DTypeLike | None = None,
    ) -> None:
        given = (W_xh, W_hh, b_h, W_hy, b_y)
        chosen = common_dtype(given, dtype)
        arrays = [
            frozen_copy(real_array(name, value, chosen))
            for name, value in zip(PARAMETER_NAMES, given, strict=True)
        ]
        require_elman_shapes(*arrays)
        self.__dict__.update(zip(PARAMETER_NAMES, arrays, strict=True))

    def __repr__(self) -> str:
        inputs, hidden, outputs, _ = self.layout
        cell = "" if self.cell is ELMAN else f"{self.cell.name}, "
        return f"Parameters({cell}D={inputs}, H={hidden}, K={outputs}, {self.dtype.name})"

    def _repr_html_(self) -> str:
        """Return the arrays as a table, for a notebook."""
        return arrays(f"{self!r}", dict(self.items()))

    def __getitem__(self, name: str) -> FloatArray:
        if name not in self.cell.shapes:
            raise KeyError(f"parameter: expected one of {', '.join(self.names)}, got {name!r:.40}")
        found: FloatArray = getattr(self, name)
        return found

    @classmethod
    def of(
        cls,
        cell: str | Cell,
        arrays: Mapping[str, ArrayLike],
        *,
        dtype: DTypeLike | None = None,
    ) -> Parameters:
        """Return the parameters of a network with any cell, by their names.

        Parameters
        ----------
        cell
            A name in `CELLS`, or a cell.
        arrays
            Those of the cell ("W_xi", …), and W_hy (K, H) and b_y (K,) of the readout.

        Raises
        ------
        ValueError
            The cell is unknown, a name is missing or one too many, a shape does not fit the others,
            a size is zero, or a number is not finite.
        """
        kind = cell_named(cell)
        instance("arrays", arrays, Mapping)
        require_names(kind, arrays)
        if kind is ELMAN:
            return cls(**arrays, dtype=dtype)
        chosen = common_dtype(tuple(arrays.values()), dtype)
        checked = {
            name: frozen_copy(real_array(name, arrays[name], chosen)) for name in kind.parameters
        }
        require_shapes(kind, checked)
        return cls.trusted_of(kind, checked)

    @classmethod
    def trusted_of(cls, cell: Cell, arrays: Mapping[str, FloatArray]) -> Parameters:
        """Wrap read-only arrays by name, as `trusted` does."""
        if cell is ELMAN:
            return cls.trusted(**arrays)
        return Parameters._wrapped({"cell": cell, **arrays})

    @classmethod
    def trusted(
        cls,
        W_xh: FloatArray,
        W_hh: FloatArray,
        b_h: FloatArray,
        W_hy: FloatArray,
        b_y: FloatArray,
    ) -> Parameters:
        """Wrap read-only arrays that are known to fit, without a copy; they may hold inf or nan.

        Gradients need this: where a run explodes, an infinite gradient is the answer.
        """
        fields = {"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h, "W_hy": W_hy, "b_y": b_y}
        return cls._wrapped(fields)

    @classmethod
    def random(
        cls,
        input_size: int,
        hidden_size: int,
        output_size: int = 1,
        *,
        seed: int | np.random.Generator,
        spectral_radius: float | None = None,
        cell: str | Cell = ELMAN,
    ) -> Parameters:
        """Draw every number from U(−1/√H, 1/√H), PyTorch's default for a recurrent layer.

        The same seed gives the same arrays. `spectral_radius` then scales W_hh (of another cell
        each of its W_h…) so that its largest eigenvalue has that magnitude.

        Raises
        ------
        ValueError
            A size is not a positive integer, the seed or the radius is out of range, or the cell is
            unknown.
        """
        kind = cell_named(cell)
        drawn = _schemes.draw(
            "uniform_pytorch",
            kind,
            input_size,
            hidden_size,
            output_size,
            seed=seed,
            spectral_radius=spectral_radius,
        )
        return cls.of(kind, drawn)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arrays, in the order of the computation."""
        return self.cell.parameters

    @cached_property
    def vector(self) -> FloatArray:
        """All numbers as one vector (n,): array after array, an Elman network's as in `joint`."""
        if self.cell is not ELMAN:
            return read_only(np.concatenate([array for _, array in self.items()], axis=None))
        parts = (self.W_xh.T, self.W_hh.T, self.b_h, self.W_hy.T, self.b_y)
        return read_only(np.concatenate(parts, axis=None))

    @cached_property
    def joint(self) -> FloatArray:
        """[W_xh, W_hh, b_h] transposed, (D + H + 1, H): what a step multiplies [x, h, 1] by."""
        inputs, hidden, outputs, _ = self.layout
        return self.vector[: -(hidden + 1) * outputs].reshape(inputs + hidden + 1, hidden)

    @cached_property
    def joint_readout(self) -> FloatArray:
        """[W_hy, b_y] transposed, (H + 1, K): what a logit multiplies [h, 1] by."""
        _, hidden, outputs, _ = self.layout
        return self.vector[-(hidden + 1) * outputs :].reshape(hidden + 1, outputs)

    @cached_property
    def spread(self) -> FloatArray:
        """The (H, H·H) for which s · spread is W_hh diag(s), row after row, for any s of size H."""
        return read_only(_diagonals(self.hidden_size, self.dtype) * self.W_hh.reshape(-1))

    @cached_property
    def prepared(self) -> dict[str, FloatArray]:
        """What a kernel has made of the weights, by the name of its cell."""
        return {}

    @cached_property
    def layout(self) -> tuple[int, int, int, int]:
        """D, H, K and the bytes of a number."""
        outputs, hidden = self.W_hy.shape
        return self[self.cell.input_weight].shape[1], hidden, outputs, self.W_hy.itemsize

    def with_vector(self, vector: FloatArray) -> Parameters:
        """Return parameters of these shapes with the numbers of `vector`, which is closed.

        No copy is made, and the numbers are not looked at: a gradient may hold inf or nan.
        """
        if self.cell is not ELMAN:
            return self.trusted_of(self.cell, dict(_parts(read_only(vector), self)))
        return _Views._wrapped({"vector": read_only(vector), "layout": self.layout})

    @property
    def input_size(self) -> int:
        """D, the number of inputs at each step."""
        return self.layout[0]

    @property
    def hidden_size(self) -> int:
        """H, the number of hidden units."""
        return self.layout[1]

    @property
    def output_size(self) -> int:
        """K, the number of logits at each step read out."""
        return self.layout[2]

    @property
    def dtype(self) -> np.dtype[Any]:
        """float64 or float32."""
        return self.W_hy.dtype

    @property
    def count(self) -> int:
        """The number of numbers in all arrays."""
        return sum(array.size for _, array in self.items())

    @property
    def step_count(self) -> int:
        """The number of numbers in the arrays of the cell: multiplications of a step, about."""
        return self.count - self.W_hy.size - self.b_y.size

    def items(self) -> Iterator[tuple[str, FloatArray]]:
        """Yield (name, array) of every parameter."""
        for name in self.names:
            yield name, getattr(self, name)

    def astype(self, dtype: DTypeLike) -> Parameters:
        """Return the same parameters in float64 or float32."""
        return Parameters.of(self.cell, dict(self.items()), dtype=dtype)

    def replace(self, **changed: ArrayLike) -> Parameters:
        """Return these parameters with some arrays replaced, in the same dtype.

        Raises
        ------
        ValueError
            A name is unknown or the new array does not fit.
        """
        for name in changed:
            if name not in self.cell.shapes:
                raise ValueError(
                    f"parameter: expected one of {', '.join(self.names)}, got {name!r}"
                )
        return Parameters.of(self.cell, {**dict(self.items()), **changed}, dtype=self.dtype)


class _Views(Parameters):
    """Parameters whose arrays are views of `vector`, made when they are first asked for."""

    _given = frozenset({"vector", "layout"})

    def __new__(cls, *arrays: Any, **named: Any) -> Any:
        """Return plain parameters for the five arrays, as `dataclasses.replace` passes them."""
        return Parameters(*arrays, **named) if arrays or named else object.__new__(cls)

    @cached_property
    def W_xh(self) -> FloatArray:
        return self.joint[: self.layout[0]].T

    @cached_property
    def W_hh(self) -> FloatArray:
        return self.joint[self.layout[0] : -1].T

    @cached_property
    def b_h(self) -> FloatArray:
        row: FloatArray = self.joint[-1]
        return row

    @cached_property
    def W_hy(self) -> FloatArray:
        return self.joint_readout[:-1].T

    @cached_property
    def b_y(self) -> FloatArray:
        row: FloatArray = self.joint_readout[-1]
        return row


@lru_cache(maxsize=16)
def _diagonals(hidden: int, dtype: np.dtype[Any]) -> FloatArray:
    """Return (H, H·H): row j is e_j, H times over."""
    return read_only(np.tile(np.eye(hidden, dtype=dtype), hidden))


def _parts(vector: FloatArray, like: Parameters) -> Iterator[tuple[str, FloatArray]]:
    """Yield the arrays that a vector holds one after the other."""
    start = 0
    for name, array in like.items():
        yield name, vector[start : start + array.size].reshape(array.shape)
        start += array.size
