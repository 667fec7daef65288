"""What a public function takes, as one table: each argument checked and brought to one form.

    @takes(W_hh=matrix("H", "H"), slopes=matrix("T", "H", finite=False))
    def jacobian_norms(W_hh, slopes): …

A check gets the argument's name and what came, and returns what the function is to get: an array
for a list, an int for NumPy's integer. A capital letter of a shape stands for one size throughout a
call, a small one for any.
Arguments that are left out keep their defaults unchecked. Every refusal is a ValueError of one
sentence: which argument, what was expected, what came.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import signature
from math import isfinite
from typing import Any, ParamSpec, Protocol, TypeVar

import numpy as np

from rnn_core._arrays import FLOAT32, FLOAT64, FloatArray, require_finite, unchecked_array

P = ParamSpec("P")
R = TypeVar("R")


class SeenSizes:
    """The sizes that letters stand for in one call, and which argument gave them."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, str]] = {}

    def bind(self, name: str, letters: tuple[str, ...], shape: tuple[int, ...]) -> None:
        """Take note of an argument's shape, or refuse it where it does not fit those before."""
        for letter, size in zip(letters, shape, strict=True):
            if letter.islower():
                continue
            known, giver = self._known.setdefault(letter, (size, name))
            if known != size:
                where = "" if giver == name else f" as in {giver}"
                raise ValueError(
                    f"{name}: expected shape ({_listed(letters)}) with {letter} = {known}{where}, "
                    f"got {shape}"
                )


class Check(Protocol):
    """Return what the function is to get for an argument; raise ValueError if there is nothing."""

    def __call__(self, name: str, value: Any, sizes: SeenSizes, /) -> Any: ...


def check_fields(record: Any, **checks: Check) -> None:
    """Check fields of a frozen record as it is made, and put them into their form."""
    sizes = SeenSizes()
    for name, check in checks.items():
        object.__setattr__(record, name, check(name, getattr(record, name), sizes))


def takes(**checks: Check) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Check the named arguments of a function before it is called."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        names = tuple(signature(function).parameters)
        unknown = checks.keys() - set(names)
        assert not unknown, unknown  # noqa: S101  # at import: a table that names no argument

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            sizes = SeenSizes()
            given = [
                checks[name](name, value, sizes) if name in checks else value
                for name, value in zip(names, args, strict=False)
            ]
            named = {
                name: checks[name](name, value, sizes) if name in checks else value
                for name, value in kwargs.items()
            }
            return function(*given, *args[len(given) :], **named)  # type: ignore[arg-type]

        return checked

    return decorate


def matrix(*letters: str, finite: bool = True) -> Check:
    """Take real numbers in an array with these axes, as float64 unless they are float32."""

    def check(name: str, value: Any, sizes: SeenSizes) -> FloatArray:
        found = floats(name, value)
        if found.ndim != len(letters):
            raise ValueError(f"{name}: expected shape ({_listed(letters)}), got {found.shape}")
        sizes.bind(name, letters, found.shape)
        if finite:
            require_finite(name, found)
        return found

    return check


def floats(name: str, value: Any) -> FloatArray:
    """Return real numbers as an array, float32 where they are that, else float64."""
    kept = FLOAT32 if getattr(value, "dtype", None) == FLOAT32 else FLOAT64
    return unchecked_array(name, value, kept)


def whole(low: int | None = None, high: int | None = None) -> Check:
    """Take a whole number, also NumPy's, within bounds."""

    def check(name: str, value: Any, sizes: SeenSizes) -> int:
        return whole_number(name, value, low, high)

    return check


def whole_number(name: str, value: Any, low: int | None = None, high: int | None = None) -> int:
    """Return a whole number within bounds as an int, or raise ValueError."""
    try:
        found = operator.index(value)
    except TypeError:
        found = None
    if found is None or isinstance(value, (bool, np.bool_)) or not _between(found, low, high):
        raise ValueError(f"{name}: expected a whole number{_bounds(low, high)}, got {_came(value)}")
    return found


def finite(
    low: float | None = None, high: float | None = None, *, above: float | None = None
) -> Check:
    """Take a finite real number, also NumPy's, within bounds; `above` excludes its own."""

    def check(name: str, value: Any, sizes: SeenSizes) -> float:
        return real_number(name, value, low, high, above=above)

    return check


