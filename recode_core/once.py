"""Values that are computed on first use, once, from any number of threads."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Hashable
from typing import Generic, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Once(Generic[_P, _T]):
    """A function whose results are cached, at most `most` of them; see `once`."""

    def __init__(self, make: Callable[_P, _T], most: int | None = None) -> None:
        self._make = make
        self._most = most
        self._lock = threading.RLock()
        self._made: dict[Hashable, _T] = {}
        functools.update_wrapper(self, make)

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        key = (args, tuple(sorted(kwargs.items())))
        with self._lock:
            if key not in self._made:
                made = self._make(*args, **kwargs)
                if self._most is not None and len(self._made) >= self._most:
                    self._made.clear()
                self._made[key] = made
            return self._made[key]

    def cache_clear(self) -> None:
        """Clear the cache."""
        with self._lock:
            self._made.clear()


def once(make: Callable[_P, _T]) -> Once[_P, _T]:
    """Like `functools.cache`, but concurrent first calls wait for one result instead of each making one.

    Arguments must be hashable. An exception is not cached: the next call tries again. `make` may call
    itself, but must not wait for another thread that calls it.
    """
    return Once(make)
