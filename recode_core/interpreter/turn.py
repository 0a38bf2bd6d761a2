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

    `lost` says that the session was put back to the start of the feed.
    """

    type: str
    message: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    lost: bool = False


Turn = Called | Finished | Raised


@dataclass(frozen=True, slots=True)
class Image:
    """The whole interpreter as bytes, for this process only, and what was last shown of its variables."""

    state: bytes
    count: int
    shown: dict[str, Variable]
    deleted: frozenset[str]
    owed: dict[str, Any]
