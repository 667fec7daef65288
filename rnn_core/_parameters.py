"""The five arrays of an Elman network, checked and read-only."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from rnn_core import _schemes
from rnn_core._arrays import (
    FLOAT32,
    FLOAT64,
    FloatArray,
    float_dtype,
    frozen_copy,
    read_only,
    real_array,
)
from rnn_core.frozen import Frozen

PARAMETER_NAMES = ("W_xh", "W_hh", "b_h", "W_hy", "b_y")
"""The five parameters, in the order of the computation."""


@dataclass(frozen=True, init=False, eq=False)
class Parameters(Frozen):
    """The weights of an Elman network, or anything of their shapes, such as their gradient.

    Any array-like is taken. The numbers are float64, or float32 when `dtype` says so or when all
    five are NumPy arrays of float32; the run that uses them computes in the same dtype.

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
        if dtype is not None:
            chosen = float_dtype(dtype)
        else:
            single = all(getattr(value, "dtype", None) == FLOAT32 for value in given)
            chosen = FLOAT32 if single else FLOAT64
        arrays = [
            frozen_copy(real_array(name, value, chosen))
            for name, value in zip(PARAMETER_NAMES, given, strict=True)
        ]
        _require_matching_shapes(*arrays)
        self.__dict__.update(zip(PARAMETER_NAMES, arrays, strict=True))

    def __repr__(self) -> str:
        inputs, hidden, outputs, _ = self.sizes
        return f"Parameters(D={inputs}, H={hidden}, K={outputs}, {self.dtype.name})"

    @classmethod
    def trusted(
        cls,
        W_xh: FloatArray,
        W_hh: FloatArray,
        b_h: FloatArray,
        W_hy: FloatArray,
        b_y: FloatArray,
    ) -> "Parameters":
        """Wrap read-only arrays that are known to fit, without a copy; they may hold inf or nan.

        Gradients need this: where a run explodes, an infinite gradient is the answer.
        """
        made = object.__new__(cls)
        fields = {"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h, "W_hy": W_hy, "b_y": b_y}
        object.__setattr__(made, "__dict__", fields)
        return made

    @classmethod
    def random(
        cls,
        input_size: int,
        hidden_size: int,
        output_size: int = 1,
        *,
        seed: "int | np.random.Generator",
        spectral_radius: float | None = None,
    ) -> "Parameters":
        """Draw every number from U(−1/√H, 1/√H), PyTorch's default for a recurrent layer.

        The same seed gives the same arrays. `spectral_radius` then scales W_hh so that its
        largest eigenvalue has that magnitude.

        Raises
        ------
        ValueError
            A size is not a positive integer, or the seed or the radius is out of range.
        """
        return cls(
            *_schemes.draw(
                "uniform_pytorch",
                input_size,
                hidden_size,
                output_size,
                seed=seed,
                spectral_radius=spectral_radius,
            )
        )

    @cached_property
    def vector(self) -> FloatArray:
        """All numbers as one vector (n,): those of `joint`, then those of `joint_readout`."""
        parts = (self.W_xh.T, self.W_hh.T, self.b_h, self.W_hy.T, self.b_y)
        return read_only(np.concatenate(parts, axis=None))

    @cached_property
    def joint(self) -> FloatArray:
        """[W_xh, W_hh, b_h] transposed, (D + H + 1, H): what a step multiplies [x, h, 1] by."""
        inputs, hidden, outputs, _ = self.sizes
        return self.vector[: -(hidden + 1) * outputs].reshape(inputs + hidden + 1, hidden)

    @cached_property
    def joint_readout(self) -> FloatArray:
        """[W_hy, b_y] transposed, (H + 1, K): what a logit multiplies [h, 1] by."""
        _, hidden, outputs, _ = self.sizes
        return self.vector[-(hidden + 1) * outputs :].reshape(hidden + 1, outputs)

    @cached_property
    def spread(self) -> FloatArray:
        """The (H, H·H) for which s · spread is W_hh diag(s), row after row, for any s of size H."""
        return read_only(_diagonals(self.hidden_size, self.dtype) * self.W_hh.reshape(-1))

    @cached_property
    def sizes(self) -> tuple[int, int, int, int]:
        """D, H, K and the bytes of a number."""
        return len(self.W_xh.T), len(self.W_hh), len(self.W_hy), self.W_hh.itemsize

    def with_vector(self, vector: FloatArray) -> "Parameters":
        """Return parameters of these shapes with the numbers of `vector`, which is closed.

        No copy is made, and the numbers are not looked at: a gradient may hold inf or nan.
        """
        made = object.__new__(_Views)
        fields = {"vector": read_only(vector), "sizes": self.sizes}
        object.__setattr__(made, "__dict__", fields)
        return made

    @property
    def input_size(self) -> int:
        """D, the number of inputs at each step."""
        return self.sizes[0]

    @property
    def hidden_size(self) -> int:
        """H, the number of hidden units."""
        return self.sizes[1]

    @property
    def output_size(self) -> int:
        """K, the number of logits at each step read out."""
        return self.sizes[2]

    @property
    def dtype(self) -> "np.dtype[Any]":
        """float64 or float32."""
        return self.W_hh.dtype

    @property
    def count(self) -> int:
        """The number of numbers in the five arrays."""
        return sum(array.size for _, array in self.items())

    def items(self) -> Iterator[tuple[str, FloatArray]]:
        """Yield (name, array) for the five parameters."""
        for name in PARAMETER_NAMES:
            yield name, getattr(self, name)

    def astype(self, dtype: DTypeLike) -> "Parameters":
        """Return the same parameters in float64 or float32."""
        return Parameters(*(array for _, array in self.items()), dtype=dtype)

    def replace(self, **changed: ArrayLike) -> "Parameters":
        """Return these parameters with some arrays replaced, in the same dtype.

        Raises
        ------
        ValueError
            A name is unknown or the new array does not fit.
        """
        for name in changed:
            if name not in PARAMETER_NAMES:
                raise ValueError(
                    f"parameter: expected one of {', '.join(PARAMETER_NAMES)}, got {name!r}"
                )
        return Parameters(**{**dict(self.items()), **changed}, dtype=self.dtype)


class _Views(Parameters):
    """Parameters whose arrays are views of `vector`, made when they are first asked for."""

    _given = frozenset({"vector", "sizes"})

    def __new__(cls, *arrays: Any, **named: Any) -> Any:
        """Return plain parameters for the five arrays, as `dataclasses.replace` passes them."""
        return Parameters(*arrays, **named) if arrays or named else object.__new__(cls)

    @cached_property
    def W_xh(self) -> FloatArray:
        return self.joint[: self.sizes[0]].T

    @cached_property
    def W_hh(self) -> FloatArray:
        return self.joint[self.sizes[0] : -1].T

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
def _diagonals(hidden: int, dtype: "np.dtype[Any]") -> FloatArray:
    """Return (H, H·H): row j is e_j, H times over."""
    return read_only(np.tile(np.eye(hidden, dtype=dtype), hidden))


def _require_matching_shapes(
    W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, b_y: FloatArray
) -> None:
    if W_hh.ndim != 2 or W_hh.shape[0] != W_hh.shape[1] or W_hh.shape[0] == 0:
        raise ValueError(f"W_hh: expected a square matrix (H, H) with H ≥ 1, got {W_hh.shape}")
    hidden = W_hh.shape[0]
    if W_xh.ndim != 2 or W_xh.shape[0] != hidden or W_xh.shape[1] == 0:
        raise ValueError(
            f"W_xh: expected shape (H, D) = ({hidden}, D) with D ≥ 1, got {W_xh.shape}"
        )
    if b_h.shape != (hidden,):
        raise ValueError(f"b_h: expected shape (H,) = ({hidden},), got {b_h.shape}")
    if W_hy.ndim != 2 or W_hy.shape[1] != hidden or W_hy.shape[0] == 0:
        raise ValueError(
            f"W_hy: expected shape (K, H) = (K, {hidden}) with K ≥ 1, got {W_hy.shape}"
        )
    if b_y.shape != W_hy.shape[:1]:
        raise ValueError(f"b_y: expected shape (K,) = {W_hy.shape[:1]}, got {b_y.shape}")
