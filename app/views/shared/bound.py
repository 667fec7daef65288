"""Controls that are kept in the address, by names that stay when their words change.

What a link asks of a control and the control cannot do is said in one sentence; the page shows it
above everything (`state.controls.close`).
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Literal, NamedTuple, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.figures import notation
from app.figures.words import listed
from app.state import controls
from app.views.shared.earlier_labels import EARLIER

Name = TypeVar("Name", bound=Hashable)
Place = DeltaGenerator | None
Look = Literal["list", "buttons", "slider"]


class Section(NamedTuple):
    """A part of a page: its title, and what draws it."""

    title: str
    render: Callable[..., None]


def choice(
    label: str,
    key: str,
    titles: Mapping[Name, str],
    default: Name,
    *,
    place: Place = None,
    look: Look = "list",
    **options: Any,
) -> Name:
    """Draw a choice of one and return its name.

    Parameters
    ----------
    titles
        What the reader sees of each name. The address holds the name, as `str` writes it; links
        that hold one of the titles of `EARLIER` still open.
    default
        The name that is chosen until the reader chooses, and has no place in the address.
    place
        Where it stands; where the script has come to, if None.
    look
        A list that unfolds, buttons side by side, or a slider.
    options
        Those of Streamlit's control.
    """
    _take(label, key, titles, default)
    if controls.control(key) not in (None, *titles):  # it was chosen where there was more
        controls.set_controls({key: default})
    draw: Any = st if place is None else place
    names = list(titles)
    shown = {name: notation.markdown(title) for name, title in titles.items()}
    common = {
        "format_func": lambda name: shown.get(name, name),
        "key": key,
        "persist_state": "session",
        **options,
    }
    if look == "list":
        chosen = draw.selectbox(label, names, index=names.index(default), **common)
    elif look == "buttons":
        chosen = draw.segmented_control(label, names, default=default, required=True, **common)
    else:
        chosen = draw.select_slider(label, names, value=default, **common)
    name: Name = chosen if chosen in titles else default
    controls.keep_control(key, name, "" if name == default else str(name))
    return name


def section(key: str, sections: Mapping[str, Section]) -> str:
    """Draw the sections of a page side by side and return the name of the one that is open."""
    titles = {name: one.title for name, one in sections.items()}
    return choice(
        "Section", key, titles, next(iter(titles)), look="buttons", label_visibility="collapsed"
    )


def _take(label: str, key: str, titles: Mapping[Name, str], default: Name) -> None:
    """Give a choice the value that a link asks for; say so if there is none by that name."""
    asked = controls.asked(key)
    if asked is None:
        return
    names = {str(name): name for name in titles}
    found = names.get(asked, names.get(EARLIER.get(key, {}).get(asked, "")))
    if asked and found is None:
        known = listed(list(names), 12)
        controls.not_taken(
            key,
            f"{label}: expected one of {known}, got {asked[:60]!r} in the address; "
            f"{titles[default]} is used.",
        )
    controls.set_controls({key: default if found is None else found})


def whole_number(
    place: Place, label: str, least: int, most: int, value: int, **options: Any
) -> int:
    """Draw a field for a whole number and return it; `options` are those of `st.number_input`.

    It stands in `place`, or where the script has come to. A number in the address that is out of
    range falls back to `value`, also an infinite one, which Streamlit fails to make an integer of.
    """
    draw = st.number_input if place is None else place.number_input
    key = options["key"]
    asked = _asked(key, value, lambda texts: _whole(texts[-1], least, most))
    try:
        given = draw(
            label, least, most, value, bind="query-params", persist_state="session", **options
        )
    except OverflowError:  # `begin` has taken it out of the address: the next run binds
        given = draw(label, least, most, value, **{**options, "key": f"{key}_again"})
    used = value if given is None else int(given)
    _check(label, key, asked, used, f"a whole number from {least} to {most}")
    return used


def number(
    place: Place, label: str, least: float, most: float, value: float, **options: Any
) -> float:
    """Draw a field for a number and return it; `options` are those of `st.number_input`."""
    given = optional_number(place, label, least, most, value, **options)
    return value if given is None else given


def optional_number(
    place: Place, label: str, least: float, most: float, value: float | None, **options: Any
) -> float | None:
    """Draw a field for a number and return it, or `value`, which may be None, where it is empty."""
    draw = st.number_input if place is None else place.number_input
    asked = _asked(options["key"], value, lambda texts: _within(texts[-1], least, most))
    given = draw(
        label,
        least,
        most,
        value,
        step=None,
        format="%.6g",
        bind="query-params",
        persist_state="session",
        **options,
    )
    used = value if given is None else float(given)
    _check(label, options["key"], asked, used, f"a number from {least:g} to {most:g}")
    return used


def slider(
    place: Place, label: str, least: Any, most: Any, value: Any, *step: float, **options: Any
) -> Any:
    """Draw a slider and return its number, or both of a range where `value` is a pair."""
    draw: Any = st.slider if place is None else place.slider
    asked = _asked(options["key"], value, lambda texts: _slid(texts, least, most, value))
    used = draw(
        label, least, most, value, *step, bind="query-params", persist_state="session", **options
    )
    last = used[-1] if isinstance(used, tuple) else used  # as `asked` is the last of several
    _check(label, options["key"], asked, last, f"a number from {least:g} to {most:g}")
    return used


def switch(place: Place, label: str, **options: Any) -> bool:
    """Draw a switch and return whether it is on; `options` are those of `st.toggle`."""
    draw = st.toggle if place is None else place.toggle
    asked = _asked(options["key"], False, lambda texts: texts[-1].lower() == "true")
    on = draw(label, bind="query-params", persist_state="session", **options)
    if asked and asked.lower() not in ("true", "false"):
        controls.not_taken(
            options["key"],
            f"{label}: expected true or false, got {asked[:60]!r} in the address; "
            f"it is {'on' if on else 'off'}.",
        )
    controls.keep_control(options["key"], on)
    return on


def text(place: Place, label: str, value: str, *, area: bool = False, **options: Any) -> str:
    """Draw a field for a text, of several lines if it is an `area`, and return what it holds."""
    draw: Any = st if place is None else place
    draw = draw.text_area if area else draw.text_input
    most = options.get("max_chars")
    asked = _asked(options["key"], value, lambda texts: texts[-1][:most])
    given = draw(label, value, bind="query-params", persist_state="session", **options)
    if asked and most is not None and len(asked) > most:
        controls.not_taken(
            options["key"],
            f"{label}: expected at most {most:,} characters, got {len(asked):,} in the address.",
        )
    controls.keep_control(options["key"], given)
    return given or ""


def _asked(key: str, default: Any, read: Callable[[list[str]], Any]) -> str | None:
    """Return what a link or a scene asks of a control that Streamlit binds.

    Streamlit gives it what a link asks. What a scene asks it is given here, as `read` reads it; its
    `default` where that cannot be.
    """
    texts = controls.placed_by_scene(key)
    if texts is None:
        return controls.asked(key)
    try:
        value = read(texts) if texts else default
    except ValueError:  # `_check` says it
        value = default
    controls.set_controls({key: value})
    return texts[-1] if texts else ""


def _whole(text: str, least: int, most: int) -> int:
    number = int(text)
    if not least <= number <= most:
        raise ValueError(text)
    return number


def _within(text: str, least: float, most: float) -> float:
    number = float(text)
    if not least <= number <= most:
        raise ValueError(text)
    return number


def _slid(texts: list[str], least: Any, most: Any, value: Any) -> Any:
    """Return the number of a slider, or both of a range, as the kind of number that it has."""
    kind = type(least)
    numbers = [kind(_within(text, least, most)) for text in texts]
    if not isinstance(value, tuple):
        return numbers[-1]
    if len(numbers) != 2 or numbers[0] > numbers[1]:
        raise ValueError(texts)
    return tuple(numbers)


def _check(label: str, key: str, asked: str | None, used: float | None, expected: str) -> None:
    """Say so where a link asks for another number than the one that is used."""
    controls.keep_control(key, used)
    if asked and _number(asked) != used:
        used_now = "none is used" if used is None else f"{used:g} is used"
        controls.not_taken(
            key,
            f"{label}: expected {expected}, got {asked[:60]!r} in the address; {used_now}.",
        )


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None
