"""The activation functions, by name.

A new one is one `Activation` in `ACTIVATIONS`; nothing else in the package mentions a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core._arrays import FLOATS, FloatArray, choose, read_only
from rnn_core._short import Shown

ONE = {dtype: read_only(np.ones((), dtype)) for dtype in (np.dtype(np.float16), *FLOATS)}
"""1 as an array: NumPy would convert a Python 1 at every call."""

Kernel = Callable[..., FloatArray]
"""`kernel(z, h)` writes φ(z) into h."""


@dataclass(frozen=True)
class Activation(Shown):
    """An elementwise function φ with its derivative, and how it is written.

    `kernel(dtype)` is the function `f(z, h)` that writes φ(z) into h: the loop over time
    calls it once a step, so it should be a ufunc where there is one. `derivative(z, h, out)`
    writes φ′(z), given h = φ(z), into `out`, which may be h, and returns it. All arrays have one
    shape, any shape.
    `kinks` lists the z at which φ has no derivative; `steepest` is the largest |φ′|.
    """

    name: str
    symbol: str
    kernel: Callable[["np.dtype[Any]"], Kernel]
    derivative: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
    latex: str
    derivative_latex: str
    kinks: tuple[float, ...] = ()
    steepest: float = 1.0

    def __call__(self, z: FloatArray) -> FloatArray:
        """Return φ(z) as a new array."""
        return self.kernel(z.dtype)(z, np.empty_like(z))

    def slope(self, z: FloatArray) -> FloatArray:
        """Return φ′(z) as a new array; where z is nan, no unit is taken for shut (φ′ = 0)."""
        found = self.derivative(z, self(z), np.empty_like(z))
        found[np.isnan(z) & (found == 0)] = np.nan
        return found


def _tanh_derivative(z: FloatArray, h: FloatArray, out: FloatArray) -> FloatArray:
    """φ′ = 1 − h², as every framework has it: exactly 0 once h rounds to ±1 (|z| > 19)."""
    np.multiply(h, h, out)
    return np.subtract(ONE[out.dtype], out, out)


def _tanh(dtype: "np.dtype[Any]") -> Kernel:
    return np.tanh


def _relu(dtype: "np.dtype[Any]") -> Kernel:
    zero = np.zeros((), dtype)  # a Python 0.0 would be converted at every call
    maximum = np.maximum  # takes `out` by name only

    def relu(z: FloatArray, h: FloatArray) -> FloatArray:
        return maximum(zero, z, out=h)

    return relu


def _identity(dtype: "np.dtype[Any]") -> Kernel:
    return np.positive


def _relu_derivative(z: FloatArray, h: FloatArray, out: FloatArray) -> FloatArray:
    """φ′ = 1 for z > 0 and 0 otherwise, so 0 at the kink, as in PyTorch."""
    return np.greater(z, 0, out=out)


def _identity_derivative(z: FloatArray, h: FloatArray, out: FloatArray) -> FloatArray:
    out.fill(1.0)
    return out


def sigmoid(a: FloatArray) -> FloatArray:
    """Return σ(a) = 1 / (1 + exp(−a)) within 2 ulp and without overflow.

    With e = exp(−|a|) it is 1 / (1 + e) for a > 0, else e / (1 + e), written e − e·(e / (1 + e)),
    whose rounding errors shrink with e: 1.7 ulp where the quotient has 2.5.
    """
    e = np.exp(-np.abs(a))
    return np.where(a > 0, 1 / (1 + e), e - e * (e / (1 + e)))


def _sigmoid(dtype: "np.dtype[Any]") -> Kernel:
    def write(z: FloatArray, h: FloatArray) -> FloatArray:
        h[...] = sigmoid(z)
        return h

    return write


def _sigmoid_derivative(z: FloatArray, h: FloatArray, out: FloatArray) -> FloatArray:
    """φ′ = σ(z) σ(−z) = e / (1 + e)² with e = exp(−|z|), which keeps its digits where σ is 1."""
    e = np.exp(-np.abs(z))
    one = ONE[e.dtype]
    return np.divide(e, (one + e) * (one + e), out)


def passed_on(gradient: FloatArray, slope: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """Return φ′(z) ⊙ ∂L/∂h, which is 0 where φ′ is: such a unit passes nothing on.

    By itself 0 · ∞ is nan. PyTorch masks its ReLU in the same way (`threshold_backward`).
    """
    shut = slope == 0
    found = np.multiply(gradient, slope, out)
    found[shut] = 0
    return found


ACTIVATIONS: dict[str, Activation] = {
    entry.name: entry
    for entry in (
        Activation(
            name="tanh",
            symbol="tanh",
            kernel=_tanh,
            derivative=_tanh_derivative,
            latex=r"\tanh",
            derivative_latex=r"1 - h^2",
        ),
        Activation(
            name="relu",
            symbol="ReLU",
            kernel=_relu,
            derivative=_relu_derivative,
            latex=r"\operatorname{ReLU}",
            derivative_latex=r"\mathbf{1}[z > 0]",
            kinks=(0.0,),
        ),
        Activation(
            name="sigmoid",
            symbol="σ",
            kernel=_sigmoid,
            derivative=_sigmoid_derivative,
            latex=r"\sigma",
            derivative_latex=r"h\,(1 - h)",
            steepest=0.25,
        ),
        Activation(
            name="identity",
            symbol="id",
            kernel=_identity,
            derivative=_identity_derivative,
            latex=r"\operatorname{id}",
            derivative_latex="1",
        ),
    )
}


def activation_named(name: str) -> Activation:
    """Return the activation of that name; ValueError lists the known ones."""
    return choose("activation", ACTIVATIONS, name)
