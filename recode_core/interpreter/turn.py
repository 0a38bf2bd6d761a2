"""What a feed leads to, and what an interpreter at rest is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recode_core.values import Variable


@dataclass(frozen=True, slots=True)
class Called:
    """The code is suspended in `run(*args, **kwargs)`.

    `start` and `end` are byte offsets into what was fed; None where the call stands in code of an
    earlier feed (a lambda) or in an `eval`.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Finished:
    """The feed is done; `output` is the value of its last expression."""

    output: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """The feed ended with an exception, at a 1-based line and column of what was fed (0: nowhere in it).

    `state_lost` says that the sandbox crashed, and the session was put back to the start of the feed.
    `is_elsewhere`: the place is in an earlier feed, as where a function from there is called with the wrong
    arguments. `inner` is the line that raised it, if it is in a function. `cannot_act`: it called `run` where
    the sandbox can't be suspended.
    """

    type: str
    message: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    state_lost: bool = False
    is_elsewhere: bool = False
    inner: str = ""
    cannot_act: bool = False


Turn = Called | Finished | Raised


@dataclass(frozen=True, slots=True)
class Image:
    """The whole interpreter as bytes, for this process only, and what was last shown of its variables."""

    state: bytes
    count: int
    shown: dict[str, Variable]
    deleted: frozenset[str]
    pending_inputs: dict[str, Any]
    libraries: frozenset[str] = frozenset()
