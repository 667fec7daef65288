"""Text: what the network expects, what it writes, and what a hidden unit responds to."""

import streamlit as st

from app.components.plot_view.component import chart_view
from app.figures.words import plain_label
from app.views.shared import heading, told
from app.views.shared.bound import slider, whole_number
from app.views.shared.bound import text as field
from app.views.training.figures import text as figures
from app.views.training.runs import reading
from app.views.training.runs.reading import MOST_READ, READS
from app.views.training.sections.shown import Page

SENTENCES = {"text": "alice was considering in her own mind", "names": "yamaguchi"}
DRAWN = 120
QUARTERS = 4


def render(page: Page) -> None:
    """Draw what the network makes of a sentence; for tasks that read letters."""
    task = page.task
    usual = SENTENCES.get(task.name, page.plan.choice.data[:40])
    sentence = field(
        None,
        "Sentence to read",
        usual,
        max_chars=MOST_READ,
        key=f"tr_sentence_{task.name}",
    )
    params, activation = page.checkpoint.params, page.plan.settings.activation
    try:
        found = reading.read_text(task, params, activation, sentence or usual)
    except ValueError as error:
        told.warn(error)
        return
    if found.left_out:
        unknown = " ".join(plain_label(letter) for letter in found.left_out[:20])
        st.caption("Left out, since the network does not know them:")
        st.text(unknown)
    hidden = params.hidden_size
    unit = whole_number(None, "Hidden unit", 1, hidden, 1, key="tr_unit", width=150)
    chart_view(
        [figures.expectations(found, task.classes), figures.unit(found, min(unit, hidden) - 1)],
        key="tr-text",
    )
    if READS[task.name]:
        _samples(page, found.text)


def _samples(page: Page, start: str) -> None:
    """Draw what the network writes at this moment, and wrote at earlier ones."""
    heading.part("What it writes after this sentence")
    with st.container(horizontal=True):
        temperature = slider(
            None,
            "Temperature τ of softmax(a / τ)",
            0.0,
            2.0,
            0.7,
            0.1,
            key="tr_tau",
            width=300,
        )
        seed = whole_number(None, "Seed of the draws", 0, 9999, 0, key="tr_drawn", width=150)
    st.caption("Each character is drawn from the softmax; at τ = 0 the most probable one is taken.")
    lines = []
    for moment in _moments(page):
        params = page.checkpoint.params if page.run is None else page.run.checkpoint(moment).params
        try:
            drawn = reading.draw(
                page.task,
                params,
                page.plan.settings.activation,
                start,
                DRAWN,
                temperature=temperature,
                seed=seed,
            )
        except ValueError:
            drawn = "nothing: its outputs are no finite numbers"
        lines.append(f"{moment:>7,}  {_plain(drawn)}")
    st.code("\n".join(["updates", *lines]), language=None, wrap_lines=True)


def _moments(page: Page) -> list[int]:
    """Return the moments up to the one shown at which the network is asked to write."""
    return sorted({page.update * part // QUARTERS for part in range(QUARTERS + 1)})


def _plain(text: str) -> str:
    """Return the text in one line."""
    return "".join(letter if letter.isprintable() else "↵" for letter in text)
