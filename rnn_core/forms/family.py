"""The ways in which a loss can be computed, and the one in which it is printed."""

from collections.abc import Mapping
from dataclasses import dataclass

from rnn_core._arrays import FloatArray
from rnn_core.forms.form import Form
from rnn_core.frozen import Frozen


@dataclass(frozen=True, eq=False)
class Family(Frozen):
    """The forms of a loss's terms and of ∂(term)/∂a, by name; every name is in both.

    A term has the shape (…, K) of logits a and targets y, or (…, 1) where it spans them. `term`,
    `by_logit` and `by_target`, ∂(term)/∂y, are how they are printed and written into scripts: what
    the core computes, no digit lost.
    """

    term: Form
    by_logit: Form
    by_target: Form
    loss: Mapping[str, Form]
    gradient: Mapping[str, Form]

    @classmethod
    def of(cls, term: Form, by_logit: Form, by_target: Form) -> "Family":
        """Return the family of a loss that is computed in one way only."""
        return cls(term, by_logit, by_target, {term.name: term}, {by_logit.name: by_logit})


@dataclass(frozen=True)
class ByForm(Frozen):
    """A function of logits and targets that a form computes."""

    form: Form

    def __call__(self, a: FloatArray, y: FloatArray) -> FloatArray:
        """Return the result at a and y."""
        return self.form.of(a=a, y=y)