def real_number(
    name: str,
    value: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    above: float | None = None,
) -> float:
    """Return a finite real number within bounds as a float, or raise ValueError."""
    found = _real(value)
    fits = isfinite(found) and _between(found, low, high) and (above is None or found > above)
    if not fits:
        bounds = _bounds(low, high) if above is None else _above(above, high)
        raise ValueError(f"{name}: expected a finite number{bounds}, got {_came(value)}")
    return found


def real(name: str, value: Any, sizes: SeenSizes) -> float:
    """Take a real number, also one that is not finite, but a text is none."""
    found = _real(value)
    if found != found and not _is_nan(value):
        raise ValueError(f"{name}: expected a number, got {_came(value)}")
    return found


def _is_nan(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))


def of(*kinds: type) -> Check:
    """Take an object of the package's own: a trace, gradients, parameters."""

    def check(name: str, value: Any, sizes: SeenSizes) -> Any:
        return instance(name, value, *kinds)

    return check


def instance(name: str, value: Any, *kinds: type) -> Any:
    """Return the value if it is of one of the kinds, or raise ValueError."""
    if not isinstance(value, kinds):
        names = " or ".join("a mapping" if kind is Mapping else kind.__name__ for kind in kinds)
        raise ValueError(f"{name}: expected {names}, got {_came(value)}")  # noqa: TRY004
    return value


def elman(name: str, params: Any) -> None:
    """Refuse what is about the Elman recurrence alone for a network with another cell.

    Raises
    ------
    ValueError
        One sentence that names the cell that came.
    """
    if params.cell.name != "elman":
        raise ValueError(f"{name}: expected an Elman network, got {a_or_an(params.cell.title)}")


def of_elman(*kinds: type) -> Check:
    """Take an object of one of the kinds that is, or is a run of, an Elman network."""

    def check(name: str, value: Any, sizes: SeenSizes) -> Any:
        found = instance(name, value, *kinds)
        elman(name, found)
        return found

    return check


def a_or_an(title: str) -> str:
    """Return a cell's title with its article: an LSTM, a GRU."""
    vowel = title[:1] in "AEIOU" or (title[:1] in "FLMNRSX" and title[1:2].isupper())
    return f"{'an' if vowel else 'a'} {title}"


def optional(check: Check) -> Check:
    """Take None, or what the other check takes."""

    def either(name: str, value: Any, sizes: SeenSizes) -> Any:
        return None if value is None else check(name, value, sizes)

    return either


def many(check: Check) -> Check:
    """Take any number of what the other check takes, as a tuple."""

    def each(name: str, value: Any, sizes: SeenSizes) -> tuple[Any, ...]:
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            raise ValueError(  # noqa: TRY004
                f"{name}: expected several, in a list, got {_came(value)}"
            )
        return tuple(check(name, one, sizes) for one in value)

    return each


def text(name: str, value: Any, sizes: SeenSizes) -> str:
    """Take a string."""
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected a text, got {_came(value)}")  # noqa: TRY004
    return value


def sample_of(batch: int, sample: Any) -> int:
    """Return which sequence of a batch is meant, from 0, or raise ValueError."""
    return whole_number("sample", sample, 0, batch - 1)


def _real(value: Any) -> float:
    if isinstance(value, (bool, str, bytes, bytearray)):
        return float("nan")
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def _between(found: float, low: float | None, high: float | None) -> bool:
    return (low is None or found >= low) and (high is None or found <= high)


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return _most(high)
    return f" of at least {low:,}" if high is None else f" from {low:,} to {high:,}"


def _above(above: float, high: float | None) -> str:
    return f" above {above:,g}" + ("" if high is None else f" and at most {high:,g}")


def _most(high: float | None) -> str:
    return "" if high is None else f" of at most {high:,}"


def _listed(letters: tuple[str, ...]) -> str:
    return ", ".join(letters) + ("," if len(letters) == 1 else "")


def _came(value: object) -> str:
    """Repeat what came, short and on one line."""
    shown = " ".join(repr(value).split()) if not isinstance(value, np.ndarray) else ""
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    shown = shown or repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
