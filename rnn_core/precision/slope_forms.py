r"""Ways to compute the slope of tanh, operation by operation, and how far each is from the truth.

    tanh′(z) = 1 − h² = (1 − h)(1 + h) = 4 e^(−2|z|) / (1 + e^(−2|z|))²,   h = tanh z

"state" is what every framework does, and `rnn_core` with them: it needs h alone, which is there.
But h has been rounded, and 1 − h² is what is left of h² beside 1: of the digits of the slope, those
of h² go that cancel, and beyond |z| = 19 (in float64) h is 1 and nothing is left. "factors" cancels
as well: the digits are lost in h. "preactivation" goes by z, where nothing cancels.
"""

from decimal import Decimal, localcontext

import numpy as np

from rnn_core._arrays import choose
from rnn_core._checks import finite, takes
from rnn_core.forms.form import evaluate
from rnn_core.forms.operations import FORMATS
from rnn_core.forms.slope import SLOPE_FORMS
from rnn_core.precision.comparison import CURVE_POINTS, ROOM, Curves, Outcome, rounded
from rnn_core.precision.exact import DIGITS, context, error_in_ulp


@takes(z=finite())
def exact_slope(z: float) -> Decimal:
    """Return tanh′(z) = 4 e^(−2|z|) / (1 + e^(−2|z|))².

    Raises
    ------
    ValueError
        z is not a finite number.
    """
    with localcontext(context(DIGITS)):
        e = (-2 * abs(Decimal(z))).exp()
        return 4 * e / (1 + e) ** 2


@takes(z=finite())
def slope_outcomes(z: float, dtype: str) -> tuple[Outcome, ...]:
    """Return what each form gives at a pre-activation.

    Raises
    ------
    ValueError
        The format is unknown, or z is not a finite number of it.
    """
    exact = exact_slope(rounded(z, dtype))
    made = []
    for form in SLOPE_FORMS.values():
        evaluated = evaluate(form, {"z": z}, dtype)
        value = float(evaluated.result)
        made.append(Outcome(form, value, error_in_ulp(value, exact, dtype), evaluated.chain()))
    return tuple(made)


@takes(z=finite())
def slope_curves(z: float, dtype: str) -> Curves:
    """Return every form over the pre-activations around z, and around where h rounds to 1.

    Raises as `slope_outcomes` does.
    """
    kind = choose("dtype", FORMATS, dtype)
    saturated = 0.5 * np.log(4 / np.finfo(kind).eps)
    reach = ROOM * max(abs(rounded(z, dtype)), float(saturated))
    grid = (reach * np.linspace(-1, 1, CURVE_POINTS)).astype(kind).astype(np.float64)
    at = np.unique(np.append(grid, rounded(z, dtype)))
    at = at[np.isfinite(at)]
    exact = [exact_slope(one) for one in at.tolist()]
    values = {
        name: evaluate(form, {"z": at}, dtype).result.astype(np.float64)
        for name, form in SLOPE_FORMS.items()
    }
    errors = {
        name: np.array(
            [error_in_ulp(v, true, dtype) for v, true in zip(found.tolist(), exact, strict=True)]
        )
        for name, found in values.items()
    }
    true = np.array([float(one) for one in exact])
    return Curves(at, true, values, errors, dict.fromkeys(SLOPE_FORMS, ()), reach)
