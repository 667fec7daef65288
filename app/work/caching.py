"""What is computed once and kept, bounded in bytes over all visitors.

One store serves every cached function: the least recently used goes first, whoever it belongs to,
as soon as all together are larger than the budget. What only visitors asked for who have left goes
with the last of them. Sizes are estimates: arrays are counted exactly, long tuples by a sample.
"""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import update_wrapper
from itertools import islice
from types import FunctionType, MethodType, ModuleType
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

from rnn_core.activations import Activation
from rnn_core.cells import Cell
from rnn_core.frozen import Frozen
from rnn_core.losses import Loss

BUDGET = 192 * 2**20
"""Bytes of all that is kept: a largest experiment with its gradients and figures takes about 25 MB,
so five visitors may study one each, and thirty others find theirs again."""

LOOKED_AT = 8  # items of a collection; of a longer one SAMPLED are
SAMPLED = 4
NUMBER_BYTES = 24
FROZEN_BYTES = 2000  # of a trace and the like, beside its arrays: some dozen of them, and the views
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
SMALL = (str, int, float, bool, type(None))  # when they are fields beside arrays
NO_BYTES_OF_THEIR_OWN = (
    *(type, ModuleType, FunctionType, MethodType, np.dtype, np.ufunc),
    *(Activation, Cell, Loss),  # entries of registries, which every run refers to
)


@dataclass
class _Entry:
    value: Any
    size: int
    owners: set[str] = field(default_factory=set)


class Store:
    """Values by key, in the order of their last use, within a budget of bytes."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.size = 0
        self.owner: Callable[[], str | None] = lambda: None
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._lock = threading.RLock()  # what is let go may be the last to hold something of ours

    def get(self, key: Hashable, make: Callable[[], Result], takes: int | None = None) -> Result:
        """Return what is kept under a key, or make it and keep it; `takes`, if known, is its size.

        Two who ask at the same moment may both make it.
        """
        entry = self._find(key)
        if entry is not None:
            return entry.value  # type: ignore[no-any-return]
        value = make()
        self._keep(key, value, size_of((key, value)) if takes is None else size_of(key) + takes)
        return value

    def _find(self, key: Hashable) -> _Entry | None:
        owner = self.owner()
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
                if owner is not None:
                    entry.owners.add(owner)
            return entry

    def _keep(self, key: Hashable, value: Any, size: int) -> None:
        owner = self.owner()
        with self._lock:
            self._drop([key] if key in self._entries else [])
            if size > self.budget:
                return
            self._entries[key] = _Entry(value, size, set() if owner is None else {owner})
            self.size += size
            while self.size > self.budget:
                self._drop([next(iter(self._entries))])

    def release(self, owner: str) -> None:
        """Let go of what nobody has asked for but this visitor, who has left."""
        with self._lock:
            alone = []
            for key, entry in self._entries.items():
                if owner in entry.owners:
                    entry.owners.discard(owner)
                    if not entry.owners:
                        alone.append(key)
            self._drop(alone)

    def clear(self, function: Hashable = None) -> None:
        """Let go of everything, or of what one function has made."""
        with self._lock:
            self._drop([k for k in self._entries if function in (None, k[0])])  # type: ignore[index]

    def _drop(self, keys: Iterable[Hashable]) -> None:
        for key in keys:
            self.size -= self._entries.pop(key).size


STORE = Store(BUDGET)


class cached(Generic[Arguments, Result]):  # a decorator, as `functools.cache` is one
    """Keep what a function returns, by its arguments, in the store that all share.

    The arguments must be hashable and what is returned immutable: every visitor gets the same.
    `takes` are the bytes of a result that is too finely built to be measured each time.
    """

    def __init__(self, function: Callable[Arguments, Result], *, takes: int | None = None) -> None:
        self._function = function
        self._takes = takes
        update_wrapper(self, function)

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Return what was kept, or call the function and keep what it returns."""
        key = (self._function, args, tuple(kwargs.items()))
        return STORE.get(key, lambda: self._function(*args, **kwargs), self._takes)

    def __reduce__(self) -> str:
        """Go to another process by name, as a function does."""
        return self._function.__qualname__

    def cache_clear(self) -> None:
        """Forget what this function has returned."""
        STORE.clear(self._function)


def size_of(value: object) -> int:
    """Estimate the bytes of a value with all that belongs to it, counting what is shared once.

    A value that is asked often may say it itself, as `held_bytes`.
    """
    return round(_Scale().measure(value))


class _Scale:
    def __init__(self) -> None:
        self.seen: set[int] = set()

    def measure(self, value: object) -> float:
        """Return the bytes of what has not been counted yet."""
        if isinstance(value, (float, int, complex, bool, type(None))):
            return NUMBER_BYTES
        if id(value) in self.seen or isinstance(value, NO_BYTES_OF_THEIR_OWN):
            return 0
        self.seen.add(id(value))
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, Frozen):
            return FROZEN_BYTES + self._parts(value)
        if (held := getattr(value, "held_bytes", None)) is not None:
            return float(held)
        size = float(sys.getsizeof(value, 0))
        if isinstance(value, (str, bytes)):
            return size
        if isinstance(value, Mapping):
            parts = (value.keys(), value.values())
            return size + sum(self._items(part, len(value)) for part in parts)
        if isinstance(value, (tuple, list, set, frozenset)):
            if len(value) > LOOKED_AT and isinstance(next(iter(value)), float):
                return size + NUMBER_BYTES * len(value)
            return size + self._items(value, len(value))
        if isinstance(foreign := getattr(value, "nbytes", None), int):  # a tensor
            return size + foreign
        return size + sum(map(self.measure, getattr(value, "__dict__", {}).values()))

    def _array(self, array: "np.ndarray[Any, Any]") -> float:
        whole = array
        while isinstance(whole.base, np.ndarray):
            whole = whole.base
        if whole is not array and id(whole) in self.seen:
            return 0
        self.seen.add(id(whole))
        return whole.nbytes + sys.getsizeof(whole, 0) * (whole.base is not None)

    def _parts(self, value: Frozen) -> float:
        """Return the bytes of the arrays in a value, and in what it holds, looking no closer."""
        size = 0.0
        waiting = list(value.__dict__.values())
        while waiting:
            part = waiting.pop()
            if isinstance(part, np.ndarray):
                if id(part) not in self.seen:
                    self.seen.add(id(part))
                    size += self._array(part)
            elif isinstance(part, Frozen):
                size += self.measure(part)
            elif type(part) is tuple:
                waiting += part
            elif type(part) not in SMALL and isinstance(part, Mapping):
                waiting += part.values()
        return size

    def _items(self, items: Iterable[object], count: int) -> float:
        if count <= LOOKED_AT:
            return sum(map(self.measure, items))
        sample = islice(items, 0, None, -(-count // SAMPLED))
        sizes = [self.measure(item) for item in sample]
        return sum(sizes) * count / len(sizes)
