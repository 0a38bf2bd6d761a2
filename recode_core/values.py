"""Plain, frozen values that cross the seams and are written into the log."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

LARGEST = 1e15
"""The largest amount that a record may hold; sums and squares of such numbers stay finite."""

# Bounds of what is read: a file may hold any number, and folds add, compare and format them.
MOST = 1 << 53
"""The highest count: a float holds it exactly."""
Count = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
"""A number of things."""
Amount = Annotated[float, msgspec.Meta(ge=0, le=LARGEST)]
"""A duration in seconds, a price in US dollars, or a limit."""
Score = Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
"""A reward."""
Moment = Annotated[float, msgspec.Meta(ge=0, le=253_402_200_000)]
"""Seconds since the epoch, within the years that `datetime` knows in any time zone."""


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A source range: lines from 1, columns from 0 in characters, end exclusive (as in `ast`)."""

    line: Count
    column: Count
    end_line: Count
    end_column: Count


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
    length: Count | None = None


class Observation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a world answers. `score` is the episode's so far, in 0–1 (ScienceWorld may go below)."""

    text: str
    score: Score = 0.0
    done: bool = False
    success: bool = False


class Usage(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What one policy call took. `cost_usd` is None where the price is unknown.

    `list_usd` is what the tokens cost at list prices, those that were cached without their discount; None
    where that is unknown, as in sessions from before it was recorded.
    """

    prompt_tokens: Count = 0
    cached_tokens: Count = 0
    completion_tokens: Count = 0
    reasoning_tokens: Count = 0
    cost_usd: Amount | None = 0.0
    list_usd: Amount | None = None


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


OBSERVATION_LIMIT = 100_000
"""Characters of an observation, and of an instruction, that a run is given."""

ACTION_LIMIT = 100_000
"""Characters of an action."""

REPLY_LIMIT = 1_000_000
"""Characters of a policy's reply."""

PRINTED_LIMIT = 20_000
"""Characters of one piece of printed text that the log keeps."""

MESSAGE_LIMIT = 2000
"""Characters of an error's message."""

FAILURE_LIMIT = 4000
"""Characters of a failure's message with what is said around it, and of its traceback."""


def shortened(text: str, limit: int) -> str:
    """A text of at most `limit` characters, which says how long it was where it was cut.

    Shortening what is short enough changes nothing, so it may be done twice. `limit` is at least 50.
    """
    if len(text) <= limit:
        return text
    end = f"… ({len(text):,} characters in all)"
    return f"{text[: limit - len(end)]}{end}"


def summed(cost_usd: float | None, more: float | None) -> float | None:
    """Two costs together; unknown (None) where one of them is."""
    return None if cost_usd is None or more is None else cost_usd + more
