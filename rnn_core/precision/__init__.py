"""What floating-point formats do to the loss, to its derivative and to a whole run."""

from rnn_core.forms.cross_entropy import QUANTITIES
from rnn_core.forms.form import Evaluation, Form, Link, Step, evaluate
from rnn_core.forms.operations import FORMATS
from rnn_core.forms.slope import SLOPE_FORMS
from rnn_core.forms.softmax import SOFTMAX_GRADIENT_FORMS, SOFTMAX_LOSS_FORMS
from rnn_core.precision.boundaries import Region, regions
from rnn_core.precision.comparison import (
    Curves,
    Outcome,
    curves,
    exact_value,
    exponential_range,
    outcomes,
    rounded,
)
from rnn_core.precision.derivations import GRADIENT_DERIVATION, LOSS_DERIVATION
from rnn_core.precision.differences import Quotients, difference_quotients
from rnn_core.precision.exact import (
    EXACT,
    error_in_ulp,
    exact_softmax_loss,
)
from rnn_core.precision.locate import first_in
from rnn_core.precision.run import FormatRun, first_non_finite, first_of_run, run_in_format
from rnn_core.precision.slope_forms import exact_slope, slope_curves, slope_outcomes
from rnn_core.precision.watch import NonFinite

__all__ = [
    "EXACT",
    "FORMATS",
    "GRADIENT_DERIVATION",
    "LOSS_DERIVATION",
    "QUANTITIES",
    "SLOPE_FORMS",
    "SOFTMAX_GRADIENT_FORMS",
    "SOFTMAX_LOSS_FORMS",
    "Curves",
    "Evaluation",
    "Form",
    "FormatRun",
    "Link",
    "NonFinite",
    "Outcome",
    "Quotients",
    "Region",
    "Step",
    "curves",
    "difference_quotients",
    "error_in_ulp",
    "evaluate",
    "exact_slope",
    "exact_softmax_loss",
    "exact_value",
    "exponential_range",
    "first_in",
    "first_non_finite",
    "first_of_run",
    "outcomes",
    "regions",
    "rounded",
    "run_in_format",
    "slope_curves",
    "slope_outcomes",
]
