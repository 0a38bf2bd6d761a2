"""The results of a feed, and the saved state of an interpreter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recode_core.values import Variable


@dataclass(frozen=True, slots=True)
class Called:
    """The code is suspended in `run(*args, **kwargs)`.

    `start` and `end` are byte offsets into the feed; None if the call is in code of an earlier feed (a
    lambda) or in an `eval`.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Finished:
    """The feed has ended; `output` is the value of its last expression."""

    output: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """The feed ended with an exception, at a 1-based line and column of the feed (0 if unknown).

    `state_lost`: the sandbox crashed, and the session was restored to its state before the feed.
    `is_elsewhere`: the position is in an earlier feed, for instance if a function from there was called with
    wrong arguments. `inner` is the line that raised the exception, if it is in a function. `cannot_act`:
    `run` was called where the sandbox cannot be suspended.
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


FeedResult = Called | Finished | Raised


@dataclass(frozen=True, slots=True)
class Image:
    """The state of an interpreter as bytes, for this process only, with what is known of its variables."""

    state: bytes
    count: int
    shown: dict[str, Variable]
    deleted: frozenset[str]
    pending_inputs: dict[str, Any]
    libraries: frozenset[str] = frozenset()
