"""Values whose copies are as closed to writing as they are."""

from collections.abc import Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np

from rnn_core._arrays import frozen_copy, read_only
from rnn_core._short import Shown


class Frozen(Shown):
    """The base of dataclasses that hold arrays and do not change.

    A copy of what does not change is the value itself. NumPy opens an array again when it copies
    or unpickles it; here that stays closed, so that no number can be written into a value beside
    what was already computed from it. An array that is given open is copied, since its owner may
    go on writing into it.

    What a `cached_property` found is left out of a pickle, except for those named in `_given`,
    which are not found but set when the value is made.
    """

    _given: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        for name, value in self.__dict__.items():
            self.__dict__[name] = closed(value)

    @classmethod
    def _wrapped(cls, fields: dict[str, Any]) -> Self:
        """Make a value of fields that are known to fit, all at once.

        A frozen dataclass sets its fields one by one, which takes longer than a step.
        """
        made = object.__new__(cls)
        object.__setattr__(made, "__dict__", fields)
        return made

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __getstate__(self) -> dict[str, Any]:
        kind: Any = type(self)  # mypy would not take it for hashable
        found = found_later(kind) - self._given
        return {name: _plain(value) for name, value in self.__dict__.items() if name not in found}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({name: _reopened(value) for name, value in state.items()})


@cache
def found_later(kind: type) -> frozenset[str]:
    """Return the names that are a `cached_property` of a class."""
    names = {name for base in kind.__mro__ for name in vars(base)}
    return frozenset(n for n in names if isinstance(getattr(kind, n, None), cached_property))


def closed(value: Any) -> Any:
    """Return the value closed to writing, with all it holds; open arrays are copied."""
    return _each(value, lambda array: frozen_copy(array) if array.flags.writeable else array)


def _reopened(value: Any) -> Any:
    """Return what was unpickled with its arrays, which are nobody else's, closed to writing."""
    return _each(value, read_only)


def _each(value: Any, close: Any) -> Any:
    if isinstance(value, np.ndarray):
        return close(value)
    if type(value) in (tuple, list):
        return tuple(_each(part, close) for part in value)
    if isinstance(value, Mapping):
        return MappingProxyType({key: _each(part, close) for key, part in value.items()})
    return value


def _plain(value: Any) -> Any:
    """Return a value that can be pickled: a dict for any other mapping."""
    if type(value) is tuple:
        return tuple(_plain(part) for part in value)
    if isinstance(value, Mapping) and type(value) is not dict:
        return {key: _plain(part) for key, part in value.items()}
    return value
