"""The loss and its gradient by four forms: what each gives at a logit, where it fails, and why."""

from typing import Any

import streamlit as st

from app.components.plot_view.component import chart_view
from app.figures.precision_words import causes, link_line, ulps, where
from app.figures.words import NO_BREAK, in_full, short
from app.views.numerics import compute
from app.views.numerics.figures import failures as figures
from app.views.numerics.figures.errors import errors
from app.views.numerics.figures.failures import lost
from app.views.numerics.sections import controls
from app.views.shared.bound import choice
from rnn_core.precision import Curves, Outcome, exact_value

DEFAULT_LOGIT = -1000.0
QUANTITIES = {"loss": "Loss L", "gradient": "Gradient ∂L/∂a"}
POINTS = {
    "loss": (
        "loss",
        f"The textbook's −y{NO_BREAK}log{NO_BREAK}p − (1−y){NO_BREAK}log(1−p)",
    ),
    "gradient": ("gradient", "The textbook's chain rule by p"),
}
"""What the quantity is called, and what the naive form of it is."""
FEW_ULPS = 4  # that a right form may be off by
RESULTS = {"inf": "±∞", "nan": "NaN", "zero": "0"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "a = −1000, y = 1": {"nu_a": "-1000", "nu_y": 1.0, "nu_f": "float64"},
    "a = 40, y = 0": {"nu_a": "40", "nu_y": 0.0, "nu_f": "float64"},
    "a = 800, y = 1": {"nu_a": "800", "nu_y": 1.0, "nu_f": "float64"},
    "a = 20, y = 0, float32": {"nu_a": "20", "nu_y": 0.0, "nu_f": "float32"},
    "a = −12, y = 1, float16": {"nu_a": "-12", "nu_y": 1.0, "nu_f": "float16"},
    "a = 3, y = 0.3": {"nu_a": "3", "nu_y": 0.3, "nu_f": "float64"},
}


def render() -> None:
    """Draw the point, controls, the charts over all logits, and the outcomes at the logit."""
    words = st.container()
    row = controls.row("nu_loss_controls")
    dtype = controls.floating_format(row)
    a = controls.logit(row, "nu_a", DEFAULT_LOGIT, dtype)
    y = controls.target(row)
    quantity = choice("Quantity", "nu_of", QUANTITIES, "loss", place=row, look="buttons")
    controls.examples("Try one:", EXAMPLES, "nu_examples")
    found = compute.outcomes(quantity, a, y, dtype)
    true = exact_value(quantity, a, y, dtype)
    shown = compute.curves(quantity, a, y, dtype)
    words.markdown(point(quantity, shown, found, true, a, y, dtype))
    chart_view(
        [
            figures.failures(quantity, shown, found, a, dtype),
            errors(quantity, shown, found, a, dtype),
        ],
        key="numerics_loss",
    )
    st.markdown(statement(quantity, found, true, a, y, dtype))
    st.markdown(outcome_table(found, true))
    with st.expander("Every step at this logit"):
        for outcome in found:
            st.caption(f"{outcome.form.title}: what led to the result, one operation per line")
            lines = [
                f"{link_line(link)}{f'    ← {link.event}' if link.event else ''}"
                for link in outcome.chain
            ]
            st.code("\n".join(lines), language=None)


def point(
    quantity: str,
    shown: Curves,
    found: tuple[Outcome, ...],
    true: float,
    a: float,
    y: float,
    dtype: str,
) -> str:
    """Say what two forms give at this logit, and at which logits the naive one gives nothing."""
    name, textbook = POINTS[quantity]
    naive, _, stable, _ = found
    lost_at = [
        f"{where(region)} ({RESULTS[region.event]})".replace(" ", NO_BREAK)
        for region in lost(shown.regions["naive"])
    ]
    also = "" if _is_wrong(naive) else "also "
    return without_markup(
        f"At the logit a = {in_full(a)}, the number before p = σ(a), with y = {in_full(y)} the "
        f"{name} is **{short(true)}**. {textbook} (*naive*) gives {also}**{short(naive.value)}** "
        f"in {dtype}; computed from the logit itself (*stable*) it is **{short(stable.value)}**. "
        + (
            f"The naive {name} is lost at {', '.join(lost_at)}, where p is rounded to 0 or 1."
            if lost_at
            else f"The naive {name} is a number at every logit."
        )
    )


def statement(
    quantity: str, found: tuple[Outcome, ...], true: float, a: float, y: float, dtype: str
) -> str:
    """Say what the forms give at this logit, with the cause where the naive one fails."""
    name, _ = POINTS[quantity]
    naive, clamped, stable, _ = found
    text = (
        f"At a = {in_full(a)}, y = {in_full(y)} in {dtype} the true {name} is **{short(true)}**. "
        f"The naive form gives **{short(naive.value)}**, the clamped one, as some frameworks do "
        f"it, **{short(clamped.value)}**, the stable one **{short(stable.value)}**."
    )
    if why := causes(naive.chain):
        text += f" Why the naive form fails: {why}." if _is_wrong(naive) else f" On the way: {why}."
    if quantity == "gradient" and clamped.value == 0 and true != 0:
        text += " The clamped form has gradient 0 here: nothing would be learnt."
    return without_markup(text)


def _is_wrong(outcome: Outcome) -> bool:
    return outcome.ulps > FEW_ULPS


def outcome_table(found: tuple[Outcome, ...], true: float, digits: int | None = None) -> str:
    """Return the forms with value, error and causes as a Markdown table.

    Values have `digits` of their own where the last places are what is shown.
    """

    def shown(value: float) -> str:
        return short(value) if digits is None else in_full(value, digits)

    rows = [
        f"| {outcome.form.title} | ${outcome.form.latex}$ | `{shown(outcome.value)}` | "
        f"{ulps(outcome.ulps)} | {without_markup(causes(outcome.chain)) or 'nothing'} |"
        for outcome in found
    ]
    value = f"value (true: `{shown(true)}`)"
    head = f"| form | computed as | {value} | error in ulp | what happens |"
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def without_markup(text: str) -> str:
    """Keep Markdown from taking signs of formulas for its own; ** stays, for numbers in bold."""
    return text.replace("|", "\\|").replace("~", "\\~").replace("$", "\\$")
