"""Values that are made when they are first asked for, once, however many threads ask."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Hashable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def once(make: Callable[_P, _T]) -> Callable[_P, _T]:
    """Like `functools.cache`, but concurrent first calls wait for one result instead of each making one.

    Only for functions whose arguments are hashable. An exception is not kept: the next call tries again.
    The lock is re-entrant and per function, so `make` may call itself but must not wait for another
    thread that calls it.
    """
    lock = threading.RLock()
    made: dict[Hashable, _T] = {}

    @functools.wraps(make)
    def get(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        key = (args, tuple(sorted(kwargs.items())))
        if key not in made:
            with lock:
                if key not in made:
                    made[key] = make(*args, **kwargs)
        return made[key]

    return get
