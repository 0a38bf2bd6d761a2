"""Plain, frozen values that cross the seams and are written into the log."""

from __future__ import annotations

from typing import Literal

import msgspec


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A source range: lines from 1, columns from 0 in characters, end exclusive (as in `ast`)."""

    line: int
    column: int
    end_line: int
    end_column: int


SHOWN_LIMIT = 200
"""Characters of a value that the log keeps."""


class Variable(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A name of the namespace as it is shown: `value` is its `repr`, perhaps shortened.

    `length` is the length of the whole `repr` in characters where `value` is shortened (or of the
    value itself where the whole `repr` was never built), else None.
    """

    name: str
    type: str
    value: str
    length: int | None = None


class Observation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a world answers. `score` is the episode's so far, in 0–1 (ScienceWorld may go below)."""

    text: str
    score: float = 0.0
    done: bool = False
    success: bool = False


class Usage(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What one policy call took. `cost_usd` is None where the price is unknown."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: float | None = 0.0


class Message(msgspec.Struct, frozen=True):
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


def clean(text: str) -> str:
    """Text that can be stored and sent: lone surrogates, which no encoding takes, become `?`."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def summed(cost_usd: float | None, more: float | None) -> float | None:
    """Two costs together; unknown (None) where one of them is."""
    return None if cost_usd is None or more is None else cost_usd + more
