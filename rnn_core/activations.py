"""The activation functions, by name.

A new one is one `Activation` in `ACTIVATIONS`; nothing else in the package mentions a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core._arrays import FLOATS, FloatArray, choose, read_only
from rnn_core._short import Shown
from rnn_core.forms.form import Form, Step, as_it_stands, filled_in, templated
from rnn_core.forms.sigmoid import SIGMOID, SIGMOID_SLOPE
from rnn_core.forms.slope import SLOPE_FORMS

ONE = {dtype: read_only(np.ones((), dtype)) for dtype in (np.dtype(np.float16), *FLOATS)}
"""1 as an array: NumPy would convert a Python 1 at every call."""

Kernel = Callable[..., FloatArray]
"""`kernel(z, h)` writes φ(z) into h."""


@dataclass(frozen=True)
class Activation(Shown):
    """An elementwise function φ with its derivative, and how it is written: all there is to say.

    `form` computes h = φ(z) and `slope_form` φ′ from z and h, as elementary operations: what is
    printed, differentiated in the browser, written into scripts and rounded to a format follows
    from them. `latex` names the function; `latex_value`, `words`, `numpy` and `torch` write φ(⟦z⟧)
    where another way than the form's reads better, `numpy_passed` what it lets through of a
    gradient ⟦g⟧. `in_rnn` says that `torch.nn.RNN` has it, by this name.

    Where the forms are not fast or exact enough: `kernel(dtype)` is the function `f(z, h)` that
    writes φ(z) into h. The loop over time calls it once a step, so it should be a ufunc where
    there is one. `derivative(z, h, out)` writes φ′(z), given h = φ(z), into `out`, which may be h,
    and returns it. All arrays have one shape, any shape.
    `kinks` lists the z at which φ has no derivative; `steepest` is the largest |φ′|.
    """

    name: str
    symbol: str
    latex: str
    derivative_latex: str
    form: Form
    slope_form: Form
    own_kernel: Callable[["np.dtype[Any]"], Kernel] | None = None
    own_derivative: Callable[[FloatArray, FloatArray, FloatArray], FloatArray] | None = None
    kinks: tuple[float, ...] = ()
    steepest: float = 1.0
    latex_value: str = ""
    words: str = ""
    numpy: str = ""
    numpy_passed: str = ""
    torch: str = ""
    in_rnn: bool = False

    @property
    def is_identity(self) -> bool:
        """Whether φ(z) is z: there is nothing to compute, and no node of its own."""
        return not self.form.steps

    def kernel(self, dtype: "np.dtype[Any]") -> Kernel:
        """Return `f(z, h)`, which writes φ(z) of that dtype into h."""
        return self._by_form if self.own_kernel is None else self.own_kernel(dtype)

    def derivative(self, z: FloatArray, h: FloatArray, out: FloatArray) -> FloatArray:
        """Write φ′(z), given h = φ(z), into `out`, which may be h, and return it."""
        if self.own_derivative is not None:
            return self.own_derivative(z, h, out)
        out[...] = self.slope_form.of(z=z, h=h)
        return out

    def _by_form(self, z: FloatArray, h: FloatArray) -> FloatArray:
        h[...] = self.form.of(z=z)
        return h

    def __call__(self, z: FloatArray) -> FloatArray:
        """Return φ(z) as a new array."""
        return self.kernel(z.dtype)(z, np.empty_like(z))

    def slope(self, z: FloatArray, h: FloatArray | None = None) -> FloatArray:
        """Return φ′(z) as a new array; where z is nan, no unit is taken for shut (φ′ = 0).

        `h` is φ(z), where it is known.
        """
        found = self.derivative(z, self(z) if h is None else h, np.empty_like(z))
        found[np.isnan(z) & (found == 0)] = np.nan
        return found

    def in_numpy(self, z: str) -> str:
        """Return φ(z) as an expression of NumPy; so `in_torch` of PyTorch."""
        return self._in("numpy", z)

    def in_torch(self, z: str) -> str:
        """Return φ(z) as an expression of PyTorch, on tensors."""
        return self._in("torch", z)

    def _in(self, notation: str, z: str) -> str:
        own = {"numpy": self.numpy, "torch": self.torch}[notation]
        return filled_in(own, z=z) if own else self.form.written({"z": z}, notation=notation)

    def passed_in_numpy(self, z: str, h: str, g: str) -> str:
        """Return φ′(z) ⊙ g, what it lets through of a gradient, as an expression of NumPy."""
        if self.numpy_passed:
            return filled_in(self.numpy_passed, z=z, h=h, g=g)
        slope = self.slope_form.written({"z": z, "h": h}, notation="numpy")
        return f"{g} * ({slope})"

    def described(self) -> dict[str, Any]:
        """Return what another language needs to print and to redo φ and φ′, as JSON has it."""
        return {
            "latex": self.latex_value or rf"{self.latex}\!\left(⟦z⟧\right)",
            "words": self.words or f"{self.symbol}(⟦z⟧)",
            "slope_latex": templated(self.derivative_latex, "zh"),
            "value": self.form.described(),
            "slope": self.slope_form.described(),
        }


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
    one, exp, absolute, negative = ONE[dtype], np.exp, np.abs, np.negative
    add, divide, multiply, subtract = np.add, np.divide, np.multiply, np.subtract

    def write(z: FloatArray, h: FloatArray) -> FloatArray:
        e, share = np.empty_like(z), np.empty_like(z)
        exp(negative(absolute(z, e), e), e)
        divide(e, add(one, e, share), share)
        subtract(e, multiply(e, share, share), h)
        return divide(one, add(one, e, e), h, where=z > 0)

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
            latex=r"\tanh",
            derivative_latex=r"1 - h^2",
            form=as_it_stands(r"\tanh(z)", Step("h", "tanh", ("z",), (-1.0, 1.0))),
            slope_form=SLOPE_FORMS["state"],
            own_kernel=_tanh,
            own_derivative=_tanh_derivative,
            in_rnn=True,
        ),
        Activation(
            name="relu",
            symbol="ReLU",
            latex=r"\operatorname{ReLU}",
            derivative_latex=r"\mathbf{1}[z > 0]",
            form=as_it_stands(r"\max(0, z)", Step("h", "maximum", (0.0, "z"))),
            slope_form=as_it_stands(
                r"\mathbf{1}[z > 0]", Step("ReLU′(z)", "choose", ("z", 1.0, 0.0))
            ),
            own_kernel=_relu,
            own_derivative=_relu_derivative,
            kinks=(0.0,),
            latex_value=r"\max\!\left(0,\,⟦z⟧\right)",
            words="max(0, ⟦z⟧)",
            numpy_passed="np.where(⟦z⟧ > 0, ⟦g⟧, 0)",
            torch="torch.relu(⟦z⟧)",
            in_rnn=True,
        ),
        Activation(
            name="sigmoid",
            symbol="σ",
            latex=r"\sigma",
            derivative_latex=r"h\,(1 - h)",
            form=SIGMOID,
            slope_form=SIGMOID_SLOPE,
            own_kernel=_sigmoid,
            own_derivative=_sigmoid_derivative,
            steepest=0.25,
            numpy="np.exp(-np.logaddexp(0, -⟦z⟧))",
            numpy_passed="⟦g⟧ * ⟦h⟧ * np.exp(-np.logaddexp(0, ⟦z⟧))",
            torch="torch.sigmoid(⟦z⟧)",
        ),
        Activation(
            name="leaky_relu",
            symbol="leaky ReLU",
            latex=r"\operatorname{LeakyReLU}",
            derivative_latex=r"\mathbf{1}[z > 0] + 0.01\,\mathbf{1}[z \le 0]",
            form=as_it_stands(
                r"\max(0.01\,z,\, z)",
                Step("0.01 z", "multiply", (0.01, "z")),
                Step("h", "maximum", ("0.01 z", "z")),
            ),
            slope_form=as_it_stands(
                r"\mathbf{1}[z > 0] + 0.01\,\mathbf{1}[z \le 0]",
                Step("φ′(z)", "choose", ("z", 1.0, 0.01)),
            ),
            kinks=(0.0,),
            latex_value=r"\max\!\left(0.01 \cdot ⟦z⟧,\,⟦z⟧\right)",
            words="max(0.01 ⟦z⟧, ⟦z⟧)",
            torch="torch.nn.functional.leaky_relu(⟦z⟧)",
        ),
        Activation(
            name="identity",
            symbol="id",
            latex=r"\operatorname{id}",
            derivative_latex="1",
            form=as_it_stands("z", result="z"),
            slope_form=as_it_stands("1", result=1.0),
            own_kernel=_identity,
            own_derivative=_identity_derivative,
            latex_value="⟦z⟧",
            words="⟦z⟧",
        ),
    )
}


def activation_named(name: str) -> Activation:
    """Return the activation of that name; ValueError lists the known ones."""
    return choose("activation", ACTIVATIONS, name)
